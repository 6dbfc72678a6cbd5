import type { Selectable } from 'kysely'

import type { Db, Tx } from '../../platform/db.ts'
import type { AlertId, BreakGlass, PersonId } from './consent.ts'
import type { RecordSharingTables } from './tables.ts'

// What people are told of: the one place that reads and writes this table.

export type Alert = Selectable<RecordSharingTables['record_sharing.alert']>

/** More than a page of the app shows; the rest comes when these are seen. */
const MOST_SHOWN = 20

export async function insertAlert(
  tx: Tx,
  { id, glass }: { id: AlertId; glass: BreakGlass },
): Promise<void> {
  await tx
    .withTables<RecordSharingTables>()
    .insertInto('record_sharing.alert')
    .values({
      person_id: glass.personId,
      id,
      glass_id: glass.id,
      holder_id: glass.holderId,
      reader_id: glass.readerId,
      reason: glass.reason,
      at: glass.openedAt,
      seen_at: null,
    })
    .execute()
}

/** Those not seen yet, the newest first. */
export async function unseenAlerts(db: Db, records: readonly PersonId[]): Promise<Alert[]> {
  return db
    .withTables<RecordSharingTables>()
    .selectFrom('record_sharing.alert')
    .selectAll()
    .where('person_id', 'in', records)
    .where('seen_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(MOST_SHOWN)
    .execute()
}

/** To be said of one seen before, too: nothing changes. */
export async function markSeen(
  db: Db,
  { records, id }: { records: readonly PersonId[]; id: AlertId },
  now: Date,
): Promise<void> {
  await db
    .withTables<RecordSharingTables>()
    .updateTable('record_sharing.alert')
    .set({ seen_at: now })
    .where('person_id', 'in', records)
    .where('id', '=', id)
    .where('seen_at', 'is', null)
    .execute()
}
