import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { openBooks } from './batch-store.ts'
import type { LedgerTables } from './tables.ts'

export type ClosingResult = {
  /** 'unchanged': it was so already. */
  outcome: 'changed' | 'unchanged'
  /** Counts the closings and reopenings of the day. */
  version: number
}

export type Closing = {
  businessDate: BusinessDate
  version: number
  isClosed: boolean
  actor: string
  at: Date
}

type Change = { businessDate: BusinessDate; actor: string; at: Date }

/**
 * Closes a business date: waits for those who are posting, and from then on nothing is posted to it. Corrections are
 * entries on an open date.
 */
export const closeDate = (tx: Tx, hospitalId: HospitalId, change: Change): Promise<ClosingResult> =>
  turn(tx, hospitalId, { ...change, isClosed: true })

/** Opens a date that was closed, which is a new version of it: its reports are to be made anew. */
export const reopenDate = (
  tx: Tx,
  hospitalId: HospitalId,
  change: Change,
): Promise<ClosingResult> => turn(tx, hospitalId, { ...change, isClosed: false })

async function turn(
  tx: Tx,
  hospitalId: HospitalId,
  { businessDate, actor, at, isClosed }: Change & { isClosed: boolean },
): Promise<ClosingResult> {
  await openBooks(tx, hospitalId)
  // Who posts shares this row until its transaction ends, so that this waits for all of them, and they for this.
  await sql`
    update ledger.books set version = version + 1 where hospital_id = ${hospitalId}`.execute(tx)
  const [last] = await closingsOf(tx, hospitalId, businessDate)
  const version = last?.version ?? 0
  if ((last?.isClosed ?? false) === isClosed) return { outcome: 'unchanged', version }
  await tx
    .withTables<LedgerTables>()
    .insertInto('ledger.closing')
    .values({
      hospital_id: hospitalId,
      business_date: businessDate,
      version: version + 1,
      is_closed: isClosed,
      actor,
      at,
    })
    .execute()
  return { outcome: 'changed', version: version + 1 }
}

/** The closings and reopenings of a date, the last one first; none of a date that was always open. */
export async function closingsOf(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<Closing[]> {
  return tx
    .withTables<LedgerTables>()
    .selectFrom('ledger.closing')
    .select(['business_date as businessDate', 'version', 'is_closed as isClosed', 'actor', 'at'])
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', businessDate)
    .orderBy('version', 'desc')
    .execute()
}

/** The date itself where it is open, else the first after it that is: where a correction of it goes. */
export async function nextOpenDate(
  tx: Tx,
  hospitalId: HospitalId,
  businessDate: BusinessDate,
): Promise<BusinessDate> {
  const { rows } = await sql<{ date: BusinessDate }>`
    select date from (
      select distinct on (business_date) business_date as date, is_closed
      from ledger.closing where hospital_id = ${hospitalId} and business_date >= ${businessDate}
      order by business_date, version desc) latest
    where is_closed order by date`.execute(tx)
  let open = businessDate
  for (const { date } of rows) {
    if (date !== open) break
    open = addDays(open, 1)
  }
  return open
}
