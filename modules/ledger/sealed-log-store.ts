import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'

// The journal as it is sealed: reads only.

type IdPage = { from: string; upTo: string; limit: number }

/**
 * The hospital's entries, to be sealed. The canonical bytes of an entry are the UTF-8 of a JSON array as JSON.stringify
 * writes it:
 *
 *   ["yiqiao/ledger-entry/1", hospital, id, business date, the day it was meant for or null, cause, subject, memo,
 *    created at in UTC with microseconds, [[line, debited account, credited account, fen], …]]
 */
export const ledgerLog = { name: 'ledger', idsFrom, itemsFrom } as const

async function idsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ledger.entry
    where hospital_id = ${hospitalId} and id >= ${page.from}::uuid and id <= ${page.upTo}::uuid
    order by id limit ${page.limit}`.execute(tx)
  return rows.map(({ id }) => id)
}

/** In the order of their ids: the id in 16 bytes, the length of the canonical bytes in 4, and those. */
async function itemsFrom(tx: Tx, hospitalId: HospitalId, { from, upTo, limit }: IdPage) {
  const { rows: bounds } = await sql<{ last: string }>`
    select id as last from (
      select id from ledger.entry
      where hospital_id = ${hospitalId} and id >= ${from}::uuid and id <= ${upTo}::uuid
      order by id limit ${limit}) page
    order by id desc limit 1`.execute(tx)
  const last = bounds[0]?.last
  if (last === undefined) return { count: 0, last: null, packed: Buffer.alloc(0) }
  const { rows } = await sql<{ count: number; packed: Buffer }>`
    select count(*) as count,
      string_agg(uuid_send(id) || int4send(octet_length(item)) || item, ''::bytea order by id) as packed
    from (
      select e.id, convert_to('["yiqiao/ledger-entry/1",' || e.hospital_id || ',"' || e.id || '","' ||
        to_char(e.business_date, 'YYYY-MM-DD') || '",' ||
        coalesce('"' || to_char(e.intended_date, 'YYYY-MM-DD') || '"', 'null') || ',' || to_json(e.cause) || ',' ||
        to_json(e.subject) || ',' || to_json(e.memo) || ',"' ||
        to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '",[' ||
        coalesce(string_agg('[' || t.line_no || ',' || to_json(t.debit_account) || ',' ||
          to_json(t.credit_account) || ',' || t.amount_fen || ']', ',' order by t.line_no), '') ||
        ']]', 'UTF8') as item
      from ledger.entry e
      left join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
        and t.entry_id >= ${from}::uuid and t.entry_id <= ${last}::uuid
      where e.hospital_id = ${hospitalId} and e.id >= ${from}::uuid and e.id <= ${last}::uuid
      group by e.hospital_id, e.id) items`.execute(tx)
  const [found] = rows
  return { count: found?.count ?? 0, last, packed: found?.packed ?? Buffer.alloc(0) }
}
