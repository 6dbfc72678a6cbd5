import { useTranslation } from 'react-i18next'

import type { Payment, Refund } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { momentText } from '../../web/moment.ts'
import { Moment } from '../../web/Moment.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { isLate, promisedAt, RETURN_WITHIN_DAYS } from './promise.ts'
import { refundStepsOf } from './refund-steps.ts'

/** What goes back, step by step, and by when. */
export function Refunds({ payment }: { payment: Payment }) {
  return payment.refunds.map((refund) => (
    <RefundCard key={refund.id} payment={payment} refund={refund} />
  ))
}

function RefundCard({ payment, refund }: { payment: Payment; refund: Refund }) {
  const { t, i18n } = useTranslation()
  const nowMs = useHubNow()
  const isOnItsWay = refund.status === 'returning'
  const names = namesOf(payment, refund)
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t(refund.cause === 'requested' ? 'refund.title' : 'refund.returnTitle')}</h2>
        <Amount fen={refund.amountFen} />
      </div>
      {names.length > 0 && <p className="note">{t('refund.of', { names: names.join('、') })}</p>}
      <ol className="steps">
        {refundStepsOf(refund).map(({ code, state, at }) => (
          <li
            key={code}
            className={`step step-${state}`}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            <Icon name={STEP_ICONS[state]} />
            <span>{t(`refund.steps.${code}`)}</span>
            {at !== null && <Moment at={at} />}
          </li>
        ))}
      </ol>
      {refund.status === 'approving' && refund.cause === 'requested' && (
        <p className="note">{t('refund.afterApproval', { days: RETURN_WITHIN_DAYS })}</p>
      )}
      {isLate(refund, nowMs) ? (
        <p className="held-row" role="status">
          <Icon name="clock" />
          {t('refund.late')}
        </p>
      ) : (
        isOnItsWay && (
          <p className="note">
            {t('refund.promise', { day: momentText(promisedAt(refund), 'day', i18n.language) })}
          </p>
        )
      )}
      {refund.status === 'refused' && <p className="note">{t('refund.refused')}</p>}
      {refund.receiptNo !== null && (
        <p className="fine-print">{t('refund.receiptNo', { no: refund.receiptNo })}</p>
      )}
    </section>
  )
}

const STEP_ICONS = { done: 'done', now: 'clock', open: 'still', refused: 'none' } as const

/** The names of the lines that are given back; none where it is all of the payment. */
function namesOf(payment: Payment, refund: Refund): string[] {
  const bill = payment.bills.find(({ billNo }) => billNo === refund.billNo)
  const lines = bill?.lines.filter((line) => refund.lineNos.includes(line.lineNo)) ?? []
  return lines.map((line) => line.name)
}
