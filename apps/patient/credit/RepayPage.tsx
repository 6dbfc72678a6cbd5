import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Loan } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Go, places } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { ForWhom } from '../parts/ForWhom.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { AmountField } from './AmountField.tsx'
import { type Choice, choicesOf, wishOf } from './repay-choices.ts'
import { RepaymentResult } from './RepaymentResult.tsx'
import { runningOf, useLenderName, useLoan, useRepay } from './use-credit.ts'

/** How much to repay, once more with the exact amount, and what became of it. */
export function RepayPage({ lenderId, id }: { lenderId: number; id: string }) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useLoan(lenderId, id)
  const lender = useLenderName()(lenderId, i18n.language)
  const repay = useRepay(lenderId, id)
  const running = runningOf(data)
  // What the hub says later about the same repayment is newer than its first answer.
  const first = repay.data
  const answered =
    running ?? data?.repayments.find((r) => r.repaymentNo === first?.repaymentNo) ?? first
  return (
    <Page title={t('credit:repay.title')} back={places.loan(lenderId, id)}>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {data && <ForWhom hospitalId={data.hospitalId} />}
      {data && answered && (
        <RepaymentResult
          repayment={answered}
          lender={lender}
          leftFen={data.owedInFullFen}
          onAgain={() => repay.reset()}
        >
          <Go place={places.loan(lenderId, id)} className="button" replace>
            {t('credit:repay.toLoan')}
          </Go>
        </RepaymentResult>
      )}
      {data && !answered && <RepayForm loan={data} repay={repay} />}
      {!data && !error && (
        <section className="card">
          <Waiting rows={4} />
        </section>
      )}
    </Page>
  )
}

function RepayForm({ loan, repay }: { loan: Loan; repay: ReturnType<typeof useRepay> }) {
  const { t, i18n } = useTranslation()
  const choices = choicesOf(loan)
  const [kind, setKind] = useState<Choice['kind']>()
  const [ownFen, setOwn] = useState<number | null>(null)
  const [isAsking, setAsking] = useState(false)
  const lender = useLenderName()(loan.lenderId, i18n.language)
  const chosen = choices.find((choice) => choice.kind === kind) ?? choices[0]
  if (!chosen) return <p className="card">{t('credit:repay.nothing')}</p>
  const wish = wishOf(chosen, ownFen, loan.owedInFullFen)
  const amount = wish ? amountText(wish.amountFen) : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wish) setAsking(true)
  }
  return (
    <form onSubmit={submit} className="visit-wish">
      <fieldset className="card ways">
        <legend className="visually-hidden">{t('credit:repay.howMuch')}</legend>
        <h2 aria-hidden="true">{t('credit:repay.howMuch')}</h2>
        {choices.map((choice) => (
          <label key={choice.kind} className="way">
            <input
              type="radio"
              name="howMuch"
              checked={choice === chosen}
              onChange={() => setKind(choice.kind)}
            />
            <span className="row-line">
              <span>{t(`credit:repay.${choice.kind}`)}</span>
              {choice.amountFen !== null && <Amount fen={choice.amountFen} />}
            </span>
          </label>
        ))}
        {chosen.kind === 'other' && <AmountField mostFen={loan.owedInFullFen} onChange={setOwn} />}
        {loan.owedNowFen === 0 && chosen.kind !== 'full' && loan.instalments.length > 1 && (
          <p className="note">{t('credit:repay.earlyNote')}</p>
        )}
      </fieldset>
      {repay.error && <FailureBox error={repay.error} />}
      <button
        type="submit"
        className="button button-primary button-pay"
        disabled={!wish || repay.isPending}
      >
        {repay.isPending
          ? t('credit:repay.sending')
          : t('credit:repay.go', { amount: amount ?? '' })}
      </button>
      {isAsking && wish && (
        <Confirm
          title={t('credit:repay.confirmTitle', { amount })}
          yes={t('credit:repay.yes')}
          no={t('credit:repay.no')}
          onYes={() => {
            setAsking(false)
            repay.mutate(wish)
          }}
          onNo={() => setAsking(false)}
        >
          {t('credit:repay.confirmNote', { amount, lender })}
        </Confirm>
      )}
    </form>
  )
}
