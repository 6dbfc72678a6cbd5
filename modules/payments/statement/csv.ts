import { addFen, type Fen, minFen, negateFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type { PartKind } from '../money.ts'
import { kindsIn, type Source, type SourceAmounts } from './amounts.ts'
import { type CsvCell, csvText } from './csv-text.ts'
import type { StatementBill, StatementItem, StatementRefund, StatementState } from './statement.ts'

/**
 * The statement as a table for people and spreadsheets, in Chinese: a row for each bill with what was paid for it,
 * and a row for each refund with what came back, below zero. Every column of amounts adds up to the statement's
 * totals: the paid rows to `paidFen`, all rows to `netFen`. Amounts in yuan.
 */
export function statementCsv(items: readonly StatementItem[]): string {
  const rows = items.flatMap((item) => [
    ...dealtOut(item).map(({ bill, sources }) => billRow(item, bill, sources)),
    ...item.refunds.map((refund) => refundRow(item, refund)),
  ])
  const kinds = kindsIn(items.flatMap(({ sources }) => sources))
  return csvText([
    headsOf(kinds).map((text) => ({ text })),
    ...rows.map((row) => cellsOf(row, kinds)),
  ])
}

type Portion = Source & { amountFen: Fen }

type Row = {
  item: StatementItem
  kind: '缴费' | '退款'
  at: Date
  billNo: string
  title: string
  receiptNo: string | null
  portions: readonly Portion[]
  note: string
}

const billRow = (
  item: StatementItem,
  { billNo, title, receiptNo }: StatementBill,
  portions: readonly Portion[],
): Row => ({ item, kind: '缴费', at: item.paidAt, billNo, title, receiptNo, portions, note: '' })

function refundRow(item: StatementItem, refund: StatementRefund): Row {
  const bills = item.bills.filter(
    ({ billNo }) => refund.billNo === null || billNo === refund.billNo,
  )
  return {
    item,
    kind: '退款',
    at: refund.at,
    billNo: bills.map(({ billNo }) => billNo).join(' '),
    title: bills.map(({ title }) => title).join(' '),
    receiptNo: refund.receiptNo,
    portions: refund.sources.map((source) => ({
      ...source,
      amountFen: negateFen(source.amountFen),
    })),
    note: refund.reason,
  }
}

/**
 * What each source paid, dealt out to the bills in order, so that each bill is filled to its total: as the hospital
 * is told. Should more have been taken than the bills come to, the last one shows it.
 */
function dealtOut({
  bills,
  sources,
}: StatementItem): { bill: StatementBill; sources: Portion[] }[] {
  const left = sources.map(({ provider, part, paidFen }: SourceAmounts) => ({
    provider,
    part,
    amountFen: paidFen,
  }))
  return bills.map((bill, i) => {
    const isLast = i === bills.length - 1
    let openFen = bill.totalFen
    const portions = left.map((source): Portion => {
      const amountFen = isLast ? source.amountFen : minFen(openFen, source.amountFen)
      source.amountFen = subtractFen(source.amountFen, amountFen)
      openFen = subtractFen(openFen, amountFen)
      return { provider: source.provider, part: source.part, amountFen }
    })
    return { bill, sources: portions }
  })
}

const HEAD_OF_PART: Record<PartKind, string> = {
  pooled: '医保基金(元)',
  account: '个人账户(元)',
  commercial: '商业保险(元)',
  subsidy: '补助(元)',
  voucher: '代金券(元)',
  package: '慢病包(元)',
  deposit: '预交金(元)',
  credit: '信用付(元)',
  self_pay: '个人现金(元)',
}

const headsOf = (kinds: readonly PartKind[]): string[] => [
  '医院',
  '缴费单号',
  '就诊号',
  '类别',
  '时间',
  '账单号',
  '项目',
  '医院收据号',
  '合计(元)',
  ...kinds.map((part) => HEAD_OF_PART[part]),
  '现金渠道',
  '支付状态',
  '说明',
]

function cellsOf(row: Row, kinds: readonly PartKind[]): CsvCell[] {
  const { item, kind, at, billNo, title, receiptNo, portions, note } = row
  const sum = (wanted: readonly Portion[]): Fen =>
    addFen(ZERO, ...wanted.map(({ amountFen }) => amountFen))
  const ofPart = (part: PartKind) => portions.filter((portion) => portion.part === part)
  const payers = ofPart('self_pay').filter(({ amountFen }) => amountFen !== 0)
  return [
    { text: item.hospitalName },
    { id: item.paymentNo },
    { id: item.visitNo },
    { text: kind },
    { text: toShanghaiText(at) },
    { id: billNo },
    { text: title },
    { id: receiptNo },
    { fen: sum(portions) },
    ...kinds.map((part) => ({ fen: sum(ofPart(part)) })),
    { text: payers.map(({ provider }) => NAME_OF_CHANNEL[provider] ?? provider).join(' ') },
    { text: WORD_OF_STATE[item.state] },
    { text: note },
  ]
}

/** The payer's pages' words for a channel; one without is called as the hospital calls its connection. */
export const NAME_OF_CHANNEL: Record<string, string> = {
  wechat: '微信支付',
  alipay: '支付宝',
  unionpay: '云闪付',
  bank: '银行卡',
  digital_rmb: '数字人民币',
}

/** The words of the payer's pages for the same states. */
export const WORD_OF_STATE: Record<StatementState, string> = {
  processing: '支付处理中',
  confirming: '已付款，医院确认中',
  succeeded: '支付成功',
  returning: '正在原路退回',
  returned: '已原路退回',
  part_refunded: '部分退款',
  refunded: '已全部退款',
}
