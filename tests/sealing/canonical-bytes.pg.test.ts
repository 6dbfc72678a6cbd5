import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { ledgerLog } from '../../modules/ledger/index.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

// The bytes of an entry that was sealed once are for ever what they were on that day. They were first put together by
// the database, in the statement below; whatever puts them together now is held against it.

const HOSPITAL = 1 as HospitalId
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const ENTRIES = 400

let db: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  db = await createTestDatabase()
  owner = new pg.Client(db.url)
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await db[Symbol.asyncDispose]()
})

it('[B1] the canonical bytes of entries are what the first statement for them wrote', async () => {
  const entries = fc.sample(entryOf, { numRuns: ENTRIES, seed: 20_261_122 })
  for (const [no, entry] of entries.entries()) await enter(idOf(no), no, entry)
  await addLine(idOf(ENTRIES), 1, { debit: 'of', credit: 'no entry', fen: '5' })
  await addLine(idOf(3).replace(/..$/, 'ff'), 1, { debit: 'of', credit: 'none', fen: '5' })
  for (const limit of [7, ENTRIES - 1, ENTRIES + 1]) {
    let [from, seen] = [FIRST_ID, 0]
    for (;;) {
      const page = { from, upTo: LAST_ID, limit }
      const ours = await inHospital(db, HOSPITAL, (tx) => ledgerLog.itemsFrom(tx, HOSPITAL, page))
      const first = await inHospital(db, HOSPITAL, (tx) => byDatabase(tx, page))
      expect(ours.packed.toString('utf8')).toBe(first.packed.toString('utf8'))
      expect(ours.packed.equals(first.packed)).toBe(true)
      expect([ours.count, ours.last]).toEqual([first.count, first.last])
      seen += ours.count
      if (ours.last === null || ours.count < limit) break
      from = ours.last.replace(/.{4}$/, (end) =>
        (parseInt(end, 16) + 1).toString(16).padStart(4, '0'),
      )
    }
    expect(seen).toBe(ENTRIES)
  }
}, 120_000)

it('[B1] a date or moment that no calendar of four digits has is told from any other', async () => {
  const id = idOf(0)
  const textNow = async () => {
    const page = { from: id, upTo: id, limit: 1 }
    const { packed } = await inHospital(db, HOSPITAL, (tx) =>
      ledgerLog.itemsFrom(tx, HOSPITAL, page),
    )
    const text = packed.toString('utf8', 20)
    expect(JSON.parse(text)).toHaveLength(10)
    return text
  }
  const seen = new Set<string>()
  const dates = ['2026-11-21', '2026-11-21 BC', '12026-11-21', 'infinity', '-infinity']
  for (const date of dates) {
    for (const column of ['business_date', 'intended_date', 'created_at']) {
      await owner.query(`update ledger.entry set business_date = '2026-01-01', intended_date = null,
        created_at = '2026-01-01Z' where id = '${id}'`)
      await owner.query(`update ledger.entry set ${column} = $1 where id = '${id}'`, [date])
      seen.add(await textNow())
    }
  }
  expect(seen.size).toBe(3 * dates.length)
})

type Line = { debit: string; credit: string; fen: string }
type Entry = {
  texts: string[]
  date: string
  intended: string | null
  at: string
  lines: Line[]
}

const odd = fc.constantFrom(
  ...Array.from('"\\/\b\f\n\r\t\u0001\u001f\u007f\u0080\u2028\u2029\ufeff😀é收费'),
)
const textOf = fc
  .array(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 })
  .map((parts) => parts.join('').replaceAll('\0', ''))

const dateOf = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map((date) => date.toISOString())

const lineOf = fc.record({
  debit: textOf,
  credit: textOf,
  fen: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
})

const entryOf: fc.Arbitrary<Entry> = fc.record({
  texts: fc.array(textOf, { minLength: 3, maxLength: 3 }),
  date: dateOf.map((text) => text.slice(0, 10)),
  intended: fc.option(dateOf.map((text) => text.slice(0, 10))),
  at: fc
    .tuple(dateOf, fc.integer({ min: 0, max: 999 }))
    .map(([text, micros]) => text.replace('Z', `${String(micros).padStart(3, '0')}Z`)),
  lines: fc.array(lineOf, { maxLength: 4 }),
})

const idOf = (no: number) => `019aa000-0000-7000-8000-${(no * 256).toString(16).padStart(12, '0')}`

async function enter(id: string, no: number, entry: Entry): Promise<void> {
  const [cause, subject, memo] = entry.texts
  await owner.query(
    `insert into ledger.entry (hospital_id, id, business_date, intended_date, cause, subject, memo, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [HOSPITAL, id, entry.date, entry.intended, `${no}${cause}`, subject, memo, entry.at],
  )
  for (const [i, line] of entry.lines.entries()) await addLine(id, 10 ** i, line)
}

async function addLine(id: string, lineNo: number, { debit, credit, fen }: Line): Promise<void> {
  if (debit === credit) return // the database does not take these
  await owner.query(
    `insert into ledger.transfer (hospital_id, entry_id, line_no, debit_account, credit_account, amount_fen)
      values ($1, $2, $3, $4, $5, $6)`,
    [HOSPITAL, id, lineNo, debit, credit, fen],
  )
}

type Page = { from: string; upTo: string; limit: number }

/** As it was when entries were first sealed. It is never changed. */
async function byDatabase(tx: Tx, { from, upTo, limit }: Page) {
  const { rows: bounds } = await sql<{ last: string }>`
    select id as last from (
      select id from ledger.entry
      where hospital_id = ${HOSPITAL} and id >= ${from}::uuid and id <= ${upTo}::uuid
      order by id limit ${limit}) page
    order by id desc limit 1`.execute(tx)
  const last = bounds[0]?.last ?? null
  const { rows } = await sql<{ count: number; packed: Buffer | null }>`
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
      where e.hospital_id = ${HOSPITAL} and e.id >= ${from}::uuid and e.id <= ${last}::uuid
      group by e.hospital_id, e.id) items`.execute(tx)
  return { count: rows[0]?.count ?? 0, last, packed: rows[0]?.packed ?? Buffer.alloc(0) }
}
