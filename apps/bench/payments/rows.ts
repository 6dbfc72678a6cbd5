import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'

export type Row = Record<string, string | number | boolean | object | null>

export type Table = {
  name: string
  columns: { column: string; type: string }[]
  key: string[]
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const TRADE_NO = '[0-9A-Z]{4}[0-7][0-9A-HJKMNP-TV-Z]{25}'
const BILL_NO = 'B-[0-9a-f]{24}'
const NUMBER = new RegExp(`${UUID}|${BILL_NO}|\\b${TRADE_NO}\\b`, 'g')
const MOST_STEPS = 10

/** As payments/load.ts makes them. */
export const isBillNo = (number: string): boolean => new RegExp(`^${BILL_NO}$`).test(number)

/** The tables of hospitals, each after those it refers to. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refers: string[] }>(`
    select n.nspname || '.' || c.relname as name,
      (select jsonb_agg(jsonb_build_object('column', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
        order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select jsonb_agg(a.attname) from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = c.oid and i.indisprimary) as key,
      (select coalesce(jsonb_agg(k.confrelid::regclass::text), '[]') from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f') as refers
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relforcerowsecurity
    order by 1`)
  const sorted: Table[] = []
  const isThere = (name: string) =>
    sorted.some((table) => table.name === name) || rows.every((table) => table.name !== name)
  while (sorted.length < rows.length) {
    const next = rows.find(
      (table) =>
        !sorted.includes(table) &&
        table.refers.every((name) => name === table.name || isThere(name)),
    )
    assert(next, 'tables refer to each other in one direction')
    sorted.push(next)
  }
  return sorted
}

/**
 * All rows of the payment of a bill, by table, and the numbers that are its alone: ids and trade numbers. Found by
 * following the numbers from row to row; a person's number leads to other payments and is not followed.
 */
export async function rowsOfPayment(
  client: pg.Client,
  tables: readonly Table[],
  hospitalId: HospitalId,
  billNo: string,
): Promise<{ rows: Map<string, Row[]>; numbers: string[] }> {
  const people = await client.query<{ id: string }>('select person_id as id from identity.person')
  const notFollowed = new Set(people.rows.map(({ id }) => id))
  let numbers = numbersIn([billNo])
  for (let step = 0; step < MOST_STEPS; step++) {
    const rows = await rowsWith(client, tables, hospitalId, numbers)
    const texts = [...rows.values()].flat().map((row) => JSON.stringify(row))
    const all = numbersIn([billNo, ...texts]).filter((number) => !notFollowed.has(number))
    if (all.length === numbers.length) return { rows, numbers }
    numbers = all
  }
  return assert(false, `the rows of ${billNo} come to an end`) as never
}

const numbersIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => text.match(NUMBER) ?? [])),
]

async function rowsWith(
  client: pg.Client,
  tables: readonly Table[],
  hospitalId: HospitalId,
  numbers: readonly string[],
): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>()
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: Row }>(
      `select to_jsonb(t) as row from ${name} t
        where hospital_id = $1 and to_jsonb(t)::text like any ($2)`,
      [hospitalId, numbers.map((number) => `%${number}%`)],
    )
    found.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return found
}
