import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { PaymentChip } from '../payments/PaymentChip.tsx'
import { isRefundRunning, shortNo } from '../payments/words.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { Bills } from './Bills.tsx'
import { refundObstacle } from './refund-rules.ts'
import { RefundDialog } from './RefundDialog.tsx'
import { RefundRequests } from './RefundRequests.tsx'
import { Refunds } from './Refunds.tsx'
import { Tenders } from './Tenders.tsx'
import { TimelineView } from './TimelineView.tsx'
import { WhyBox } from './WhyBox.tsx'

const MOVING_REFRESH_MS = 5_000

/** One payment from all sides. While it is on its way, it is looked at again every few seconds. */
export function PaymentPage() {
  const { paymentId } = getRouteApi('/office/payments/$paymentId').useParams()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/payments/{id}',
    { params: { path: { hospitalId, id: paymentId } } },
    {
      refetchInterval: ({ state }) =>
        state.data && isMoving(state.data) ? MOVING_REFRESH_MS : false,
    },
  )
  return (
    <div className="page">
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 12 }} />}
      {data && <OnePayment payment={data} />}
    </div>
  )
}

function OnePayment({ payment }: { payment: Payment }) {
  return (
    <>
      <Head payment={payment} />
      <div className="object">
        <div className="object-main">
          <WhyBox payment={payment} />
          <Tenders payment={payment} />
          <RefundRequests payment={payment} />
          <Refunds payment={payment} />
          <Bills payment={payment} />
        </div>
        <div className="object-side">
          <TimelineView
            paymentId={payment.id}
            refreshMs={isMoving(payment) ? MOVING_REFRESH_MS : false}
          />
        </div>
      </div>
    </>
  )
}

function Head({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  usePageTitle(`${t('payment.title')} ${shortNo(payment.paymentNo)}`)
  return (
    <header className="object-head">
      <div>
        <p className="crumbs">
          <Link to="/payments">{t('menu.payments')}</Link> <Icon name="right" />
        </p>
        <h1>
          {t('payment.title')} <Amount fen={payment.totalFen} /> <PaymentChip payment={payment} />
        </h1>
        <ul className="object-facts">
          <li>
            {t('payments.no')} <CopyText text={payment.paymentNo} />
          </li>
          <li>
            {t('payments.visit')} <CopyText text={payment.visitNo} />
          </li>
          <li>
            {t('payments.createdAt')} <Moment at={payment.createdAt} form="exact" />
          </li>
          <li>
            {t('payments.paidAt')} <Moment at={payment.paidAt} form="exact" />
          </li>
          <li>
            {t('payments.succeededAt')} <Moment at={payment.succeededAt} form="exact" />
          </li>
        </ul>
      </div>
      <RefundAction payment={payment} />
    </header>
  )
}

function RefundAction({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [isOpen, setOpen] = useState(false)
  const obstacle = refundObstacle(payment, staff)
  return (
    <div className="action">
      <Button
        type="primary"
        icon={<Icon name="undo" />}
        aria-disabled={obstacle !== null}
        aria-describedby="refund-obstacle"
        className={obstacle ? 'is-off' : ''}
        onClick={() => obstacle === null && setOpen(true)}
      >
        {t('refund.title')}
      </Button>
      <p id="refund-obstacle" className="fine">
        {obstacle ? t(`refund.not.${obstacle}`) : t('refund.hint')}
      </p>
      <RefundDialog payment={payment} isOpen={isOpen} onClose={() => setOpen(false)} />
    </div>
  )
}

const isMoving = ({ nextLookAt, refunds }: Payment) =>
  nextLookAt !== null || refunds.some(isRefundRunning)
