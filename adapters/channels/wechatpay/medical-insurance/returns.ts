import { addFen, type Fen } from '../../../../kernel/money.ts'
import type { ProviderCall, RefundAnswer } from '../../../../modules/payments/index.ts'
import type { Client } from '../client.ts'
import type { Unknown } from '../exchange.ts'
import type { createRefunds, ReturnOrder } from '../refunds.ts'
import { refusalOf } from '../translation.ts'
import { insuredFen } from './amounts.ts'
import { checkOrder, invalid, type MedicalInsuranceOrder } from './order.ts'
import { REFUND_NOTICE_REFUSALS } from './refusals.ts'
import { type InsuranceReturn, refundNoticeRequest } from './request.ts'

/** What goes back of the cash part. `refundNo` is the same as of the insurance's return, where there is one. */
export type CashReturn = {
  order: MedicalInsuranceOrder
  refundNo: string
  amountFen: Fen
  reason: string
}

export type InsuranceReturnAnswer =
  | { outcome: 'told' }
  | { outcome: 'declined'; code: string; reason: string }
  | Unknown

/** Each part of a mixed order goes back by its own way: the cash through WeChat, the rest through the bureau. */
export function createReturns(refunds: ReturnType<typeof createRefunds>, client: Client) {
  return {
    refundCash: (call: ProviderCall, given: CashReturn): Promise<RefundAnswer> => {
      checkCashReturn(given)
      return refunds.refund(call, cashRefundOf(given))
    },
    queryCashRefund: (call: ProviderCall, given: CashReturn) =>
      refunds.queryRefund(call, cashRefundOf(given)),
    tellInsuranceReturn,
  }

  /** Here the merchant notifies WeChat, and not the other way: it is told again until it was heard. */
  async function tellInsuranceReturn(
    call: ProviderCall,
    order: MedicalInsuranceOrder,
    given: InsuranceReturn,
  ): Promise<InsuranceReturnAnswer> {
    checkInsuranceReturn(order, given)
    return client.ask(call, refundNoticeRequest(given), (reply) =>
      reply.status === 200 || reply.status === 204
        ? ({ outcome: 'told' } as const)
        : refusalOf(REFUND_NOTICE_REFUSALS, reply),
    )
  }
}

const cashRefundOf = ({ order, refundNo, amountFen, reason }: CashReturn): ReturnOrder => ({
  charge: { tradeNo: order.tradeNo, amountFen: order.amounts.cashFen },
  chargeProviderNo: null,
  refundNo,
  amountFen,
  reason,
})

const REFUND_NO = /^[0-9A-Za-z_|*@-]{1,64}$/

function checkCashReturn({ order, refundNo, amountFen }: CashReturn): void {
  checkOrder(order)
  if (!REFUND_NO.test(refundNo)) throw invalid('/refundNo', 'must have 1 to 64 letters and digits')
  if (amountFen <= 0 || amountFen > order.amounts.cashFen) {
    throw invalid('/amountFen', 'must be above zero and not above the cash part')
  }
}

function checkInsuranceReturn(order: MedicalInsuranceOrder, given: InsuranceReturn): void {
  checkOrder(order)
  if (!REFUND_NO.test(given.refundNo)) {
    throw invalid('/refundNo', 'must have 1 to 64 letters and digits')
  }
  for (const name of ['fundFen', 'accountFen', 'otherFen'] as const) {
    if (given[name] < 0 || given[name] > order.amounts[name]) {
      throw invalid(`/${name}`, 'must be zero or more and not above what was paid')
    }
  }
  if (given.totalFen <= 0) throw invalid('/totalFen', 'must be above zero')
  if (given.totalFen !== addFen(insuredFen(given))) {
    throw invalid('/totalFen', 'must be the sum of its parts')
  }
}
