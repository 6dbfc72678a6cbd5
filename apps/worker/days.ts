import type { HospitalId } from '../../kernel/id.ts'
import type { Platform } from '../../platform/context.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Hub } from '../hub/create-hub.ts'

type Days = Pick<Hub, 'reconciliation' | 'settlement' | 'statementFiles'>

/** When lists are expected, days are to be worked on and payouts are due; null for nothing. */
export async function booksDueAt(
  { reconciliation, settlement, statementFiles }: Days,
  db: Db,
  hospitalId: HospitalId,
): Promise<(Date | null)[]> {
  return [
    await inHospital(db, hospitalId, (tx) => statementFiles.nextDueIn(tx, hospitalId)),
    await reconciliation.nextDueAt(hospitalId),
    await settlement.nextDueAt(hospitalId),
    await reconciliation.crossChecks.nextDueAt(hospitalId),
  ]
}

/** Lists that are late, finished days, and payouts, as far as they are due; returns how much there was. */
export async function workOffBooks(
  days: Days,
  { db, clock }: Pick<Platform, 'db' | 'clock'>,
  hospitalId: HospitalId,
): Promise<number> {
  const { statementFiles, reconciliation, settlement } = days
  const [files, lists, payouts] = await booksDueAt(days, db, hospitalId)
  const isDue = (at: Date | null | undefined) =>
    at !== null && at !== undefined && at <= clock.now()
  let done = 0
  if (isDue(files)) done += await statementFiles.sweep(hospitalId)
  if (isDue(lists)) done += await reconciliation.sweep(hospitalId)
  if (isDue(payouts)) done += await settlement.sweep(hospitalId)
  return done
}
