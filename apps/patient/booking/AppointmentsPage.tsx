import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { useHubNow } from '../parts/hub-clock.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { AppointmentCard } from './AppointmentCard.tsx'
import { sortedByTime } from './sessions.ts'
import { useAppointments, useStopWaiting, useWaiting } from './use-booking.ts'

/** 我的预约: what is to come and what can be done about it, then what is over. */
export function AppointmentsPage() {
  const { t } = useTranslation('booking')
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('mine')} back={places.home}>
      {data?.items.map((hospital) => (
        <AtHospital key={hospital.id} hospital={hospital} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
      <Go place={places.book} className="button button-primary">
        {t('title')}
      </Go>
    </Page>
  )
}

function AtHospital({ hospital }: { hospital: Hospital }) {
  const { t } = useTranslation('booking')
  const now = useHubNow()
  const { data, error, refetch } = useAppointments(hospital.id)
  const waiting = useWaiting(hospital.id).data?.items.filter(({ status }) => status === 'waiting')
  const isKnown = data !== undefined && now !== null
  const { upcoming, past } = sortedByTime(data?.items ?? [], now ?? 0)
  return (
    <section className="payer" aria-label={hospital.shortName}>
      <h2>{hospital.shortName}</h2>
      {isKnown &&
        upcoming.map((one) => (
          <AppointmentCard key={one.id} hospitalId={hospital.id} appointment={one} now={now} />
        ))}
      {waiting?.map(({ id }) => (
        <WaitingRow key={id} hospitalId={hospital.id} id={id} />
      ))}
      {isKnown && upcoming.length === 0 && <p className="note">{t('noneToCome')}</p>}
      {isKnown && past.length > 0 && (
        <details className="card">
          <summary>{t('past', { count: past.length })}</summary>
          {past.map((one) => (
            <AppointmentCard key={one.id} hospitalId={hospital.id} appointment={one} now={now} />
          ))}
        </details>
      )}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!isKnown && !error && <Waiting rows={3} />}
    </section>
  )
}

function WaitingRow({ hospitalId, id }: { hospitalId: number; id: string }) {
  const { t } = useTranslation('booking')
  const leave = useStopWaiting(hospitalId, id)
  return (
    <article className="card">
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
