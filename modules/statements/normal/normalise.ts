import { createHash } from 'node:crypto'

import type { BusinessDate } from '../../../kernel/time.ts'
import type { Part } from '../containers/unpack.ts'
import type { Expected } from '../layout/row-reader.ts'
import type { Layout } from '../layout/schema.ts'
import { createTableReader, type TableFacts } from '../layout/table-reader.ts'
import { FileRefused, type RefusalCode, refuse } from '../refusal.ts'
import { createCutter, type CutOptions, SCAN_LIMITS, type ScanLimits } from '../scan/cutter.ts'
import { decodeStream, type Encoding, ENCODINGS } from '../scan/decode.ts'
import { readCamt053 } from './camt053.ts'
import { createNormalWriter, NORMAL_HEADER, type NormalTotals, noTotals } from './writer.ts'

export type Normalised = {
  outcome: 'taken'
  /** SHA-256 of what was written, in hex: two files that say the same have the same. */
  sha256: string
  totals: NormalTotals
  encoding: Encoding
  businessDate: BusinessDate | null
  account: string | null
  /** Columns of the file that the layout does not use; they stay in the file as it came. */
  otherColumns: readonly string[]
}

export type Refused = {
  outcome: 'refused'
  code: RefusalCode
  reason: string
  lineNo: number | null
}

export type NormaliseOptions = {
  layout: Layout
  expected: Expected
  /** One list or several, each opened anew for every encoding it may be in, until one is right. */
  parts: readonly Part[]
  /** Takes what is written. Called again only when it is done: a slow disk slows the reading. */
  write: (bytes: Buffer) => Promise<void>
  /** Forgets what was written, as another encoding is tried. */
  restart: () => Promise<void>
  limits?: ScanLimits
}

/**
 * Reads a list by its layout and writes it as all lists are kept.
 *
 * Shape: see NORMAL_HEADER. Nothing that was written counts unless the outcome is 'taken': totals at the end of a file
 * are held against its rows when all have been read.
 * Units: whole fen, moments with Shanghai's offset.
 * Errors: 'refused' with a reason for whatever is wrong with the file; throws what reading or writing throws.
 */
export async function normalise(options: NormaliseOptions): Promise<Normalised | Refused> {
  let last: Refused | null = null
  for (const encoding of inOrder(options.layout.encodings)) {
    if (last) await options.restart()
    try {
      return await readIn(encoding, options)
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error
      const { code, message, lineNo } = error
      const refused: Refused = { outcome: 'refused', code, reason: message, lineNo }
      if (code !== 'encoding') return refused
      last ??= refused
    }
  }
  return last ?? { outcome: 'refused', code: 'encoding', reason: 'no encoding', lineNo: null }
}

/** UTF-8 first: a file in GBK is never taken for it, while the other way round much can be read as something else. */
const inOrder = (encodings: readonly Encoding[]): Encoding[] =>
  ENCODINGS.filter((encoding) => encodings.includes(encoding))

const HEADER_LINE = Buffer.from(`${NORMAL_HEADER}\n`)

async function readIn(declared: Encoding, options: NormaliseOptions): Promise<Normalised> {
  const { write } = options
  const hash = createHash('sha256')
  const totals = noTotals()
  const otherColumns = new Set<string>()
  const days = new Set<BusinessDate>()
  let account: string | null = null
  hash.update(HEADER_LINE)
  await write(HEADER_LINE)
  let linesBefore = 0
  for (const part of options.parts) {
    const { encoding, bytes } = await decodeStream(part.open(), declared)
    const writer = createNormalWriter({ encoding, totals, linesBefore })
    const drain = async (isLast: boolean) => {
      const written = writer.take(isLast)
      if (!written) return
      hash.update(written)
      await write(written)
    }
    const { layout, expected, limits = SCAN_LIMITS } = options
    const table = { layout, encoding, expected, onRow: writer.add }
    const facts =
      layout.format.kind === 'camt053'
        ? await readCamt053(bytes, table, drain)
        : await readLines(bytes, table, { limits, drain })
    await drain(true)
    linesBefore += facts.lines
    for (const name of facts.otherColumns) otherColumns.add(name)
    if (facts.businessDate) days.add(facts.businessDate)
    account ??= facts.account
  }
  if (days.size > 1) refuse('date', 'its parts are of different days')
  return {
    outcome: 'taken',
    sha256: hash.digest('hex'),
    totals,
    encoding: declared,
    businessDate: options.expected.businessDate ?? [...days][0] ?? null,
    account,
    otherColumns: [...otherColumns],
  }
}

async function readLines(
  bytes: AsyncIterable<Uint8Array>,
  table: Parameters<typeof createTableReader>[0],
  { limits, drain }: { limits: ScanLimits; drain: (isLast: boolean) => Promise<void> },
): Promise<TableFacts> {
  const reader = createTableReader(table)
  const cutter = createCutter(cutOptions(table.layout, table.encoding, limits), reader.row)
  let isEmpty = true
  for await (const piece of bytes) {
    isEmpty &&= piece.length === 0
    cutter.push(piece)
    await drain(false)
  }
  if (isEmpty) refuse('empty', 'there is nothing in it')
  cutter.end()
  return reader.end()
}

function cutOptions(
  { format }: Layout,
  encoding: 'utf-8' | 'gb18030',
  limits: ScanLimits,
): CutOptions {
  const none = { separator: null, quote: null, cellPrefix: null }
  if (format.kind !== 'delimited') return { ...none, encoding, limits }
  const { separator, quote = null, cellPrefix = null } = format
  return { separator, quote, cellPrefix, encoding, limits }
}
