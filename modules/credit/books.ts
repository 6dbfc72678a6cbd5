import type { HospitalId } from '../../kernel/id.ts'
import type { Account } from '../ledger/index.ts'

// The accounts of a lender's book, by name.

/** What people drew in visits at one hospital that are not settled yet. */
export const drawsAt = (careHospitalId: HospitalId): Account => ({
  code: `loans/draws/hospital/${careHospitalId}`,
  kind: 'asset',
})

/** The principal of all loans. A settlement moves draws into it; repayments and refunds take from it. */
export const LOAN_PRINCIPAL: Account = { code: 'loans/principal', kind: 'asset' }

/** What the lender owes a hospital for what people drew there. */
export const owedToHospital = (careHospitalId: HospitalId): Account => ({
  code: `owed/hospital/${careHospitalId}`,
  kind: 'liability',
})

/** What a hospital gave back of draws that the payer had repaid: it is the payer's. */
export const OWED_TO_PAYERS: Account = { code: 'owed/payers', kind: 'liability' }

/** What came of a loan after it was given up. */
export const RECOVERED: Account = { code: 'income/recovered', kind: 'income' }

/** What payers repaid, until it has reached the lender's own system. */
export const COLLECTED: Account = { code: 'collected', kind: 'asset' }

/** What the lender's own funds have paid for this book: to hospitals for what was drawn there, and back to payers. */
export const TREASURY: Account = { code: 'treasury', kind: 'liability' }
