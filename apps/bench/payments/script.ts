import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { isBillNo, type Row, rowsOfPayment, type Table, tablesOf } from './rows.ts'
import type { Written } from './written.ts'

/**
 * What a bare program must do to write what one payment writes: draw new numbers, then a few transactions.
 * `:u1` and the like stand for what was drawn.
 */
export type Script = { draw: string; transactions: string[][]; statements: number }

/**
 * The statements that write the rows of a payment that is there, to another hospital and under new numbers: every
 * row it added, each row as often updated as on average, in as many transactions. `each` is that average.
 *
 * Errors: throws when the payment is not like the others, so that it stands for none of them.
 */
export async function scriptOfSameRows(
  client: pg.Client,
  options: { hospitalId: HospitalId; other: HospitalId; billNo: string; each: Written },
): Promise<Script> {
  const { hospitalId, other, billNo, each } = options
  const tables = await tablesOf(client)
  const { rows, numbers } = await rowsOfPayment(client, tables, hospitalId, billNo)
  await openAccounts(client, hospitalId, other)
  const write = new Writer(numbers, other)
  const inserts: string[] = []
  const updates: string[] = []
  for (const table of tables) {
    const { inserted = 0, updated = 0 } = each.tables.get(table.name) ?? {}
    const own = rows.get(table.name) ?? []
    if (SHARED.has(table.name)) continue
    assert(
      own.length === Math.round(inserted),
      `the payment has ${own.length} rows of ${table.name}, others ${inserted}`,
    )
    inserts.push(...own.map((row) => write.insert(table, row)))
    updates.push(...write.updates(table, own, Math.round(updated)))
  }
  const statements = [...inserts, ...updates]
  const count = Math.max(Math.round(each.transactions), 1)
  const startOf = (i: number) => Math.floor((i * statements.length) / count)
  const transactions = Array.from({ length: count }, (_, i) => [
    `set local app.hospital_id = '${other}'`,
    ...statements.slice(startOf(i), startOf(i + 1)),
  ])
  return { draw: write.draw(), transactions, statements: statements.length }
}

const ACCOUNT = 'ledger.account'
/** Rows that all payments of a hospital share. */
const SHARED = new Set([ACCOUNT, 'ledger.books'])

/** The other hospital's accounts, with nothing in them. */
const openAccounts = (client: pg.Client, hospitalId: HospitalId, other: HospitalId) =>
  client.query(
    `insert into ${ACCOUNT} select ${other}, code, kind, 0, 0, 0 from ${ACCOUNT}
      where hospital_id = ${hospitalId} on conflict do nothing`,
  )

/** Writes a row's values as expressions in which its own numbers are drawn anew. */
class Writer {
  private readonly names: ReadonlyMap<string, string>
  private readonly pattern: RegExp
  private readonly hospital: HospitalId

  constructor(numbers: readonly string[], hospital: HospitalId) {
    this.names = new Map(numbers.map((number, i) => [number, `u${i + 1}`]))
    this.pattern = new RegExp(`(${numbers.join('|')})`)
    this.hospital = hospital
  }

  draw(): string {
    const drawn = [...this.names].map(([number, name]) => {
      return `${drawLike(number)} as ${name}`
    })
    return `select ${drawn.join(',\n  ')}`
  }

  insert({ name, columns }: Table, row: Row): string {
    const values = columns.map(({ column, type }) => this.value(row, column, type))
    const names = columns.map(({ column }) => `"${column}"`)
    return `insert into ${name} (${names.join(', ')}) values (${values.join(', ')})`
  }

  /** Each row in turn, its due_at to and fro as a machine's, so that the same indexes are written. */
  updates(table: Table, rows: readonly Row[], count: number): string[] {
    if (rows.length === 0) return []
    return Array.from({ length: count }, (_, i) => {
      const row = rows[i % rows.length] ?? {}
      const isLast = i + rows.length >= count
      return `update ${table.name} set ${this.changes(table, row, isLast)} where ${this.key(table, row)}`
    })
  }

  private changes({ columns, key }: Table, row: Row, isLast: boolean): string {
    const due = columns.find(({ column }) => column === 'due_at')
    if (due) {
      const value = isLast
        ? this.value(row, due.column, due.type)
        : "'2026-11-21T10:00:00Z'::timestamptz"
      return `due_at = ${value}`
    }
    const plain = columns.find(({ column, type }) => !key.includes(column) && type !== 'jsonb')
    assert(plain, 'a table that is updated has a column that is not its key')
    return `"${plain.column}" = ${this.value(row, plain.column, plain.type)}`
  }

  private key({ columns, key }: Table, row: Row): string {
    return columns
      .filter(({ column }) => key.includes(column))
      .map(({ column, type }) => `"${column}" = ${this.value(row, column, type)}`)
      .join(' and ')
  }

  private value(row: Row, column: string, type: string): string {
    if (column === 'hospital_id') return String(this.hospital)
    const value = row[column]
    if (value === null || value === undefined) return 'null'
    const parts = textOf(value)
      .split(this.pattern)
      .filter((part) => part !== '')
    const expressions = parts.map((part) => {
      const name = this.names.get(part)
      return name ? `:${name}::text` : quoted(part)
    })
    return expressions.length === 0 ? `''::${type}` : `(${expressions.join(' || ')})::${type}`
  }
}

const textOf = (value: Row[string] | undefined): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)

/** What follows a colon would be read as a variable, so that the two are kept apart. */
const quoted = (text: string): string =>
  text
    .split(/(?<=:)(?=[^\d":'\s])/)
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || ')

function drawLike(number: string): string {
  if (isBillNo(number)) return NEW_BILL_NO
  return number.includes('-') ? NEW_ID : NEW_TRADE_NO
}

const NEW_BILL_NO = `'B-' || substr(md5(random()::text), 1, 24)`

/** Like our own ids: the time first, so that they are added at the end of an index. */
const NEW_ID = `overlay(overlay(overlay(overlay(
  lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || substr(md5(random()::text), 1, 20)
  placing '-' from 9 for 0) placing '-' from 14 for 0) placing '-' from 19 for 0) placing '-' from 24 for 0)`

const NEW_TRADE_NO = `'0002' || '0' ||
  upper(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || substr(md5(random()::text), 1, 13))`
