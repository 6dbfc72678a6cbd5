import { createHash } from 'node:crypto'

import type { NewId } from '../../kernel/id.ts'
import { addMs, type BusinessDate, type Clock, DAY_MS } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { brokenRule, type CatalogueEntry } from './entry.ts'
import { catalogueErrors } from './errors.ts'
import {
  clearStaged,
  insertVersion,
  type LoadId,
  stageEntries,
  takeOver,
  type Version,
  versionsOf,
} from './version-store.ts'

/** Where a version comes from: the adapter of a region's insurance yields every entry of it once, in any order. */
export type VersionSource = {
  region: string // area code, six digits
  version: string // as the region names it
  effectiveOn: BusinessDate
  entries: AsyncIterable<CatalogueEntry>
}

const BATCH = 500
/** A load that has said nothing for so long has ended. */
const LOAD_LASTS_MS = 2 * DAY_MS

/**
 * Takes in a whole version, or nothing of it: entries are staged as they come, and become the version in one transaction once the
 * last is there. The version before stays, and what has not changed is kept once.
 *
 * Errors: throws catalogue.version_taken for a name that is there already, version_out_of_order for one that takes effect before
 * the latest, version_empty, entry_invalid and entry_repeated, and whatever the source throws.
 */
export async function loadVersion(
  { db, clock, newId }: { db: Db; clock: Clock; newId: NewId },
  source: VersionSource,
): Promise<Version> {
  const { region, version, effectiveOn } = source
  await nextSeq(db, source)
  const loadId: LoadId = newId()
  const stagedAt = clock.now()
  const load = { region, loadId, stagedAt }
  const leftover = { region, loadId, leftBefore: addMs(stagedAt, -LOAD_LASTS_MS) }
  try {
    const entryCount = await stageAll(db, load, source.entries)
    if (entryCount === 0) throw catalogueErrors.version_empty({ region, version })
    // Asked again: another load may have come first while this one was on its way.
    const seq = await nextSeq(db, source)
    const loaded = { region, seq, version, effectiveOn, entryCount, loadedAt: clock.now() }
    await db.transaction().execute(async (tx) => {
      await insertVersion(tx, loaded)
      await takeOver(tx, loaded, loadId)
      await clearStaged(tx, leftover)
    })
    return loaded
  } catch (error) {
    await clearStaged(db, leftover)
    throw error
  }
}

async function nextSeq(db: Db, { region, version, effectiveOn }: VersionSource): Promise<number> {
  const versions = await versionsOf(db, region)
  if (versions.some((one) => one.version === version)) {
    throw catalogueErrors.version_taken({ region, version })
  }
  const [latest] = versions
  if (latest && latest.effectiveOn > effectiveOn) {
    throw catalogueErrors.version_out_of_order({ region, version, latest: latest.version })
  }
  return (latest?.seq ?? 0) + 1
}

async function stageAll(
  db: Db,
  load: Parameters<typeof stageEntries>[1],
  entries: AsyncIterable<CatalogueEntry>,
): Promise<number> {
  let count = 0
  let batch = new Map<string, CatalogueEntry>()
  const flush = async () => {
    await stageEntries(
      db,
      load,
      [...batch.values()].map((entry) => ({ entry, contentHash: hashOf(entry) })),
    )
    count += batch.size
    batch = new Map()
  }
  for await (const entry of entries) {
    const broken = brokenRule(entry)
    if (broken) throw catalogueErrors.entry_invalid({ code: entry.code, rule: broken })
    if (batch.has(entry.code)) throw catalogueErrors.entry_repeated({ code: entry.code })
    batch.set(entry.code, entry)
    if (batch.size === BATCH) await flush()
  }
  if (batch.size > 0) await flush()
  return count
}

/** The same for the same content, however the source orders its fields. */
function hashOf(entry: CatalogueEntry): string {
  const limits = Object.entries(entry.priceLimits).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const fields = Object.entries({ ...entry, priceLimits: limits }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}
