import { type Selectable, sql } from 'kysely'

import type { Id } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { type Db, type Tx, violatedConstraint } from '../../platform/db.ts'
import type { CatalogueEntry, CoverClass, ItemKind } from './entry.ts'
import { catalogueErrors } from './errors.ts'
import type { CatalogueTables } from './tables.ts'

// The one place that reads or writes versions and their entries.

export type LoadId = Id<'CatalogueLoad'>

/** One version of a region's catalogue. `seq` counts the versions of the region. */
export type Version = {
  region: string
  seq: number
  version: string
  effectiveOn: BusinessDate
  entryCount: number
  loadedAt: Date
}

const tables = (db: Db | Tx) => db.withTables<CatalogueTables>()

/** The version in force on a day; null before the first. */
export async function versionOn(db: Db, region: string, on: BusinessDate): Promise<Version | null> {
  const row = await tables(db)
    .selectFrom('catalogue.version')
    .selectAll()
    .where('region', '=', region)
    .where('effective_on', '<=', on)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toVersion(row) : null
}

const MOST_REGIONS = 500

/** The version in force on a day of each region that has one. */
export async function regionsOf(db: Db, on: BusinessDate): Promise<Version[]> {
  const rows = await tables(db)
    .selectFrom('catalogue.version')
    .selectAll()
    .distinctOn('region')
    .where('effective_on', '<=', on)
    .orderBy('region')
    .orderBy('seq', 'desc')
    .limit(MOST_REGIONS)
    .execute()
  return rows.map(toVersion)
}

const MOST_VERSIONS = 200

/** The latest first. */
export async function versionsOf(db: Db, region: string): Promise<Version[]> {
  const rows = await tables(db)
    .selectFrom('catalogue.version')
    .selectAll()
    .where('region', '=', region)
    .orderBy('seq', 'desc')
    .limit(MOST_VERSIONS)
    .execute()
  return rows.map(toVersion)
}

export type StagedEntry = { entry: CatalogueEntry; contentHash: string }

/** Errors: throws catalogue.entry_repeated for a code that the load has already brought. */
export async function stageEntries(
  db: Db,
  { region, loadId, stagedAt }: { region: string; loadId: LoadId; stagedAt: Date },
  entries: readonly StagedEntry[],
): Promise<void> {
  const rows = entries.map(({ entry, contentHash }) => ({
    region,
    load_id: loadId,
    code: entry.code,
    name: entry.name,
    kind: entry.kind,
    cover_class: entry.coverClass,
    content: JSON.stringify(entry),
    content_hash: contentHash,
    staged_at: stagedAt,
  }))
  try {
    await tables(db).insertInto('catalogue.staged_entry').values(rows).execute()
  } catch (error) {
    if (violatedConstraint(error) !== 'staged_entry_pkey') throw error
    throw catalogueErrors.entry_repeated({ region })
  }
}

/** Takes away what a load has staged, and what loads that ended without a word left before a moment. */
export async function clearStaged(
  db: Db | Tx,
  { region, loadId, leftBefore }: { region: string; loadId: LoadId; leftBefore: Date },
): Promise<void> {
  await tables(db)
    .deleteFrom('catalogue.staged_entry')
    .where('region', '=', region)
    .where((or) => or.or([or('load_id', '=', loadId), or('staged_at', '<', leftBefore)]))
    .execute()
}

/** Errors: throws catalogue.version_taken or version_under_way when another load was before it. */
export async function insertVersion(tx: Tx, version: Version): Promise<void> {
  try {
    await tables(tx)
      .insertInto('catalogue.version')
      .values({
        region: version.region,
        seq: version.seq,
        version: version.version,
        effective_on: version.effectiveOn,
        entry_count: version.entryCount,
        loaded_at: version.loadedAt,
      })
      .execute()
  } catch (error) {
    const constraint = violatedConstraint(error)
    const params = { region: version.region, version: version.version }
    if (constraint === 'version_named_once') throw catalogueErrors.version_taken(params)
    if (constraint === 'version_pkey') throw catalogueErrors.version_under_way(params)
    throw error
  }
}

/** Ends what the new version has no more or otherwise, and begins what is new or other in it. */
export async function takeOver(tx: Tx, { region, seq }: Version, loadId: LoadId): Promise<void> {
  await sql`update catalogue.entry e set until_seq = ${seq}
    where e.region = ${region} and e.until_seq is null and not exists (
      select from catalogue.staged_entry s where s.region = ${region} and s.load_id = ${loadId}
        and s.code = e.code and s.content_hash = e.content_hash)`.execute(tx)
  await sql`insert into catalogue.entry
      (region, code, since_seq, until_seq, name, kind, cover_class, content, content_hash)
    select s.region, s.code, ${seq}::int, null, s.name, s.kind, s.cover_class, s.content, s.content_hash
    from catalogue.staged_entry s
    where s.region = ${region} and s.load_id = ${loadId} and not exists (
      select from catalogue.entry e where e.region = ${region} and e.code = s.code
        and e.until_seq is null)`.execute(tx)
}

export type EntryQuery = {
  /** Of a code its beginning, or a piece of a name. */
  text?: string | undefined
  kind?: ItemKind | undefined
  coverClass?: CoverClass | undefined
  /** Only those in force on this day. */
  inForceOn?: BusinessDate | undefined
  after?: string | undefined
  limit: number
}

/** Entries of a version by code. The cursor is the last code of the page before. */
export async function entriesOf(
  db: Db,
  { region, seq }: Pick<Version, 'region' | 'seq'>,
  { text, kind, coverClass, inForceOn, after, limit }: EntryQuery,
): Promise<CatalogueEntry[]> {
  let query = tables(db)
    .selectFrom('catalogue.entry')
    .select('content')
    .where('region', '=', region)
    .where('since_seq', '<=', seq)
    .where((or) => or.or([or('until_seq', 'is', null), or('until_seq', '>', seq)]))
  if (kind) query = query.where('kind', '=', kind)
  if (coverClass) query = query.where('cover_class', '=', coverClass)
  if (after !== undefined) query = query.where('code', '>', after)
  if (inForceOn) {
    query = query
      .where(sql`content->>'validFrom'`, '<=', inForceOn)
      .where(sql`coalesce(content->>'validTo', ${inForceOn})`, '>=', inForceOn)
  }
  if (text) {
    const literal = text.replace(/[\\%_]/g, String.raw`\$&`)
    const isNamed = sql<boolean>`(platform.grams(name) @> ${gramsOf(text)}::text[]
      and name like ${`%${literal}%`})`
    // A code has no letters but these; without it the index of names answers alone.
    query = /^[\dA-Za-z._-]+$/.test(text)
      ? query.where((or) => or.or([or('code', 'like', `${literal}%`), isNamed]))
      : query.where(isNamed)
  }
  const rows = await query.orderBy('code').limit(limit).execute()
  return rows.map(({ content }) => content)
}

/** As platform.grams parts a name: what a piece of it must have all of. */
function gramsOf(text: string): string[] {
  const letters = Array.from(text.replaceAll(/\s+/gu, '').toLowerCase())
  return letters.length < 2
    ? letters
    : letters.slice(1).map((letter, i) => `${letters[i]}${letter}`)
}

export type Change = {
  code: string
  change: 'new' | 'ended' | 'changed'
  before: CatalogueEntry | null
  after: CatalogueEntry | null
}

/** What a version has other than an earlier one, by code. The cursor is the last code of the page before. */
export async function changesBetween(
  db: Db,
  region: string,
  seqs: { from: number; to: number },
  page: { after?: string | undefined; limit: number },
): Promise<Change[]> {
  const after = page.after ?? ''
  const { rows } = await sql<{
    code: string
    before: CatalogueEntry | null
    after: CatalogueEntry | null
  }>`
    select coalesce(a.code, b.code) as code, b.content as before, a.content as after
    from (select code, content, content_hash from catalogue.entry
        where region = ${region} and code > ${after} and since_seq <= ${seqs.to}
          and (until_seq is null or until_seq > ${seqs.to})) a
      full join (select code, content, content_hash from catalogue.entry
        where region = ${region} and code > ${after} and since_seq <= ${seqs.from}
          and (until_seq is null or until_seq > ${seqs.from})) b on b.code = a.code
    where a.content_hash is distinct from b.content_hash
    order by 1 limit ${page.limit}`.execute(db)
  return rows.map((row) => ({ ...row, change: changeOf(row) }))
}

const changeOf = ({ before, after }: Pick<Change, 'before' | 'after'>): Change['change'] =>
  before === null ? 'new' : after === null ? 'ended' : 'changed'

const toVersion = (row: Selectable<CatalogueTables['catalogue.version']>): Version => ({
  region: row.region,
  seq: row.seq,
  version: row.version,
  effectiveOn: row.effective_on,
  entryCount: row.entry_count,
  loadedAt: row.loaded_at,
})
