import { type RawBuilder, sql } from 'kysely'

import type { HospitalId } from '../kernel/id.ts'
import { type Db, inHospital, type Tx } from './db.ts'
import { type Seal, sealedUnder, SealError, type SealPlace } from './seal.ts'

/** A column of sealed texts: how its rows are walked through, and where each text stands. */
export type SealedColumn = {
  table: string
  column: string
  /** The primary key, in its order. */
  key: readonly string[]
  /** Further columns that the place is made of. */
  also?: readonly string[]
  /** 'hospitals': the rows are seen hospital by hospital. */
  rowsOf: 'region' | 'hospitals'
  place(row: Readonly<Record<string, string>>): SealPlace
}

export type Resealed = {
  resealed: number
  /** Rows whose text does not open, left as they are: the table and the key. */
  unopened: string[]
}

/** So many rows are locked at once, and for no longer than it takes to seal them. */
const BATCH = 500
const MOST_NAMED = 100

/**
 * Puts every text of a column that is sealed under an older key under the one in use. Whoever reads meanwhile reads one
 * or the other, and whoever writes wins. Stopped and started again it passes over what is done.
 */
export async function resealColumn(
  { db, seal, hospitalIds }: { db: Db; seal: Seal; hospitalIds: readonly HospitalId[] },
  column: SealedColumn,
): Promise<Resealed> {
  const total: Resealed = { resealed: 0, unopened: [] }
  if (column.rowsOf === 'region') {
    await walk((work) => db.transaction().execute(work), seal, column, total)
    return total
  }
  for (const hospitalId of hospitalIds) {
    await walk((work) => inHospital(db, hospitalId, work), seal, column, total)
  }
  return total
}

type Key = readonly string[]
/** `last`: the key of its last row; null when there are no more. */
type Batch = Resealed & { last: Key | null }
type InTransaction = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

async function walk(inTx: InTransaction, seal: Seal, column: SealedColumn, total: Resealed) {
  let after: Key | null = null
  for (;;) {
    const from: Key | null = after
    const done: Batch = await inTx((tx) => resealBatch(tx, seal, column, from))
    total.resealed += done.resealed
    total.unopened.push(...done.unopened.slice(0, MOST_NAMED - total.unopened.length))
    if (done.last === null) return
    after = done.last
  }
}

async function resealBatch(
  tx: Tx,
  seal: Seal,
  column: SealedColumn,
  after: Key | null,
): Promise<Batch> {
  const rows = await olderTexts(tx, seal, column, after)
  const unopened: string[] = []
  let resealed = 0
  for (const row of rows) {
    const sealed = resealedText(seal, column, row)
    if (sealed === 'unopened') unopened.push(`${column.table} ${keyOf(column, row).join(' ')}`)
    else if (sealed !== null) resealed += await replace(tx, column, row, sealed)
  }
  const last = rows.length < BATCH ? undefined : rows.at(-1)
  return { resealed, unopened, last: last ? keyOf(column, last) : null }
}

type Row = Readonly<Record<string, string>>

async function olderTexts(
  tx: Tx,
  seal: Seal,
  { table, column, key, also = [] }: SealedColumn,
  after: Key | null,
): Promise<readonly Row[]> {
  const asText = [...key, ...also].map((name) => sql`${sql.ref(name)}::text as ${sql.ref(name)}`)
  const keys = sql.join(key.map((name) => sql.ref(name)))
  const beyond = after ? sql`and (${keys}) > (${sql.join(after)})` : sql``
  const { rows } = await sql<Row>`
    select ${sql.join(asText)}, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${sql.ref(column)} not like ${`${sealedUnder(seal.version)}%`} ${beyond}
    order by ${keys} limit ${BATCH}`.execute(tx)
  return rows
}

function resealedText(seal: Seal, column: SealedColumn, row: Row): string | null {
  try {
    return seal.reseal(column.place(row), row.sealed ?? '')
  } catch (error) {
    if (error instanceof SealError) return 'unopened'
    throw error
  }
}

/** Only where the text is still the one that was read. */
async function replace(tx: Tx, column: SealedColumn, row: Row, sealed: string): Promise<number> {
  const own: RawBuilder<unknown>[] = column.key.map(
    (name) => sql`${sql.ref(name)} = ${row[name] ?? ''}`,
  )
  const { numAffectedRows = 0n } = await sql`
    update ${sql.table(column.table)} set ${sql.ref(column.column)} = ${sealed}
    where ${sql.join(own, sql` and `)} and ${sql.ref(column.column)} = ${row.sealed ?? ''}`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

const keyOf = ({ key }: SealedColumn, row: Row): string[] => key.map((name) => row[name] ?? '')
