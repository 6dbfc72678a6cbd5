// Writes bills as WeChat's document lays them out, without any code of the reader.

export type BillRow = {
  state: 'SUCCESS' | 'REFUND' | 'REVOKED'
  time: string
  transactionId: string
  tradeNo: string
  refundId?: string
  refundNo?: string
  refundStatus?: string
  /** 订单金额 of a payment, 申请退款金额 of a refund; of it, `couponFen` was WeChat's own money. */
  amountFen: number
  couponFen?: number
  feeUnits: number // hundred-thousandths of a yuan
  product?: string
}

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const TOTALS_HEADER =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

type Options = { eol?: string; bom?: boolean; mchid?: string; totals?: Record<string, string> }

export function tradeBill(rows: readonly BillRow[], options: Options = {}): string {
  const { eol = '\r\n', bom = false, mchid = '1900000109', totals = {} } = options
  const paid = rows.filter((row) => row.state !== 'REFUND')
  const refunds = rows.filter((row) => row.state === 'REFUND')
  const sum = (list: readonly BillRow[], of: (row: BillRow) => number) =>
    list.reduce((total, row) => total + of(row), 0)
  const net = (row: BillRow) => row.amountFen - (row.couponFen ?? 0)
  const values = {
    总交易单数: String(rows.length),
    应结订单总金额: yuan(sum(paid, net)),
    退款总金额: yuan(sum(refunds, net)),
    充值券退款总金额: yuan(sum(refunds, (row) => row.couponFen ?? 0)),
    手续费总金额: fee(sum(rows, (row) => row.feeUnits)),
    订单总金额: yuan(sum(paid, (row) => row.amountFen)),
    申请退款总金额: yuan(sum(refunds, (row) => row.amountFen)),
    ...totals,
  }
  const lines = [HEADER, ...rows.map((row) => data(tradeValues(row, mchid)))]
  lines.push(TOTALS_HEADER, data(Object.values(values)))
  return `${bom ? '\uFEFF' : ''}${lines.join(eol)}${eol}`
}

function tradeValues(row: BillRow, mchid: string): string[] {
  const net = yuan(row.amountFen - (row.couponFen ?? 0))
  const coupon = yuan(row.couponFen ?? 0)
  const isRefund = row.state === 'REFUND'
  return [
    row.time,
    'wx8888888888888888',
    mchid,
    '0',
    '',
    row.transactionId,
    row.tradeNo,
    'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    'JSAPI',
    row.state,
    'OTHERS',
    'CNY',
    ...(isRefund ? ['0.00', '0.00'] : [net, coupon]),
    row.refundId ?? '0',
    row.refundNo ?? '0',
    ...(isRefund ? [net, coupon, 'ORIGINAL'] : ['0.00', '0.00', '']),
    row.refundStatus ?? '',
    row.product ?? '门诊缴费',
    '',
    fee(row.feeUnits),
    '0.60%',
    ...(isRefund ? ['0.00', yuan(row.amountFen)] : [yuan(row.amountFen), '0.00']),
    '',
  ]
}

export type FlowRow = {
  time: string
  flowNo: string
  ourNo: string
  income: boolean
  amountFen: number
  balanceFen: number
}

const FUND_HEADER =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'
const FUND_TOTALS_HEADER = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额'

export function fundBill(rows: readonly FlowRow[], totals: Record<string, string> = {}): string {
  const incomes = rows.filter((row) => row.income)
  const expenses = rows.filter((row) => !row.income)
  const sum = (list: readonly FlowRow[]) => list.reduce((total, row) => total + row.amountFen, 0)
  const values = {
    资金流水总笔数: String(rows.length),
    收入笔数: String(incomes.length),
    收入金额: yuan(sum(incomes)),
    支出笔数: String(expenses.length),
    支出金额: yuan(sum(expenses)),
    ...totals,
  }
  const lines = rows.map((row) => data(fundValues(row)))
  return [FUND_HEADER, ...lines, FUND_TOTALS_HEADER, data(Object.values(values)), ''].join('\n')
}

const fundValues = (row: FlowRow) => [
  row.time,
  `42${row.flowNo}`,
  row.flowNo,
  row.income ? '交易' : '退款',
  row.income ? '交易收款' : '退款',
  row.income ? '收入' : '支出',
  yuan(row.amountFen),
  yuan(row.balanceFen),
  'system',
  '结算总金额,含手续费',
  row.ourNo,
]

const data = (values: readonly string[]) => values.map((value) => `\`${value}`).join(',')

const decimal = (units: number, places: number) => {
  const digits = String(Math.abs(units)).padStart(places + 1, '0')
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}
const yuan = (amountFen: number) => decimal(amountFen, 2)
const fee = (units: number) => decimal(units, 5)
