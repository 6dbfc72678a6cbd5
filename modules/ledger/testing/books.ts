import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { type Canary, noCanaries } from '../../../platform/canary.ts'
import { type Db, inHospital, type Tx } from '../../../platform/db.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { balancesOf } from '../balance-store.ts'
import type { Account, HoldId } from '../entry.ts'
import { createLedger } from '../ledger.ts'
import type { BatchResult, LedgerRequest, PostHoldRequest, PostRequest } from '../request.ts'
import { problemsOf } from './checks.ts'

export const CASH: Account = { code: 'cash', kind: 'asset' }
export const OWED: Account = { code: 'owed', kind: 'liability' }
export const TODAY = businessDate('2026-11-21')

let hospitals = 1_000

/** The books of a hospital of its own, asked by batches. */
export function newBatchBooks(db: Db, canary?: Canary) {
  const hospitalId = ++hospitals as HospitalId
  const { clock, newId } = testPlatform(undefined, `books ${hospitals}`)
  const ledger = createLedger({ clock, newId, canaries: canary ? new Set([canary]) : noCanaries })
  const inBooks = <T>(work: (tx: Tx) => Promise<T>) => inHospital(db, hospitalId, work)
  return {
    hospitalId,
    clock,
    ledger,
    inBooks,
    batch: (...requests: LedgerRequest[]): Promise<BatchResult[]> =>
      ledger.postBatch(db, hospitalId, requests),
    outcomes: async (...requests: LedgerRequest[]): Promise<string[]> =>
      (await ledger.postBatch(db, hospitalId, requests)).map(({ outcome }) => outcome),
    problems: () => inBooks((tx) => problemsOf(tx, hospitalId)),
    balances: async () =>
      Object.fromEntries(
        (await inBooks((tx) => balancesOf(tx, hospitalId))).map((a) => [
          a.code,
          [a.debitFen - a.creditFen, a.heldFen],
        ]),
      ),
  }
}

export const post = (
  cause: string,
  amountFen: number,
  { debit = CASH, credit = OWED, ...more }: Partial<PostRequest> & Partial<Sides> = {},
): PostRequest => ({
  kind: 'post',
  businessDate: TODAY,
  cause,
  subject: 'payment:1',
  memo: 'memo',
  transfers: [{ debit, credit, amountFen: fen(amountFen) }],
  ...more,
})

type Sides = { debit: Account; credit: Account }

export const hold = (
  cause: string,
  amountFen: number,
  { expiresAt, credit = CASH }: { expiresAt?: Date; credit?: Account } = {},
): LedgerRequest => ({
  kind: 'hold',
  cause,
  subject: 'payment:1',
  debit: OWED,
  credit,
  amountFen: fen(amountFen),
  ...(expiresAt ? { expiresAt } : {}),
})

export const postHold = (
  holdId: HoldId,
  cause: string,
  more: Partial<PostHoldRequest> = {},
): PostHoldRequest => ({
  kind: 'post_hold',
  holdId,
  businessDate: TODAY,
  cause,
  memo: 'gone',
  ...more,
})

export const voidHold = (holdId: HoldId): LedgerRequest => ({ kind: 'void_hold', holdId })

export function heldId(result: BatchResult | undefined): HoldId {
  if (result?.outcome !== 'held') throw new Error(`${result?.outcome}, and not held`)
  return result.holdId
}
