import { addFen, type Fen, fen, toYuanText } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import { type BillDay, billText } from './bill-text.ts'
import { merchantAccount } from './books.ts'
import type { Context, Merchant } from './context.ts'

/**
 * Every movement of a merchant's balance in a day, as booked: each 账户结余 is the one before it
 * plus or minus the line's amount.
 *
 * Shape: the whole file as text; null when nothing moved.
 * Units: yuan with two decimals.
 * Source: the reference, section 5.
 */
export function fundFlowBill(context: Context, merchant: Merchant, day: BillDay): string | null {
  const lines = context.store.all<FlowLine>(
    `select line.id, at_ms, business_no, voucher_no, applicant, note, amount_fen, balance_fen, title
     from line join entry on entry.id = entry_id
     where account = ? and at_ms >= ? and at_ms < ? order by line.id`,
    [merchantAccount(merchant.mchid), day.from.getTime(), day.until.getTime()],
  )
  if (lines.length === 0) return null
  return billText({
    columns: COLUMNS,
    rows: lines.map((line) => fieldsOf(line, merchant)),
    summaryColumns: SUMMARY_COLUMNS,
    summary: summaryOf(lines.map((line) => fen(line.amount_fen))),
  })
}

const COLUMNS = [
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
]

const fieldsOf = (line: FlowLine, { mchid }: Merchant): string[] => [
  toShanghaiText(new Date(line.at_ms)),
  line.business_no,
  `${mchid}${String(line.id).padStart(18, '0')}`,
  BUSINESS_NAME_OF[line.title] ?? line.title,
  line.title,
  line.amount_fen > 0 ? '收入' : '支出',
  toYuanText(fen(Math.abs(line.amount_fen))),
  toYuanText(fen(line.balance_fen)),
  line.applicant,
  line.note,
  line.voucher_no,
]

const BUSINESS_NAME_OF: Record<string, string> = {
  扣除交易手续费: '交易',
  退还交易手续费: '退款',
}

const SUMMARY_COLUMNS = ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额']

function summaryOf(amounts: Fen[]): string[] {
  const income = amounts.filter((amount) => amount > 0)
  const expense = amounts.filter((amount) => amount < 0)
  const sum = (list: Fen[]) => toYuanText(fen(Math.abs(addFen(...list))))
  return [
    String(amounts.length),
    String(income.length),
    sum(income),
    String(expense.length),
    sum(expense),
  ]
}

type FlowLine = {
  id: number
  at_ms: number
  business_no: string
  voucher_no: string
  applicant: string
  note: string
  amount_fen: number
  balance_fen: number
  title: string
}
