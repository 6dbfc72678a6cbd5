import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'

// What people agreed to in a lender's book, as it is sealed: reads only.

type IdPage = { from: string; upTo: string; limit: number }

/**
 * The consents of a lender's book, to be sealed. The canonical bytes are the UTF-8 of a JSON array as JSON.stringify
 * writes it:
 *
 *   ["yiqiao/credit-consent/1", book, id, person, subject, version of the text, SHA-256 of the text, given at in UTC with
 *    microseconds]
 */
export const consentLog = { name: 'consent', idsFrom, itemsFrom } as const

async function idsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from credit.consent
    where hospital_id = ${hospitalId} and id >= ${page.from}::uuid and id <= ${page.upTo}::uuid
    order by id limit ${page.limit}`.execute(tx)
  return rows.map(({ id }) => id)
}

/** In the order of their ids: the id in 16 bytes, the length of the canonical bytes in 4, and those. */
async function itemsFrom(tx: Tx, hospitalId: HospitalId, { from, upTo, limit }: IdPage) {
  const { rows } = await sql<{ count: number; last: string | null; packed: Buffer | null }>`
    select count(*) as count, max(id::text) as last,
      string_agg(uuid_send(id) || int4send(octet_length(item)) || item, ''::bytea order by id) as packed
    from (
      select id, convert_to('["yiqiao/credit-consent/1",' || hospital_id || ',"' || id || '","' ||
        person_id || '",' || to_json(subject) || ',' || to_json(text_version) || ',' ||
        to_json(text_sha256) || ',"' ||
        to_char(given_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"]', 'UTF8') as item
      from credit.consent
      where hospital_id = ${hospitalId} and id >= ${from}::uuid and id <= ${upTo}::uuid
      order by id limit ${limit}) items`.execute(tx)
  const [found] = rows
  return {
    count: found?.count ?? 0,
    last: found?.last ?? null,
    packed: found?.packed ?? Buffer.alloc(0),
  }
}
