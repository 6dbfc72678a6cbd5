import { zipSync } from 'fflate'
import iconv from 'iconv-lite'

// Writes bills as Alipay's own files are laid out, without any code of the reader.

export type BillRow = {
  kind: '交易' | '退款'
  time: string
  alipayNo: string
  tradeNo: string
  refundNo?: string
  amount: string // signed and with two decimals, as it stands
  discount?: string // 商家优惠
  received?: string // 商家实收, when it is not the amount
  fee?: string
  product?: string
}

export type BillParts = {
  account?: string
  from?: string
  until?: string
  header?: string
  chargeTotal?: string
  returnTotal?: string
  eol?: string
}

export const HEADER =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'

export function billText(rows: readonly BillRow[], parts: BillParts = {}): string {
  const { account = '20880211096256330156', eol = '\r\n', header = HEADER } = parts
  const { from = '2026年11月21日', until = '2026年11月22日' } = parts
  const ofKind = (kind: BillRow['kind']) => rows.filter((row) => row.kind === kind)
  const [charges, returns] = [ofKind('交易'), ofKind('退款')]
  return [
    '#支付宝业务明细查询',
    `#账号：[${account}]`,
    `#起始日期：[${from} 00:00:00]   终止日期：[${until} 00:00:00]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    header,
    ...rows.map(rowText),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    parts.chargeTotal ??
      `#交易合计：${charges.length}笔，商家实收共${sum(charges, received)}元，商家优惠共${sum(charges, discount)}元`,
    parts.returnTotal ??
      `#退款合计：${returns.length}笔，商家实收退款共${sum(returns, received)}元，商家优惠退款共${sum(returns, discount)}元`,
    '#导出时间：[2026年11月22日 05:46:49]',
    '',
  ].join(eol)
}

const received = (row: BillRow) => row.received ?? row.amount
const discount = (row: BillRow) => row.discount ?? '0.00'

function rowText(row: BillRow): string {
  const { kind, time, alipayNo, tradeNo, refundNo = '', amount, fee = '0.00' } = row
  const names = [`${alipayNo}\t`, `${tradeNo}\t`, `${kind}\t`, row.product ?? '门诊缴费']
  const shop = ['2026-11-21 10:00:00', time, '\t', '\t', '\t', '\t', '*芳(138****00)\t']
  const amounts = [amount, received(row), '0.00', '0.00', '0.00', discount(row), '0.00', '']
  return [...names, ...shop, ...amounts, '0.00\t', '0.00', `${refundNo}\t`, fee, '0.00', ''].join(
    ',',
  )
}

function sum(rows: readonly BillRow[], of: (row: BillRow) => string): string {
  const cents = rows.reduce((total, row) => total + Number(of(row).replace('.', '')), 0)
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export const gbk = (text: string): Buffer => iconv.encode(text, 'gbk')

export const NAMES = {
  details: gbk('20880211096256330156_20261121_业务明细.csv'),
  summary: gbk('20880211096256330156_20261121_业务明细(汇总).csv'),
}

/** An archive by a library that cannot write such names: they are put into it afterwards. */
export function zipOf(files: readonly [name: Buffer, content: Buffer][]): Buffer {
  const placeholder = ({ length }: Buffer, i: number) => String(i).padEnd(length, '_')
  const entries = files.map(([name, content], i) => [placeholder(name, i), new Uint8Array(content)])
  const zip = Buffer.from(zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>))
  for (const [i, [name]] of files.entries()) {
    const wanted = Buffer.from(placeholder(name, i))
    for (let at = zip.indexOf(wanted); at !== -1; at = zip.indexOf(wanted, at + 1))
      name.copy(zip, at)
  }
  return zip
}

export const billZip = (details: Buffer): Buffer =>
  zipOf([
    [NAMES.details, details],
    [NAMES.summary, gbk('#支付宝业务汇总查询\r\n')],
  ])
