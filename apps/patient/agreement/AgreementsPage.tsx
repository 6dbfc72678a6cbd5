import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { OfferCard } from './OfferCard.tsx'
import { currentAt, useAgreements } from './use-agreements.ts'

/** 小额免密支付: at each hospital and channel a switch, the limits, and what was used of them today. */
export function AgreementsPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('agreement.title')} back={places.account}>
      <div className="card">
        <p>{t('agreement.intro')}</p>
        <p>{t('agreement.safe')}</p>
      </div>
      {data?.items.map((hospital) => (
        <HospitalAgreements key={hospital.id} hospital={hospital} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
    </Page>
  )
}

function HospitalAgreements({ hospital }: { hospital: Pick<Hospital, 'id' | 'shortName'> }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useAgreements(hospital.id)
  return (
    <section className="agreements" aria-label={hospital.shortName}>
      <h2>{hospital.shortName}</h2>
      {data?.offers.map((offer) => (
        <OfferCard
          key={offer.channel}
          hospitalId={hospital.id}
          offer={offer}
          agreement={currentAt(data.items, offer.channel)}
        />
      ))}
      {data?.offers.length === 0 && <p className="note">{t('agreement.none')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
    </section>
  )
}
