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
export { createLedger, type Ledger } from './ledger.ts'
export { type AccountBalance, balancesOf, journalAbout, type JournalLine } from './journal-store.ts'
