import { isId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { isBusinessDate } from '../../../kernel/time.ts'
import type {
  CreditVisitId,
  Lender,
  LenderAnswer,
  LenderBill,
  None,
  Repaid,
  RepaymentOrder,
} from '../../../modules/credit/index.ts'
import { BillsData, momentOf, ok, readEnd, RepaidData, RepayCreatedData } from './answers.ts'
import type { Ask } from './client.ts'
import { hospitalIdOf } from './hospitals.ts'
import { fieldsOf } from './lines.ts'
import type { GatewayParams } from './params.ts'

type BillVerbs = Pick<Lender, 'bills' | 'createRepayment' | 'payRepayment' | 'queryRepayment'>

/** What is owed, and its repayment: announced first, then taken from the person's account at the bank. */
export const createBills = (ask: Ask, params: GatewayParams): BillVerbs => ({
  bills: (call, holder) =>
    ask<LenderAnswer<LenderBill[]>>(call, {
      service: 'loan.bill.query',
      ...fieldsOf(holder),
      read(data) {
        if (!BillsData.Check(data) || data.accountNo !== holder.accountNo) return null
        const bills = data.billList.map((bill) => readBill(bill, params))
        const read = bills.filter((bill) => bill !== null)
        return read.length === bills.length ? ok(read) : null
      },
    }),
  createRepayment: (call, order) =>
    ask<LenderAnswer<{ amountFen: Repaid['amountFen']; lenderNo: string }>>(call, {
      service: 'loan.repay.create',
      ...fieldsOf(order.holder, {
        repayNo: order.repaymentNo,
        status: SCOPES[order.scope],
        ...aboutOf(order),
        repaymentAmt: String(order.amountFen),
      }),
      read: (data) =>
        RepayCreatedData.Check(data) && data.repayNo === order.repaymentNo
          ? ok({ amountFen: fen(data.repaymentAmt), lenderNo: data.repayBillNo })
          : null,
    }),
  payRepayment: (call, order) =>
    ask<LenderAnswer<Repaid>>(call, {
      service: 'loan.repay.pay',
      fields: {
        repayNo: order.repaymentNo,
        tradeMode: FROM_ACCOUNT,
        outTradeNo: order.repaymentNo,
        cash: String(order.amountFen),
      },
      read: (data) => readRepaid(data, order),
    }),
  queryRepayment: (call, order) =>
    ask<LenderAnswer<Repaid> | None>(call, {
      service: 'loan.repay.query',
      fields: { repayNo: order.repaymentNo, closeIfAbsent: '1' },
      read: (data) => readEnd(data) ?? readRepaid(data, order),
    }),
})

const SCOPES: Record<RepaymentOrder['scope'], string> = { partial: '0', full: '1', remaining: '2' }

/** 银行卡: of the gateway's ways to pay, the debit of an account. */
const FROM_ACCOUNT = 'DB'

const aboutOf = ({ about }: RepaymentOrder): Record<string, string> => {
  if (about === null) return {}
  return 'visitId' in about ? { visitNo: about.visitId } : { transNo: about.drawNo }
}

type BillRow = {
  billNo: string
  visitNo: string
  hospCode: string
  billAmt: number
  leftAmt: number
  dueDate: string
  overdueDays: number
}

/** Null for a bill of nobody's visit, or of a hospital we do not know: the list is then not believed at all. */
function readBill(row: BillRow, params: GatewayParams): LenderBill | null {
  const careHospitalId = hospitalIdOf(params, row.hospCode)
  const isOfVisit = row.visitNo !== ''
  if (careHospitalId === null || (isOfVisit && !isId(row.visitNo))) return null
  if (row.dueDate !== '' && !isBusinessDate(row.dueDate)) return null
  return {
    billNo: row.billNo,
    visitId: isOfVisit ? (row.visitNo as CreditVisitId) : null,
    careHospitalId,
    principalFen: fen(row.billAmt),
    outstandingFen: fen(row.leftAmt),
    dueOn: isBusinessDate(row.dueDate) ? row.dueDate : null,
    overdueDays: row.overdueDays,
  }
}

function readRepaid(data: unknown, order: RepaymentOrder): LenderAnswer<Repaid> | null {
  if (!RepaidData.Check(data) || data.repayNo !== order.repaymentNo) return null
  const at = momentOf(data.payTime)
  if (at === null || data.cash !== order.amountFen) return null
  return ok({ lenderNo: data.payFlowId, amountFen: fen(data.cash), at })
}
