import Type from 'typebox'

import { toShanghaiIso } from '../../../kernel/time.ts'
import type { HisRefund, HisRefundDone } from './data.ts'
import { amountFen, form, instant, lineNo, number, shortText, tender, text } from './reading.ts'

// Giving back: the hospital locks the lines, the money moves, the hospital books it.

export const ApproveRefund = Type.Object({
  refundNo: number(32),
  paymentNo: number(32),
  billNo: number(30),
  /** No lines means all of them. */
  lines: Type.Array(Type.Object({ lineNo }), { maxItems: 500 }),
  amountFen,
  reason: text(200),
})
export const ApprovalAnswer = Type.Object({ approvalNo: shortText })

export const CompleteRefund = Type.Object({
  refundNo: number(32),
  completedAt: instant,
  tenders: Type.Array(tender, { minItems: 1, maxItems: 20 }),
})
export const RefundReceiptAnswer = Type.Object({ receiptNo: shortText })

export const CancelRefund = Type.Object({ refundNo: number(32), reason: text(200) })
export const NothingAnswer = Type.Object({})

export const readApproval = form(ApprovalAnswer)(({ approvalNo }) => ({ approvalNo }))
export const readRefundReceipt = form(RefundReceiptAnswer)(({ receiptNo }) => ({ receiptNo }))
export const readNothing = form(NothingAnswer)(() => ({}))

export const approvalBody = (refund: HisRefund) => ({
  refundNo: refund.refundNo,
  paymentNo: refund.paymentNo,
  billNo: refund.billNo,
  lines: refund.lineNos.map((lineNo) => ({ lineNo })),
  amountFen: refund.amountFen,
  reason: refund.reason,
})

export const completionBody = ({ refundNo, completedAt, tenders }: HisRefundDone) => ({
  refundNo,
  completedAt: toShanghaiIso(completedAt),
  tenders: tenders.map(({ kind, amountFen }) => ({ kind, amountFen })),
})
