import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { Mine } from './Mine.tsx'
import { Offers, Points } from './Points.tsx'
import { Programmes } from './Programmes.tsx'
import { useMyBenefits, useOffers, useProgrammes } from './use-benefits.ts'

/** 我的权益: points, what one has of vouchers, packages and grants, and what there is to be had. */
export function BenefitsPage() {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useHospitals()
  const [first] = data?.items ?? []
  return (
    <Page title={t('benefits.title')} back={places.account}>
      {first && <Points hospitalId={first.id} />}
      {data?.items.map((hospital) => (
        <AtHospital key={hospital.id} hospital={hospital} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={5} />}
    </Page>
  )
}

function AtHospital({ hospital }: { hospital: Hospital }) {
  const { t } = useTranslation('payers')
  const mine = useMyBenefits(hospital.id)
  const programmes = useProgrammes(hospital.id)
  const offers = useOffers(hospital.id)
  const asked = [mine, programmes, offers]
  const failed = asked.find(({ error }) => error !== null)
  const isEmpty = asked.every(({ data }) => data?.items.length === 0)
  return (
    <section className="payer" aria-label={hospital.shortName}>
      <h2>{hospital.shortName}</h2>
      {failed && (
        <FailureBox
          error={failed.error}
          onRetry={() => {
            for (const query of asked) void query.refetch()
          }}
        />
      )}
      {!failed && asked.some(({ data }) => !data) && <Waiting rows={3} />}
      {isEmpty && <p className="note">{t('benefits.nothingHere')}</p>}
      {mine.data && <Mine items={mine.data.items} programmes={programmes.data?.items ?? []} />}
      {offers.data && <Offers hospitalId={hospital.id} offers={offers.data.items} />}
      {programmes.data && <Programmes programmes={programmes.data.items} />}
    </section>
  )
}
