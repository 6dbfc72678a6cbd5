import type { HospitalId } from '../../../kernel/id.ts'
import {
  addDays,
  addMs,
  businessDate,
  businessDateOf,
  HOUR_MS,
  MINUTE_MS,
  toShanghaiText,
} from '../../../kernel/time.ts'
import type { Trace } from '../../../platform/exchange.ts'
import type { VersionSource } from '../../catalogue/index.ts'
import type { CatalogueCentre, CatalogueFileRow } from '../centre/catalogue.ts'
import type { CentreCall, InsuranceCentre } from '../insurance-centre.ts'
import { callsOf, type NationalDependencies } from '../national.ts'
import {
  entryOf,
  FILE_LISTS,
  type FileList,
  type NamedItem,
  PAGE_LISTS,
  type PageList,
} from './entries.ts'
import {
  type CatalogueRow,
  codesAfter,
  leaseReading,
  putRows,
  type Reading,
  saveReading,
} from './store.ts'

export type CatalogueReading =
  /** Nothing was asked: it is not time, or another worker is at it. */
  | { outcome: 'not_due' }
  | { outcome: 'not_connected' }
  /** Where it stopped it goes on the next time. */
  | { outcome: 'unfinished'; reason: string }
  | { outcome: 'unchanged'; region: string }
  | { outcome: 'changed'; source: VersionSource; published: () => Promise<void> }

const EVERY_MS = 6 * HOUR_MS
/** After a list that did not come. */
const AGAIN_MS = 5 * MINUTE_MS
/** Each step begins it anew; the longest is a file that is downloaded. */
const LEASE_MS = 10 * MINUTE_MS
const PAGE_SIZE = 100
/** Before this nothing was published by the national interface. */
const BEGINNING = businessDate('2015-01-01')

/**
 * Reads what is new in the catalogue of the hospital's region: files 1301 to 1306 by their versions, classes, price limits
 * and first shares page by page. What was read is kept with how far it goes, so that whoever is interrupted goes on there.
 * When all lists are at their end and something is new, `source` is the region's next version; `published` is to be called
 * once it was taken in. For all hospitals of a region it is read once in six hours.
 */
export const createCatalogueReading =
  (deps: NationalDependencies) =>
  async (hospitalId: HospitalId, trace: Trace): Promise<CatalogueReading> => {
    const { db, clock } = deps
    const centre = await deps.nationalOf(hospitalId)
    if (!centre) return { outcome: 'not_connected' }
    const region = centre.admdvs
    const now = clock.now()
    const reading = await leaseReading(db, region, { now, until: addMs(now, LEASE_MS) })
    if (!reading) return { outcome: 'not_due' }
    const nextCall = callsOf(deps, centre, { hospitalId, trace })
    const work: Work = { deps, centre, nextCall, reading }
    const stop = await readAll(work)
    const dueAt = addMs(clock.now(), stop === null ? EVERY_MS : AGAIN_MS)
    // Something new that no version has stays so until it is published, whoever reads on meanwhile.
    await saveReading(db, work.reading, { dueAt, leasedUntil: null })
    if (stop !== null) return { outcome: 'unfinished', reason: stop }
    if (!work.reading.isChanged) return { outcome: 'unchanged', region }
    return { outcome: 'changed', source: sourceOf(work), published: () => markPublished(work) }
  }

type Work = {
  deps: NationalDependencies
  centre: CatalogueCentre & Pick<InsuranceCentre, 'admdvs'>
  nextCall: () => Promise<CentreCall>
  reading: Reading
}

/** Why it stopped; null at the end of all lists. */
async function readAll(work: Work): Promise<string | null> {
  for (const list of FILE_LISTS) {
    const stop = await readFiles(work, list)
    if (stop !== null) return `${list}: ${stop}`
  }
  for (const list of PAGE_LISTS) {
    const stop = await readPages(work, list)
    if (stop !== null) return `${list}: ${stop}`
  }
  return null
}

/** Files since the greatest version that was read, until one is empty. */
async function readFiles(work: Work, list: FileList): Promise<string | null> {
  const { centre, nextCall } = work
  for (;;) {
    const since = work.reading.cursors[list]?.version ?? EVERYTHING
    const answer = await centre.catalogueFile(await nextCall(), {
      infno: list,
      sinceVersion: since,
    })
    if (answer.outcome === 'refused') return answer.message
    if (answer.outcome === 'unknown') return answer.reason
    if (answer.data.rowCount === 0) return null
    const rows: CatalogueFileRow[] = []
    const which = { infno: list, file: answer.data }
    for await (const part of centre.catalogueFileRows(await nextCall(), which)) {
      if (part.outcome === 'refused') return part.message
      if (part.outcome !== 'ok') return part.reason
      for (const row of part.data) rows.push(row)
    }
    const version = greatestVersion(rows)
    if (version === null || version === since) return null
    const kept = await keep(work, list, rows.map(rowOfFile), { [list]: { version } })
    if (!kept) return 'another worker reads on'
  }
}

const EVERYTHING = '0'

const greatestVersion = (rows: readonly CatalogueFileRow[]): string | null =>
  rows.reduce<string | null>(
    (greatest, { version }) =>
      version !== null && (greatest === null || version > greatest) ? version : greatest,
    null,
  )

function rowOfFile({ code, name, spec, unit, form, substance, isValid }: CatalogueFileRow) {
  const content: NamedItem = { code, name, spec, unit, form, substance, isValid }
  return { code, part: '', content }
}

async function readPages(work: Work, list: PageList): Promise<string | null> {
  const { centre, nextCall, deps } = work
  const today = businessDateOf(deps.clock.now())
  const cursor = work.reading.cursors[list] ?? { since: BEGINNING, page: 1, begunOn: today }
  const begunOn = cursor.page === 1 ? today : cursor.begunOn
  const which = { updatedSince: cursor.since, firstPage: cursor.page, pageSize: PAGE_SIZE }
  for await (const { page, answer } of centre.cataloguePages(nextCall, { kind: list, ...which })) {
    if (answer.outcome === 'refused') return answer.message
    if (answer.outcome === 'unknown') return answer.reason
    const next = { since: cursor.since, page: page + 1, begunOn }
    const kept = await keep(work, list, answer.data.map(rowOfPage), { [list]: next })
    if (!kept) return 'another worker reads on'
  }
  // The day is counted again the next time, as something may have been published in the rest of it.
  const ended = { since: addDays(begunOn, -1), page: 1, begunOn }
  return (await keep(work, list, [], { [list]: ended })) ? null : 'another worker reads on'
}

type PageRow = { code: string; updatedAt: string | null } & Partial<
  Record<'limitType' | 'personType' | 'shareType', string>
>

/** Without its day of update, which some centres write anew with every answer. */
const rowOfPage = ({ updatedAt: _updatedAt, ...row }: PageRow): CatalogueRow => ({
  code: row.code,
  part: [row.limitType, row.personType, row.shareType].filter(Boolean).join('/'),
  content: row,
})

async function keep(
  work: Work,
  list: FileList | PageList,
  rows: readonly CatalogueRow[],
  cursor: Reading['cursors'],
): Promise<boolean> {
  const { db, clock } = work.deps
  const { reading } = work
  const leasedUntil = addMs(clock.now(), LEASE_MS)
  return db.transaction().execute(async (tx) => {
    const changed = await putRows(tx, { region: reading.region, list }, rows)
    const isChanged = reading.isChanged || changed > 0
    const next = { ...reading, isChanged, cursors: { ...reading.cursors, ...cursor } }
    if (!(await saveReading(tx, next, { leasedUntil }))) return false
    work.reading = next
    return true
  })
}

/** The version is named after the greatest that any file told, and when it was read. */
function sourceOf({ deps, reading }: Work): VersionSource {
  const now = deps.clock.now()
  const versions = FILE_LISTS.map((list) => reading.cursors[list]?.version ?? '')
  const greatest = versions.toSorted().at(-1) ?? ''
  return {
    region: reading.region,
    version: `${greatest} ${toShanghaiText(now)}`.trim().slice(0, MOST_OF_NAME),
    effectiveOn: businessDateOf(now),
    entries: entriesOf(deps, reading.region),
  }
}

const MOST_OF_NAME = 64
const CODES_AT_ONCE = 500

async function* entriesOf({ db }: NationalDependencies, region: string) {
  for (let after = ''; ;) {
    const codes = await codesAfter(db, region, after, CODES_AT_ONCE)
    for (const code of codes) {
      const entry = entryOf(code)
      if (entry) yield entry
    }
    const last = codes.at(-1)
    if (!last || codes.length < CODES_AT_ONCE) return
    after = last.named.code
  }
}

async function markPublished({ deps, reading }: Work): Promise<void> {
  await saveReading(deps.db, { ...reading, isChanged: false }, { leasedUntil: null })
}
