import { useTranslation } from 'react-i18next'

import type { Hospital, Payment } from '../../../contract/client.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { PaymentRow } from './PaymentRow.tsx'
import { RefundRow } from './RefundRow.tsx'
import { useRecords } from './use-records.ts'

/** What was paid, and what went back, at all hospitals. */
export function RecordsPage({ show }: { show: 'all' | 'refunds' }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useHospitals()
  return (
    <Page title={t('records.title')} back={places.home}>
      <nav className="tabs" aria-label={t('records.filter')}>
        <Go place={places.records} replace className="tab">
          {t('records.all')}
        </Go>
        <Go place={places.refunds} replace className="tab">
          {t('records.refunds')}
        </Go>
      </nav>
      {data && <Records hospitals={data.items} show={show} />}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={5} />}
    </Page>
  )
}

function Records({ hospitals, show }: { hospitals: readonly Hospital[]; show: 'all' | 'refunds' }) {
  const { t } = useTranslation()
  const { payments, error, isPending, hasMore, isLoadingMore, loadMore, refetch } =
    useRecords(hospitals)
  const shown = show === 'refunds' ? payments.filter(hasRefund) : payments
  return (
    <>
      {error ? <FailureBox error={error} onRetry={refetch} /> : null}
      {isPending && <Waiting rows={5} />}
      {!isPending && shown.length === 0 && !hasMore && !error && (
        <div className="blank">
          <Icon name="list" />
          <p>{t(show === 'refunds' ? 'records.noRefunds' : 'records.none')}</p>
        </div>
      )}
      {shown.length > 0 && (
        <ul className="card rows">
          {show === 'refunds'
            ? shown.flatMap((payment) =>
                payment.refunds.map((refund) => (
                  <RefundRow key={refund.id} payment={payment} refund={refund} />
                )),
              )
            : shown.map((payment) => <PaymentRow key={payment.id} payment={payment} />)}
        </ul>
      )}
      {hasMore && (
        <button type="button" className="button" disabled={isLoadingMore} onClick={loadMore}>
          {isLoadingMore ? t('common:problem.loading') : t('records.more')}
        </button>
      )}
    </>
  )
}

const hasRefund = (payment: Payment) => payment.refunds.length > 0
