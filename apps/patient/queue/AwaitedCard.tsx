import { useTranslation } from 'react-i18next'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { momentText } from '../../web/moment.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { NoPlace } from '../parts/phone-place.ts'
import { type Awaited, type MyQueue, useCheckIn, useDistance } from './use-queue.ts'

/** A booking of today that is not checked in: when that is open, the button for it, and when to leave home. */
export function AwaitedCard({ hospitalId, awaited, gate, distanceM, onDistance }: CardProps) {
  const { t, i18n } = useTranslation('queue')
  const nowMs = useHubNow()
  const checkIn = useCheckIn(hospitalId, awaited.appointmentId)
  const distance = useDistance(gate, onDistance)
  const { departmentName, doctorName, location, startsAt, opensAt, closesAt } = awaited
  const time = (at: string) => momentText(at, 'time', i18n.language)
  const isOpen = nowMs !== null && nowMs >= Date.parse(opensAt) && nowMs <= Date.parse(closesAt)
  const where = [departmentName, doctorName].join(' · ')
  const leave = awaited.leaveInMs
  return (
    <article className="card queue-card" aria-label={where}>
      <div className="card-head">
        <h3>{where}</h3>
        <span className="fine-print">{location}</span>
      </div>
      <p className="queue-state">{t('booking', { time: time(startsAt) })}</p>
      <p className="note">{t('opens', { from: time(opensAt), to: time(closesAt) })}</p>
      {leave !== null && distanceM !== null && (
        <div role="status">
          <p className="held-row">
            <Icon name="clock" />
            {leave < MINUTE_MS
              ? t('leaveNow')
              : t('leaveIn', { count: Math.floor(leave / MINUTE_MS) })}
          </p>
          <p className="fine-print">{t('leaveWhy', { km: (distanceM / 1_000).toFixed(1) })}</p>
        </div>
      )}
      {checkIn.error && <Fault error={checkIn.error} />}
      {distance.error && <Fault error={distance.error} />}
      {isOpen && (
        <button
          type="button"
          className="button button-primary"
          disabled={checkIn.isPending}
          onClick={() => checkIn.mutate()}
        >
          {t(checkIn.isPending ? 'checkingIn' : 'checkIn')}
        </button>
      )}
      {gate && distanceM === null && (
        <button
          type="button"
          className="button"
          disabled={distance.isPending}
          onClick={() => distance.mutate()}
        >
          {t(distance.isPending ? 'finding' : 'leaveAsk')}
        </button>
      )}
    </article>
  )
}

function Fault({ error }: { error: unknown }) {
  const { t } = useTranslation('queue')
  if (!(error instanceof NoPlace)) return <FailureBox error={error} />
  return (
    <p className="held-row" role="alert">
      <Icon name="question" />
      {t('noPlace')}
    </p>
  )
}

type CardProps = {
  hospitalId: number
  awaited: Awaited
  gate: MyQueue['gate'] | undefined
  distanceM: number | null
  onDistance: (distanceM: number) => void
}
