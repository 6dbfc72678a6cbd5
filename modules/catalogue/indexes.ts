import type { BusinessDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { type CatalogueIndex, indexCatalogue } from './catalogue-index.ts'
import type { CatalogueEntry } from './entry.ts'
import { entriesOf, type Version, versionOn } from './version-store.ts'

/** Versions kept ready in memory: those of a few regions, and one before where days are told apart. */
const MOST_READY = 4
const PAGE = 5_000

type Ready = { version: Version; index: CatalogueIndex }

/** The version of a region in force on a day, ready for questions; read once, as a version never changes. */
export function createIndexes(db: Db) {
  const ready = new Map<string, Promise<CatalogueIndex>>()
  return async (region: string, on: BusinessDate): Promise<Ready | null> => {
    const version = await versionOn(db, region, on)
    if (!version) return null
    const key = `${region}:${version.seq}`
    const index = ready.get(key) ?? readIndex(db, version)
    // Set anew, it is the last one used.
    ready.delete(key)
    ready.set(key, index)
    for (const oldest of [...ready.keys()].slice(0, -MOST_READY)) ready.delete(oldest)
    try {
      return { version, index: await index }
    } catch (error) {
      ready.delete(key)
      throw error
    }
  }
}

async function readIndex(db: Db, version: Version): Promise<CatalogueIndex> {
  const entries: CatalogueEntry[] = []
  for (let after: string | undefined; ; after = entries.at(-1)?.code) {
    const page = await entriesOf(db, version, { after, limit: PAGE })
    for (const entry of page) entries.push(entry)
    if (page.length < PAGE) return indexCatalogue(entries)
  }
}
