import { fen } from '../../../kernel/money.ts'
import type { LoanProduct } from './context.ts'

/** Figures of no real bank. Named as the partner names them. */
export const USUAL_PRODUCTS: readonly LoanProduct[] = [
  {
    code: 'visit-credit-1',
    freeDays: 30,
    termDays: 30,
    yearlyRatePpm: 60_000,
    penaltyPpm: 1_500_000,
    maxLimitFen: fen(20_000_00),
  },
  {
    code: 'visit-credit-2',
    freeDays: 10,
    termDays: 56,
    yearlyRatePpm: 72_000,
    penaltyPpm: 1_500_000,
    maxLimitFen: fen(5_000_00),
  },
]
