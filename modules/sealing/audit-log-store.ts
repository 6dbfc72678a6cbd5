import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { IdPage, PackedItems, SealedLog } from './sealed-log.ts'

/**
 * Who did what: the platform's audit, to be sealed. The canonical bytes are the UTF-8 of a JSON array as JSON.stringify
 * writes it; the detail is a string, namely the text of the stored JSON as the database writes it:
 *
 *   ["yiqiao/audit/1", hospital, id, at in UTC with microseconds, actor, action, subject, outcome, detail, request or null]
 */
export const auditLog: SealedLog = { name: 'audit', idsFrom, itemsFrom }

async function idsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from platform.audit
    where hospital_id = ${hospitalId} and id >= ${page.from}::uuid and id <= ${page.upTo}::uuid
    order by id limit ${page.limit}`.execute(tx)
  return rows.map(({ id }) => id)
}

async function itemsFrom(
  tx: Tx,
  hospitalId: HospitalId,
  { from, upTo, limit }: IdPage,
): Promise<PackedItems> {
  const { rows } = await sql<{ count: number; last: string | null; packed: Buffer | null }>`
    select count(*) as count, max(id::text) as last,
      string_agg(uuid_send(id) || int4send(octet_length(item)) || item, ''::bytea order by id) as packed
    from (
      select id, convert_to('["yiqiao/audit/1",' || hospital_id || ',"' || id || '","' ||
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '",' || to_json(actor) ||
        ',' || to_json(action) || ',' || to_json(subject) || ',' || to_json(outcome) || ',' ||
        to_json(detail::text) || ',' || coalesce(to_json(request_id)::text, 'null') || ']', 'UTF8') as item
      from platform.audit
      where hospital_id = ${hospitalId} and id >= ${from}::uuid and id <= ${upTo}::uuid
      order by id limit ${limit}) items`.execute(tx)
  const [found] = rows
  return {
    count: found?.count ?? 0,
    last: found?.last ?? null,
    packed: found?.packed ?? Buffer.alloc(0),
  }
}
