import { Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { PaymentChip } from '../payments/PaymentChip.tsx'
import { attentionOf, shortNo, useReasonText } from '../payments/words.ts'
import { useStaff } from '../shell/staff.ts'

const MOST_SHOWN = 5
const REFRESH_MS = 30_000

/** The payments that wait for a person, the newest first. */
export function AttentionCard() {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const reasonText = useReasonText()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/payments',
    {
      params: {
        path: { hospitalId },
        query: { attention: true, limit: MOST_SHOWN },
      },
    },
    { refetchInterval: REFRESH_MS },
  )
  return (
    <section className="card" aria-labelledby="attention-title">
      <div className="card-head">
        <h2 id="attention-title">{t('today.attention.title')}</h2>
        <Link to="/payments" search={{ attention: true }}>
          {t('today.attention.all')}
        </Link>
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 3 }} />}
      {data?.items.length === 0 && <Empty text={t('today.attention.empty')} />}
      <ul className="mini-list">
        {data?.items.map((payment) => (
          <li key={payment.id}>
            <PaymentChip payment={payment} />
            <Link to="/payments/$paymentId" params={{ paymentId: payment.id }}>
              {shortNo(payment.paymentNo)}
            </Link>
            <span className="fine">{reasonText(attentionOf(payment))}</span>
            <Moment at={payment.createdAt} form="time" />
            <Amount fen={payment.inTransitFen} flow="held" />
          </li>
        ))}
      </ul>
    </section>
  )
}
