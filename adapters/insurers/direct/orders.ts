import { addFen, type Fen, fen, subtractFen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type {
  Advance,
  AdvanceRequest,
  BillLine,
  Insurer,
  InsurerAnswer,
  KnownOrder,
  OrderNos,
  Returned,
  ReturnNos,
  Settled,
  VisitKind,
} from '../../../modules/coverage/index.ts'
import { Advanced, FeesKept, momentOf, Order, Refunded } from './answers.ts'
import { type Ask, ok, type Question, refused, unknown } from './client.ts'

type OrderVerbs = Pick<
  Insurer,
  'advance' | 'confirm' | 'query' | 'cancel' | 'refund' | 'queryRefund'
>

/** /order: from the advance of a bill to what is given back of it. */
export const createOrders = (ask: Ask): OrderVerbs => ({
  async advance(call, request) {
    const kept = await ask(call, feeRecord(request))
    return kept.outcome === 'ok' ? ask(call, advanceOf(request)) : kept
  },
  confirm: (call, request) =>
    ask(call, {
      path: '/hospitalDirect/order/confirm',
      fields: { directPayNo: request.insurerNo, directPayAmount: request.payFen },
      read: (data) => readSettled(data, request),
    }),
  query: (call, order) =>
    ask(call, {
      path: '/hospitalDirect/order/query',
      fields: { requireCode: order.orderNo },
      read: (data) => readKnown(data, order),
      onCode: (code) => (code === '4001' ? ok(null) : null),
    }),
  cancel: (call, order) =>
    ask(call, {
      path: '/hospitalDirect/order/cancel',
      fields: { requireCode: order.orderNo },
      read: (data) => readCancelled(data, order),
    }),
  refund: (call, request) =>
    ask(call, {
      path: '/hospitalDirect/order/refund',
      fields: {
        refundNo: request.refundNo,
        directPayNo: request.insurerNo,
        refundAmount: request.amountFen,
      },
      read: (data) => readReturned(data, request, request.amountFen),
    }),
  queryRefund: (call, request) =>
    ask(call, {
      path: '/hospitalDirect/order/refundQuery',
      fields: { refundNo: request.refundNo },
      read: (data) => readReturned(data, request, null),
      onCode: (code) => (code === '4008' ? ok(null) : null),
    }),
})

/** 待理赔, 已理赔, 已退款, 已取消, 失败. */
const STATUS = { advanced: 0, settled: 1, returned: 2, cancelled: 3, failed: 4 } as const

const VISIT_TYPES: Record<VisitKind, string> = { registration: '1', outpatient: '2', online: '3' }

function feeRecord({ orderNo, bill }: AdvanceRequest): Question<null> {
  return {
    path: '/hospitalDirect/data/sync/feeInfo',
    fields: {
      feeRecordNumber: orderNo,
      visitNo: bill.visitNo,
      visitType: VISIT_TYPES[bill.kind],
      visitDate: businessDateOf(bill.billedAt),
      departmentCode: bill.department.code,
      departmentName: bill.department.name,
      diagnosisList: bill.diagnosis === null ? [] : [bill.diagnosis],
      totalAmount: bill.totalFen,
      feeList: bill.lines.map((line) => ({
        lineNo: line.lineId,
        itemCode: line.code,
        nationalCode: line.nationalCode,
        itemName: line.name,
        category: line.chargeCategory,
        insuranceClass: line.insuranceClass,
        unitPrice: line.unitPriceFen,
        quantity: line.quantity,
        amount: line.amountFen,
        selfPayAmount: line.leftFen,
      })),
    },
    read: (data) => (FeesKept.Check(data) && data.feeRecordNumber === orderNo ? ok(null) : null),
  }
}

function advanceOf(request: AdvanceRequest): Question<Advance> {
  const { orderNo, holder, policyNo, bill, paid } = request
  const selfPaid = (isWanted: (line: BillLine) => boolean) =>
    addFen(...bill.lines.filter(isWanted).map((line) => line.leftFen))
  return {
    path: '/hospitalDirect/order/advance',
    fields: {
      requireCode: orderNo,
      hospitalPayNo: orderNo,
      feeRecordNumber: orderNo,
      certNo: holder.idCardNo,
      policyNo,
      visitNo: bill.visitNo,
      totalAmount: bill.totalFen,
      totalMedins: paid.pooledFen,
      accountPayAmnt: paid.accountFen,
      otherPayAmount: paid.otherPoliciesFen,
      selfBAmount: selfPaid((line) => line.insuranceClass !== 'C'),
      selfCAmount: selfPaid((line) => line.insuranceClass === 'C'),
    },
    secrets: [holder.idCardNo, holder.name],
    read: (data) => readAdvance(data, request),
  }
}

function readAdvance(
  data: unknown,
  { orderNo, leftFen }: AdvanceRequest,
): InsurerAnswer<Advance> | null {
  if (!Advanced.Check(data) || data.requireCode !== orderNo) return null
  if (data.status === STATUS.cancelled) return refused('advance_expired', data.reason)
  if (data.status === STATUS.failed) return refused('policy_lapsed', data.reason)
  if (data.status === STATUS.returned) return refused('already_returned', data.reason)
  const payFen = fen(data.directPayAmount)
  const byCategory = data.feeShareList.map(({ category, amount }) => ({
    chargeCategory: category,
    payFen: fen(amount),
  }))
  const expiresAt = momentOf(data.expireTime)
  const sharesFen = addFen(...byCategory.map((share) => share.payFen))
  if (payFen > leftFen) return unknown('the advance is more than what is left of the bill')
  if (byCategory.length > 0 && sharesFen !== payFen) {
    return unknown('the shares of the advance are not its sum')
  }
  if (expiresAt === null) return null
  return ok({
    insurerNo: data.directPayNo,
    payFen,
    byCategory,
    deductibleFen: fen(data.deductibleAmount),
    expiresAt,
    remarks: data.remark === '' ? [] : [data.remark],
  })
}

function readSettled(
  data: unknown,
  request: { orderNo: string; insurerNo: string; payFen: Fen },
): InsurerAnswer<Settled> | null {
  const order = orderOf(data, request)
  if (order === null) return null
  const settled = settledOf(order)
  if (settled === null) return unknown(`status ${order.status} is no settlement`)
  if (settled.payFen !== request.payFen) return unknown('it settled another amount than asked for')
  return ok(settled)
}

function readKnown(data: unknown, nos: OrderNos): InsurerAnswer<KnownOrder> | null {
  const order = orderOf(data, nos)
  if (order === null) return null
  const insurerNo = order.directPayNo
  switch (order.status) {
    case STATUS.advanced: {
      const { directPayAmount: amount } = order
      return amount === undefined ? null : ok({ state: 'advanced', insurerNo, payFen: fen(amount) })
    }
    case STATUS.settled:
    case STATUS.returned: {
      const settled = settledOf(order)
      if (settled === null || order.refundedAmount === undefined) return null
      const returnedFen = fen(order.refundedAmount)
      if (subtractFen(settled.payFen, returnedFen) < 0) {
        return unknown('more was given back than settled')
      }
      return ok({ state: 'settled', settled, returnedFen })
    }
    case STATUS.cancelled:
      return ok({ state: 'cancelled', insurerNo })
    default:
      return ok({ state: 'failed', insurerNo })
  }
}

function readCancelled(data: unknown, nos: OrderNos): InsurerAnswer | null {
  const order = orderOf(data, nos)
  if (order === null) return null
  if (order.status === STATUS.cancelled) return ok(null)
  if (order.status === STATUS.failed) return refused('refused', order.reason ?? 'it has failed')
  return unknown(`status ${order.status} after cancelling`)
}

function readReturned(
  data: unknown,
  { refundNo, insurerNo }: ReturnNos,
  amountFen: Fen | null,
): InsurerAnswer<Returned> | null {
  if (!Refunded.Check(data) || data.refundNo !== refundNo) return null
  if (data.directPayNo !== insurerNo) return unknown('it returned another order')
  const returnedFen = fen(data.refundAmount)
  if (amountFen !== null && returnedFen !== amountFen) return unknown('it returned another amount')
  const at = momentOf(data.refundTime)
  return at && ok({ returnNo: data.directRefundNo, amountFen: returnedFen, at })
}

/** An order that is the one asked for; null for any other and for what is out of shape. */
function orderOf(data: unknown, { orderNo, insurerNo }: OrderNos) {
  if (!Order.Check(data) || data.requireCode !== orderNo) return null
  return insurerNo === null || data.directPayNo === insurerNo ? data : null
}

function settledOf(order: NonNullable<ReturnType<typeof orderOf>>): Settled | null {
  const { status, directPayAmount: amount, settlementNo } = order
  const at = momentOf(order.settleTime)
  const isSettled = status === STATUS.settled || status === STATUS.returned
  if (!isSettled || amount === undefined || settlementNo === undefined || at === null) return null
  return { insurerNo: order.directPayNo, settlementNo, payFen: fen(amount), at }
}
