import type { Insertable, Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Page, PersonId } from './booking.ts'
import type { BookingTables } from './tables.ts'

export type MessageRow = Selectable<BookingTables['booking.message']>

export async function insertMessage(
  tx: Tx,
  row: Insertable<BookingTables['booking.message']>,
): Promise<void> {
  await tx.withTables<BookingTables>().insertInto('booking.message').values(row).execute()
}

/** The newest first. */
export async function messagesOf(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  { after, limit }: Page<Id<'BookingMessage'>>,
): Promise<MessageRow[]> {
  return tx
    .withTables<BookingTables>()
    .selectFrom('booking.message')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('person_id', '=', personId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as Id<'BookingMessage'>))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
