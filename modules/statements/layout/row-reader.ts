import type { BusinessDate } from '../../../kernel/time.ts'
import { refuse } from '../refusal.ts'
import { cellText, trimmedEnd, trimmedStart } from '../scan/cells.ts'
import type { Row } from '../scan/cutter.ts'
import { BAD, EMPTY, fenOf, type NumberForm, numberReader } from './amount.ts'
import { createCodeTable, DIRECTION, KIND, type Test } from './codes.ts'
import { type MomentReader, momentReader, placeNear, toShanghai, type WallTime } from './moment.ts'
import type { Layout, RowKind, TextField } from './schema.ts'
import { createSums, type Sums } from './sums.ts'

/** What the list should be of; null for what is not known. */
export type Expected = { businessDate: BusinessDate | null; account: string | null }

/** One row as the hub understands it. Texts stay in the row: here is the column each stands in, -1 for none. */
export type ReadRow = {
  kind: RowKind
  amountFen: number
  feeFen: number | null
  occurredAt: WallTime | null
  /** The list's own day, unless its rows say one. Null where neither does. */
  businessDate: WallTime | null
  ourNo: number
  providerNo: number
  account: number
  memo: number
}

export type RowReader = {
  /** Reads a row of data. Errors: FileRefused. */
  read: (row: Row) => void
  sums: Sums
  /** Columns of the file that the layout does not use. */
  otherColumns: readonly string[]
}

type ReaderOptions = {
  layout: Layout
  columns: readonly string[]
  encoding: 'utf-8' | 'gb18030'
  expected: Expected
  onRow: (read: ReadRow, row: Row) => void
}

/** Reads rows by a layout, once the file's columns are known. Errors: FileRefused 'layout' for a column that is missing. */
export function createRowReader(options: ReaderOptions): RowReader {
  const { layout, columns, encoding, expected, onRow } = options
  const used = new Set<string>()
  const columnOf = (name: string): number => {
    const index = columns.indexOf(name)
    if (index < 0) refuse('layout', `the column ${name} is missing`)
    used.add(name)
    return index
  }
  const codes = createCodeTable(encoding)
  const kinds = layout.kinds.map((rule) => ({ ...rule, test: codes.add(rule.when, columnOf) }))
  const constants = Object.entries(layout.rows?.constants ?? {}).map(([name, values]) => ({
    name,
    test: codes.add({ [name]: values }, columnOf),
  }))
  const amount = amountReader(layout, columnOf)
  const fee = feeReader(layout, columnOf)
  const moments = momentsReader(layout, columnOf, expected)
  const texts = textsReader(layout, { columnOf, encoding, expected })
  const balance = balanceReader(layout, columnOf, codes.add)
  const settles = settlesReader(layout, columnOf)
  const sums = createSums(layout, { add: codes.add, columnOf })
  const read = newReadRow()

  return { read: readRow, sums, otherColumns: columns.filter((name) => !used.has(name)) }

  function readRow(row: Row): void {
    codes.look(row)
    const direction = amount.look(row)
    if (direction !== null) codes.tell(DIRECTION, direction)
    for (const { name, test } of constants) {
      if (!test()) refuse('layout', `${name} is not what it must be`, row.lineNo)
    }
    const rule = kinds.find((one) => one.test())
    if (!rule) return refuse('layout', 'what kind of row it is is not known', row.lineNo)
    codes.tell(KIND, rule.is)
    sums.add(row)
    balance(row, amount, direction)
    if (rule.is === 'none') return
    read.kind = rule.is
    read.amountFen = amount.of(row, rule.is, rule.negated ?? false)
    read.feeFen = fee(row, rule.is)
    settles(row, read)
    moments(row, read)
    texts(row, read)
    onRow(read, row)
  }
}

type ColumnOf = (name: string) => number

const newReadRow = (): ReadRow => ({
  kind: 'charge',
  amountFen: 0,
  feeFen: null,
  occurredAt: null,
  businessDate: null,
  ourNo: -1,
  providerNo: -1,
  account: -1,
  memo: -1,
})

/** Reads the number in a cell. EMPTY for none. Errors: FileRefused 'amount'. */
function cellNumber(name: string, form: NumberForm, column: number) {
  const reader = numberReader(form)
  return {
    reader,
    read(row: Row): number {
      const { bytes, starts, ends } = row
      const start = trimmedStart(bytes, starts[column] ?? 0, ends[column] ?? 0)
      const value = reader.read(bytes, start, trimmedEnd(bytes, start, ends[column] ?? 0))
      if (Number.isNaN(value)) refuse('amount', `${name} is no amount`, row.lineNo)
      return value
    },
  }
}

function amountReader({ amount }: Layout, columnOf: ColumnOf) {
  const { column, byKind = {}, debit, credit, addColumns = [], sign, ...form } = amount
  const at = (name: string | undefined) =>
    name === undefined ? null : cellNumber(name, form, columnOf(name))
  const main = at(column)
  const ofKind = new Map(Object.entries(byKind).map(([kind, name]) => [kind, at(name)]))
  const more = addColumns.map((name) => cellNumber(name, form, columnOf(name)))
  const { scale } = numberReader(form)
  const [out, into] = [at(debit), at(credit)]
  let found = BAD
  return { look, of }

  /** With a debit and a credit column, which of them is filled. */
  function look(row: Row): 'in' | 'out' | null {
    if (!out || !into) return null
    const [o, i] = [zeroIfEmpty(out.read(row)), zeroIfEmpty(into.read(row))]
    if ((o !== 0) === (i !== 0)) return refuse('amount', 'one side must be filled', row.lineNo)
    found = Math.abs(o === 0 ? i : o)
    // What stands below zero on one side is taken back and goes the other way, unless the sign says nothing.
    const isBack = sign !== 'absolute' && (o < 0 || i < 0)
    const isOut = (o !== 0) !== isBack
    return isOut ? 'out' : 'in'
  }

  function of(row: Row, kind: RowKind, isNegated: boolean): number {
    const cell = ofKind.get(kind) ?? main
    let value = cell ? cell.read(row) : found
    for (const other of more) value += zeroIfEmpty(other.read(row))
    if (value === EMPTY) return refuse('amount', 'an amount is missing', row.lineNo)
    if (sign === 'absolute') value = Math.abs(value)
    else if (sign === 'byKind' && kind === 'return') value = value === 0 ? 0 : -value
    if (value <= 0) refuse('amount', 'an amount is not above zero', row.lineNo)
    const units = fenOf(value, scale, form.unit)
    return isNegated ? -units : units
  }
}

const zeroIfEmpty = (value: number) => (value === EMPTY ? 0 : value)

function feeReader(
  { fee }: Layout,
  columnOf: ColumnOf,
): (row: Row, kind: RowKind) => number | null {
  if (!fee) return () => null
  const { column, sign, empty = 'unknown', ...form } = fee
  const cell = cellNumber(column, form, columnOf(column))
  return (row, kind) => {
    const units = cell.read(row)
    if (units === EMPTY) return empty === 'zero' ? 0 : null
    const fen = fenOf(units, cell.reader.scale, form.unit)
    const isCost = sign === 'byKind' ? kind !== 'return' : sign === 'cost'
    const size = sign === 'byKind' ? Math.abs(fen) : fen
    return isCost || size === 0 ? size : -size
  }
}

function momentsReader(layout: Layout, columnOf: ColumnOf, { businessDate }: Expected) {
  const { occurredAt, businessDate: dateField } = layout
  const moment = occurredAt && cellMoment(occurredAt, columnOf, businessDate)
  const date = dateField && cellMoment(dateField, columnOf, businessDate)
  const at: WallTime = { year: 0, month: 0, day: 0, seconds: 0 }
  const day: WallTime = { year: 0, month: 0, day: 0, seconds: 0 }
  const ofList = businessDate === null ? null : wallDay(businessDate)
  return (row: Row, read: ReadRow): void => {
    if (moment) {
      moment(row, at)
      read.occurredAt = at
      if (occurredAt.ofTheDay && ofList && !isSameDay(at, ofList)) {
        refuse('date', 'a row is of another day', row.lineNo)
      }
    }
    if (date) {
      date(row, day)
      read.businessDate = day
    } else read.businessDate = ofList ?? read.occurredAt
  }
}

function wallDay(date: BusinessDate): WallTime {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  return { year, month, day, seconds: 0 }
}

const isSameDay = (a: WallTime, b: WallTime) =>
  a.day === b.day && a.month === b.month && a.year === b.year

type MomentField = { column: string; pattern: string; zone?: '+08:00' | 'Z' }

function cellMoment(
  { column: name, pattern, zone }: MomentField,
  columnOf: ColumnOf,
  near: BusinessDate | null,
): (row: Row, into: WallTime) => void {
  const column = columnOf(name)
  const reader = momentReader(pattern) as MomentReader // readLayout has made one before
  return (row, into) => {
    const { bytes, starts, ends } = row
    const start = trimmedStart(bytes, starts[column] ?? 0, ends[column] ?? 0)
    const end = trimmedEnd(bytes, start, ends[column] ?? 0)
    const isRead =
      reader.read(bytes, start, end, into) &&
      (reader.hasYear || (near !== null && placeNear(into, near)))
    if (!isRead) refuse('moment', `${name} is no time like ${pattern}`, row.lineNo)
    if (zone === 'Z') toShanghai(into)
  }
}

type TextOptions = { columnOf: ColumnOf; encoding: 'utf-8' | 'gb18030'; expected: Expected }

/** Finds which column each text stands in, and holds the account against the expected one. */
function textsReader(layout: Layout, { columnOf, encoding, expected }: TextOptions) {
  const field = (text: TextField | undefined, name: string) => {
    const main = text?.column === undefined ? -1 : columnOf(text.column)
    const ofKind = new Map(
      Object.entries(text?.byKind ?? {}).map(([kind, column]) => [kind, columnOf(column)]),
    )
    const nothing = text?.nothing ?? []
    return (row: Row, kind: RowKind): number => {
      const column = ofKind.get(kind) ?? main
      if (column < 0) return -1
      const isNothing =
        nothing.length > 0 && nothing.includes(cellText(row, column, encoding).trim())
      const start = row.starts[column] ?? 0
      const isEmpty =
        isNothing || trimmedStart(row.bytes, start, row.ends[column] ?? 0) === row.ends[column]
      if (isEmpty && text?.required) refuse('layout', `${name} is empty`, row.lineNo)
      return isEmpty ? -1 : column
    }
  }
  const ourNo = field(layout.ourNo, 'our number')
  const providerNo = field(layout.providerNo, 'the number of the other side')
  const account = field(layout.account, 'the account')
  const memo = field(layout.memo, 'the memo')
  const isPrefix = layout.account?.match === 'prefix'
  return (row: Row, read: ReadRow): void => {
    read.ourNo = ourNo(row, read.kind)
    read.providerNo = providerNo(row, read.kind)
    read.account = account(row, read.kind)
    read.memo = memo(row, read.kind)
    if (!layout.account?.own || expected.account === null || read.account < 0) return
    const said = cellText(row, read.account, encoding)
    if (isPrefix ? !said.startsWith(expected.account) : said !== expected.account) {
      refuse('account', 'a row is of another account', row.lineNo)
    }
  }
}

/** Each row's balance is the one before and the row's amount. */
function balanceReader(
  layout: Layout,
  columnOf: ColumnOf,
  addTest: (condition: Record<string, string[]>, columnOf: ColumnOf) => Test,
) {
  const { balance } = layout
  if (!balance) return () => undefined
  const { column, in: inWhen, ...form } = balance
  const cell = cellNumber(column, form, columnOf(column))
  const comesIn = inWhen ? addTest(inWhen, columnOf) : null
  let before: number | null = null
  return (row: Row, amount: ReturnType<typeof amountReader>, direction: string | null): void => {
    const after = cell.read(row)
    if (after === EMPTY) return refuse('amount', `${column} is empty`, row.lineNo)
    const moved = amount.of(row, 'charge', false)
    const isIn = comesIn ? comesIn() : direction === 'in'
    const afterFen = fenOf(after, cell.reader.scale, form.unit)
    if (before !== null && before + (isIn ? moved : -moved) !== afterFen) {
      refuse('sums', `${column} does not follow from the row before`, row.lineNo)
    }
    before = afterFen
  }
}

/** A row's amount and fee are together what it moves. */
function settlesReader({ settles }: Layout, columnOf: ColumnOf) {
  if (!settles) return () => undefined
  const { column, unless = [], ...form } = settles
  const cell = cellNumber(column, form, columnOf(column))
  const others = unless.map(columnOf)
  return (row: Row, { kind, amountFen, feeFen }: ReadRow): void => {
    if (others.some((other) => holdsMore(row, other))) return
    const units = cell.read(row)
    if (units === EMPTY) return refuse('amount', `${column} is empty`, row.lineNo)
    const moved = kind === 'charge' ? amountFen : -amountFen
    if (fenOf(units, cell.reader.scale, form.unit) !== moved - (feeFen ?? 0)) {
      refuse('sums', `${column} is not its amount and fee`, row.lineNo)
    }
  }
}

const ZERO = 0x30
const POINT = 0x2e

/** Anything but zeros behind an optional side. */
function holdsMore({ bytes, starts, ends }: Row, column: number): boolean {
  const start = trimmedStart(bytes, starts[column] ?? 0, ends[column] ?? 0)
  const end = trimmedEnd(bytes, start, ends[column] ?? 0)
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    const isSide = at === start && byte >= 0x41
    if (byte !== ZERO && byte !== POINT && !isSide) return true
  }
  return false
}
