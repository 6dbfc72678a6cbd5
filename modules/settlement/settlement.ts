import type { HospitalId } from '../../kernel/id.ts'
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  earliest,
  instantAt,
} from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { Actor } from '../../platform/principal.ts'
import {
  earliestLateOn,
  feeDifferencesOf,
  findBatch,
  listBatches,
  lockOpenBatches,
} from './batch-store.ts'
import { standAs, takeInDate } from './batches.ts'
import { callForReceipts, payoutStanding, unexplainedReceipt } from './calls.ts'
import { custodyDays, tellCustody } from './custody.ts'
import type { SettlementDependencies } from './dependencies.ts'
import { settlementErrors } from './errors.ts'
import { createPayouts } from './payouts.ts'
import {
  allocationsOfBatch,
  earliestReceiptToCall,
  listReceipts,
  type ReceiptKey,
  standingFigures,
} from './receipt-store.ts'
import { assign, type BankRow, explain, takeInReceipts } from './receipts.ts'
import { createTerms } from './terms.ts'

export type Settlement = ReturnType<typeof createSettlement>

/** What providers are to pay out for each date, and what has come. */
export const createSettlement = (deps: SettlementDependencies) => ({
  ...createTerms(deps),
  ...createPayouts(deps),
  /** Each time a date is closed: its lists are what was agreed on then. */
  onDayClosed: (event: Events['reconciliation.day_closed']) =>
    takeInAndExplain(deps, event.hospitalId, event.date),
  takeInDate: (hospitalId: HospitalId, date: BusinessDate) =>
    takeInAndExplain(deps, hospitalId, date),
  takeInReceipts: (
    hospitalId: HospitalId,
    statement: { account: string; rows: readonly BankRow[] },
    actor: Actor,
  ) => takeInReceipts(deps, hospitalId, statement, actor),
  assign: (key: ReceiptKey, to: Parameters<typeof assign>[2], actor: Actor) =>
    assign(deps, key, to, actor),
  tellCustody: (hospitalId: HospitalId, told: Parameters<typeof tellCustody>[2], actor: Actor) =>
    tellCustody(deps, hospitalId, told, actor),
  unexplainedReceipt,
  payoutStanding,
  sweep: (hospitalId: HospitalId) => sweep(deps, hospitalId),
  nextDueAt: (hospitalId: HospitalId) => nextDueAt(deps, hospitalId),
  ...reads(deps),
})

const reads = (deps: SettlementDependencies) => ({
  custodyDays: (hospitalId: HospitalId, range: Range) => custodyDays(deps, hospitalId, range),
  batches: (hospitalId: HospitalId, range: Range) =>
    inHospital(deps.db, hospitalId, (tx) => listBatches(tx, hospitalId, range)),
  /** Errors: batch_not_found. */
  batch: (key: { hospitalId: HospitalId; provider: string; date: BusinessDate }, afterLine = 0) =>
    inHospital(deps.db, key.hospitalId, async (tx) => {
      const batch = await findBatch(tx, key)
      if (!batch) throw settlementErrors.batch_not_found({ provider: key.provider, date: key.date })
      const { version } = batch
      const differences = await feeDifferencesOf(tx, key, { version, afterLine })
      return { batch, differences, allocations: await allocationsOfBatch(tx, key) }
    }),
  receipts: (hospitalId: HospitalId, wish: Range & { onlyUnexplained: boolean }) =>
    inHospital(deps.db, hospitalId, (tx) => listReceipts(tx, hospitalId, wish)),
  /** Expected is received and short, less over; receipts are received and unexplained. */
  standing: (hospitalId: HospitalId) =>
    inHospital(deps.db, hospitalId, (tx) => standingFigures(tx, hospitalId)),
})

type Range = { from: BusinessDate; to: BusinessDate }

/** Receipts may be there before the lists that explain them. */
async function takeInAndExplain(
  deps: SettlementDependencies,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<void> {
  await takeInDate(deps, hospitalId, date)
  await inHospital(deps.db, hospitalId, (tx) => explain(deps, tx, hospitalId))
}

/**
 * Calls late what is, and looks once more whether a receipt can be of nothing else; what nothing explains is told. Returns
 * how much of that there was.
 */
async function sweep(deps: SettlementDependencies, hospitalId: HospitalId): Promise<number> {
  const today = businessDateOf(deps.clock.now())
  const count = await inHospital(deps.db, hospitalId, async (tx) => {
    const open = await lockOpenBatches(tx, hospitalId)
    const late = open.filter(
      ({ status, late_on }) => status === 'expected' && late_on !== null && today > late_on,
    )
    for (const batch of late) await standAs(deps, tx, batch, {})
    return late.length
  })
  // Apart, as receipts are locked before batches.
  if (count > 0) await inHospital(deps.db, hospitalId, (tx) => explain(deps, tx, hospitalId))
  return count + (await callForReceipts(deps, hospitalId))
}

/** When the next batch becomes late, or the time of a receipt has passed; null when none can. */
const nextDueAt = ({ db }: SettlementDependencies, hospitalId: HospitalId): Promise<Date | null> =>
  inHospital(db, hospitalId, async (tx) => {
    const lateOn = await earliestLateOn(tx, hospitalId)
    const lateAt = lateOn && instantAt(addDays(lateOn, 1))
    return earliest([lateAt, await earliestReceiptToCall(tx, hospitalId)])
  })
