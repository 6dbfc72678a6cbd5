import iconv from 'iconv-lite'

import { type Fen, fen, negateFen } from '../../../kernel/money.ts'
import { type BusinessDate, instantAt } from '../../../kernel/time.ts'
import type { StatementLine, StatementRefusal } from '../../../modules/payments/index.ts'
import { momentNear } from './moments.ts'

/**
 * The columns of a ZM file (全渠道商户一般交易明细流水文件), in bytes, one space between any two. What follows the last is
 * reserved and not read. Source: 文件接口规范, 6.1.
 */
const COLUMNS = [
  ['tradeCode', 3],
  ['acquirer', 11],
  ['sender', 11],
  ['traceNo', 6],
  ['traceTime', 10],
  ['cardNo', 19],
  ['txnAmt', 12],
  ['merchantCategory', 4],
  ['terminalType', 2],
  ['queryId', 21],
  ['oldPayType', 2],
  ['orderId', 32],
  ['cardType', 2],
  ['origTraceNo', 6],
  ['origTime', 10],
  ['fee', 13],
  ['settleAmt', 13],
  ['payType', 4],
  ['groupMerchant', 15],
  ['txnType', 2],
  ['txnSubType', 2],
  ['bizType', 6],
  ['accountType', 2],
  ['billType', 4],
  ['billNo', 32],
  ['interaction', 1],
  ['origQueryId', 21],
  ['merId', 15],
  ['splitType', 1],
  ['subMerId', 15],
  ['subMerName', 32],
  ['subMerAmt', 13],
  ['netAmt', 13],
  ['terminalId', 8],
  ['merReserved', 32],
  ['discount', 13],
  ['invoiceAmt', 13],
  ['extraCharge', 12],
  ['instalments', 2],
  ['medium', 1],
] as const

type ColumnName = (typeof COLUMNS)[number][0]

const OFFSETS = offsets()
const SHORTEST_ROW = [...OFFSETS.values()].reduce((most, { end }) => Math.max(most, end), 0)

export type SettlementLine = StatementLine & { at: Date; feeFen: Fen }

export type SettlementReading =
  | { outcome: 'read'; lines: SettlementLine[]; text: string }
  | { outcome: 'refused'; code: StatementRefusal; reason: string }

/**
 * Reads a ZM file of one merchant and settlement date. `text` is the file without the middle of its card numbers.
 *
 * Units: fen in the file, 12 digits, and where an amount has a side a 'C' (to the merchant) or 'D' (from) before them.
 * Errors: refused whole for rows of another length, what is no number, moment or known type, a merchant that is not this
 * one, a transaction that stands twice, and a row whose amounts do not add up.
 */
export function readSettlementFile(
  bytes: Buffer,
  { merId, settleDate }: { merId: string; settleDate: BusinessDate },
): SettlementReading {
  const rows = rowsOf(bytes)
  const length = rows[0]?.length ?? 0
  const odd = rows.findIndex((row) => row.length !== length || row.length < SHORTEST_ROW)
  if (odd >= 0) return refused('truncated', `row ${odd + 1} has not the length of a row`)
  const lines: SettlementLine[] = []
  const seen = new Set<string>()
  for (const [i, row] of rows.entries()) {
    const read = readRow(row, merId, settleDate)
    if ('problem' in read) return refused(read.code, `row ${i + 1}: ${read.problem}`)
    if (seen.has(read.line.providerNo)) return refused('sums', `row ${i + 1} stands twice`)
    seen.add(read.line.providerNo)
    lines.push(read.line)
  }
  const text = withoutCards(bytes)
  return text === null ? refused('encoding', 'it is not GBK') : { outcome: 'read', lines, text }
}

/** A list of transactions or of errors as text, without the middle of its card numbers; null when it is not GBK. */
export function withoutCards(bytes: Buffer): string | null {
  const rows = rowsOf(bytes).flatMap((row) => [withoutCard(row), EOL])
  const text = iconv.decode(Buffer.concat(rows), 'gbk')
  return text.includes('\uFFFD') || text.includes('\0') ? null : text
}

const EOL = Buffer.from('\r\n')

/** The rows as bytes, as widths are in bytes: a name in GBK has two for a character. */
function rowsOf(bytes: Buffer): Buffer[] {
  const rows: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed < 0 ? bytes.length : feed
    const row = bytes.subarray(start, bytes[end - 1] === 0x0d ? end - 1 : end)
    rows.push(row)
    start = end + 1
  }
  return rows
}

function readRow(row: Buffer, merId: string, settleDate: BusinessDate): Row | Problem {
  const value = (name: ColumnName): string => {
    const { start, end } = OFFSETS.get(name) ?? { start: 0, end: 0 }
    return row.toString('latin1', start, end).trim()
  }
  if (COLUMNS.some(([name]) => !isSpaced(row, name))) return problem('layout', 'no columns')
  if (value('merId') !== merId) return problem('layout', 'of another merchant')
  const kind = KINDS.get(value('txnType'))
  if (kind === undefined) return problem('layout', `txnType ${value('txnType')} is not known`)
  const at = momentNear(value('traceTime'), instantAt(settleDate, '12:00:00'))
  if (at === null) return problem('layout', 'the time is none')
  const ourNo = value('orderId')
  const providerNo = value('queryId')
  if (!/^[0-9A-Za-z]{8,32}$/.test(ourNo) || !/^\d{20,21}$/.test(providerNo)) {
    return problem('layout', 'the numbers are none')
  }
  const amountFen = plainFen(value('txnAmt'))
  const feeMove = sidedFen(value('fee'))
  const settled = sidedFen(value('settleAmt'))
  if (amountFen === null || feeMove === null || settled === null) {
    return problem('layout', 'the amounts are none')
  }
  const moved = kind === 'charge' ? amountFen : negateFen(amountFen)
  // A discount or an instalment's charge is settled by rules of its own.
  const isPlain = isNothing(value('discount')) && isNothing(value('extraCharge'))
  if (isPlain && settled !== moved + feeMove) return problem('sums', 'its amounts do not add up')
  const feeFen = negateFen(feeMove)
  return { line: { kind, ourNo, providerNo, amountFen, at, feeFen } }
}

/** 99 is a reversal: it names the order of the payment that it undid. */
const KINDS: ReadonlyMap<string, StatementLine['kind']> = new Map([
  ['01', 'charge'],
  ['04', 'return'],
  ['31', 'return'],
  ['99', 'return'],
])

const plainFen = (text: string): Fen | null => (/^\d{12}$/.test(text) ? fen(Number(text)) : null)

/** 'C000000000012' is 12 fen to the merchant, 'D…' from the merchant. */
function sidedFen(text: string): Fen | null {
  const match = /^([CD])(\d{11,12})$/.exec(text)
  if (!match) return null
  const amount = Number(match[2])
  return fen(match[1] === 'C' ? amount : 0 - amount)
}

const isNothing = (text: string): boolean => /^[CD]?0*$/.test(text)

const SPACE = 0x20

function isSpaced(row: Buffer, name: ColumnName): boolean {
  const end = OFFSETS.get(name)?.end ?? 0
  return end === row.length || row[end] === SPACE
}

function withoutCard(row: Buffer): Buffer {
  const { start, end } = OFFSETS.get('cardNo') ?? { start: 0, end: 0 }
  const card = row.toString('latin1', start, end).trimEnd()
  const masked = card.replace(
    /^(.{6}).*(.{4})$/,
    (_all, first: string, last: string) => first + '*'.repeat(Math.max(0, card.length - 10)) + last,
  )
  const text = (card.length > 10 ? masked : '*'.repeat(card.length)).padEnd(end - start)
  return Buffer.concat([row.subarray(0, start), Buffer.from(text, 'latin1'), row.subarray(end)])
}

function offsets(): ReadonlyMap<ColumnName, { start: number; end: number }> {
  const map = new Map<ColumnName, { start: number; end: number }>()
  let start = 0
  for (const [name, width] of COLUMNS) {
    map.set(name, { start, end: start + width })
    start += width + 1
  }
  return map
}

const refused = (code: StatementRefusal, reason: string): SettlementReading => ({
  outcome: 'refused',
  code,
  reason,
})

const problem = (code: StatementRefusal, words: string): Problem => ({ code, problem: words })

type Row = { line: SettlementLine }
type Problem = { code: StatementRefusal; problem: string }
