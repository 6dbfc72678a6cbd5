// The door of the module: other modules, adapters and apps import this file and no other.
export type {
  Account,
  AccountKind,
  EndHoldResult,
  EntryId,
  HoldId,
  HoldResult,
  NewEntry,
  NewHold,
  PostResult,
  Transfer,
} from './entry.ts'
export {
  type AccountBalance,
  type BalanceAt,
  balanceOf,
  balancesOf,
  movementsUntil,
} from './balance-store.ts'
export type { AccountName, ChartLine } from './chart.ts'
export type { Closing, ClosingResult } from './closing.ts'
export { createLedger, type Ledger } from './ledger.ts'
export type { Limits } from './limits.ts'
export { createPoster, type Poster, type PosterOptions } from './poster.ts'
export type {
  BatchResult,
  HoldRequest,
  LedgerRequest,
  OnClosedDate,
  PostHoldRequest,
  PostRequest,
  VoidHoldRequest,
} from './request.ts'
export { type DatedTransfer, journalOfDate } from './journal-by-date-store.ts'
export { journalAbout, type JournalLine } from './journal-store.ts'
export { ledgerRoutes } from './routes.ts'
export { ledgerLog } from './sealed-log-store.ts'
