import { sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { putBytes, putDate, putMoment, putText, putUuid, putWhole, withRoom } from './json-bytes.ts'

// The journal as it is sealed: reads only.

type IdPage = { from: string; upTo: string; limit: number }

/**
 * The hospital's entries, to be sealed. The canonical bytes of an entry are the UTF-8 of a JSON array as JSON.stringify
 * writes it:
 *
 *   ["yiqiao/ledger-entry/1", hospital, id, business date, the day it was meant for or null, cause, subject, memo,
 *    created at in UTC with microseconds, [[line, debited account, credited account, fen], …]]
 *
 * The database only packs the columns, which costs it a quarter of what putting the JSON together would.
 */
export const ledgerLog = { name: 'ledger', idsFrom, itemsFrom } as const

async function idsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage): Promise<string[]> {
  const { rows } = await sql<{ ids: string | null }>`
    select string_agg(id::text, ',' order by id) as ids from (
      select id from ledger.entry
      where hospital_id = ${hospitalId} and id >= ${page.from}::uuid and id <= ${page.upTo}::uuid
      order by id limit ${page.limit}) page`.execute(tx)
  return rows[0]?.ids?.split(',') ?? []
}

/** In the order of their ids: the id in 16 bytes, the length of the canonical bytes in 4, and those. */
async function itemsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage) {
  const { entries, transfers } = await packedPage(tx, hospitalId, page)
  if (entries.count === 0) return { count: 0, last: null, packed: Buffer.alloc(0) }
  const last = idAt(entries.fixed, (entries.count - 1) * ENTRY_BYTES)
  return { count: entries.count, last, packed: itemsOf(hospitalId, entries, transfers) }
}

const idAt = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** Rows in order: of each so many fixed bytes, and its texts behind those of the row before. */
type Packed = { count: number; fixed: Buffer; texts: Buffer }
type PackedRow = {
  what: 'entry' | 'transfer'
  count: number
  fixed: Buffer | null
  texts: string | null
}

/** Days before any date that the database has, but for its infinite one. */
const NO_DATE = 1 - 2 ** 31
const ENTRY_BYTES = 16 + 4 + 4 + 8 + 3 * 4

const TRANSFER_BYTES = 16 + 8 + 8 + 2 * 4

/**
 * Entries and their transfers in one statement: they are of one moment, and who reads ahead while he works on what he
 * has, as who verifies does, has nothing to ask in between.
 *
 * Rows are aggregated in the order of the subselect, which saves the database sorting them again; that they are in order
 * is seen when they are put together.
 */
async function packedPage(tx: Tx, hospitalId: HospitalId, { from, upTo, limit }: IdPage) {
  const { rows } = await sql<PackedRow>`
    select 'entry' as what, count(*) as count, string_agg(cause || subject || memo, '') as texts,
      string_agg(uuid_send(id) || date_send(business_date) ||
        coalesce(date_send(intended_date), '\\x80000001'::bytea) || timestamptz_send(created_at) ||
        int4send(octet_length(cause)) || int4send(octet_length(subject)) || int4send(octet_length(memo)),
        ''::bytea) as fixed
    from (
      select id, business_date, intended_date, created_at, cause, subject, memo from ledger.entry
      where hospital_id = ${hospitalId} and id >= ${from}::uuid and id <= ${upTo}::uuid
      order by id limit ${limit}) page
    union all
    select 'transfer', count(*), string_agg(debit_account || credit_account, ''),
      string_agg(uuid_send(entry_id) || int8send(line_no) || int8send(amount_fen) ||
        int4send(octet_length(debit_account)) || int4send(octet_length(credit_account)), ''::bytea)
    from (
      select coalesce((
        select id from ledger.entry
        where hospital_id = ${hospitalId} and id >= ${from}::uuid and id <= ${upTo}::uuid
        order by id offset ${limit - 1} limit 1), ${upTo}::uuid) as id offset 0 -- in the plan, a key of the index
    ) last cross join lateral (
      select entry_id, line_no, amount_fen, debit_account, credit_account from ledger.transfer
      where hospital_id = ${hospitalId} and entry_id >= ${from}::uuid and entry_id <= last.id
      order by entry_id, line_no) lines`.execute(tx)
  const packed = (what: PackedRow['what']) => bytesOf(rows.find((row) => row.what === what))
  return { entries: packed('entry'), transfers: packed('transfer') }
}

const bytesOf = (row: PackedRow | undefined): Packed => ({
  count: row?.count ?? 0,
  fixed: row?.fixed ?? Buffer.alloc(0),
  texts: Buffer.from(row?.texts ?? ''),
})

/** What an entry takes besides its texts, and a transfer, with room to spare. */
const MOST_OF_ENTRY = 256
const MOST_OF_TRANSFER = 64
const MOST_OF_BYTE = 6

function itemsOf(hospitalId: HospitalId, entries: Packed, transfers: Packed): Buffer {
  const { fixed, texts } = entries
  const form = Buffer.from(`["yiqiao/ledger-entry/1",${hospitalId},`)
  const expected =
    entries.count * 192 + transfers.count * 32 + texts.length + transfers.texts.length
  const lines = createLines(transfers)
  let into: Buffer = Buffer.allocUnsafeSlow(expected)
  let [to, textAt] = [0, 0]
  for (let at = 0; at < fixed.length; at += ENTRY_BYTES) {
    assert(at === 0 || compareIds(fixed, at - ENTRY_BYTES, fixed, at) < 0, 'entries are in order')
    const causeEnd = textAt + fixed.readUInt32BE(at + 32)
    const subjectEnd = causeEnd + fixed.readUInt32BE(at + 36)
    const memoEnd = subjectEnd + fixed.readUInt32BE(at + 40)
    into = withRoom(into, to, MOST_OF_ENTRY + (memoEnd - textAt) * MOST_OF_BYTE)
    const start = putBytes(into, to, fixed, at, at + 16) + 4
    const lengthAt = start - 4
    to = putBytes(into, start, form, 0, form.length)
    to = putUuid(into, to, fixed, at)
    into[to++] = COMMA
    to = putDate(into, to, fixed.readInt32BE(at + 16))
    into[to++] = COMMA
    const intended = fixed.readInt32BE(at + 20)
    if (intended === NO_DATE) to = putBytes(into, to, NULL, 0, NULL.length)
    else to = putDate(into, to, intended)
    into[to++] = COMMA
    to = putText(into, to, texts, textAt, causeEnd)
    into[to++] = COMMA
    to = putText(into, to, texts, causeEnd, subjectEnd)
    into[to++] = COMMA
    to = putText(into, to, texts, subjectEnd, memoEnd)
    into[to++] = COMMA
    to = putMoment(into, to, fixed, at + 24)
    into[to++] = COMMA
    ;({ into, to } = lines.putOf(fixed, at, into, to))
    into[to++] = CLOSE
    into.writeUInt32BE(to - start, lengthAt)
    textAt = memoEnd
  }
  assert(textAt === texts.length, 'every text is of an entry')
  return into.subarray(0, to)
}

/** The lines of entries, which are asked for in the order of their ids. */
function createLines({ fixed, texts }: Packed) {
  let [at, textAt] = [0, 0]
  return {
    /** Those of one entry, in brackets. There is room for the brackets. */
    putOf(ids: Buffer, idAt: number, page: Buffer, from: number): { into: Buffer; to: number } {
      let [into, to] = [page, from]
      into[to++] = OPEN
      for (; at < fixed.length; at += TRANSFER_BYTES) {
        const order = compareIds(fixed, at, ids, idAt)
        if (order > 0) break
        assert(at === 0 || followsLineBefore(fixed, at), 'lines are in order')
        const debitEnd = textAt + fixed.readUInt32BE(at + 32)
        const creditEnd = debitEnd + fixed.readUInt32BE(at + 36)
        // A line without an entry is no part of any.
        if (order === 0) {
          into = withRoom(into, to, MOST_OF_TRANSFER + (creditEnd - textAt) * MOST_OF_BYTE)
          if (to > from + 1) into[to++] = COMMA
          into[to++] = OPEN
          to = putWhole(into, to, fixed, at + 16)
          into[to++] = COMMA
          to = putText(into, to, texts, textAt, debitEnd)
          into[to++] = COMMA
          to = putText(into, to, texts, debitEnd, creditEnd)
          into[to++] = COMMA
          to = putWhole(into, to, fixed, at + 24)
          into[to++] = CLOSE
        }
        textAt = creditEnd
      }
      into[to++] = CLOSE
      return { into, to }
    },
  }
}

function followsLineBefore(fixed: Buffer, at: number): boolean {
  const order = compareIds(fixed, at - TRANSFER_BYTES, fixed, at)
  const [before, now] = [at - TRANSFER_BYTES + 20, at + 20] // the lower half of the line's number
  return order < 0 || (order === 0 && fixed.readInt32BE(before) < fixed.readInt32BE(now))
}

function compareIds(a: Buffer, aAt: number, b: Buffer, bAt: number): number {
  for (let i = 0; i < 16; i++) {
    const order = (a[aAt + i] ?? 0) - (b[bAt + i] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

const [COMMA, OPEN, CLOSE] = [0x2c, 0x5b, 0x5d]
const NULL = Buffer.from('null')
