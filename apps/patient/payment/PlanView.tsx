import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { momentText } from '../../web/moment.ts'
import { readFailure } from '../../web/problem.ts'
import { Go, places, useGo, type Wishes } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { useHubNow } from '../parts/hub-clock.ts'
import { Icon } from '../parts/Icon.tsx'
import { Lines } from '../parts/Lines.tsx'
import { PartsBar } from '../parts/PartsBar.tsx'
import { planOf } from '../parts/plan.ts'
import { ReadAloud } from '../parts/ReadAloud.tsx'
import { Sources } from '../pay/Sources.tsx'
import { WayOut } from '../pay/WayOut.tsx'
import { wayOutOf } from '../pay/ways-out.ts'
import { WayToPay } from '../pay/WayToPay.tsx'
import { Page } from '../shell/Page.tsx'
import { useChannelName } from './channel-name.ts'
import { creditFenOf, paidWithoutCashBy, payerTenderOf, payFenOf } from './story.ts'
import { useConfirm } from './use-confirm.ts'
import { Why } from './Why.tsx'

/** The plan before anything moves: who pays what, why, and one button with the amount that will be taken. */
export function PlanView({ payment, wishes }: { payment: Payment; wishes: Wishes }) {
  const { t } = useTranslation()
  const parts = planOf(payment)
  const lines = payment.bills.flatMap((bill) =>
    bill.lines.map((line) => ({ ...line, billNo: bill.billNo })),
  )
  const words = (parts ?? []).map(
    (part) => `${t(`common:parts.${part.kind}`)} ${amountText(part.amountFen)}`,
  )
  return (
    <Page
      title={t('pay.title')}
      back={places.visit(payment.hospitalId, payment.visitNo)}
      aside={
        <ReadAloud words={[t('pay.total'), amountText(payment.totalFen), ...words].join('，')} />
      }
      foot={<PlanFoot payment={payment} wishes={wishes} isSound={parts !== null} />}
    >
      <ForWhom hospitalId={payment.hospitalId} />
      <section className="card" aria-label={t('pay.plan')}>
        <ul className="bill-titles">
          {payment.bills.map((bill) => (
            <li key={bill.billNo}>{bill.title}</li>
          ))}
        </ul>
        <p className="total">
          <span>{t('pay.total')}</span>
          <Amount fen={payment.totalFen} />
        </p>
        {parts ? (
          <PartsBar parts={parts} totalFen={payment.totalFen} />
        ) : (
          <p className="held-row" role="alert">
            <Icon name="question" />
            {t('pay.doesNotAddUp')}
          </p>
        )}
        <Sources payment={payment} wishes={wishes} />
      </section>
      <WayToPay payment={payment} wishes={wishes} />
      <section className="card folds" aria-label={t('pay.details')}>
        {isInsured(payment) && (
          <Fold title={t('why.title')}>
            <Why payment={payment} />
          </Fold>
        )}
        <Fold title={t('bill.lines', { count: lines.length })}>
          <Lines lines={lines} />
          {payment.bills.map(({ billNo, title }) => (
            <Go
              key={billNo}
              place={places.explain(payment.hospitalId, billNo)}
              className="text-link"
            >
              {payment.bills.length > 1 && `${title} · `}
              {t('payersEntry.explain')}
              <Icon name="forward" />
            </Go>
          ))}
        </Fold>
      </section>
    </Page>
  )
}

const isInsured = (payment: Payment) =>
  payment.sources.some((source) => source.provider === 'insurance' && source.available)

const WARN_MS = 120 * SECOND_MS

function PlanFoot({ payment, wishes, isSound }: PlanFootProps) {
  const { t, i18n } = useTranslation()
  const go = useGo()
  const nowMs = useHubNow()
  const { confirm, error, isPending } = useConfirm(payment)
  const leftMs = nowMs === null ? null : Date.parse(payment.expiresAt) - nowMs
  const payer = payerTenderOf(payment)
  const nameOf = useChannelName(payment)
  const quoteAnew = () =>
    void go(places.pay(payment.hospitalId, payment.bills, wishes), { replace: true })
  const failure = error === null ? null : readFailure(error)
  if ((leftMs !== null && leftMs <= 0) || failure?.code === 'payments.payment_expired') {
    return (
      <>
        <p className="foot-note" role="status">
          {t('pay.expired')}
        </p>
        <button type="button" className="button button-primary" onClick={quoteAnew}>
          {t('pay.quoteAnew')}
        </button>
      </>
    )
  }
  const isEnding = leftMs !== null && leftMs < WARN_MS
  const at = momentText(payment.expiresAt, 'time', i18n.language)
  return (
    <>
      {failure && (
        <FailureBox error={error}>
          {failure.isDefinite ? (
            <WayOut way={wayOutOf(failure, payment.hospitalId)} />
          ) : (
            <p>{t('pay.pressAgain')}</p>
          )}
        </FailureBox>
      )}
      <p className="foot-note" role={isEnding ? 'status' : undefined}>
        {payer && !isEnding && `${nameOf(payer.provider)} · `}
        {t(isEnding ? 'pay.endsSoon' : 'pay.validUntil', { at })}
        {isEnding && (
          <button type="button" className="text-link" onClick={quoteAnew}>
            {t('pay.quoteAnew')}
          </button>
        )}
      </p>
      <button
        type="button"
        className="button button-primary button-pay"
        disabled={isPending || !isSound}
        onClick={confirm}
      >
        {isPending ? t('pay.confirming') : buttonWords(t, payment)}
      </button>
    </>
  )
}

type PlanFootProps = { payment: Payment; wishes: Wishes; isSound: boolean }

function buttonWords(t: ReturnType<typeof useTranslation>['t'], payment: Payment): string {
  const payFen = payFenOf(payment)
  const amount = amountText(payFen)
  if (payFen > 0) {
    const isHelped = payment.sources.some((source) => source.available)
    return t(isHelped ? 'pay.confirm' : 'pay.confirmSelf', { amount })
  }
  switch (paidWithoutCashBy(payment)) {
    case 'credit':
      return t('pay.confirmCredit', { amount: amountText(creditFenOf(payment)) })
    case 'others':
      return t('pay.confirmShared', { amount })
    case 'insurance':
      return t('pay.confirmFree', { amount })
  }
}
