import type { Account, Transfer } from '../../ledger/index.ts'
import { COLLECTED, LOAN_PRINCIPAL } from '../books.ts'
import type { Amounts } from './loan.ts'

// The accounts of loans in a lender's book. What stands open in the instalments is what stands in the first four.

const LOAN_INTEREST: Account = { code: 'loans/interest', kind: 'asset' }
const LOAN_FEE: Account = { code: 'loans/fee', kind: 'asset' }
const LOAN_PENALTY: Account = { code: 'loans/penalty', kind: 'asset' }

const INCOME_INTEREST: Account = { code: 'income/interest', kind: 'income' }
const INCOME_FEE: Account = { code: 'income/fee', kind: 'income' }
const INCOME_PENALTY: Account = { code: 'income/penalty', kind: 'income' }

/** What loans given up were worth: stands on the debit side, against the income. */
export const WRITTEN_OFF: Account = { code: 'income/written-off', kind: 'income' }

/** Interest, fees and penalty that came to be owed. */
export const accrual = (amounts: Amounts): Transfer[] =>
  moving([
    [LOAN_INTEREST, INCOME_INTEREST, amounts.interestFen],
    [LOAN_FEE, INCOME_FEE, amounts.feeFen],
    [LOAN_PENALTY, INCOME_PENALTY, amounts.penaltyFen],
  ])

/** What is owed is owed no more: it went to this account, as money came or a loan was given up. */
export const clearing = (to: Account, amounts: Amounts): Transfer[] =>
  moving([
    [to, LOAN_PENALTY, amounts.penaltyFen],
    [to, LOAN_INTEREST, amounts.interestFen],
    [to, LOAN_FEE, amounts.feeFen],
    [to, LOAN_PRINCIPAL, amounts.principalFen],
  ])

export const collected = (amounts: Amounts): Transfer[] => clearing(COLLECTED, amounts)

export const moving = (
  transfers: readonly (readonly [debit: Account, credit: Account, Transfer['amountFen']])[],
): Transfer[] =>
  transfers
    .filter(([, , amountFen]) => amountFen > 0)
    .map(([debit, credit, amountFen]) => ({ debit, credit, amountFen }))
