import type { Selectable } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { HospitalLevel } from './entry.ts'
import type { HospitalItem } from './match.ts'
import type { Decision, ItemStatus, Standing } from './standing.ts'
import type { CatalogueTables } from './tables.ts'

// The one place that reads or writes a hospital's items, the decisions about them, and its setting.

/** Which catalogue a hospital goes by. */
export type Setting = { region: string; level: HospitalLevel; acceptFrom: number }

export type ItemRow = { item: HospitalItem; standing: Standing }

export type DecisionRow = Decision & {
  id: Id<'CatalogueDecision'>
  itemCode: string
  decidedBy: string
  decidedAt: Date
}

const tables = (tx: Tx) => tx.withTables<CatalogueTables>()

export async function settingOf(tx: Tx, hospitalId: HospitalId): Promise<Setting | null> {
  const row = await tables(tx)
    .selectFrom('catalogue.hospital_setting')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  return row ? { region: row.region, level: row.level, acceptFrom: row.accept_from } : null
}

/** From now on every item is to be placed anew, as the bar or the level may be another. */
export async function putSetting(
  tx: Tx,
  hospitalId: HospitalId,
  { region, level, acceptFrom }: Setting,
  now: Date,
): Promise<void> {
  const values = { region, level, accept_from: acceptFrom, updated_at: now }
  await tables(tx)
    .insertInto('catalogue.hospital_setting')
    .values({ hospital_id: hospitalId, ...values })
    .onConflict((conflict) => conflict.column('hospital_id').doUpdateSet(values))
    .execute()
  await tables(tx)
    .updateTable('catalogue.item')
    .set({ matched_seq: 0 })
    .where('hospital_id', '=', hospitalId)
    .execute()
}

export type MatchedIn = { region: string; seq: number; now: Date }

/** Adds items, or describes and places those anew that are there. */
export async function putItems(
  tx: Tx,
  hospitalId: HospitalId,
  items: readonly ItemRow[],
  { region, seq, now }: MatchedIn,
): Promise<void> {
  if (items.length === 0) return
  const rows = items.map(({ item, standing }) => ({
    hospital_id: hospitalId,
    code: item.code,
    name: item.name,
    spec: item.spec,
    unit: item.unit,
    unit_price_fen: item.unitPriceFen,
    charge_category: item.chargeCategory,
    national_code: item.nationalCode,
    status: standing.status,
    entry_code: standing.entryCode,
    confidence: standing.confidence,
    reasons: JSON.stringify(standing.reasons),
    candidates: JSON.stringify(standing.candidates),
    matched_region: region,
    matched_seq: seq,
    updated_at: now,
  }))
  await tables(tx)
    .insertInto('catalogue.item')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'code']).doUpdateSet((row) => ({
        name: row.ref('excluded.name'),
        spec: row.ref('excluded.spec'),
        unit: row.ref('excluded.unit'),
        unit_price_fen: row.ref('excluded.unit_price_fen'),
        charge_category: row.ref('excluded.charge_category'),
        national_code: row.ref('excluded.national_code'),
        status: row.ref('excluded.status'),
        entry_code: row.ref('excluded.entry_code'),
        confidence: row.ref('excluded.confidence'),
        reasons: row.ref('excluded.reasons'),
        candidates: row.ref('excluded.candidates'),
        matched_region: row.ref('excluded.matched_region'),
        matched_seq: row.ref('excluded.matched_seq'),
        updated_at: row.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

/** Locked until the transaction ends, so that a decision and a new version take turns. */
export async function lockItem(
  tx: Tx,
  hospitalId: HospitalId,
  code: string,
): Promise<ItemRow | null> {
  const row = await tables(tx)
    .selectFrom('catalogue.item')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst()
  return row ? toItem(row) : null
}

/** Some that were matched in another version than this one, locked, in order of their codes. */
export async function lockOutdated(
  tx: Tx,
  hospitalId: HospitalId,
  { region, seq }: Pick<MatchedIn, 'region' | 'seq'>,
  limit: number,
): Promise<ItemRow[]> {
  const rows = await tables(tx)
    .selectFrom('catalogue.item')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where((or) => or.or([or('matched_seq', '<>', seq), or('matched_region', '<>', region)]))
    .orderBy('code')
    .limit(limit)
    .forUpdate()
    .execute()
  return rows.map(toItem)
}

/** Whether any was matched in another version than this one. */
export async function hasOutdated(
  tx: Tx,
  hospitalId: HospitalId,
  { region, seq }: Pick<MatchedIn, 'region' | 'seq'>,
): Promise<boolean> {
  const row = await tables(tx)
    .selectFrom('catalogue.item')
    .select('code')
    .where('hospital_id', '=', hospitalId)
    .where((or) => or.or([or('matched_seq', '<>', seq), or('matched_region', '<>', region)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** By their codes. */
export async function itemsByCode(
  tx: Tx,
  hospitalId: HospitalId,
  codes: readonly string[],
): Promise<Map<string, ItemRow>> {
  if (codes.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('catalogue.item')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('code', 'in', [...codes])
    .execute()
  return new Map(rows.map((row) => [row.code, toItem(row)]))
}

/** What the hospital has of these entries, by entry; in order of price. */
export async function itemsOfEntries(
  tx: Tx,
  hospitalId: HospitalId,
  entryCodes: readonly string[],
): Promise<Map<string, HospitalItem[]>> {
  const offered = new Map<string, HospitalItem[]>()
  if (entryCodes.length === 0) return offered
  const rows = await tables(tx)
    .selectFrom('catalogue.item')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('entry_code', 'in', [...entryCodes])
    .orderBy('unit_price_fen')
    .orderBy('code')
    .execute()
  for (const row of rows) {
    const key = row.entry_code ?? ''
    offered.set(key, [...(offered.get(key) ?? []), toItem(row).item])
  }
  return offered
}

export type ItemQuery = {
  status?: ItemStatus | undefined
  after?: string | undefined
  limit: number
}

/** By code. The cursor is the last code of the page before. */
export async function listItems(
  tx: Tx,
  hospitalId: HospitalId,
  { status, after, limit }: ItemQuery,
): Promise<ItemRow[]> {
  let query = tables(tx)
    .selectFrom('catalogue.item')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
  if (status) query = query.where('status', '=', status)
  if (after !== undefined) query = query.where('code', '>', after)
  const rows = await query.orderBy('code').limit(limit).execute()
  return rows.map(toItem)
}

/** The last decision about each item. */
export async function decisionsOf(
  tx: Tx,
  hospitalId: HospitalId,
  itemCodes: readonly string[],
): Promise<Map<string, DecisionRow>> {
  if (itemCodes.length === 0) return new Map()
  const rows = await tables(tx)
    .selectFrom('catalogue.decision')
    .distinctOn('item_code')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('item_code', 'in', [...itemCodes])
    .orderBy('item_code')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.item_code, toDecision(row)]))
}

export async function insertDecision(
  tx: Tx,
  hospitalId: HospitalId,
  decision: DecisionRow,
): Promise<void> {
  await tables(tx)
    .insertInto('catalogue.decision')
    .values({
      hospital_id: hospitalId,
      id: decision.id,
      item_code: decision.itemCode,
      entry_code: decision.entryCode,
      item_name: decision.itemName,
      item_spec: decision.itemSpec,
      decided_by: decision.decidedBy,
      decided_at: decision.decidedAt,
    })
    .execute()
}

const toItem = (row: Selectable<CatalogueTables['catalogue.item']>): ItemRow => ({
  item: {
    code: row.code,
    name: row.name,
    spec: row.spec,
    unit: row.unit,
    unitPriceFen: row.unit_price_fen,
    chargeCategory: row.charge_category,
    nationalCode: row.national_code,
  },
  standing: {
    status: row.status,
    entryCode: row.entry_code,
    confidence: row.confidence,
    reasons: row.reasons,
    candidates: row.candidates,
  },
})

const toDecision = (row: Selectable<CatalogueTables['catalogue.decision']>): DecisionRow => ({
  id: row.id,
  itemCode: row.item_code,
  entryCode: row.entry_code,
  itemName: row.item_name,
  itemSpec: row.item_spec,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
})
