import { type Selectable, sql } from 'kysely'

import { type Db, type Tx, violatedConstraint } from '../../platform/db.ts'
import { registryErrors } from './errors.ts'
import type { Institution, InstitutionKind } from './institution.ts'
import { foldedName, initialMarksOf, initialsOf } from './names.ts'
import type { RegistryTables } from './tables.ts'

// The one place that writes editions and their institutions.

export type Edition = {
  region: string
  kind: InstitutionKind
  seq: number
  source: 'centre' | 'list'
  asOf: Date
  institutionCount: number
  loadedAt: Date
}

const tables = (db: Db | Tx) => db.withTables<RegistryTables>()

export async function latestEdition(
  db: Db | Tx,
  { region, kind }: Pick<Edition, 'region' | 'kind'>,
): Promise<Edition | null> {
  const row = await tables(db)
    .selectFrom('registry.edition')
    .selectAll()
    .where('region', '=', region)
    .where('kind', '=', kind)
    .where('is_latest', '=', true)
    .executeTakeFirst()
  return row ? editionOf(row) : null
}

const editionOf = (row: Selectable<RegistryTables['registry.edition']>): Edition => ({
  region: row.region,
  kind: row.kind,
  seq: row.seq,
  source: row.source,
  asOf: row.as_of,
  institutionCount: row.institution_count,
  loadedAt: row.loaded_at,
})

/** Makes it the latest of its list. Errors: throws registry.list_under_way when another load was before it. */
export async function insertEdition(tx: Tx, edition: Edition): Promise<void> {
  await tables(tx)
    .updateTable('registry.edition')
    .set({ is_latest: false })
    .where('region', '=', edition.region)
    .where('kind', '=', edition.kind)
    .where('is_latest', '=', true)
    .execute()
  try {
    await tables(tx)
      .insertInto('registry.edition')
      .values({
        region: edition.region,
        kind: edition.kind,
        seq: edition.seq,
        source: edition.source,
        as_of: edition.asOf,
        institution_count: edition.institutionCount,
        loaded_at: edition.loadedAt,
        is_latest: true,
      })
      .execute()
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint !== 'edition_pkey' && constraint !== 'edition_latest_once') throw error
    throw registryErrors.list_under_way({ region: edition.region, kind: edition.kind })
  }
}

/** What stands of a list now, with the hash of each. */
export async function openInstitutions(
  tx: Tx,
  { region, kind }: Pick<Edition, 'region' | 'kind'>,
): Promise<{ institution: Institution; contentHash: string }[]> {
  const rows = await tables(tx)
    .selectFrom('registry.institution')
    .selectAll()
    .where('region', '=', region)
    .where('kind', '=', kind)
    .where('until_seq', 'is', null)
    .execute()
  return rows.map((row) => ({ institution: institutionOf(row), contentHash: row.content_hash }))
}

export type InstitutionRow = Omit<
  RegistryTables['registry.institution'],
  'content_hash' | 'marks' | 'folded' | 'initials' | 'since_seq' | 'until_seq'
>

export const institutionOf = (row: InstitutionRow): Institution => ({
  code: row.code,
  name: row.name,
  area: row.area,
  level: row.level,
  address: row.address,
  phone: row.phone,
  place:
    row.latitude === null || row.longitude === null
      ? null
      : { latitude: row.latitude, longitude: row.longitude },
  settles: row.settles,
  validFrom: row.valid_from,
  validTo: row.valid_to,
})

export async function endInstitutions(
  tx: Tx,
  { region, kind, seq }: Edition,
  codes: readonly string[],
): Promise<void> {
  if (codes.length === 0) return
  await sql`update registry.institution set until_seq = ${seq}
    where region = ${region} and kind = ${kind} and until_seq is null
      and code = any(${[...codes]}::text[])`.execute(tx)
}

const AT_ONCE = 1_000

export async function beginInstitutions(
  tx: Tx,
  { region, kind, seq }: Edition,
  institutions: readonly { institution: Institution; contentHash: string }[],
): Promise<void> {
  for (let at = 0; at < institutions.length; at += AT_ONCE) {
    const rows = institutions.slice(at, at + AT_ONCE).map(({ institution, contentHash }) => {
      const initials = initialsOf(institution.name)
      const settled = institution.settles.map((what) => `#${what}`)
      return {
        ...institution,
        ...institution.place,
        contentHash,
        folded: foldedName(institution.name),
        initials,
        more: [...initialMarksOf(initials), ...settled],
      }
    })
    await sql`insert into registry.institution (region, kind, code, since_seq, name, folded, initials, area, level,
        address, phone, latitude, longitude, settles, valid_from, valid_to, content_hash, marks)
      select ${region}, ${kind}, r.code, ${seq}::int, r.name, r.folded, r.initials, r.area, r.level, r.address, r.phone,
        r.latitude, r.longitude, r.settles, r."validFrom", r."validTo", r."contentHash",
        platform.grams(r.folded) || r.more
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (code text, name text, folded text, initials text, area text,
        level text, address text, phone text, latitude float8, longitude float8, settles text[],
        "validFrom" date, "validTo" date, "contentHash" text, more text[])`.execute(tx)
  }
}
