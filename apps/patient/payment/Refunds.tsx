import { useTranslation } from 'react-i18next'

import type { Payment, Refund } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { momentText } from '../../web/moment.ts'
import { Moment } from '../../web/Moment.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { useChannelName } from './channel-name.ts'
import { isLate, isUnanswered, promisedAt, RETURN_WITHIN_DAYS } from './promise.ts'
import { backParts, sharesOf } from './refund-parts.ts'
import { refundStepsOf } from './refund-steps.ts'
import { needsThePayer } from './refund-words.ts'

/** What goes back, step by step, and by when. */
export function Refunds({ payment }: { payment: Payment }) {
  return (
    <>
      {payment.refunds.map((refund) => (
        <RefundCard key={refund.id} payment={payment} refund={refund} />
      ))}
      <Wishes payment={payment} />
    </>
  )
}

/** Refunds that the hospital has not begun: a second person looks at one, or has declined it and none came after. */
function Wishes({ payment: { refunds, refundWishes } }: { payment: Payment }) {
  const { t } = useTranslation()
  const lastAt = refunds.at(-1)?.createdAt ?? ''
  const last = refundWishes.at(-1)
  const shown = refundWishes.filter(
    (wish) => !wish.isDeclined || (wish === last && wish.createdAt > lastAt),
  )
  return shown.map((wish) => (
    <section key={wish.id} className="card" aria-label={t('refund.title')}>
      <p className="held-row" role="status">
        <Icon name={wish.isDeclined ? 'none' : 'clock'} />
        {t(wish.isDeclined ? 'refund.wishDeclined' : 'refund.wishWaiting', {
          amount: amountText(wish.amountFen),
        })}
      </p>
    </section>
  ))
}

function RefundCard({ payment, refund }: { payment: Payment; refund: Refund }) {
  const { t } = useTranslation()
  const nowMs = useHubNow()
  const names = namesOf(payment, refund)
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t(refund.cause === 'requested' ? 'refund.title' : 'refund.returnTitle')}</h2>
        <Amount fen={sharesOf(refund)?.ownFen ?? refund.amountFen} />
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
      <BackParts payment={payment} refund={refund} />
      <When refund={refund} nowMs={nowMs} />
      {refund.status === 'refused' && <p className="note">{t('refund.refused')}</p>}
      {refund.receiptNo !== null && (
        <p className="fine-print">{t('refund.receiptNo', { no: refund.receiptNo })}</p>
      )}
    </section>
  )
}

/** Of whose money how much has gone back; before that is known, only what it is of. */
function BackParts({ payment, refund }: { payment: Payment; refund: Refund }) {
  const { t } = useTranslation()
  const nameOf = useChannelName(payment)
  const amount = amountText(refund.amountFen)
  if (refund.status === 'refused') return null
  const isKnown = sharesOf(refund) !== null
  return (
    <>
      <p className="note">{t(isKnown ? 'refund.ofLines' : 'refund.sizing', { amount })}</p>
      {refund.parts.length > 0 && (
        <dl className="facts">
          {backParts([refund]).map(({ provider, kind, amountFen }) => (
            <div key={`${provider} ${kind}`}>
              <dt>
                {amountFen > 0
                  ? t(`refund.back.${kind}`, { channel: nameOf(provider) })
                  : t('refund.more', { part: t(`common:parts.${kind}`) })}
              </dt>
              <dd>
                <Amount fen={Math.abs(amountFen)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

/** By when the money is back, or what the payer is to do where that cannot be said. */
function When({ refund, nowMs }: { refund: Refund; nowMs: number | null }) {
  const { t, i18n } = useTranslation()
  const alarm = needsThePayer(refund)
    ? 'refund.stuck'
    : isUnanswered(refund, nowMs)
      ? 'refund.unanswered'
      : isLate(refund, nowMs)
        ? 'refund.late'
        : null
  if (alarm !== null) {
    return (
      <p className="held-row" role="status">
        <Icon name="clock" />
        {t(alarm)}
      </p>
    )
  }
  if (refund.status === 'approving' && refund.cause === 'requested') {
    return <p className="note">{t('refund.afterApproval', { days: RETURN_WITHIN_DAYS })}</p>
  }
  if (refund.status !== 'returning') return null
  const day = momentText(promisedAt(refund), 'day', i18n.language)
  return <p className="note">{t('refund.promise', { day })}</p>
}

const STEP_ICONS = { done: 'done', now: 'clock', open: 'still', refused: 'none' } as const

/** The names of the lines that are given back; none where it is all of the payment. */
function namesOf(payment: Payment, refund: Refund): string[] {
  const bill = payment.bills.find(({ billNo }) => billNo === refund.billNo)
  const lines = bill?.lines.filter((line) => refund.lineNos.includes(line.lineNo)) ?? []
  return lines.map((line) => line.name)
}
