import { type ColumnType, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../db.ts'

/** What was proposed, and who agreed or did not. A module names its kinds and what goes under a name. */
export type TermsRow<IdName extends string, Kind extends string> = {
  hospital_id: HospitalId
  id: Id<IdName>
  kind: Kind
  name: string
  valid_from: BusinessDate
  content: object
  status: 'proposed' | 'agreed' | 'refused'
  proposed_by: string
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
  reason: string | null
}

/** The columns of a module's table of terms. */
export type TermsColumns<IdName extends string, Kind extends string> = Omit<
  TermsRow<IdName, Kind>,
  'content'
> & { content: ColumnType<object, string, never> }

export type TermsKey<IdName extends string> = { hospitalId: HospitalId; id: Id<IdName> }

const MOST_TERMS = 200

/** The statements of one table of terms: 'settlement.terms'. */
export const termsStore = <IdName extends string, Kind extends string>(table: string) => {
  type Row = TermsRow<IdName, Kind>
  const rows = sql.table(table)

  return {
    insert: async (
      tx: Tx,
      row: Omit<Row, 'status' | 'decided_by' | 'decided_at' | 'reason'>,
    ): Promise<void> => {
      await sql`insert into ${rows}
        (hospital_id, id, kind, name, valid_from, content, status, proposed_by, proposed_at)
        values (${row.hospital_id}, ${row.id}, ${row.kind}, ${row.name}, ${row.valid_from},
          ${JSON.stringify(row.content)}, 'proposed', ${row.proposed_by}, ${row.proposed_at})`.execute(
        tx,
      )
    },

    byId: async (tx: Tx, { hospitalId, id }: TermsKey<IdName>): Promise<Row | null> => {
      const found = await sql<Row>`select * from ${rows}
        where hospital_id = ${hospitalId} and id = ${id}`.execute(tx)
      return found.rows[0] ?? null
    },

    lock: async (tx: Tx, { hospitalId, id }: TermsKey<IdName>): Promise<Row | null> => {
      const found = await sql<Row>`select * from ${rows}
        where hospital_id = ${hospitalId} and id = ${id} for update`.execute(tx)
      return found.rows[0] ?? null
    },

    decide: async (
      tx: Tx,
      { hospitalId, id }: TermsKey<IdName>,
      change: Pick<Row, 'status' | 'decided_by' | 'decided_at' | 'reason'>,
    ): Promise<void> => {
      await sql`update ${rows} set status = ${change.status}, decided_by = ${change.decided_by},
        decided_at = ${change.decided_at}, reason = ${change.reason}
        where hospital_id = ${hospitalId} and id = ${id}`.execute(tx)
    },

    /** Newest first. */
    list: async (tx: Tx, hospitalId: HospitalId, kind: Kind): Promise<Row[]> => {
      const found = await sql<Row>`select * from ${rows}
        where hospital_id = ${hospitalId} and kind = ${kind}
        order by id desc limit ${MOST_TERMS}`.execute(tx)
      return found.rows
    },

    /** What was agreed to for each name, and is in force on a date: of two from one day, what was agreed to last. */
    inForce: async (
      tx: Tx,
      hospitalId: HospitalId,
      { kind, on }: { kind: Kind; on: BusinessDate },
    ): Promise<Row[]> => {
      const found = await sql<Row>`select distinct on (name) * from ${rows}
        where hospital_id = ${hospitalId} and kind = ${kind} and status = 'agreed'
          and valid_from <= ${on}
        order by name, valid_from desc, decided_at desc, id desc`.execute(tx)
      return found.rows
    },
  }
}
