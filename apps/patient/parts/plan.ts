import type { Payment } from '../../../contract/client.ts'
import { type Part, partsOf } from '../../web/tenders.ts'

/**
 * The parts of a payment's plan. Null when they do not add up to the total, or the bills do not: such a plan is
 * never shown as one that could be agreed to.
 */
export function planOf(payment: Payment): Part[] | null {
  const parts = partsOf(payment.tenders)
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  const partsFen = sum(parts.map((part) => part.amountFen))
  const billsFen = sum(payment.bills.map((bill) => bill.totalFen))
  return partsFen === payment.totalFen && billsFen === payment.totalFen ? parts : null
}
