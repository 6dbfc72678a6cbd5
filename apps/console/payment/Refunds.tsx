import { useTranslation } from 'react-i18next'

import type { Payment, Refund } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { isRefundRunning, useReasonText } from '../payments/words.ts'
import { LOOK_OF_REFUND, useRefundReason } from '../refunds/words.ts'
import { useProviderName } from '../shell/use-names.ts'
import { RetryRefund } from './RetryRefund.tsx'

export function Refunds({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  if (payment.refunds.length === 0) return null
  return (
    <section className="card" aria-labelledby="refunds-title">
      <h2 id="refunds-title">{t('refunds.title')}</h2>
      <div className="table-frame">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{t('payments.status')}</th>
              <th scope="col">{t('refunds.what')}</th>
              <th scope="col">{t('refunds.reason')}</th>
              <th scope="col">{t('refunds.when')}</th>
              <th scope="col" className="is-number">
                {t('moves.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {payment.refunds.map((refund) => (
              <tr key={refund.id}>
                <td>
                  <StatusChip
                    {...LOOK_OF_REFUND[refund.status]}
                    text={t(`refunds.statuses.${refund.status}`)}
                  />
                </td>
                <td>
                  {t(`refunds.causes.${refund.cause}`)}
                  <br />
                  <span className="fine">
                    {refund.billNo ?? t('refunds.wholePayment')}{' '}
                    {refund.lineNos.length > 0 &&
                      t('refunds.lines', { lines: refund.lineNos.join(', ') })}
                  </span>
                  {refund.receiptNo && <CopyText text={refund.receiptNo} />}
                </td>
                <td>
                  <Why refund={refund} />
                </td>
                <td>
                  <Moment at={refund.createdAt} form="exact" />
                  {refund.returnedAt && (
                    <>
                      <br />
                      {t('refunds.returnedAt')} <Moment at={refund.returnedAt} form="exact" />
                    </>
                  )}
                </td>
                <td className="is-number">
                  <Amount fen={refund.amountFen} flow="out" />
                  <BackParts refund={refund} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** Whose money has gone back, as far as it has. */
function BackParts({ refund: { parts, toPayerFen } }: { refund: Refund }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  return (
    <ul className="back-parts fine">
      {parts.map(({ provider, kind, amountFen }) => (
        <li key={`${provider} ${kind}`}>
          {nameOf(provider)} {t(`parts.${kind}`)} <Amount fen={amountFen} />
        </li>
      ))}
      {toPayerFen === null && <li>{t('refunds.sizing')}</li>}
    </ul>
  )
}

/** Why it goes back, why the hospital would not have it, and what a person is to do about it. */
function Why({ refund }: { refund: Refund }) {
  const reasonText = useReasonText()
  const reasonOf = useRefundReason()
  return (
    <>
      {reasonOf(refund)}
      {refund.refusalCode && <p className="fine">{reasonText(refund.refusalCode)}</p>}
      {refund.attention && isRefundRunning(refund) && (
        <>
          <p className="tone-held">{reasonText(refund.attention)}</p>
          {refund.declineCode !== null && <RetryRefund refund={refund} />}
        </>
      )}
    </>
  )
}
