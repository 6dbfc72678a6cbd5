import { addFen, subtractFen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { AccountBalance } from './balance-store.ts'
import { chartOf } from './chart.ts'
import type { EntryDetail } from './entry-store.ts'
import type { AccountKind } from './entry.ts'
import { onOwnSide } from './statement-file.ts'
import type { StatementLine } from './statement-store.ts'
import type { DayMovement, TrialLine } from './trial-store.ts'

/** An account as an accountant calls it; one that the chart does not know by its code alone. */
export function viewOfName(code: string) {
  const name = chartOf(code)
  const owner = Object.values(name?.parts ?? {}).join('/')
  return {
    code,
    zh: name?.zh ?? null,
    en: name?.en ?? null,
    subjectCode: name?.subjectCode ?? null,
    subjectName: name?.subjectName ?? null,
    purpose: name?.pattern ?? null,
    owner: owner === '' ? null : owner,
  }
}

export const viewOfAccount = (
  { code, kind, debitFen, creditFen, heldFen }: AccountBalance,
  isNow: boolean,
) => ({
  ...viewOfName(code),
  kind,
  debitFen,
  creditFen,
  balanceFen: onOwnSide(kind, debitFen - creditFen),
  heldFen: isNow ? heldFen : null,
})

export function viewOfTrial(date: BusinessDate | null, kinds: readonly TrialLine[]) {
  const total = (key: Exclude<keyof TrialLine, 'kind' | 'accounts'>) =>
    addFen(...kinds.map((line) => line[key]))
  const sums = {
    debitFen: total('debitFen'),
    creditFen: total('creditFen'),
    debitBalanceFen: total('debitBalanceFen'),
    creditBalanceFen: total('creditBalanceFen'),
  }
  return {
    date,
    kinds: [...kinds],
    accounts: kinds.reduce((sum, { accounts }) => sum + accounts, 0),
    ...sums,
    isBalanced: sums.debitFen === sums.creditFen && sums.debitBalanceFen === sums.creditBalanceFen,
  }
}

export const viewOfLine = (
  kind: AccountKind,
  { counterAccount, netFen, postedAt, postedHour: _hour, ...line }: StatementLine,
) => ({
  ...line,
  postedAt: postedAt.toISOString(),
  counter: viewOfName(counterAccount),
  balanceFen: onOwnSide(kind, netFen),
})

/** What the account stood at, at the end of each date on which anything moved. */
export function viewOfDays(kind: AccountKind, openingNet: number, days: readonly DayMovement[]) {
  let net = openingNet
  return {
    openingFen: onOwnSide(kind, openingNet),
    items: days.map(({ date, debitFen, creditFen }) => {
      net += subtractFen(debitFen, creditFen)
      return { date, debitFen, creditFen, balanceFen: onOwnSide(kind, net) }
    }),
  }
}

export const viewOfEntry = ({ postedAt, transfers, holds, ...entry }: EntryDetail) => ({
  ...entry,
  postedAt: postedAt.toISOString(),
  transfers: transfers.map(({ debitAccount, creditAccount, ...transfer }) => ({
    ...transfer,
    debit: viewOfName(debitAccount),
    credit: viewOfName(creditAccount),
  })),
  holds: holds.map(({ debitAccount, creditAccount, heldAt, expiresAt, ...hold }) => ({
    ...hold,
    debit: viewOfName(debitAccount),
    credit: viewOfName(creditAccount),
    heldAt: heldAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  })),
})

/** Debit less credit; zero for an account that was never opened. */
export const netOf = (balance: AccountBalance | null) =>
  subtractFen(balance?.debitFen ?? ZERO, balance?.creditFen ?? ZERO)
