import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { AwaitedCard } from './AwaitedCard.tsx'
import { TicketCard } from './TicketCard.tsx'
import { type MyTicket, useMyQueue } from './use-queue.ts'

/** 候诊排队: my number, how many are before me, how long that takes, and the check-in before it. */
export function QueuePage() {
  const { t } = useTranslation('queue')
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('title')} back={places.home}>
      {data?.items.map((hospital) => (
        <AtHospital key={hospital.id} hospital={hospital} isOnly={data.items.length === 1} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
    </Page>
  )
}

const SHOWN = new Set<MyTicket['state']>(['waiting', 'called', 'in_service', 'passed'])

function AtHospital({ hospital, isOnly }: { hospital: Hospital; isOnly: boolean }) {
  const { t } = useTranslation('queue')
  const [distanceM, setDistance] = useState<number | null>(null)
  const { data, error, refetch, isLive } = useMyQueue(hospital.id, distanceM)
  const tickets = data?.tickets.filter(({ state }) => SHOWN.has(state)) ?? []
  const awaited = data?.awaited ?? []
  const isEmpty = data !== undefined && tickets.length + awaited.length === 0
  return (
    <section className="payer" aria-label={hospital.shortName}>
      {!isOnly && <h2>{hospital.shortName}</h2>}
      {tickets.map((ticket) => (
        <TicketCard key={ticket.id} ticket={ticket} />
      ))}
      {awaited.map((one) => (
        <AwaitedCard
          key={one.appointmentId}
          hospitalId={hospital.id}
          awaited={one}
          gate={data?.gate}
          distanceM={distanceM}
          onDistance={setDistance}
        />
      ))}
      {tickets.length > 0 && isLive !== null && (
        <p className="fine-print" role="status">
          {t(isLive ? 'live' : 'notLive')}
        </p>
      )}
      {isEmpty && <p className="note">{t('none')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
    </section>
  )
}
