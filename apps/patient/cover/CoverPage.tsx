import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { Claims } from './Claims.tsx'
import { InsurerCard } from './InsurerCard.tsx'
import { useCover } from './use-cover.ts'

/** 我的保险: which policies may pay, what insurers may be told, and what becomes of the claims. */
export function CoverPage() {
  const { t } = useTranslation('payers')
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('cover.title')} back={places.account}>
      {data && <Insurers hospitals={data.items} />}
      {data && <Claims hospitals={data.items} />}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={5} />}
    </Page>
  )
}

function Insurers({ hospitals }: { hospitals: readonly Hospital[] }) {
  const { t } = useTranslation('payers')
  const { cover, error, isPending, refetch } = useCover(hospitals)
  return (
    <>
      <div className="card">
        <p>{t('cover.intro')}</p>
        <p className="note">{t('cover.safe')}</p>
      </div>
      {error ? <FailureBox error={error} onRetry={refetch} /> : null}
      {!cover && isPending && <Waiting rows={4} />}
      {cover?.insurers.map((insurer) => (
        <InsurerCard key={insurer.code} insurer={insurer} cover={cover} />
      ))}
      {cover?.insurers.length === 0 && !isPending && (
        <div className="blank">
          <Icon name="still" />
          <p>{t('cover.noInsurer')}</p>
        </div>
      )}
    </>
  )
}
