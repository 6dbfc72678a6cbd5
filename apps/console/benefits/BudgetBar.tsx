import { amountText } from '../../web/amount.ts'
import { widthOf } from '../bank/BadDebtCard.tsx'
import type { Budget } from './model.ts'
import { useBenefitWords } from './words.ts'

/** What was paid of a budget, what is promised of it, and what is left; the figures stand beside it in words, too. */
export function BudgetBar({ budget }: { budget: Budget }) {
  const { t } = useBenefitWords()
  const { allottedFen, usedFen, freeFen } = budget
  const heldFen = promisedOf(budget)
  const label = t('budget.bar', {
    allotted: amountText(allottedFen),
    used: amountText(usedFen),
    held: amountText(heldFen),
    free: amountText(freeFen),
  })
  return (
    <div className="bank-scale" role="img" aria-label={label}>
      <span className="bank-fill" style={{ width: widthOf(usedFen, allottedFen) }} />
      <span className="bank-fill-held" style={{ width: widthOf(heldFen, allottedFen) }} />
    </div>
  )
}

/** To payments under way, and in vouchers that nobody has used yet. */
export const promisedOf = ({ heldFen, issuedFen }: Budget): number => heldFen + issuedFen
