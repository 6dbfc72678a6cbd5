import { type Fen, fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'

/** What a provider has still to pay for a date, below zero when it takes back; never zero. */
export type OpenBatch = {
  key: string
  provider: string
  businessDate: BusinessDate
  expectedOn: BusinessDate
  isLate: boolean
  openFen: Fen
  account: string
  payers: readonly string[]
  /** The days on which a receipt of it may be booked, both included. */
  from: BusinessDate
  to: BusinessDate
}

/** What of a receipt is not explained; never zero. */
export type OpenReceipt = {
  key: string
  account: string
  bookedOn: BusinessDate
  payer: string
  memo: string
  openFen: Fen
}

export type MatchRule = 'one_to_one' | 'settlement_date' | 'run' | 'parts' | 'lone'
export type Match = { receipt: string; batch: string; amountFen: Fen; rule: MatchRule }

/**
 * Explains receipts by batches, by these rules in this order:
 *
 * - `one_to_one`: a receipt is what one batch has open, the batch expected first
 * - `settlement_date`: it is what all open batches of one expected day have open together
 * - `run`: it is what batches one after the other have open together
 * - `parts`: receipts one after the other are together what a batch has open
 * - `lone`: a late batch and a receipt of another amount that can be of no other each: too little, or too much
 *
 * Only where account, days and payer fit. Pure, and the same for any order of what it is given.
 */
export function match(batches: readonly OpenBatch[], receipts: readonly OpenReceipt[]): Match[] {
  const state: State = {
    batches: batches.toSorted(byExpectedDay),
    receipts: receipts.toSorted(byBookedDay),
    found: [],
  }
  for (const receipt of state.receipts) takeOne(state, receipt)
  for (const receipt of state.receipts) takeSettlementDate(state, receipt)
  for (const receipt of state.receipts) takeRun(state, receipt)
  for (const batch of state.batches) takeParts(state, batch)
  for (const batch of state.batches) takeLone(state, batch)
  return state.found
}

type State = { batches: OpenBatch[]; receipts: OpenReceipt[]; found: Match[] }

export function fits(batch: OpenBatch, receipt: OpenReceipt): boolean {
  const { account, from, to, payers } = batch
  const { bookedOn } = receipt
  if (account !== receipt.account || bookedOn < from || to < bookedOn) return false
  const text = `${receipt.payer}\n${receipt.memo}`.toLowerCase()
  return payers.some((payer) => text.includes(payer.toLowerCase()))
}

function takeOne(state: State, receipt: OpenReceipt): void {
  const batch = state.batches.find((b) => b.openFen === receipt.openFen && fits(b, receipt))
  if (batch) take(state, [batch], [receipt], 'one_to_one')
}

function takeSettlementDate(state: State, receipt: OpenReceipt): void {
  const fitting = state.batches.filter((batch) => fits(batch, receipt))
  const groups = new Map<string, OpenBatch[]>()
  for (const batch of fitting) {
    const group = `${batch.provider} ${batch.expectedOn}`
    groups.set(group, [...(groups.get(group) ?? []), batch])
  }
  for (const group of groups.values()) {
    if (group.length > 1 && sumOf(group) === receipt.openFen) {
      take(state, group, [receipt], 'settlement_date')
      return
    }
  }
}

function takeRun(state: State, receipt: OpenReceipt): void {
  const fitting = state.batches.filter((batch) => fits(batch, receipt))
  for (const provider of new Set(fitting.map((batch) => batch.provider))) {
    const run = runOf(
      fitting.filter((batch) => batch.provider === provider),
      receipt.openFen,
    )
    if (run) {
      take(state, run, [receipt], 'run')
      return
    }
  }
}

function takeParts(state: State, batch: OpenBatch): void {
  const run = runOf(
    state.receipts.filter((receipt) => fits(batch, receipt)),
    batch.openFen,
  )
  if (run) take(state, [batch], run, 'parts')
}

function takeLone(state: State, batch: OpenBatch): void {
  if (!batch.isLate) return
  const [receipt, ...others] = state.receipts.filter((one) => fits(batch, one))
  if (!receipt || others.length > 0) return
  const isOnlyOne = state.batches.filter((one) => fits(one, receipt)).length === 1
  const isSameWay = Math.sign(receipt.openFen) === Math.sign(batch.openFen)
  if (isOnlyOne && isSameWay) take(state, [batch], [receipt], 'lone')
}

/** The first neighbours, and of those from one place the fewest, that come to a sum; at least two. */
function runOf<T extends { openFen: Fen }>(list: readonly T[], wantedFen: Fen): T[] | null {
  // Where each sum from the beginning was last reached, so that a run is found by one look.
  let sum = 0
  const endsAt = new Map<number, number[]>()
  for (const [i, { openFen }] of list.entries()) {
    sum += openFen
    endsAt.set(sum, [...(endsAt.get(sum) ?? []), i])
  }
  let before = 0
  for (const [start, { openFen }] of list.entries()) {
    const end = endsAt.get(before + wantedFen)?.find((i) => i > start)
    if (end !== undefined) return list.slice(start, end + 1)
    before += openFen
  }
  return null
}

/** One side is one: its other side's amounts are what goes over. A lone pair goes over as the receipt has it. */
function take(
  state: State,
  batches: readonly OpenBatch[],
  receipts: readonly OpenReceipt[],
  rule: MatchRule,
): void {
  for (const batch of batches) {
    for (const receipt of receipts) {
      const amountFen = batches.length > 1 ? batch.openFen : receipt.openFen
      state.found.push({ receipt: receipt.key, batch: batch.key, amountFen, rule })
    }
  }
  state.batches = state.batches.filter((batch) => !batches.includes(batch))
  state.receipts = state.receipts.filter((receipt) => !receipts.includes(receipt))
}

const sumOf = (list: readonly { openFen: Fen }[]): Fen =>
  fen(list.reduce((sum, { openFen }) => sum + openFen, 0))

const byExpectedDay = (a: OpenBatch, b: OpenBatch) =>
  compare(a.expectedOn, b.expectedOn) ||
  compare(a.businessDate, b.businessDate) ||
  compare(a.key, b.key)

const byBookedDay = (a: OpenReceipt, b: OpenReceipt) =>
  compare(a.bookedOn, b.bookedOn) || compare(a.key, b.key)

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
