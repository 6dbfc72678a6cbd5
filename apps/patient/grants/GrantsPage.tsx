import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { ApplicationCard } from './ApplicationCard.tsx'
import { currentFor, useGrants } from './use-grants.ts'

/** 授权给应用: at each hospital, which institution's application may ask and do what in one's name. */
export function GrantsPage() {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('grants.title')} back={places.account}>
      <div className="card">
        <p>{t('grants.intro')}</p>
        <p className="note">{t('grants.safe')}</p>
      </div>
      {data?.items.map((hospital) => (
        <HospitalGrants key={hospital.id} hospital={hospital} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={4} />}
    </Page>
  )
}

function HospitalGrants({ hospital }: { hospital: Pick<Hospital, 'id' | 'shortName'> }) {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useGrants(hospital.id)
  return (
    <section className="payer" aria-label={hospital.shortName}>
      <h2>{hospital.shortName}</h2>
      {data?.applications.map((application) => (
        <ApplicationCard
          key={application.id}
          application={{ ...application, hospitalId: hospital.id }}
          text={data.text}
          grant={currentFor(data.grants, application)}
        />
      ))}
      {data?.applications.length === 0 && <p className="note">{t('grants.none')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={3} />}
    </section>
  )
}
