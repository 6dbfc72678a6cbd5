import { type Fen, fen, negateFen, parseYuan } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import type { StatementLine, StatementRefusal } from '../../../modules/payments/index.ts'
import { momentOf } from './answers.ts'

// The details of a day's bill, from text to lines: pure. A file is believed as a whole or refused as a whole.

export type Refused = { outcome: 'refused'; code: StatementRefusal; reason: string }

export type TradeBill = {
  outcome: 'read'
  lines: StatementLine[]
  /** The day's fees less the fees given back. */
  feeFen: Fen
}

export const BILL_TITLE = '#支付宝业务明细查询'

/**
 * Reads the details of a bill of bill_type trade.
 *
 * Shape: a 交易 is a 'charge' and a 退款 a 'return', of 订单金额 at 完成时间. Units: yuan in the file, fen in the lines.
 * Errors: 'truncated' when the end or its totals are missing or count other rows, 'sums' when they add up otherwise,
 * 'layout' for anything that is not such a bill of this merchant and day.
 */
export const readTradeBill = (
  text: string,
  of: { sellerId: string; businessDate: BusinessDate },
): TradeBill | Refused =>
  orRefused(() => {
    const { head, header, rows: cells, tail } = readParts(text)
    checkHead(head, of)
    const columns = readHeader(header)
    const rows = cells.map((line) => toRow(line, columns))
    const charges = rows.filter((row) => row.get('业务类型') === '交易')
    const returns = rows.filter((row) => row.get('业务类型') === '退款')
    if (charges.length + returns.length !== rows.length) refuse('layout', '业务类型 is not known')
    checkTotals(tail, CHARGE_TOTALS, charges)
    checkTotals(tail, RETURN_TOTALS, returns)
    // The pages of Alipay do not say whether a fee stands there as a cost or as a number of its own: all of a kind are
    // of the sign of their sum.
    const [cost, back] = [sum(charges, '服务费（元）'), sum(returns, '服务费（元）')]
    const feeFen = fen(Math.abs(cost) - Math.abs(back))
    const signs = { charge: Math.sign(cost), return: 0 - Math.sign(back) }
    return {
      outcome: 'read',
      lines: rows.map((row) => toLine(row, of.businessDate, signs)),
      feeFen,
    }
  })

const COLUMNS = [
  '支付宝交易号',
  '商户订单号',
  '业务类型',
  '完成时间',
  '订单金额（元）',
  '商家实收（元）',
  '商家优惠（元）',
  '退款批次号/请求号',
  '服务费（元）',
] as const
type Column = (typeof COLUMNS)[number]

const LIST_START = /^#-+业务明细列表-+$/
const LIST_END = /^#-+业务明细列表结束-+$/
const CHARGE_TOTALS = /^#交易合计：(\d{1,9})笔，商家实收共(-?[\d.]+)元，商家优惠共(-?[\d.]+)元$/
const RETURN_TOTALS =
  /^#退款合计：(\d{1,9})笔，商家实收退款共(-?[\d.]+)元，商家优惠退款共(-?[\d.]+)元$/

function toLine(
  row: Row,
  businessDate: BusinessDate,
  signs: Record<StatementLine['kind'], number>,
): StatementLine {
  const isCharge = row.get('业务类型') === '交易'
  const at = momentOf(row.get('完成时间')) ?? refuse('layout', '完成时间 is no time')
  if (at < instantAt(businessDate) || at >= instantAt(addDays(businessDate, 1))) {
    refuse('layout', 'a row is of another day')
  }
  const amount = yuan(row, '订单金额（元）')
  const amountFen = isCharge ? amount : negateFen(amount)
  if (amountFen <= 0) refuse('layout', '订单金额（元） has the wrong sign')
  const ourNo = row.get(isCharge ? '商户订单号' : '退款批次号/请求号')
  const kind = isCharge ? 'charge' : 'return'
  const feeFen = fen(yuan(row, '服务费（元）') * signs[kind] + 0)
  return { kind, ourNo, providerNo: row.get('支付宝交易号'), amountFen, at, feeFen }
}

/** The comments before the list, its header and rows, and the comments after it. */
function readParts(text: string) {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => LIST_START.test(line))
  const end = lines.findIndex((line) => LIST_END.test(line))
  if (start === -1) refuse('layout', 'the list is missing')
  if (end === -1) refuse('truncated', 'the end of the list is missing')
  const [header, ...rows] = lines.slice(start + 1, end)
  if (header === undefined) return refuse('layout', 'the header of the list is missing')
  return { head: lines.slice(0, start), header, rows, tail: lines.slice(end + 1) }
}

/** The account is the merchant's PID with four digits more. */
function checkHead(
  head: readonly string[],
  { sellerId, businessDate }: { sellerId: string; businessDate: BusinessDate },
): void {
  if (head[0] !== BILL_TITLE) refuse('layout', 'it is no list of 业务明细')
  const account = /^#账号：\[(\d+)\]$/.exec(head[1] ?? '')?.[1] ?? ''
  if (!account.startsWith(sellerId)) refuse('layout', 'the bill is of another 账号')
  const [from, until] = [businessDate, addDays(businessDate, 1)].map(chineseDate)
  const days = new RegExp(
    `^#起始日期：\\[${from} 00:00:00\\]\\s+终止日期：\\[${until} 00:00:00\\]$`,
  )
  if (!days.test(head[2] ?? '')) refuse('layout', 'the bill is of another day')
}

const chineseDate = (date: BusinessDate): string =>
  date.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1年$2月$3日')

function checkTotals(tail: readonly string[], totals: RegExp, rows: readonly Row[]): void {
  const [, count, received, discount] =
    tail.map((line) => totals.exec(line)).find((match) => match !== null) ??
    refuse('truncated', 'the totals at the end are missing')
  if (Number(count) !== rows.length) {
    refuse('truncated', `${count} rows are announced, and there are ${rows.length}`)
  }
  checkSum(received, rows, '商家实收（元）')
  checkSum(discount, rows, '商家优惠（元）')
}

function checkSum(told: string | undefined, rows: readonly Row[], column: Column): void {
  const total = parseYuan(told ?? '')
  if (total === null) refuse('layout', `the total of ${column} is no amount`)
  if (total !== sum(rows, column)) refuse('sums', `the total of ${column} differs from the rows`)
}

function sum(rows: readonly Row[], column: Column): Fen {
  const total = rows.reduce((before, row) => before + BigInt(yuan(row, column)), 0n)
  return fen(Number(total))
}

const yuan = (row: Row, column: Column): Fen =>
  parseYuan(row.get(column)) ?? refuse('layout', `${column} is no amount`)

function readHeader(line: string): Map<string, number> {
  const names = valuesOf(line)
  const columns = new Map(names.map((name, i) => [name, i]))
  if (columns.size !== names.length) refuse('layout', 'a column stands twice')
  const missing = COLUMNS.find((name) => !columns.has(name))
  if (missing !== undefined) refuse('layout', `the column ${missing} is missing`)
  return columns
}

function toRow(line: string, columns: ReadonlyMap<string, number>): Row {
  const values = valuesOf(line)
  if (values.length !== columns.size) refuse('layout', 'a row has another number of columns')
  return {
    get: (name) => values[columns.get(name) ?? -1] ?? refuse('layout', `${name} is missing`),
  }
}

/** Some of the values end with a tab, which keeps spreadsheets from taking a long number for one. */
const valuesOf = (line: string): string[] => line.split(',').map((value) => value.trim())

function orRefused<T>(read: () => T): T | Refused {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof BillRefused)) throw error
    return { outcome: 'refused', code: error.code, reason: error.message }
  }
}

function refuse(code: StatementRefusal, reason: string): never {
  throw new BillRefused(code, reason)
}

class BillRefused extends Error {
  readonly code: StatementRefusal

  constructor(code: StatementRefusal, reason: string) {
    super(reason)
    this.code = code
  }
}

/** A value by the name of its column. */
type Row = { get(name: Column): string }
