import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { momentText } from '../../web/moment.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { useHubNow } from '../parts/hub-clock.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { AppointmentCard } from './AppointmentCard.tsx'
import { sortedByTime } from './sessions.ts'
import { useAppointments } from './use-appointments.ts'
import { useSession, useStopWaiting, useWaiting } from './use-booking.ts'

/** 我的预约: what is to come and what can be done about it, then what is over. */
export function AppointmentsPage() {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('mine')} back={places.home}>
      {data && <Everywhere hospitals={data.items} />}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
      <Go place={places.book} className="button">
        {t('title')}
      </Go>
    </Page>
  )
}

function Everywhere({ hospitals }: { hospitals: readonly Hospital[] }) {
  const { t } = useTranslation('booking')
  const now = useHubNow()
  const answers = useAppointments(hospitals)
  const isNothing = answers.every(
    ({ data }) => data && sortedByTime(data.items, now ?? 0).upcoming.length === 0,
  )
  if (now === null) return <Waiting rows={4} />
  return (
    <>
      {isNothing && <p className="note">{t('noneToCome')}</p>}
      {hospitals.map((hospital, i) => {
        const answer = answers[i]
        return answer && <AtHospital key={hospital.id} {...{ hospital, answer, now }} />
      })}
    </>
  )
}

type Answer = ReturnType<typeof useAppointments>[number]

/** A hospital where the person has had nothing is left out. */
function AtHospital({ hospital, answer, now }: AtHospitalProps) {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = answer
  const waiting = useWaiting(hospital.id).data?.items.filter(({ status }) => status === 'waiting')
  const { upcoming, past } = sortedByTime(data?.items ?? [], now)
  if (data?.items.length === 0 && !error && (waiting ?? []).length === 0) return null
  return (
    <section className="payer" aria-label={hospital.shortName}>
      <h2>{hospital.shortName}</h2>
      {upcoming.map((one) => (
        <AppointmentCard key={one.id} hospitalId={hospital.id} appointment={one} now={now} />
      ))}
      {waiting?.map(({ id, sessionId }) => (
        <WaitingRow key={id} hospitalId={hospital.id} id={id} sessionId={sessionId} />
      ))}
      {past.length > 0 && (
        <details className="card">
          <summary>{t('past', { count: past.length })}</summary>
          {past.map((one) => (
            <AppointmentCard key={one.id} hospitalId={hospital.id} appointment={one} now={now} />
          ))}
        </details>
      )}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
    </section>
  )
}

type AtHospitalProps = { hospital: Hospital; answer: Answer; now: number }

function WaitingRow({ hospitalId, id, sessionId }: WaitingRowProps) {
  const { t, i18n } = useTranslation('booking')
  const leave = useStopWaiting(hospitalId, id)
  const session = useSession(hospitalId, sessionId).data
  const where = session ? `${session.department.name} · ${session.doctor.name}` : t('appointment')
  return (
    <article className="card" aria-label={where}>
      <h3>{where}</h3>
      {session && (
        <p>
          {momentText(session.startsAt, 'day', i18n.language)} {t(`periods.${session.period}`)}
        </p>
      )}
      <p role="status">{t('waiting')}</p>
      {leave.error && <FailureBox error={leave.error} />}
      <button
        type="button"
        className="button"
        disabled={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t('leave')}
      </button>
    </article>
  )
}

type WaitingRowProps = { hospitalId: number; id: string; sessionId: string }
