import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { DepositCard } from './DepositCard.tsx'
import { useDeposits } from './use-deposits.ts'

/** 预交金: what was paid in for stays, and what is left of prepayments of the time before the rule. */
export function DepositsPage() {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('deposits.title')} back={places.account}>
      <div className="card">
        <p>{t('deposits.intro')}</p>
      </div>
      {data?.items.map((hospital) => (
        <AtHospital key={hospital.id} hospital={hospital} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
    </Page>
  )
}

function AtHospital({ hospital }: { hospital: Hospital }) {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useDeposits(hospital.id)
  return (
    <section className="payer" aria-label={hospital.shortName}>
      <h2>{hospital.shortName}</h2>
      {data?.items.map((account) => (
        <DepositCard key={account.id} hospitalId={hospital.id} account={account} />
      ))}
      {data?.items.length === 0 && <p className="note">{t('deposits.none')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={2} />}
    </section>
  )
}
