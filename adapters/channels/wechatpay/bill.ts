import { type Fen, fen, parseYuan } from '../../../kernel/money.ts'
import { instantAt, isBusinessDate } from '../../../kernel/time.ts'
import type { StatementLine, StatementRefusal } from '../../../modules/payments/index.ts'

// The bill files, from text to lines: pure. A file is believed as a whole or refused as a whole.

export type Refused = { outcome: 'refused'; code: StatementRefusal; reason: string }

export type TradeBill = {
  outcome: 'read'
  lines: StatementLine[]
  /** The day's fees less the fees given back, by the file's own total. */
  feeFen: Fen
}

/**
 * Reads a trade bill of bill_type ALL.
 *
 * Shape: a payment is a 'charge' of 订单金额, an accepted refund a 'return' of 申请退款金额, each at its
 * 交易时间. Rows that moved no money count in the totals and give no line: REVOKED, an order that was
 * reversed at once, and a refund of status FAIL. Units: yuan in the file, fen in the lines; the fee has
 * five decimals and is rounded half away from zero once, as a total; a line has it where it is whole fen.
 * Errors: 'truncated' when the totals are missing or count other rows, 'sums' when they add up otherwise,
 * 'layout' for anything that is not such a bill of this merchant.
 */
export const readTradeBill = (text: string, mchid: string): TradeBill | Refused =>
  orRefused(() => {
    const table = readTable(text, TRADE_LAYOUT)
    checkCount(table, '总交易单数', table.rows.length)
    for (const [column, total] of TRADE_SUMS) checkSum(table, column, total)
    const feeFen = roundFee(fee(table.totals, '手续费总金额'))
    const feesOfRows = table.rows.reduce((sum, row) => sum + fee(row, '手续费'), 0n)
    if (roundFee(feesOfRows) !== feeFen) refuse('sums', '手续费总金额 differs from the rows')
    return { outcome: 'read', lines: table.rows.flatMap((row) => tradeLine(row, mchid)), feeFen }
  })

export type FundFlowLine = {
  at: Date
  /** 微信支付业务单号, 资金流水单号 and 业务凭证号: the last is our own number, where it is of ours. */
  providerNo: string
  flowNo: string
  ourNo: string
  business: string // 业务名称
  businessKind: string // 业务类型
  direction: 'income' | 'expense'
  amountFen: Fen
  balanceFen: Fen // after this line
  submittedBy: string
  note: string
}

export type FundFlow = { outcome: 'read'; lines: FundFlowLine[]; incomeFen: Fen; expenseFen: Fen }

/**
 * Reads a fund-flow bill: all that moved on the merchant's account at WeChat.
 *
 * Errors: as above; 'sums' also when a balance is not the one before with the line's amount.
 */
export const readFundFlow = (text: string): FundFlow | Refused =>
  orRefused(() => {
    const table = readTable(text, FUND_LAYOUT)
    const lines = table.rows.map(fundLine)
    const incomes = lines.filter((line) => line.direction === 'income')
    const expenses = lines.filter((line) => line.direction === 'expense')
    checkCount(table, '资金流水总笔数', lines.length)
    checkCount(table, '收入笔数', incomes.length)
    checkCount(table, '支出笔数', expenses.length)
    const incomeFen = checkTotal(table, '收入金额', incomes)
    const expenseFen = checkTotal(table, '支出金额', expenses)
    checkBalances(lines)
    return { outcome: 'read', lines, incomeFen, expenseFen }
  })

const TRADE_LAYOUT = {
  columns: [
    '交易时间',
    '商户号',
    '微信订单号',
    '商户订单号',
    '交易状态',
    '货币种类',
    '应结订单金额',
    '微信退款单号',
    '商户退款单号',
    '退款金额',
    '充值券退款金额',
    '退款状态',
    '手续费',
    '订单金额',
    '申请退款金额',
  ],
  totals: [
    '总交易单数',
    '应结订单总金额',
    '退款总金额',
    '充值券退款总金额',
    '手续费总金额',
    '订单总金额',
    '申请退款总金额',
  ],
} as const

const TRADE_SUMS = [
  ['应结订单金额', '应结订单总金额'],
  ['退款金额', '退款总金额'],
  ['充值券退款金额', '充值券退款总金额'],
  ['订单金额', '订单总金额'],
  ['申请退款金额', '申请退款总金额'],
] as const

const FUND_LAYOUT = {
  columns: [
    '记账时间',
    '微信支付业务单号',
    '资金流水单号',
    '业务名称',
    '业务类型',
    '收支类型',
    '收支金额(元)',
    '账户结余(元)',
    '资金变更提交申请人',
    '备注',
    '业务凭证号',
  ],
  totals: ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额'],
} as const

const REFUND_STATUSES = new Set(['SUCCESS', 'PROCESSING', 'FAIL', 'CHANGE'])

function tradeLine(row: Row, mchid: string): StatementLine[] {
  if (row.get('商户号') !== mchid) refuse('layout', 'a row is of another 商户号')
  if (row.get('货币种类') !== 'CNY') refuse('layout', 'a row is of another 货币种类')
  const at = moment(row, '交易时间')
  const state = row.get('交易状态')
  switch (state) {
    case 'SUCCESS': {
      const numbers = { ourNo: row.get('商户订单号'), providerNo: row.get('微信订单号') }
      const amountFen = positive(row, '订单金额')
      return [{ kind: 'charge', ...numbers, amountFen, at, feeFen: wholeFee(row) }]
    }
    case 'REFUND': {
      const status = row.get('退款状态')
      if (!REFUND_STATUSES.has(status)) refuse('layout', `退款状态 ${status} is not known`)
      if (status === 'FAIL') return []
      const numbers = { ourNo: row.get('商户退款单号'), providerNo: row.get('微信退款单号') }
      const amountFen = positive(row, '申请退款金额')
      return [{ kind: 'return', ...numbers, amountFen, at, feeFen: wholeFee(row) }]
    }
    case 'REVOKED':
      return []
    default:
      return refuse('layout', `交易状态 ${state} is not known`)
  }
}

function fundLine(row: Row): FundFlowLine {
  const direction = DIRECTIONS.get(row.get('收支类型'))
  return {
    at: moment(row, '记账时间'),
    providerNo: row.get('微信支付业务单号'),
    flowNo: row.get('资金流水单号'),
    ourNo: row.get('业务凭证号'),
    business: row.get('业务名称'),
    businessKind: row.get('业务类型'),
    direction: direction ?? refuse('layout', `收支类型 ${row.get('收支类型')} is not known`),
    amountFen: positive(row, '收支金额(元)'),
    balanceFen: yuan(row, '账户结余(元)'),
    submittedBy: row.get('资金变更提交申请人'),
    note: row.get('备注'),
  }
}

const DIRECTIONS: ReadonlyMap<string, 'income' | 'expense'> = new Map([
  ['收入', 'income'],
  ['支出', 'expense'],
])

function checkBalances(lines: readonly FundFlowLine[]): void {
  let before: FundFlowLine | null = null
  for (const line of lines) {
    const change = line.direction === 'income' ? line.amountFen : 0 - line.amountFen
    if (before !== null && before.balanceFen + change !== line.balanceFen) {
      refuse('sums', `账户结余 does not follow at ${line.flowNo}`)
    }
    before = line
  }
}

function checkCount({ totals }: Table, name: string, count: number): void {
  const text = totals.get(name)
  if (!/^\d{1,9}$/.test(text)) refuse('layout', `${name} is no number`)
  if (Number(text) !== count) refuse('truncated', `${name} is ${text}, the rows are ${count}`)
}

function checkSum({ rows, totals }: Table, column: string, total: string): void {
  const sum = rows.reduce((before, row) => before + BigInt(yuan(row, column)), 0n)
  if (sum !== BigInt(yuan(totals, total))) refuse('sums', `${total} differs from the rows`)
}

function checkTotal({ totals }: Table, total: string, lines: readonly FundFlowLine[]): Fen {
  const sum = lines.reduce((before, line) => before + BigInt(line.amountFen), 0n)
  const said = yuan(totals, total)
  if (sum !== BigInt(said)) refuse('sums', `${total} differs from the rows`)
  return said
}

const yuan = (row: Row, name: string): Fen =>
  parseYuan(row.get(name)) ?? refuse('layout', `${name} is no amount`)

function positive(row: Row, name: string): Fen {
  const amount = yuan(row, name)
  return amount > 0 ? amount : refuse('layout', `${name} is not above zero`)
}

const FEE_UNITS_PER_FEN = 1_000n

/** A fee in hundred-thousandths of a yuan, as the file has five decimals. */
function fee(row: Row, name: string): bigint {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,5}))?$/.exec(row.get(name))
  if (!match) return refuse('layout', `${name} is no fee`)
  const [, sign = '', whole = '', decimals = ''] = match
  return BigInt(`${sign}${whole}${decimals.padEnd(5, '0')}`)
}

/** Of one row, below zero when it is given back; null for parts of a fen, which only the total rounds. */
function wholeFee(row: Row): Fen | null {
  const units = fee(row, '手续费')
  return units % FEE_UNITS_PER_FEN === 0n ? roundFee(units) : null
}

function roundFee(units: bigint): Fen {
  const size = units < 0n ? -units : units
  const rounded = Number((size + FEE_UNITS_PER_FEN / 2n) / FEE_UNITS_PER_FEN)
  return fen(units < 0n && rounded !== 0 ? 0 - rounded : rounded)
}

function moment(row: Row, name: string): Date {
  const text = row.get(name)
  const [, date = '', time = ''] = /^(\S{10}) ((?:[01]\d|2[0-3])(?::[0-5]\d){2})$/.exec(text) ?? []
  return isBusinessDate(date) ? instantAt(date, time) : refuse('layout', `${name} is no time`)
}

/** Header, rows, header of the totals, totals: the headers plain, every other value behind a backtick. */
function readTable(text: string, layout: Layout): Table {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  const [header = '', ...rest] = lines
  const [totalsHeader, totals] = rest.slice(-2)
  if (
    totals === undefined ||
    !isData(totals) ||
    totalsHeader === undefined ||
    isData(totalsHeader)
  ) {
    return refuse('truncated', 'the totals at the end are missing')
  }
  const columns = readHeader(header, layout.columns)
  const totalColumns = readHeader(totalsHeader, layout.totals)
  if (valuesOf(totals).length !== totalColumns.size) {
    return refuse('truncated', 'the totals at the end are not whole')
  }
  const rows = rest.slice(0, -2)
  if (!rows.every(isData)) return refuse('layout', 'a line begins without a backtick')
  return {
    rows: rows.map((row) => toRow(row, columns)),
    totals: toRow(totals, totalColumns),
  }
}

function readHeader(line: string, wanted: readonly string[]): Map<string, number> {
  const names = line.split(',')
  const columns = new Map(names.map((name, i) => [name, i]))
  if (columns.size !== names.length) refuse('layout', 'a column stands twice')
  const missing = wanted.find((name) => !columns.has(name))
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

const isData = (line: string) => line.startsWith('`')

/** Split before the backticks, as a name may hold a comma. */
const valuesOf = (line: string) => line.slice(1).split(',`')

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

type Layout = { columns: readonly string[]; totals: readonly string[] }
type Table = { rows: Row[]; totals: Row }
/** A value by the name of its column. */
type Row = { get(name: string): string }
