import { findBill } from '../../bill-rows.ts'
import type { His } from '../../context.ts'
import { refundOnce } from '../../pay-once.ts'
import { type Answer, type Bill, done, MAX_ITEMS, refusal } from '../../protocol.ts'
import { receiptOfPayment } from '../../receipts.ts'
import { approveRefund, billNoOfRefund, cancelRefund } from '../../refunds.ts'
import { getRegistration } from '../../registrations.ts'
import { fenAmount, list, moment, oneOf, optional, text, wholeNumber } from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { billKey } from './registration.ts'

/** Money that goes back: of a place at a clinic at once, of a bill after the hospital was asked. */
export const refundServices: Record<string, Service> = {
  returnPay: service({
    shape: {
      orderId: text(32),
      refundId: text(32),
      returnAmout: fenAmount,
      returnTime: moment,
      returnReason: optional(text(200)),
    },
    operation: 'refunds.complete',
    key: billKey,
    run: returnPay,
  }),
  applyRefund: service({
    shape: {
      hospitalId: text(20),
      methodCode: oneOf('applyRefund001', 'applyRefund002', 'applyRefund003'),
      orderId: text(32),
      refundId: text(32),
      refundAmout: fenAmount,
      refundTime: optional(moment),
      refundReason: text(200),
      orderDetailInfo: optional(list({ detailID: wholeNumber(MAX_ITEMS) }, MAX_ITEMS)),
    },
    operation: 'refunds.approve',
    key: ({ orderId }, his) => receiptOfPayment(his.store, orderId)?.billNo ?? 'unknown',
    run: applyRefund,
  }),
}

type ReturnPay = {
  orderId: string
  refundId: string
  returnAmout: number
  returnTime: Date
  returnReason: string | null
}

/** Tells that the fee of a cancelled order is back with the payer: all of it, at once. */
function returnPay(his: His, asked: ReturnPay): Answer {
  const { orderId, refundId, returnAmout, returnTime } = asked
  const registration = getRegistration(his, orderId)
  const bill = registration?.billNo ? findBill(his, registration.billNo) : null
  if (!registration || !bill || bill.paymentNo === null) {
    return refusal('REGISTRATION_NOT_FOUND', 'no paid order has this orderId')
  }
  if (registration.status !== 'cancelled') {
    return refusal('CANCEL_NOT_ALLOWED', 'cancelOrder comes first')
  }
  const approved = approveRefund(his, {
    refundNo: refundId,
    paymentNo: bill.paymentNo,
    billNo: bill.billNo,
    lines: [],
    amountFen: returnAmout,
    reason: asked.returnReason ?? '退号',
  })
  if (approved.code !== 'OK') return approved
  const back = { refundNo: refundId, amountFen: returnAmout, at: returnTime }
  return translated(refundOnce(his, back), ({ receiptNo }: { receiptNo: string }) => ({
    orderId,
    orderStutes: '2',
    payStatus: '3',
    cancelBillNo: receiptNo,
  }))
}

type ApplyRefund = {
  methodCode: 'applyRefund001' | 'applyRefund002' | 'applyRefund003'
  orderId: string
  refundId: string
  refundAmout: number
  refundTime: Date | null
  refundReason: string
  orderDetailInfo: { detailID: number }[] | null
}

function applyRefund(his: His, asked: ApplyRefund): Answer {
  const receipt = receiptOfPayment(his.store, asked.orderId)
  const bill = receipt && findBill(his, receipt.billNo)
  if (!bill) return refusal('BILL_NOT_FOUND', 'nothing was paid by this orderId')
  const { methodCode, refundId } = asked
  if (methodCode === 'applyRefund001') return askWhether(his, asked, bill)
  if (billNoOfRefund(his, refundId) !== bill.billNo) {
    return refusal('REFUND_NOT_ALLOWED', 'applyRefund001 comes first')
  }
  if (methodCode === 'applyRefund003') {
    const given = cancelRefund(his, { refundNo: refundId, reason: asked.refundReason })
    return translated(given, () => refundAnswer('Y', null, bill.billNo, '退费申请已撤销'))
  }
  if (!asked.refundTime) return refusal('INVALID_REQUEST', 'refundTime is missing')
  const back = { refundNo: refundId, amountFen: asked.refundAmout, at: asked.refundTime }
  return translated(refundOnce(his, back), ({ receiptNo }: { receiptNo: string }) =>
    refundAnswer('Y', receiptNo, bill.billNo, '退费已登记'),
  )
}

/** That it may not be given back is an answer of the product like any other: canRefund N. */
function askWhether(his: His, asked: ApplyRefund, bill: Bill): Answer {
  const answer = approveRefund(his, {
    refundNo: asked.refundId,
    paymentNo: asked.orderId,
    billNo: bill.billNo,
    lines: (asked.orderDetailInfo ?? []).map(({ detailID }) => ({ lineNo: detailID })),
    amountFen: asked.refundAmout,
    reason: asked.refundReason,
  })
  if (answer.code === 'REFUND_NOT_ALLOWED') {
    return done(refundAnswer('N', null, bill.billNo, '项目已执行、已退费或正在退费，不能退费'))
  }
  return translated(answer, ({ approvalNo }: { approvalNo: string }) =>
    refundAnswer('Y', approvalNo, bill.billNo, '可以退费'),
  )
}

const refundAnswer = (
  canRefund: 'Y' | 'N',
  cancelSerialNo: string | null,
  cancelBillNo: string,
  requestContent: string,
) => ({ canRefund, cancelSerialNo, cancelBillNo, requestContent })
