import { sql } from 'kysely'

import type { Db, Tx } from '../../../platform/db.ts'
import type { CatalogueItem, FirstShareRule, PriceLimit } from '../centre/catalogue.ts'
import type { InsuranceTables } from '../tables.ts'
import {
  type Cursors,
  FILE_LISTS,
  type FileList,
  type NamedItem,
  type PageList,
  type ReadCode,
} from './entries.ts'

// The one place that reads or writes what was read of a region's catalogue.

export type Reading = { region: string; cursors: Cursors; isChanged: boolean; leaseNo: number }

export type CatalogueRow = { code: string; part: string; content: unknown }

const tables = (db: Db | Tx) => db.withTables<InsuranceTables>()

/** Takes a region's reading for one worker. Null when it is not due, or another worker has it. */
export async function leaseReading(
  db: Db,
  region: string,
  { now, until }: { now: Date; until: Date },
): Promise<Reading | null> {
  await tables(db)
    .insertInto('insurance.catalogue_reading')
    .values({
      region,
      cursors: '{}',
      is_changed: false,
      due_at: now,
      lease_no: 0,
      leased_until: null,
    })
    .onConflict((conflict) => conflict.column('region').doNothing())
    .execute()
  const row = await tables(db)
    .updateTable('insurance.catalogue_reading')
    .set((eb) => ({ lease_no: eb('lease_no', '+', 1), leased_until: until }))
    .where('region', '=', region)
    .where('due_at', '<=', now)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
  return row
    ? { region, cursors: row.cursors, isChanged: row.is_changed, leaseNo: row.lease_no }
    : null
}

/** False when another worker has the reading by now. */
export async function saveReading(
  db: Db | Tx,
  reading: Reading,
  changes: { dueAt?: Date; leasedUntil: Date | null },
): Promise<boolean> {
  const { numUpdatedRows } = await tables(db)
    .updateTable('insurance.catalogue_reading')
    .set({
      cursors: JSON.stringify(reading.cursors),
      is_changed: reading.isChanged,
      leased_until: changes.leasedUntil,
      ...(changes.dueAt === undefined ? {} : { due_at: changes.dueAt }),
    })
    .where('region', '=', reading.region)
    .where('lease_no', '=', reading.leaseNo)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

const CHUNK = 500

/** Adds rows or replaces those of their code and part; returns how many are not as they were. */
export async function putRows(
  tx: Tx,
  { region, list }: { region: string; list: FileList | PageList },
  rows: readonly CatalogueRow[],
): Promise<number> {
  const once = [...new Map(rows.map((row) => [`${row.code}\n${row.part}`, row])).values()]
  let changed = 0
  for (let from = 0; from < once.length; from += CHUNK) {
    const { numInsertedOrUpdatedRows } = await tables(tx)
      .insertInto('insurance.catalogue_row')
      .values(
        once.slice(from, from + CHUNK).map(({ code, part, content }) => ({
          region,
          list,
          code,
          part,
          content: JSON.stringify(content),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['region', 'list', 'code', 'part'])
          .doUpdateSet((row) => ({ content: row.ref('excluded.content') }))
          .where(sql<boolean>`catalogue_row.content is distinct from excluded.content`),
      )
      .executeTakeFirst()
    changed += Number(numInsertedOrUpdatedRows ?? 0n)
  }
  return changed
}

/** Codes after one, in order, with all that was read of them. */
export async function codesAfter(
  db: Db,
  region: string,
  after: string,
  limit: number,
): Promise<ReadCode[]> {
  const named = await tables(db)
    .selectFrom('insurance.catalogue_row')
    .select(['list', 'code', 'content'])
    .distinctOn('code')
    .where('region', '=', region)
    .where('list', 'in', [...FILE_LISTS])
    .where('code', '>', after)
    .orderBy('code')
    .orderBy('list')
    .limit(limit)
    .execute()
  if (named.length === 0) return []
  const told = await tables(db)
    .selectFrom('insurance.catalogue_row')
    .select(['list', 'code', 'content'])
    .where('region', '=', region)
    .where('list', 'in', ['items', 'price_limits', 'first_shares'])
    .where(
      'code',
      'in',
      named.map(({ code }) => code),
    )
    .execute()
  const byCode = new Map(named.map(({ code }) => [code, [] as typeof told]))
  for (const row of told) byCode.get(row.code)?.push(row)
  return named.map(({ list, code, content }) => {
    const of = <T>(which: PageList) =>
      (byCode.get(code) ?? []).filter((row) => row.list === which).map((row) => row.content as T)
    return {
      list: list as FileList,
      named: content as NamedItem,
      items: of<CatalogueItem>('items'),
      priceLimits: of<PriceLimit>('price_limits'),
      firstShares: of<FirstShareRule>('first_shares'),
    }
  })
}
