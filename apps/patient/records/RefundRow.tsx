import { useTranslation } from 'react-i18next'

import type { Payment, Refund } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { Icon } from '../parts/Icon.tsx'
import { sharesOf } from '../payment/refund-parts.ts'

/** One refund in a list. Its payment's page tells the rest. */
export function RefundRow({ payment, refund }: { payment: Payment; refund: Refund }) {
  const { t } = useTranslation()
  const hospital = useHospitalName(payment.hospitalId, 'shortName')
  const bill = payment.bills.find(({ billNo }) => billNo === refund.billNo) ?? payment.bills[0]
  const { tone, icon } = LOOKS[refund.status]
  const shares = sharesOf(refund)
  return (
    <li>
      <Go place={places.payment(payment.hospitalId, payment.id)} className="row payment-row">
        <span>
          <span className="visit-title">{bill?.title ?? payment.paymentNo}</span>
          {shares === null ? (
            <span className="fine-print">
              {t('records.ofLines', { amount: amountText(refund.amountFen) })}
            </span>
          ) : (
            <Amount fen={shares.ownFen} flow={refund.status === 'succeeded' ? 'in' : 'held'} />
          )}
        </span>
        <span>
          <span className="fine-print pieces">
            <span>{hospital}</span>
            <Moment at={refund.createdAt} />
            {shares !== null && shares.othersFen > 0 && (
              <span>{t('records.toOthers', { amount: amountText(shares.othersFen) })}</span>
            )}
          </span>
          <span className={`chip tone-${tone}`}>
            <Icon name={icon} />
            {t(`common:refundStates.${refund.status}`)}
          </span>
        </span>
      </Go>
    </li>
  )
}

const LOOKS = {
  approving: { tone: 'held', icon: 'clock' },
  returning: { tone: 'held', icon: 'returned' },
  completing: { tone: 'good', icon: 'done' },
  succeeded: { tone: 'good', icon: 'done' },
  refused: { tone: 'plain', icon: 'none' },
} as const
