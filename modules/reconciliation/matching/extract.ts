import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate, toShanghaiIso } from '../../../kernel/time.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { ownRows } from '../own-rows.ts'
import { type LinePlace, linesPage } from './extract-store.ts'
import { CSV_HEADER, csvLineOf, type NormalisedRow } from './row.ts'
import type { Side } from './side-files.ts'

type Pages = AsyncIterable<readonly NormalisedRow[]> | Iterable<readonly NormalisedRow[]>

/** Writes pages of rows as a normalised file, and returns the hash of what is in it. Holds one page at a time. */
export async function writeRows(
  path: string,
  pages: Pages,
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256')
  let rows = 0
  async function* texts() {
    hash.update(CSV_HEADER)
    yield CSV_HEADER
    for await (const page of pages) {
      const text = page.map(csvLineOf).join('')
      rows += page.length
      hash.update(text)
      yield text
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(path))
  return { rows, sha256: hash.digest('hex') }
}

/** Pages of rows by a key: `read` gives those after a place, in order, and no more when it gives fewer than `limit`. */
async function* keysetPages<Place>(
  read: (
    after: Place | null,
    limit: number,
  ) => Promise<{ rows: NormalisedRow[]; last: Place | null }>,
  limit = 5_000,
): AsyncGenerator<NormalisedRow[]> {
  let after: Place | null = null
  for (;;) {
    const page: { rows: NormalisedRow[]; last: Place | null } = await read(after, limit)
    if (page.rows.length > 0) yield page.rows
    if (page.rows.length < limit || page.last === null) return
    after = page.last
  }
}

export type ExtractOf = {
  db: Db
  hospitalId: HospitalId
  source: string
  /** Business dates, both with them: wider than one where cut-offs differ. */
  from: BusinessDate
  to: BusinessDate
  path: string
}

/** The newest list of a party for each date, as it was taken in, as a side. */
export async function extractLines(
  name: string,
  { db, hospitalId, source, from, to, path }: ExtractOf,
): Promise<Side> {
  const pages = keysetPages<LinePlace>((after, limit) =>
    inHospital(db, hospitalId, (tx) =>
      linesPage(tx, hospitalId, { source, from, to, after, limit }),
    ),
  )
  const { sha256 } = await writeRows(path, pages)
  return { name, files: [path], sha256 }
}

/** What of ours a party's list must show, date by date, as a side. */
export async function extractOwn(
  name: string,
  { db, hospitalId, source, from, to, path }: ExtractOf,
): Promise<Side> {
  async function* days() {
    let lineNo = 0
    for (let date = from; date <= to; date = addDays(date, 1)) {
      const rows = await inHospital(db, hospitalId, (tx) => ownRows(tx, hospitalId, date, source))
      yield rows.map((row): NormalisedRow => ({
        lineNo: ++lineNo,
        kind: row.kind,
        ourNo: row.ourNo,
        providerNo: null,
        amountFen: row.amountFen,
        feeFen: null,
        occurredAt: toShanghaiIso(row.at),
        businessDate: date,
        account: null,
        memo: null,
      }))
    }
  }
  const { sha256 } = await writeRows(path, days())
  return { name, files: [path], sha256 }
}
