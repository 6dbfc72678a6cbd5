import { metresBetween, type Place } from '../../kernel/place.ts'
import { businessDateOf, type Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { registryErrors } from './errors.ts'
import { type InstitutionKind, isPlace, type Settled } from './institution.ts'
import { loadList, type RegionList } from './load.ts'
import {
  type After,
  type Found,
  institutionByCode,
  institutionsOf,
  nearestOf,
  oldestListOf,
  type Wanted,
} from './search-store.ts'
import { latestEdition } from './store.ts'

export type Registry = ReturnType<typeof createRegistry>

export type RegistryDependencies = { db: Db; clock: Clock }

/** What is looked for. Without a place by area and code, with one the nearest first. */
export type LookUp = {
  kind?: InstitutionKind | undefined
  region?: string | undefined
  text?: string | undefined
  settles?: Settled | undefined
  near?: (Place & { withinM: number }) | undefined
  after?: string | undefined
  limit: number
}

export type FoundNear = Found & { distanceM: number | null }

export type LookedUp = {
  items: FoundNear[]
  next: string | null
  /** The age of the oldest list that was asked; null where no list has been taken in. */
  asOf: Date | null
}

/** Of the nearest nobody needs more, and each page begins at the nearest again. */
export const MOST_NEAREST = 500

/** Designated institutions of regions: taken in as lists, and looked up. */
export function createRegistry(deps: RegistryDependencies) {
  const { db, clock } = deps
  return {
    loadList: (list: RegionList, how?: { mayShrink?: boolean }) => loadList(deps, list, how),
    latestEdition: (region: string, kind: InstitutionKind) => latestEdition(db, { region, kind }),
    lookUp,
    byCode,
  }

  /** Errors: throws registry.region_invalid, place_invalid and cursor_invalid. */
  async function lookUp(wish: LookUp): Promise<LookedUp> {
    const wanted = wantedOf(wish, clock)
    const [asOf, page] = await Promise.all([
      oldestListOf(db, wanted),
      wish.near ? nearest(wanted, wish.near, wish) : byArea(wanted, wish),
    ])
    return { ...page, asOf }
  }

  async function byArea(wanted: Wanted, { after, limit }: LookUp) {
    const cursor = after === undefined ? null : readCursor(after)
    const rows = await institutionsOf(db, wanted, { after: cursor, limit: limit + 1 })
    const items = rows.slice(0, limit).map((one) => ({ ...one, distanceM: null }))
    const last = items.at(-1)
    return { items, next: rows.length > limit && last ? writeCursor(last) : null }
  }

  async function nearest(
    wanted: Wanted,
    { withinM, ...place }: NonNullable<LookUp['near']>,
    { after, limit }: LookUp,
  ) {
    if (!isPlace(place)) throw registryErrors.place_invalid()
    const offset = after === undefined ? 0 : readOffset(after)
    const most = Math.min(limit, MOST_NEAREST - offset)
    const rows = await nearestOf(db, wanted, { place, withinM, offset, limit: most + 1 })
    const items = rows.slice(0, most).map((one) => ({
      ...one,
      distanceM: one.institution.place && metresBetween(place, one.institution.place),
    }))
    const end = offset + most
    const isMore = rows.length > most && end < MOST_NEAREST
    return { items, next: isMore ? `n${end}` : null }
  }

  /** Also one that has ended. Errors: throws registry.institution_not_found. */
  async function byCode(code: string): Promise<Found> {
    const one = await institutionByCode(db, code)
    if (!one) throw registryErrors.institution_not_found({ code })
    return one
  }
}

function wantedOf({ kind, region, text, settles }: LookUp, clock: Clock): Wanted {
  if (region !== undefined && !/^(\d{2}){1,3}$/.test(region)) {
    throw registryErrors.region_invalid({ region })
  }
  return {
    kind: kind ?? null,
    areaPrefix: region === undefined ? '' : withoutZeros(region),
    text: text ?? null,
    settles: settles ?? null,
    on: businessDateOf(clock.now()),
  }
}

/** 310000 is all of the province, as 31 is; 370100 all of the city. */
const withoutZeros = (region: string): string => region.replace(/(00){1,2}$/, '')

const writeCursor = ({ institution: { area, code }, region, kind }: Found): string =>
  [area, code, region, kind].join('.')

function readCursor(cursor: string): After {
  const match = /^(\d{6})\.([A-Za-z0-9]{1,30})\.(\d{6})\.([a-z]{1,10})$/.exec(cursor)
  const [, area, code, region, kind] = match ?? []
  if (!area || !code || !region || !kind) throw registryErrors.cursor_invalid()
  return { area, code, region, kind }
}

function readOffset(cursor: string): number {
  const offset = Number(/^n(\d{1,3})$/.exec(cursor)?.[1] ?? Number.NaN)
  if (!(offset > 0 && offset < MOST_NEAREST)) throw registryErrors.cursor_invalid()
  return offset
}
