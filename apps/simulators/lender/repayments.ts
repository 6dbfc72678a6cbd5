import { assert } from '../../../kernel/assert.ts'
import {
  addFen,
  type Fen,
  fen,
  minFen,
  negateFen,
  subtractFen,
  ZERO,
} from '../../../kernel/money.ts'
import { type Bill, billOf, findBillAbout, owedBills, owedFenOf, payBill } from './bills.ts'
import { INTEREST, LOANS, post } from './books.ts'
import { type Context, newNumber, nowMs, Refusal } from './context.ts'
import { accountOf, customerOf, moneyOf } from './customers.ts'
import { type CreditLine, findLine } from './lines.ts'

export type RepaymentScope = 'partial' | 'full' | 'remaining'

export type Repayment = {
  repayBillNo: string
  partner: string | null
  repayNo: string | null
  accountNo: string
  /** 'debit': the bank's own, of a bill that is due. */
  scope: RepaymentScope | 'debit'
  billNo: string | null
  amountFen: Fen
  /** created ──pay──▶ paid, or failed for good; created ──asked about──▶ closed. */
  state: 'created' | 'paid' | 'failed' | 'closed'
  payFlowId: string | null
  paidAt: Date | null
}

export type NewRepayment = {
  partner: string
  repayNo: string
  line: CreditLine
  scope: RepaymentScope
  about: { visitNo: string } | { transNo: string } | null
  amountFen: Fen
}

/** Announces a repayment: nothing is taken yet. Throws 'no_such_number', or 'amount_wrong' when it comes otherwise. */
export function createRepayment(context: Context, order: NewRepayment): Repayment {
  const { partner, repayNo, line, scope, about, amountFen } = order
  const bill = about && findBillAbout(context, line.accountNo, about)
  if (about && !bill) throw new Refusal('no_such_number', '无此账单')
  const billNo = bill ? bill.billNo : null
  checkAmount(context, { accountNo: line.accountNo, scope, billNo, amountFen })
  const repayBillNo = newNumber(context, 'LR')
  context.store.run(
    `insert into repayment (repay_bill_no, partner, repay_no, account_no, scope, bill_no, amount_fen,
       state)
     values (?, ?, ?, ?, ?, ?, ?, 'created')`,
    [repayBillNo, partner, repayNo, line.accountNo, scope, billNo, amountFen],
  )
  return repaymentOf(context, repayBillNo)
}

/**
 * Takes what was announced from the person's account. Throws 'closed', 'amount_wrong' when it has come otherwise since,
 * and 'no_money'.
 */
export function payRepayment(context: Context, repayment: Repayment): Repayment {
  if (repayment.state === 'closed') throw new Refusal('closed', '该还款已关闭')
  checkAmount(context, repayment)
  const line = findLine(context, repayment.accountNo)
  assert(line, 'a repayment is of a line')
  if (moneyOf(context, customerOf(context, line.idCardNo)) < repayment.amountFen) {
    throw new Refusal('no_money', '账户余额不足')
  }
  take(context, repayment, line)
  return repaymentOf(context, repayment.repayBillNo)
}

/** The bank's own debit of a bill that is due: as much as the account has. Returns whether it took anything. */
export function debitBill(context: Context, bill: Bill): boolean {
  const line = findLine(context, bill.accountNo)
  assert(line, 'a bill is of a line')
  const amountFen = minFen(owedFenOf(bill), moneyOf(context, customerOf(context, line.idCardNo)))
  if (amountFen <= 0) return false
  const repayBillNo = newNumber(context, 'LD')
  context.store.run(
    `insert into repayment (repay_bill_no, account_no, scope, bill_no, amount_fen, state)
     values (?, ?, 'debit', ?, ?, 'created')`,
    [repayBillNo, bill.accountNo, bill.billNo, amountFen],
  )
  take(context, repaymentOf(context, repayBillNo), line)
  return true
}

/** What comes of a repayment that was not taken. */
export const endRepayment = (
  { store }: Context,
  { repayBillNo }: Repayment,
  state: 'failed' | 'closed',
): void => store.run('update repayment set state = ? where repay_bill_no = ?', [state, repayBillNo])

function checkAmount(
  context: Context,
  {
    accountNo,
    scope,
    billNo,
    amountFen,
  }: Pick<Repayment, 'accountNo' | 'scope' | 'billNo' | 'amountFen'>,
): void {
  const bills = billNo === null ? owedBills(context, accountNo) : [billOf(context, billNo)]
  const owedFen = addFen(...bills.map(owedFenOf))
  const isRight = scope === 'partial' ? amountFen <= owedFen : amountFen === owedFen
  if (!isRight) throw new Refusal('amount_wrong', `应还金额为${owedFen}分`)
}

/** Of all bills, the earliest due are paid first. */
function take(context: Context, repayment: Repayment, line: CreditLine): void {
  const { repayBillNo, billNo, amountFen } = repayment
  const bills = billNo === null ? owedBills(context, line.accountNo) : [billOf(context, billNo)]
  let [leftFen, principalFen, interestFen] = [amountFen, ZERO, ZERO]
  for (const bill of bills) {
    const shareFen = minFen(leftFen, owedFenOf(bill))
    const paid = payBill(context, bill, shareFen)
    leftFen = subtractFen(leftFen, shareFen)
    principalFen = addFen(principalFen, paid.principalFen)
    interestFen = addFen(interestFen, paid.interestFen)
  }
  assert(leftFen === 0, 'no more is taken than is owed')
  const payFlowId = newNumber(context, 'LP')
  context.store.run(
    `update repayment set state = 'paid', principal_fen = ?, interest_fen = ?, pay_flow_id = ?,
       paid_ms = ? where repay_bill_no = ?`,
    [principalFen, interestFen, payFlowId, nowMs(context), repayBillNo],
  )
  const { bankAccount } = customerOf(context, line.idCardNo)
  post(context, payFlowId, [
    [accountOf(bankAccount), amountFen],
    [LOANS, negateFen(principalFen)],
    [INTEREST, negateFen(interestFen)],
  ])
}

export function findRepayment(
  { store }: Context,
  { partner, repayNo }: { partner: string; repayNo: string },
): Repayment | null {
  const row = store.get<RepaymentRow>(
    'select * from repayment where partner = ? and repay_no = ?',
    [partner, repayNo],
  )
  return row && toRepayment(row)
}

export const allRepayments = ({ store }: Context): Repayment[] =>
  store.all<RepaymentRow>('select * from repayment order by repay_bill_no').map(toRepayment)

function repaymentOf({ store }: Context, repayBillNo: string): Repayment {
  const row = store.get<RepaymentRow>('select * from repayment where repay_bill_no = ?', [
    repayBillNo,
  ])
  assert(row, `repayment ${repayBillNo} is there`)
  return toRepayment(row)
}

type RepaymentRow = {
  repay_bill_no: string
  partner: string | null
  repay_no: string | null
  account_no: string
  scope: Repayment['scope']
  bill_no: string | null
  amount_fen: number
  state: Repayment['state']
  pay_flow_id: string | null
  paid_ms: number | null
}

const toRepayment = (row: RepaymentRow): Repayment => ({
  repayBillNo: row.repay_bill_no,
  partner: row.partner,
  repayNo: row.repay_no,
  accountNo: row.account_no,
  scope: row.scope,
  billNo: row.bill_no,
  amountFen: fen(row.amount_fen),
  state: row.state,
  payFlowId: row.pay_flow_id,
  paidAt: row.paid_ms === null ? null : new Date(row.paid_ms),
})
