import { useTranslation } from 'react-i18next'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Go, places } from '../navigation.tsx'
import { Fold } from '../parts/Fold.tsx'
import { Icon } from '../parts/Icon.tsx'
import { monthsOf, monthText } from './months.ts'
import type { Statement, StatementItem } from './use-statement.ts'

const MOST_SHOWN_AT_ONCE = 30

/** What was paid, month by month. With many payments only the newest month is open. */
export function Months({ statement }: { statement: Statement }) {
  const { t, i18n } = useTranslation()
  const isShort = statement.items.length <= MOST_SHOWN_AT_ONCE
  return (
    <section className="card folds" aria-label={t('statement.byMonth')}>
      {monthsOf(statement).map(({ month, count, netFen, items }, i) => (
        <Fold
          key={month}
          isOpen={isShort || i === 0}
          title={`${monthText(month, i18n.language)} · ${t('statement.count', { count })} · ${amountText(netFen)}`}
        >
          <ul className="rows">
            {items.map((item) => (
              <ItemRow key={`${item.hospitalId} ${item.paymentId}`} item={item} />
            ))}
          </ul>
        </Fold>
      ))}
    </section>
  )
}

function ItemRow({ item }: { item: StatementItem }) {
  const { t } = useTranslation()
  const [first] = item.bills
  const receipts = item.bills.flatMap(({ receiptNo }) => (receiptNo === null ? [] : [receiptNo]))
  return (
    <li>
      <Go place={places.payment(item.hospitalId, item.paymentId)} className="row payment-row">
        <span>
          <span className="visit-title">
            {first?.title ?? item.paymentNo}
            {item.bills.length > 1 && ` ${t('statement.bills', { count: item.bills.length })}`}
          </span>
          <Amount fen={item.netFen} />
        </span>
        <span>
          <span className="fine-print pieces">
            <span>{item.hospitalName}</span>
            <Moment at={item.paidAt} form="day" />
          </span>
          {item.state !== 'succeeded' && (
            <span className="chip tone-plain">
              <Icon
                name={
                  item.state === 'processing' || item.state === 'confirming' ? 'clock' : 'returned'
                }
              />
              {t(`common:payerStates.${item.state}`)}
            </span>
          )}
        </span>
        {item.refundedFen !== 0 && (
          <span className="fine-print">
            {t('statement.paidAndBack', {
              paid: amountText(item.paidFen),
              back: amountText(item.refundedFen),
            })}
          </span>
        )}
        {receipts.length > 0 && (
          <span className="fine-print">
            {t('receipt.no')} {receipts.join(' ')}
          </span>
        )}
      </Go>
    </li>
  )
}
