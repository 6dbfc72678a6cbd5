import { createHash } from 'node:crypto'

import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { registryErrors } from './errors.ts'
import { brokenRule, type Institution, type InstitutionKind, NO_DETAIL } from './institution.ts'
import {
  beginInstitutions,
  type Edition,
  endInstitutions,
  insertEdition,
  latestEdition,
  openInstitutions,
} from './store.ts'

/** A list of a region, all of it: `centre` knows code, name and level, `list` is what the region publishes. */
export type RegionList = {
  region: string // area code of the insurance that designated them, six digits
  kind: InstitutionKind
  source: 'centre' | 'list'
  /** Of which moment it speaks. */
  asOf: Date
  institutions: readonly Institution[]
}

export type Loaded = Edition & { begun: number; ended: number }

/** The largest provinces have some 60,000 designated institutions. */
const MOST_INSTITUTIONS = 200_000
/** A list so much shorter than the one before is more likely cut than true. */
const LEAST_SHARE = 0.5

/**
 * Puts a list in the place of the one before, all of it in one transaction or nothing. What has vanished is kept as ended. A list
 * of the centre leaves standing what only a published list tells: address, phone, place, what is settled, and the days.
 *
 * Errors: throws registry.list_empty, list_too_long, list_shrunk unless `mayShrink`, list_out_of_order, list_under_way,
 * institution_invalid and institution_repeated.
 */
export async function loadList(
  { db, clock }: { db: Db; clock: Clock },
  list: RegionList,
  { mayShrink = false } = {},
): Promise<Loaded> {
  checkList(list)
  return db.transaction().execute(async (tx) => {
    const before = await latestEdition(tx, list)
    checkAgainst(list, before, mayShrink)
    const edition: Edition = {
      region: list.region,
      kind: list.kind,
      seq: (before?.seq ?? 0) + 1,
      source: list.source,
      asOf: list.asOf,
      institutionCount: list.institutions.length,
      loadedAt: clock.now(),
    }
    await insertEdition(tx, edition)
    const { begun, ended, changed } = differenceOf(list, await openInstitutions(tx, list))
    await endInstitutions(tx, edition, [...ended, ...changed])
    await beginInstitutions(tx, edition, begun)
    return { ...edition, begun: begun.length - changed.length, ended: ended.length }
  })
}

function checkList({ region, kind, institutions }: RegionList): void {
  if (!/^\d{6}$/.test(region)) throw registryErrors.region_invalid({ region })
  if (institutions.length === 0) throw registryErrors.list_empty({ region, kind })
  if (institutions.length > MOST_INSTITUTIONS) {
    throw registryErrors.list_too_long({ region, kind, most: MOST_INSTITUTIONS })
  }
  const seen = new Set<string>()
  for (const one of institutions) {
    const rule = brokenRule(one)
    if (rule) throw registryErrors.institution_invalid({ code: one.code, rule })
    if (seen.has(one.code)) throw registryErrors.institution_repeated({ code: one.code })
    seen.add(one.code)
  }
}

function checkAgainst(list: RegionList, before: Edition | null, mayShrink: boolean): void {
  if (!before) return
  const { region, kind } = list
  if (list.asOf < before.asOf) throw registryErrors.list_out_of_order({ region, kind })
  const count = list.institutions.length
  if (!mayShrink && count < before.institutionCount * LEAST_SHARE) {
    throw registryErrors.list_shrunk({ region, kind, count, before: before.institutionCount })
  }
}

type Standing = { institution: Institution; contentHash: string }

/** Pure: what begins, by content; the codes that are ended, and of what begins those that stood otherwise. */
function differenceOf(
  { source, institutions }: Pick<RegionList, 'source' | 'institutions'>,
  open: readonly Standing[],
): { begun: Standing[]; ended: string[]; changed: string[] } {
  const before = new Map(open.map((one) => [one.institution.code, one]))
  const now = institutions.map((one) => {
    const known = before.get(one.code)?.institution
    const kept = { ...detailOf(known), area: known?.area ?? one.area }
    const institution = source === 'centre' ? { ...one, ...kept } : one
    return { institution, contentHash: hashOf(institution) }
  })
  const codes = new Set(institutions.map(({ code }) => code))
  const begun = now.filter(
    (one) => before.get(one.institution.code)?.contentHash !== one.contentHash,
  )
  return {
    begun,
    ended: [...before.keys()].filter((code) => !codes.has(code)),
    changed: begun.map(({ institution }) => institution.code).filter((code) => before.has(code)),
  }
}

function detailOf(known: Institution | undefined) {
  const { address, phone, place, settles, validFrom, validTo } = known ?? NO_DETAIL
  return { address, phone, place, settles, validFrom, validTo }
}

function hashOf(one: Institution): string {
  const fields = [
    [one.code, one.name, one.area, one.level, one.address, one.phone],
    [one.place?.latitude, one.place?.longitude, one.validFrom, one.validTo],
    one.settles.toSorted(),
  ]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}
