import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { LoanRepayment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Icon } from '../parts/Icon.tsx'

const TONES = {
  done: { tone: 'good', icon: 'done' },
  asking: { tone: 'held', icon: 'clock' },
  refused: { tone: 'plain', icon: 'none' },
} as const

/** What became of a repayment: taken, not taken, or not known yet, and then nobody shall repay twice. */
export function RepaymentResult(props: ResultProps) {
  const { t } = useTranslation()
  const { repayment, lender, leftFen, onAgain, children } = props
  const { tone, icon } = TONES[repayment.status]
  const amount = amountText(repayment.amountFen)
  return (
    <section className={`card story tone-${tone}`}>
      <div role="status" className="story-head">
        <p className="story-mark">
          <Icon name={icon} />
        </p>
        <h2>{t(`credit:repay.${repayment.status}`)}</h2>
        <p className="story-lead">{t(leadOf(props), { amount })}</p>
      </div>
      {repayment.status === 'done' && leftFen !== null && (
        <p>
          {leftFen > 0
            ? t('credit:repay.left', { amount: amountText(leftFen) })
            : t('credit:repay.leftNone')}
        </p>
      )}
      {repayment.excessFen > 0 && (
        <p>{t('credit:repay.excess', { amount: amountText(repayment.excessFen) })}</p>
      )}
      {repayment.status === 'asking' && (
        <>
          <p>{t('credit:repay.askingNote', { amount, lender })}</p>
          <p className="note">{t('credit:repay.askingEnd')}</p>
        </>
      )}
      {repayment.status === 'refused' && (
        <>
          <p>{t([`credit:repay.refusals.${repayment.refusal}`, 'credit:repay.refusals.other'])}</p>
          <p>{t('credit:repay.refusedTodo')}</p>
          <button type="button" className="button" onClick={onAgain}>
            {t('credit:repay.again')}
          </button>
        </>
      )}
      {children}
    </section>
  )
}

/** Somebody of the family does not see what becomes of it; who borrowed does. */
const leadOf = ({ repayment: { status }, leftFen }: ResultProps) =>
  status === 'asking' && leftFen === null
    ? 'credit:help.askingLead'
    : (`credit:repay.${status}Lead` as const)

type ResultProps = {
  repayment: LoanRepayment
  /** The name of the bank that takes the money. */
  lender: string
  /** What is left of the loan; null where that is not for the one who repays to know. */
  leftFen: number | null
  onAgain: () => void
  children?: ReactNode
}
