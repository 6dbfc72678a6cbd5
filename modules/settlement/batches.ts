import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addFen, allocateFen, type Fen, fen, negateFen, ZERO } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import {
  type BatchKey,
  type BatchRow,
  batchesWithout,
  insertFeeDifferences,
  insertVersion,
  lockBatch,
  updateBatch,
  versionOf,
} from './batch-store.ts'
import { digestOf, movesOfBatch, type Moving, transfersOf } from './books.ts'
import { payoutDates } from './calendar.ts'
import { calendarsOf } from './calendars.ts'
import { type ContractTerms, readContract } from './contract.ts'
import type { ProviderList, SettlementDependencies } from './dependencies.ts'
import { contractFee, feeDifferences } from './fee.ts'
import type { BatchFigures, BatchStatus, TermsId } from './tables.ts'
import { settlementTerms } from './terms-store.ts'

/** Takes in the lists of a date: what each provider is to pay for it. A list that is known changes nothing. */
export async function takeInDate(
  deps: SettlementDependencies,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<number> {
  return inHospital(deps.db, hospitalId, async (tx) => {
    let changed = 0
    const lists = await deps.listsOf(tx, hospitalId, date)
    for (const list of lists.toSorted((a, b) => (a.provider < b.provider ? -1 : 1))) {
      changed += Number(
        await takeInList(deps, tx, { hospitalId, provider: list.provider, date }, list),
      )
    }
    return changed
  })
}

/** A contract is there for dates that had none. */
export async function coverUncovered(
  deps: SettlementDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  provider: string,
): Promise<void> {
  for (const { date } of await batchesWithout(tx, hospitalId, provider)) {
    const lists = await deps.listsOf(tx, hospitalId, date)
    const list = lists.find((one) => one.provider === provider)
    if (list) await takeInList(deps, tx, { hospitalId, provider, date }, list)
  }
}

/** False when nothing is new. Another list, or a contract where there was none, is another version. */
async function takeInList(
  deps: SettlementDependencies,
  tx: Tx,
  key: BatchKey,
  list: ProviderList,
): Promise<boolean> {
  const { hospitalId, provider, date } = key
  const now = deps.clock.now()
  const batch = await lockBatch(tx, key, now)
  const inForce = await settlementTerms.inForce(tx, hospitalId, { kind: 'contract', on: date })
  const found = inForce.find(({ name }) => name === provider)
  const terms = found && { id: found.id, contract: readContract(found.content) }
  const before = await versionOf(tx, key, batch.version)
  // A contract that takes the place of another is for lists that come after it was agreed to.
  const termsId = batch.terms_id ?? terms?.id ?? null
  const digest = digestOf(list.digest, termsId)
  if (before?.digest === digest) return false
  const plan = planOf(list, terms?.contract ?? null)
  const version = batch.version + 1
  const { moves, ...figures } = plan
  await post(deps, tx, { key, version, moves, before: before?.figures ?? null })
  await insertVersion(tx, key, {
    version,
    termsId: terms?.id ?? null,
    digest,
    figures: { ...figures, posted: moves },
    at: now,
  })
  await updateBatch(tx, batch, { version, updated_at: now })
  if (!terms) return true
  await expect(deps, tx, { batch: { ...batch, version }, key, list, terms, plan })
  return true
}

type Plan = Omit<BatchFigures, 'posted'> & { moves: Moving[] }

/** Pure. Without a contract nothing is moved. */
function planOf(list: ProviderList, contract: ContractTerms | null): Plan {
  const chargeFen = addFen(ZERO, ...list.parts.map((part) => part.chargeFen))
  const returnFen = addFen(ZERO, ...list.parts.map((part) => part.returnFen))
  const feeFen = list.feeFen ?? ZERO
  const nothing = { contractFeeFen: ZERO, payoutFen: ZERO, moves: [] }
  if (!contract) return { chargeFen, returnFen, feeFen, ...nothing }
  const netFen = fen(chargeFen - returnFen - feeFen)
  const isNet = contract.payout === 'net'
  const moves = movesOfBatch({
    provider: list.provider,
    parts: list.parts,
    feeFen,
    isNet,
    shares: sharesOf(contract, netFen),
  })
  return {
    chargeFen,
    returnFen,
    feeFen,
    contractFeeFen: contractFee(contract.fee, list.lines),
    payoutFen: isNet ? netFen : fen(chargeFen - returnFen),
    moves,
  }
}

/** To the fen. What others have to give back of a day on which more went back than came in is shared alike. */
export function sharesOf(
  { shares }: ContractTerms,
  netFen: Fen,
): { party: string; amountFen: Fen }[] {
  const size = netFen < 0 ? negateFen(netFen) : netFen
  const weights = shares.map(({ ppm }) => ppm)
  return allocateFen(size, weights).map((amountFen, i) => ({
    party: shares[i]?.party ?? '',
    amountFen: netFen < 0 ? negateFen(amountFen) : amountFen,
  }))
}

async function post(
  { ledger, clock }: SettlementDependencies,
  tx: Tx,
  {
    key: { hospitalId, provider, date },
    version,
    moves,
    before,
  }: { key: BatchKey; version: number; moves: readonly Moving[]; before: BatchFigures | null },
): Promise<void> {
  const transfers = transfersOf(moves, before?.posted ?? [])
  if (transfers.length === 0) return
  const posted = await ledger.post(tx, {
    hospitalId,
    businessDate: businessDateOf(clock.now()),
    cause: `settlement:${provider}:${date}:${version}`,
    subject: `settlement:${provider}:${date}`,
    memo: `${provider} ${date}`,
    transfers,
  })
  assert(posted.outcome === 'posted', 'a version is posted once, with the row that says so')
}

async function expect(
  deps: SettlementDependencies,
  tx: Tx,
  {
    batch,
    key,
    list,
    terms: { id, contract },
    plan,
  }: {
    batch: BatchRow
    key: BatchKey
    list: ProviderList
    terms: { id: TermsId; contract: ContractTerms }
    plan: Plan
  },
): Promise<void> {
  const calendars = await calendarsOf(tx, key.hospitalId)
  const dates = payoutDates(contract.cycle, contract.graceWorkingDays, key.date, calendars)
  const differences = feeDifferences(contract.fee, list.lines)
  await insertFeeDifferences(tx, key, batch.version, differences)
  await standAs(deps, tx, batch, {
    terms_id: id,
    payout_fen: plan.payoutFen,
    fee_fen: plan.feeFen,
    contract_fee_fen: plan.contractFeeFen,
    account: contract.account,
    expected_on: dates.expectedOn,
    late_on: dates.lateOn,
    calendar_known: dates.calendarKnown,
  })
  if (plan.feeFen === plan.contractFeeFen && differences.length === 0) return
  await deps.publish(tx, 'settlement.fee_differs', {
    ...key,
    billedFen: plan.feeFen,
    contractFen: plan.contractFeeFen,
  })
}

/** Writes what is new of a batch under a contract, with the state it is in by that; tells it when it is another. */
export async function standAs(
  { clock, publish }: Pick<SettlementDependencies, 'clock' | 'publish'>,
  tx: Tx,
  batch: BatchRow,
  change: Partial<BatchRow>,
): Promise<void> {
  const now = clock.now()
  const next = { ...batch, ...change }
  const status = statusOf(next, businessDateOf(now))
  await updateBatch(tx, batch, { ...change, status, updated_at: now })
  if (status === batch.status && next.payout_fen === batch.payout_fen) return
  await publish(tx, 'settlement.batch_changed', {
    hospitalId: batch.hospital_id,
    provider: batch.provider,
    date: batch.business_date,
    status,
    payoutFen: next.payout_fen,
    receivedFen: next.received_fen,
  })
}

/** Pure: what has come against what is to come. */
function statusOf(
  batch: Pick<BatchRow, 'payout_fen' | 'received_fen' | 'late_on'>,
  today: BusinessDate,
): BatchStatus {
  const openFen = batch.payout_fen - batch.received_fen
  if (openFen === 0) return 'received'
  if (Math.sign(openFen) !== Math.sign(batch.payout_fen)) return 'over'
  if (batch.received_fen !== 0) return 'short'
  return batch.late_on !== null && today > batch.late_on ? 'late' : 'expected'
}
