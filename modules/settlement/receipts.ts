import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { addDays, addMs, type BusinessDate, businessDateOf, HOUR_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type Actor, systemActor } from '../../platform/principal.ts'
import { type BatchRow, findBatch, lockOpenBatches } from './batch-store.ts'
import { standAs } from './batches.ts'
import { bank, clearing, signed, SUSPENSE } from './books.ts'
import { type ContractTerms, readContract } from './contract.ts'
import type { SettlementDependencies } from './dependencies.ts'
import { settlementErrors } from './errors.ts'
import { match, type MatchRule, type OpenBatch, type OpenReceipt } from './match.ts'
import {
  insertAllocation,
  insertReceipt,
  lockReceipt,
  lockUnexplained,
  type ReceiptKey,
  type ReceiptRow,
  updateReceipt,
  variantsOf,
} from './receipt-store.ts'
import { settlementTerms } from './terms-store.ts'

/** A row of a bank's statement; below zero when the bank took it from the account. */
export type BankRow = {
  bankRef: string
  amountFen: Fen
  bookedOn: BusinessDate
  payer: string
  memo: string
}

/**
 * known: this very row was told before. variant: another row has its number and other contents, and both are kept.
 */
export type RecordedRow = {
  bankRef: string
  variant: number
  outcome: 'recorded' | 'known' | 'variant'
}

const LOOK_WITHIN_MS = 24 * HOUR_MS

/** Takes in a bank's rows, whatever they are, and explains what can be. Each is booked once. */
export async function takeInReceipts(
  deps: SettlementDependencies,
  hospitalId: HospitalId,
  { account, rows }: { account: string; rows: readonly BankRow[] },
  actor: Actor,
): Promise<RecordedRow[]> {
  return inHospital(deps.db, hospitalId, async (tx) => {
    const results: RecordedRow[] = []
    const fresh: ReceiptKey[] = []
    for (const row of rows) {
      const result = await takeIn(deps, tx, { hospitalId, account, row })
      results.push(result)
      if (result.outcome !== 'known') fresh.push({ hospitalId, account, ...result })
    }
    const detail = { rows: rows.length, recorded: fresh.length }
    await deps.audit(tx, hospitalId, actor, {
      action: 'settlement.receipts',
      subject: `bank:${account}`,
      detail,
    })
    await explain(deps, tx, hospitalId)
    for (const key of fresh) await tellUnexplained(deps, tx, key)
    return results
  })
}

async function takeIn(
  { clock, ledger }: SettlementDependencies,
  tx: Tx,
  { hospitalId, account, row }: { hospitalId: HospitalId; account: string; row: BankRow },
): Promise<RecordedRow> {
  const { bankRef, amountFen } = row
  const known = await variantsOf(tx, { hospitalId, account, bankRef })
  const same = known.find((one) => isSame(one, row))
  if (same) return { bankRef, variant: same.variant, outcome: 'known' }
  const variant = known.length + 1
  const now = clock.now()
  const isNew = await insertReceipt(tx, {
    hospital_id: hospitalId,
    account,
    bank_ref: bankRef,
    variant,
    amount_fen: amountFen,
    booked_on: row.bookedOn,
    payer: row.payer,
    memo: row.memo,
    // One of two with the same number may be no money at all, and no list will ever say which.
    due_at: variant === 1 ? addMs(now, LOOK_WITHIN_MS) : now,
    recorded_at: now,
  })
  // Whoever was quicker has told this number a moment ago; what it told is looked at now.
  if (!isNew)
    return takeIn({ clock, ledger } as SettlementDependencies, tx, { hospitalId, account, row })
  const posted = await ledger.post(tx, {
    hospitalId,
    businessDate: businessDateOf(now),
    cause: `receipt:${account}:${bankRef}:${variant}`,
    subject: `bank:${account}`,
    memo: bankRef,
    transfers: signed(bank(account), SUSPENSE, amountFen),
  })
  assert(posted.outcome === 'posted', 'a receipt is posted once, with the row that says so')
  return { bankRef, variant, outcome: variant === 1 ? 'recorded' : 'variant' }
}

const isSame = (known: ReceiptRow, row: BankRow) =>
  known.amount_fen === row.amountFen &&
  known.booked_on === row.bookedOn &&
  known.payer === row.payer &&
  known.memo === row.memo

/** Matches what is open. A variant is left to a person: one of the two may not be money at all. */
export async function explain(
  deps: SettlementDependencies,
  tx: Tx,
  hospitalId: HospitalId,
): Promise<number> {
  const rows = await lockUnexplained(tx, hospitalId)
  const plain = rows.filter(({ variant }) => variant === 1)
  if (plain.length === 0) return 0
  const batches = await lockOpenBatches(tx, hospitalId)
  const open = await openBatches(tx, hospitalId, batches, businessDateOf(deps.clock.now()))
  const receipts = new Map(plain.map((row) => [keyOfReceipt(row), row]))
  const byKey = new Map(batches.map((row) => [keyOfBatch(row), row]))
  const found = match(
    open,
    [...receipts].map(([key, row]) => openReceipt(key, row)),
  )
  for (const { receipt: from, batch: to, amountFen, rule } of found) {
    const [receipt, batch] = [receipts.get(from), byKey.get(to)]
    assert(receipt && batch, 'a match is of what was given')
    await book(deps, tx, { receipt, batch, amountFen, rule, actor: systemActor('settlement') })
    // A batch that several receipts make up, and a receipt of several batches, has the rest now.
    batch.received_fen = addFen(batch.received_fen, amountFen)
    receipt.allocated_fen = addFen(receipt.allocated_fen, amountFen)
  }
  const done = new Set(found.map(({ receipt }) => receipt))
  for (const key of done) await closeReceipt(deps, tx, receipts.get(key))
  const touched = new Set(found.map(({ batch }) => batch))
  for (const key of touched) {
    const batch = byKey.get(key)
    if (batch) await standAs(deps, tx, batch, { received_fen: batch.received_fen })
  }
  return found.length
}

/** Assigns what of a receipt is unexplained to a batch, by a person. Errors: receipt_not_found, batch_not_found, batch_without_contract, wrong_direction, receipt_used_up. */
export async function assign(
  deps: SettlementDependencies,
  key: ReceiptKey,
  { provider, date, amountFen }: { provider: string; date: BusinessDate; amountFen: Fen },
  actor: Actor,
): Promise<void> {
  const { hospitalId } = key
  await inHospital(deps.db, hospitalId, async (tx) => {
    const receipt = await lockReceipt(tx, key)
    if (!receipt) throw settlementErrors.receipt_not_found({ bankRef: key.bankRef })
    const batch = await findBatch(tx, { hospitalId, provider, date }, true)
    if (!batch) throw settlementErrors.batch_not_found({ provider, date })
    if (batch.status === 'no_contract') throw settlementErrors.batch_without_contract({ provider })
    if (Math.sign(amountFen) !== Math.sign(receipt.amount_fen)) {
      throw settlementErrors.wrong_direction()
    }
    const leftFen = fen(receipt.amount_fen - receipt.allocated_fen)
    if (Math.abs(amountFen) > Math.abs(leftFen)) throw settlementErrors.receipt_used_up({ leftFen })
    await book(deps, tx, { receipt, batch, amountFen, rule: 'person', actor })
    receipt.allocated_fen = addFen(receipt.allocated_fen, amountFen)
    await closeReceipt(deps, tx, receipt)
    await standAs(deps, tx, batch, { received_fen: addFen(batch.received_fen, amountFen) })
    await deps.audit(tx, hospitalId, actor, {
      action: 'settlement.assign',
      subject: `settlement:${provider}:${date}`,
      detail: { account: key.account, bankRef: key.bankRef, variant: key.variant, amountFen },
    })
  })
}

async function book(
  { clock, newId, ledger }: SettlementDependencies,
  tx: Tx,
  {
    receipt,
    batch,
    amountFen,
    rule,
    actor,
  }: {
    receipt: ReceiptRow
    batch: BatchRow
    amountFen: Fen
    rule: MatchRule | 'person'
    actor: Actor
  },
): Promise<void> {
  const id = newId<'SettlementAllocation'>()
  const { hospital_id: hospitalId, provider, business_date: date } = batch
  const { account, bank_ref, variant } = receipt
  const at = clock.now()
  await insertAllocation(tx, {
    hospital_id: hospitalId,
    id,
    account,
    bank_ref,
    variant,
    provider,
    business_date: date,
    amount_fen: amountFen,
    rule,
    actor: actor.name,
    at,
  })
  const posted = await ledger.post(tx, {
    hospitalId,
    businessDate: businessDateOf(at),
    cause: `allocation:${id}`,
    subject: `settlement:${provider}:${date}`,
    memo: `${bank_ref} ${rule}`,
    transfers: signed(SUSPENSE, clearing(provider), amountFen),
  })
  assert(posted.outcome === 'posted', 'an allocation is posted once, with the row that says so')
}

async function closeReceipt(
  { publish }: SettlementDependencies,
  tx: Tx,
  receipt: ReceiptRow | undefined,
): Promise<void> {
  assert(receipt, 'a match is of what was given')
  const { allocated_fen, amount_fen } = receipt
  const status = allocated_fen === amount_fen ? ('received' as const) : ('unexplained' as const)
  await updateReceipt(tx, receipt, { allocated_fen, status })
  if (status === 'unexplained') return
  const { hospital_id: hospitalId, account, bank_ref: bankRef, variant } = receipt
  await publish(tx, 'settlement.receipt_explained', { hospitalId, account, bankRef, variant })
}

async function tellUnexplained(
  { publish }: SettlementDependencies,
  tx: Tx,
  key: ReceiptKey,
): Promise<void> {
  const receipt = await lockReceipt(tx, key)
  assert(receipt, 'it was recorded above')
  if (receipt.status === 'received') return
  await publish(tx, 'settlement.receipt_unexplained', {
    hospitalId: key.hospitalId,
    account: key.account,
    bankRef: key.bankRef,
    variant: key.variant,
    amountFen: receipt.amount_fen,
    bookedOn: receipt.booked_on,
    dueAt: receipt.due_at.toISOString(),
  })
}

async function openBatches(
  tx: Tx,
  hospitalId: HospitalId,
  rows: readonly BatchRow[],
  today: BusinessDate,
): Promise<OpenBatch[]> {
  const contracts = new Map<string, ContractTerms>()
  for (const { terms_id: id } of rows) {
    if (id === null || contracts.has(id)) continue
    const terms = await settlementTerms.byId(tx, { hospitalId, id })
    assert(terms, 'the contract of a batch is there')
    contracts.set(id, readContract(terms.content))
  }
  return rows.flatMap((row): OpenBatch[] => {
    const contract = contracts.get(row.terms_id ?? '')
    if (!contract || row.expected_on === null || row.account === null) return []
    return [
      {
        key: keyOfBatch(row),
        provider: row.provider,
        businessDate: row.business_date,
        expectedOn: row.expected_on,
        isLate: row.late_on !== null && today > row.late_on,
        openFen: fen(row.payout_fen - row.received_fen),
        account: row.account,
        payers: contract.payers,
        from: addDays(row.expected_on, -contract.daysBefore),
        to: addDays(row.expected_on, contract.daysAfter),
      },
    ]
  })
}

const openReceipt = (key: string, row: ReceiptRow): OpenReceipt => ({
  key,
  account: row.account,
  bookedOn: row.booked_on,
  payer: row.payer,
  memo: row.memo,
  openFen: fen(row.amount_fen - row.allocated_fen),
})

const keyOfReceipt = (row: ReceiptRow) => `${row.account} ${row.bank_ref} ${row.variant}`
const keyOfBatch = (row: BatchRow) => `${row.provider} ${row.business_date}`
