import { type RawBuilder, sql } from 'kysely'

import type { Place } from '../../kernel/place.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Institution, InstitutionKind, Settled } from './institution.ts'
import { foldedName, gramsOf } from './names.ts'
import { institutionOf, type InstitutionRow } from './store.ts'

// The one place that looks institutions up.

export type Wanted = {
  kind: InstitutionKind | null
  /** The beginning of an area code: a province, a city or a district. Empty for everywhere. */
  areaPrefix: string
  /** A piece of the name, or of the initials of its pinyin. */
  text: string | null
  settles: Settled | null
  /** In force on this day. */
  on: BusinessDate
}

export type Found = {
  institution: Institution
  region: string
  kind: InstitutionKind
  asOf: Date
  isEnded: boolean
}

/** Where a page by area and code begins. */
export type After = { area: string; code: string; region: string; kind: string }

/** By area and code. */
export const institutionsOf = (db: Db, wanted: Wanted, page: AreaPage): Promise<Found[]> =>
  found(db, queryByArea(wanted, page))

export type AreaPage = { after: After | null; limit: number }

export function queryByArea(wanted: Wanted, { after, limit }: AreaPage): RawBuilder<FoundRow> {
  const beyond = after
    ? sql`and (area, code, region, kind) > (${after.area}, ${after.code}, ${after.region}, ${after.kind})`
    : sql``
  return queryFor(
    sql`${conditionsOf(wanted)} ${beyond} order by area, code, region, kind limit ${limit}`,
  )
}

/** Those with a place within so many metres, the nearest first. */
export const nearestOf = (db: Db, wanted: Wanted, page: NearPage): Promise<Found[]> =>
  found(db, queryByPlace(wanted, page))

export type NearPage = { place: Place; withinM: number; offset: number; limit: number }

export function queryByPlace(
  wanted: Wanted,
  { place, withinM, offset, limit }: NearPage,
): RawBuilder<FoundRow> {
  const { latitude, longitude } = place
  const here = sql`registry.spot(${latitude}::float8, ${longitude}::float8)`
  const there = sql`registry.spot(latitude, longitude)`
  const reach = mercatorDegrees(withinM, latitude)
  return queryFor(
    sql`${conditionsOf(wanted)} and ${there} <@ circle(${here}, ${reach}::float8)
      order by ${there} <-> ${here}, code limit ${limit} offset ${offset}`,
  )
}

/** An institution by its national code, as it stands or last stood; null for one never named. */
export async function institutionByCode(db: Db, code: string): Promise<Found | null> {
  const latest = sql`code = ${code} order by until_seq desc nulls first, since_seq desc limit 1`
  const [one] = await found(db, queryFor(latest))
  return one ?? null
}

const METRES_OF_A_DEGREE = 111_195 // of the sphere that kernel/place.ts measures on

/** How far so many metres are on Mercator's map at a latitude. */
const mercatorDegrees = (metres: number, latitude: number): number =>
  metres / (METRES_OF_A_DEGREE * Math.cos((latitude * Math.PI) / 180))

function conditionsOf({ kind, areaPrefix, text, settles, on }: Wanted): RawBuilder<unknown> {
  const all = [
    sql`until_seq is null`,
    sql`coalesce(valid_from, ${on}::date) <= ${on}::date`,
    sql`coalesce(valid_to, ${on}::date) >= ${on}::date`,
  ]
  if (kind) all.push(sql`kind = ${kind}`)
  if (areaPrefix) all.push(sql`area >= ${areaPrefix} and area < ${`${areaPrefix}:`}`) // ':' follows '9'
  if (settles) all.push(sql`marks @> ${[`#${settles}`]}::text[]`)
  const folded = text === null ? '' : foldedName(text)
  if (folded) all.push(namedBy(folded))
  return sql.join(all, sql` and `)
}

function namedBy(folded: string): RawBuilder<unknown> {
  const like = `%${folded.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  // One mark says all of one or two letters, and a second condition would have the planner expect too few rows.
  if (Array.from(folded).length < 3 && !/^[a-z0-9]+$/.test(folded)) {
    return sql`marks @> ${gramsOf(folded)}::text[]`
  }
  const byName = sql`(marks @> ${gramsOf(folded)}::text[] and folded like ${like})`
  if (!/^[a-z0-9]+$/.test(folded)) return byName
  const marks = gramsOf(folded).map((gram) => `~${gram}`)
  return sql`(${byName} or (marks @> ${marks}::text[] and initials like ${like}))`
}

type FoundRow = InstitutionRow & { until_seq: number | null; as_of: Date }

const queryFor = (rest: RawBuilder<unknown>): RawBuilder<FoundRow> =>
  sql<FoundRow>`
    select i.region, i.kind, i.code, i.until_seq, i.name, i.area, i.level, i.address, i.phone, i.latitude,
      i.longitude, i.settles, i.valid_from, i.valid_to,
      (select e.as_of from registry.edition e where e.region = i.region and e.kind = i.kind and e.is_latest)
    from registry.institution i where ${rest}`

async function found(db: Db, query: RawBuilder<FoundRow>): Promise<Found[]> {
  const { rows } = await query.execute(db)
  return rows.map((row) => ({
    institution: institutionOf(row),
    region: row.region,
    kind: row.kind,
    asOf: row.as_of,
    isEnded: row.until_seq !== null,
  }))
}

/** Of which moment the oldest list speaks that could have named what is wanted; null where there is none. */
export async function oldestListOf(
  db: Db,
  { kind, areaPrefix }: Pick<Wanted, 'kind' | 'areaPrefix'>,
): Promise<Date | null> {
  const { rows } = await sql<{ as_of: Date | null }>`
    select min(as_of) as as_of from registry.edition
    where is_latest and (${kind}::text is null or kind = ${kind})
      and left(region, 2) like ${`${areaPrefix.slice(0, 2)}%`}`.execute(db)
  return rows[0]?.as_of ?? null
}
