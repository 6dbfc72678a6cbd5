import type { BusinessDate } from '../../../kernel/time.ts'
import { refuse } from '../refusal.ts'
import { cellText, rowText, trimmedEnd, trimmedStart } from '../scan/cells.ts'
import type { Row } from '../scan/cutter.ts'
import { fixedColumns } from './layout.ts'
import { dateOf } from './moment.ts'
import { createRowReader, type Expected, type ReadRow, type RowReader } from './row-reader.ts'
import type { Layout } from './schema.ts'

// The parts of a file, in their order: a head, the names of the columns, rows, and totals at the end.

export type TableReader = {
  /** Takes the next line. Errors: FileRefused. */
  row: (row: Row) => void
  /** Nothing more comes: the totals must be there and right. Errors: FileRefused. */
  end: () => TableFacts
}

/** What the file says of itself. */
export type TableFacts = {
  businessDate: BusinessDate | null
  account: string | null
  otherColumns: readonly string[]
  /** The number of its last line. */
  lines: number
}

type TableOptions = {
  layout: Layout
  encoding: 'utf-8' | 'gb18030'
  expected: Expected
  onRow: (read: ReadRow, row: Row) => void
  /** The totals of a format that does not write them in lines. */
  totals?: () => ReadonlyMap<string, string>
}

const MOST_HEAD_LINES = 100
const MOST_TRAILER_LINES = 50
/** No pattern is held against more. */
const MOST_PATTERN_CHARACTERS = 2_000

export function createTableReader(options: TableOptions): TableReader {
  const { layout, encoding } = options
  const { head, rows = {} } = layout
  const headLines: string[] = []
  const trailer = createTrailer(layout, encoding)
  const startsWith = rows.startsWith === undefined ? null : Buffer.from(rows.startsWith)
  const endAt = rows.endAt === undefined ? null : Buffer.from(rows.endAt)
  const headEnd = head?.until === undefined ? null : new RegExp(head.until, 'u')
  let facts: HeadFacts = { businessDate: null, account: null }
  let reader: RowReader | null = null
  let phase: Phase = 'head'
  let isBlankBefore = false
  let lines = 0
  const checkShape = shapeOf(layout)
  if (!head) beginTable()
  return { row: take, end }

  function take(row: Row): void {
    lines = row.lineNo
    if (row.end === row.start) {
      isBlankBefore = phase !== 'head'
      return
    }
    if (isBlankBefore) refuse('layout', 'a line inside is empty', row.lineNo)
    if (phase === 'rows') takeRow(row)
    else if (phase === 'head') takeHead(row)
    else if (phase === 'names') {
      reader = readerFor(namesOf(row, encoding, layout))
      phase = 'rows'
    } else trailer.take(row, startsWith ? !begins(row, startsWith) : !endAt || begins(row, endAt))
  }

  function takeRow(row: Row): void {
    const isOver = startsWith ? !begins(row, startsWith) : endAt !== null && begins(row, endAt)
    if (isOver) {
      phase = 'trailer'
      return trailer.take(row, true)
    }
    checkShape(row)
    reader?.read(row)
  }

  function takeHead(row: Row): void {
    const text = shortText(row, encoding)
    refuseOtherEncoding([text], row, encoding)
    headLines.push(text)
    if (headLines.length > MOST_HEAD_LINES) refuse('layout', 'its head does not end', row.lineNo)
    if (headEnd ? headEnd.test(text) : headLines.length === (head?.lines ?? 1)) beginTable()
  }

  function beginTable(): void {
    facts = readHead(layout, headLines, options.expected)
    const columns = fixedColumns(layout)
    if (columns) reader = readerFor(columns)
    phase = columns ? 'rows' : 'names'
  }

  function readerFor(columns: readonly string[]): RowReader {
    const businessDate = options.expected.businessDate ?? facts.businessDate
    return createRowReader({ ...options, columns, expected: { ...options.expected, businessDate } })
  }

  function end(): TableFacts {
    if (!reader) return refuse(headLines.length === 0 ? 'empty' : 'layout', 'it holds no table')
    const said = options.totals?.() ?? trailer.said()
    if (said) reader.sums.check(said)
    return { ...facts, otherColumns: reader.otherColumns, lines }
  }
}

type Phase = 'head' | 'names' | 'rows' | 'trailer'

const begins = ({ bytes, start, end }: Row, mark: Uint8Array): boolean => {
  if (end - start < mark.length) return false
  for (let i = 0; i < mark.length; i++) if (bytes[start + i] !== mark[i]) return false
  return true
}

function namesOf(row: Row, encoding: 'utf-8' | 'gb18030', layout: Layout): string[] {
  const names = Array.from({ length: row.cells }, (_, i) => cellText(row, i, encoding))
  // A separator at the end of the line makes a last column without a name.
  if (names.at(-1) === '') names.pop()
  if (new Set(names).size !== names.length) refuse('layout', 'a column stands twice', row.lineNo)
  if (layout.format.kind === 'delimited') refuseOtherEncoding(names, row, encoding)
  return names
}

/** UTF-8 reads as GB18030 without an error, and says something else: replaced or private characters tell. */
function refuseOtherEncoding(names: readonly string[], row: Row, encoding: string): void {
  if (encoding !== 'gb18030' || names.every((name) => /^[\x20-\x7e]*$/.test(name))) return
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      row.bytes.subarray(row.start, row.end),
    )
    if (/\p{Script=Han}/u.test(text)) refuse('encoding', 'it is UTF-8, not GB18030', row.lineNo)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

/** That a row has as many columns as it must; for fixed widths, where each of them stands. */
function shapeOf({ format }: Layout): (row: Row) => void {
  switch (format.kind) {
    case 'camt053':
      return () => undefined
    case 'delimited':
      return delimitedShape(format.columns?.length ?? null, format.spare ?? 0)
    case 'fixed':
      return fixedShape(format.columns, format.gap, format.more ?? false)
  }
}

function delimitedShape(declared: number | null, spare: number): (row: Row) => void {
  let width = declared
  return (row) => {
    width ??= row.cells
    let { cells } = row
    while (cells > width && isBlank(row, cells - 1)) cells--
    if (cells > width || cells < width - spare) {
      refuse('layout', 'a row has another number of columns', row.lineNo)
    }
    for (let i = row.cells; i < width; i++) {
      row.starts[i] = row.end
      row.ends[i] = row.end
    }
    row.cells = width
  }
}

function isBlank({ bytes, starts, ends }: Row, i: number): boolean {
  const [start, end] = [starts[i] ?? 0, ends[i] ?? 0]
  return trimmedStart(bytes, start, end) === end
}

const SPACE = 0x20

function fixedShape(
  columns: readonly { bytes: number }[],
  gap: number,
  more: boolean,
): (row: Row) => void {
  const least = columns.reduce((sum, column) => sum + column.bytes + gap, 0) - gap
  let length: number | null = null
  return (row) => {
    const size = row.end - row.start
    length ??= size
    // One row that is shorter than the others was cut off.
    if (size !== length || size < least) {
      refuse('truncated', 'a row has not the length of a row', row.lineNo)
    }
    if (size > least && !more) refuse('layout', 'a row is too long', row.lineNo)
    let at = row.start
    for (const [i, { bytes }] of columns.entries()) {
      row.starts[i] = at
      row.ends[i] = at + bytes
      row.escaped[i] = 0
      at += bytes + gap
      if (gap === 1 && at - 1 < row.end && row.bytes[at - 1] !== SPACE) {
        refuse('layout', 'columns are not where they should be', row.lineNo)
      }
    }
    row.cells = columns.length
  }
}

type HeadFacts = { businessDate: BusinessDate | null; account: string | null }

function readHead(layout: Layout, lines: readonly string[], expected: Expected): HeadFacts {
  const facts: HeadFacts = { businessDate: null, account: null }
  for (const { pattern, required = true } of layout.head?.patterns ?? []) {
    const regex = new RegExp(pattern, 'u')
    const match = lines.map((line) => regex.exec(line)).find((one) => one !== null)
    if (!match) {
      if (required) refuse('layout', 'its head says something else')
      continue
    }
    const { date, account } = match.groups ?? {}
    if (date !== undefined) {
      facts.businessDate = dateOf(date) ?? refuse('moment', 'the day in its head is none')
    }
    if (account !== undefined) facts.account = account.trim()
  }
  const { businessDate, account } = expected
  if (businessDate !== null && facts.businessDate !== null && facts.businessDate !== businessDate) {
    refuse('date', `it is of ${facts.businessDate}, not of ${businessDate}`)
  }
  const isPrefix = layout.account?.match === 'prefix'
  const said = facts.account
  if (account !== null && said !== null) {
    const isOurs = isPrefix ? said.startsWith(account) : said === account
    if (!isOurs) refuse('account', 'it is of another account')
  }
  return facts
}

function createTrailer({ trailer }: Layout, encoding: 'utf-8' | 'gb18030') {
  const lines: string[] = []
  const cells: string[][] = []
  return {
    take(row: Row, isOfTrailer: boolean): void {
      const isData = trailer?.kind === 'table' ? cells.length >= 2 : !isOfTrailer
      if (isData || !trailer) refuse('layout', 'rows go on behind the end', row.lineNo)
      if (lines.length >= MOST_TRAILER_LINES) refuse('layout', 'its end does not end', row.lineNo)
      lines.push(shortText(row, encoding))
      cells.push(Array.from({ length: row.cells }, (_, i) => cellText(row, i, encoding)))
    },
    said(): ReadonlyMap<string, string> | null {
      if (!trailer) return null
      if (trailer.kind === 'lines') return groupsOf(trailer.lines ?? [], lines)
      const [names = [], values = []] = cells
      if (cells.length < 2 || values.length < names.length) {
        refuse('truncated', 'the totals at its end are missing')
      }
      return new Map(names.map((name, i) => [name, values[i] ?? '']))
    },
  }
}

function groupsOf(
  patterns: readonly { pattern: string; required?: boolean }[],
  lines: readonly string[],
): ReadonlyMap<string, string> {
  const said = new Map<string, string>()
  for (const { pattern, required = true } of patterns) {
    const regex = new RegExp(pattern, 'u')
    const match = lines.map((line) => regex.exec(line)).find((one) => one !== null)
    if (!match && required) refuse('truncated', 'the totals at its end are missing')
    for (const [name, value] of Object.entries(match?.groups ?? {})) said.set(name, value.trim())
  }
  return said
}

function shortText(row: Row, encoding: 'utf-8' | 'gb18030'): string {
  const end = trimmedEnd(row.bytes, row.start, row.end)
  if (end - row.start > MOST_PATTERN_CHARACTERS) {
    refuse('layout', 'a line of its head or end is too long', row.lineNo)
  }
  return rowText(row, encoding)
}
