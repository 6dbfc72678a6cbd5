import { createHash } from 'node:crypto'

import { addFen, type Fen, fen, ZERO } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import type { StatementRefusal } from '../../../modules/payments/index.ts'
import { decodeText } from './packager/text.ts'

// The bank's list of one of its days: a head, a row for each movement, and totals at the end, all in fixed columns.
// Columns are data, so that a bank with other widths is another table.

export type DayRow = {
  terminal: string
  batch: string
  trace: string
  at: Date
  /** F37 of the transaction. */
  providerNo: string
  kind: 'charge' | 'return'
  amountFen: Fen
  feeFen: Fen
}

export type DayFile =
  | { outcome: 'read'; rows: DayRow[]; content: string; sha256: string }
  | { outcome: 'refused'; code: StatementRefusal; reason: string }

const HEAD = { mark: 1, merchant: 15, date: 8 }
const ROW = {
  mark: 1,
  terminal: 8,
  batch: 6,
  trace: 6,
  date: 8,
  time: 6,
  reference: 12,
  kind: 2,
  amount: 12,
  fee: 12,
  card: 19,
}
const FOOT = { mark: 1, count: 8, charges: 14, returns: 14, fees: 14 }

/** 01 a charge, 02 a charge taken back on its day, 03 a return. What was reversed is not in the file. */
const KINDS: ReadonlyMap<string, DayRow['kind']> = new Map([
  ['01', 'charge'],
  ['02', 'return'],
  ['03', 'return'],
])

export const dayFileName = (merchantId: string, date: BusinessDate): string =>
  `POS_${merchantId}_${date.replaceAll('-', '')}.txt`

/** The bank's day in which an instant lies: with a cut-over before midnight, its last hour is the next day's. */
export function bankDayOf(businessDate: BusinessDate, at: Date, cutOver: string): BusinessDate {
  const isNextDay = cutOver !== '00:00:00' && at >= instantAt(businessDate, cutOver)
  return isNextDay ? addDays(businessDate, 1) : businessDate
}

/**
 * Reads the file of one of the bank's days. It is refused whole when it is cut off, when its totals do not hold, or
 * when it is another merchant's or another day's.
 */
export function readDayFile(bytes: Buffer, merchantId: string, date: BusinessDate): DayFile {
  const content = decodeText('gbk', bytes)
  if (content === null) return refused('encoding', 'the file is not GBK')
  const lines = content.split(/\r?\n/)
  if (lines.pop() !== '') return refused('truncated', 'the last line has no end')
  const head = columnsOf(HEAD, lines.shift() ?? '')
  const foot = columnsOf(FOOT, lines.pop() ?? '')
  if (head?.mark !== 'H') return refused('layout', 'the file has no head')
  if (foot?.mark !== 'T') return refused('truncated', 'the file has no totals')
  const isOurs = head.merchant === merchantId && head.date === date.replaceAll('-', '')
  if (!isOurs) return refused('layout', 'the file is of another merchant or another day')
  const rows = lines.map(toRow)
  const wrong = rows.indexOf(null)
  if (wrong >= 0) return refused('layout', `row ${wrong + 1} cannot be read`)
  const whole = rows.filter((row) => row !== null)
  const problem = problemOf(whole, foot)
  if (problem !== null) return problem
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { outcome: 'read', rows: whole, content, sha256 }
}

function toRow(line: string): DayRow | null {
  const columns = columnsOf(ROW, line)
  if (columns?.mark !== 'D') return null
  const { terminal, batch, trace, reference: providerNo, date, time } = columns
  const kind = KINDS.get(columns.kind)
  const at = momentOf(date, time)
  const amountFen = toFen(columns.amount)
  const feeFen = toFen(columns.fee)
  const areNumbers = /^[0-9]{6}$/.test(batch) && /^[0-9]{6}$/.test(trace) && providerNo !== ''
  if (!kind || !at || !amountFen || feeFen === null || !areNumbers) return null
  return { terminal, batch, trace, at, providerNo, kind, amountFen, feeFen }
}

function problemOf(rows: readonly DayRow[], foot: Columns<typeof FOOT>): Refused | null {
  if (Number(foot.count) !== rows.length || !/^[0-9]{8}$/.test(foot.count)) {
    return refused('truncated', `the file says ${foot.count} rows and has ${rows.length}`)
  }
  const sumOf = (kind: DayRow['kind']) =>
    sum(rows.filter((row) => row.kind === kind).map((row) => row.amountFen))
  const sums: [string, Fen | null, Fen][] = [
    ['charges', toFen(foot.charges), sumOf('charge')],
    ['returns', toFen(foot.returns), sumOf('return')],
    ['fees', toFen(foot.fees), sum(rows.map((row) => row.feeFen))],
  ]
  for (const [what, said, found] of sums) {
    if (said === null) return refused('layout', `the sum of ${what} cannot be read`)
    if (said !== found)
      return refused('sums', `the rows' ${what} are ${found}, the file says ${said}`)
  }
  return null
}

// Added up one by one: a day has more rows than a call takes arguments.
const sum = (amounts: readonly Fen[]): Fen =>
  amounts.reduce((total, amount) => addFen(total, amount), ZERO)

/** Whole fen in digits, with a minus in the first column for less than nothing. */
function toFen(text: string): Fen | null {
  if (!/^[-0-9][0-9]+$/.test(text)) return null
  const amount = Number(text)
  return Number.isSafeInteger(amount) ? fen(amount === 0 ? 0 : amount) : null
}

/** 'yyyymmdd' and 'hhmmss' in Shanghai; null for a moment that does not exist. */
function momentOf(date: string, time: string): Date | null {
  const day = date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
  if (!isBusinessDate(day) || !/^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(time)) return null
  return instantAt(day, time.replace(/^(..)(..)(..)$/, '$1:$2:$3'))
}

/** The columns without the spaces after them; null for a line of another width. */
function columnsOf<Widths extends Record<string, number>>(
  widths: Widths,
  line: string,
): Columns<Widths> | null {
  const total = Object.values(widths).reduce((all, width) => all + width, 0)
  if (line.length !== total) return null
  let at = 0
  const columns = Object.entries(widths).map(([name, width]) => {
    at += width
    return [name, line.slice(at - width, at).trimEnd()]
  })
  return Object.fromEntries(columns) as Columns<Widths>
}

type Columns<Widths> = { [Name in keyof Widths]: string }
type Refused = DayFile & { outcome: 'refused' }

const refused = (code: StatementRefusal, reason: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
})
