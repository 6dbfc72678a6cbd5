import { addFen, type Fen, negateFen, toYuanText, ZERO } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, toShanghaiText } from '../../../kernel/time.ts'
import type { App } from './context.ts'
import type { Refund } from './refund.ts'
import type { Trade } from './trade.ts'

export type BillFacts = {
  app: App
  date: BusinessDate
  madeAt: Date
  trades: readonly Trade[]
  refunds: readonly { refund: Refund; trade: Trade }[]
}

/** The details of a day's bill as text. Source: the reference, section 5. */
export function detailsText({ app, date, madeAt, trades, refunds }: BillFacts): string {
  const rows = [...trades.map(tradeRow), ...refunds.map(refundRow)]
  const sorted = rows.sort((a, b) => a.at.getTime() - b.at.getTime())
  const paid = addFen(...trades.map((trade) => trade.totalFen))
  const returned = negateFen(addFen(...refunds.map(({ refund }) => refund.amountFen)))
  return [
    '#支付宝业务明细查询',
    `#账号：[${app.sellerId}0156]`,
    daysLine(date),
    `#${'-'.repeat(41)}业务明细列表${'-'.repeat(40)}`,
    COLUMNS.join(','),
    ...sorted.map((row) => row.cells.join(',')),
    `#${'-'.repeat(41)}业务明细列表结束${'-'.repeat(36)}`,
    `#交易合计：${trades.length}笔，商家实收共${toYuanText(paid)}元，商家优惠共0.00元`,
    `#退款合计：${refunds.length}笔，商家实收退款共${toYuanText(returned)}元，商家优惠退款共0.00元`,
    `#导出时间：[${chineseTime(madeAt)}]`,
    '',
  ].join('\r\n')
}

/** What the second file of the archive says: one line for all. */
export function summaryText({ app, date, madeAt, trades, refunds }: BillFacts): string {
  const amounts = [
    ...trades.map((trade) => trade.totalFen),
    ...refunds.map(({ refund }) => negateFen(refund.amountFen)),
  ]
  const fees = [
    ...trades.map((trade) => negateFen(trade.feeFen ?? ZERO)),
    ...refunds.map(({ refund }) => refund.feeFen),
  ]
  const [total, fee] = [addFen(...amounts), addFen(...fees)]
  const cells = [
    trades.length,
    refunds.length,
    ...[total, total, fee, addFen(total, fee)].map(toYuanText),
  ]
  return [
    '#支付宝业务汇总查询',
    `#账号：[${app.sellerId}0156]`,
    daysLine(date),
    `#${'-'.repeat(41)}业务汇总列表${'-'.repeat(40)}`,
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,服务费（元）,实收净额（元）',
    `合计,,${cells.join(',')}`,
    `#${'-'.repeat(41)}业务汇总列表结束${'-'.repeat(36)}`,
    `#导出时间：[${chineseTime(madeAt)}]`,
    '',
  ].join('\r\n')
}

const COLUMNS = [
  '支付宝交易号',
  '商户订单号',
  '业务类型',
  '商品名称',
  '创建时间',
  '完成时间',
  '门店编号',
  '门店名称',
  '操作员',
  '终端号',
  '对方账户',
  '订单金额（元）',
  '商家实收（元）',
  '支付宝红包（元）',
  '集分宝（元）',
  '支付宝优惠（元）',
  '商家优惠（元）',
  '券核销金额（元）',
  '券名称',
  '商家红包消费金额（元）',
  '卡消费金额（元）',
  '退款批次号/请求号',
  '服务费（元）',
  '分润（元）',
  '备注',
]

type BillRow = { at: Date; cells: string[] }

function tradeRow(trade: Trade): BillRow {
  const at = trade.paidAt ?? trade.createdAt
  const fee = negateFen(trade.feeFen ?? ZERO)
  return { at, cells: cellsOf(trade, '交易', at, trade.totalFen, '', fee, '') }
}

function refundRow({ refund, trade }: { refund: Refund; trade: Trade }): BillRow {
  const { at, outRequestNo, feeFen, reason } = refund
  const amount = negateFen(refund.amountFen)
  return { at, cells: cellsOf(trade, '退款', at, amount, outRequestNo, feeFen, reason) }
}

function cellsOf(
  trade: Trade,
  kind: string,
  at: Date,
  amountFen: Fen,
  requestNo: string,
  feeFen: Fen,
  note: string,
): string[] {
  const amount = toYuanText(amountFen)
  const clean = (text: string) => text.replace(/[,\p{Cc}]/gu, ' ')
  return [
    `${trade.tradeNo ?? ''}\t`,
    `${trade.outTradeNo}\t`,
    `${kind}\t`,
    clean(trade.subject),
    toShanghaiText(trade.createdAt),
    toShanghaiText(at),
    '\t',
    '\t',
    '\t',
    '\t',
    '*芳(138****00)\t',
    amount,
    amount,
    '0.00',
    '0.00',
    '0.00',
    '0.00',
    '0.00',
    '',
    '0.00\t',
    '0.00',
    `${requestNo}\t`,
    toYuanText(feeFen),
    '0.00',
    clean(note),
  ]
}

const daysLine = (date: BusinessDate): string => {
  const [from, until] = [date, addDays(date, 1)].map((day) => chineseDay(day))
  return `#起始日期：[${from} 00:00:00]   终止日期：[${until} 00:00:00]`
}

const chineseDay = (date: string): string => {
  const [year, month, day] = date.split('-')
  return `${year}年${month}月${day}日`
}

function chineseTime(instant: Date): string {
  const [date = '', time = ''] = toShanghaiText(instant).split(' ')
  return `${chineseDay(date)} ${time}`
}
