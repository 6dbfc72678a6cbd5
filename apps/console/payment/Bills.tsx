import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { goneLineNos } from './refund-rules.ts'

/** The bills as the payer saw them, and which of their lines were given back. */
export function Bills({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  return (
    <section className="card" aria-labelledby="bills-title">
      <h2 id="bills-title">{t('payments.bills')}</h2>
      {payment.bills.map((bill) => (
        <details key={bill.billNo} className="bill" open={payment.bills.length === 1}>
          <summary>
            <span className="bill-title">{bill.title}</span>
            <code className="fine">{bill.billNo}</code>
            <Amount fen={bill.totalFen} />
          </summary>
          <p className="bill-facts">
            {t('bills.receipt')} <CopyText text={bill.receiptNo} />
            {bill.refundingFen > 0 && (
              <span>
                {t('bills.refunding')} <Amount fen={bill.refundingFen} flow="out" />
              </span>
            )}
          </p>
          <Lines bill={bill} gone={goneLineNos(payment, bill.billNo)} />
        </details>
      ))}
    </section>
  )
}

type LinesProps = { bill: Payment['bills'][number]; gone: ReadonlySet<number> }

function Lines({ bill, gone }: LinesProps) {
  const { t } = useTranslation()
  return (
    <div className="table-frame">
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{t('bills.line')}</th>
            <th scope="col">{t('bills.category')}</th>
            <th scope="col">{t('bills.class')}</th>
            <th scope="col" className="is-number">
              {t('bills.price')}
            </th>
            <th scope="col" className="is-number">
              {t('bills.quantity')}
            </th>
            <th scope="col" className="is-number">
              {t('bills.amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {bill.lines.map((line) => (
            <tr key={line.lineNo} className={gone.has(line.lineNo) ? 'is-gone' : ''}>
              <td>
                {line.name} <span className="fine">{line.spec}</span>
                {gone.has(line.lineNo) && (
                  <span className="chip chip-plain">{t('bills.gone')}</span>
                )}
              </td>
              <td>
                {t(`common:chargeCategories.${line.chargeCategory}`, {
                  defaultValue: line.chargeCategory,
                })}
              </td>
              <td>{t(`common:insuranceClasses.${line.insuranceClass}`)}</td>
              <td className="is-number">
                <Amount fen={line.unitPriceFen} />
              </td>
              <td className="is-number">
                {line.quantity} {line.unit}
              </td>
              <td className="is-number">
                <Amount fen={line.amountFen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
