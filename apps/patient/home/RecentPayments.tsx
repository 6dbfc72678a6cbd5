import { useTranslation } from 'react-i18next'

import type { Hospital } from '../../../contract/client.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { PaymentRow } from '../records/PaymentRow.tsx'
import { useRecords } from '../records/use-records.ts'

const MOST_SHOWN = 3

export function RecentPayments({ hospitals }: { hospitals: readonly Hospital[] }) {
  const { t } = useTranslation()
  const { payments, error, isPending, refetch } = useRecords(hospitals)
  if (payments.length === 0 && !isPending && !error) return null
  return (
    <section className="card" aria-labelledby="recent-title">
      <div className="card-head">
        <h2 id="recent-title">{t('home.recent')}</h2>
        <Go place={places.records} className="text-link">
          {t('home.all')}
        </Go>
      </div>
      {error ? <FailureBox error={error} onRetry={refetch} /> : null}
      {isPending && <Waiting rows={2} />}
      <ul className="rows">
        {payments.slice(0, MOST_SHOWN).map((payment) => (
          <PaymentRow key={payment.id} payment={payment} />
        ))}
      </ul>
    </section>
  )
}
