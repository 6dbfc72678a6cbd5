import { subtractFen, toYuanText, ZERO } from '../../../../kernel/money.ts'
import { addMs } from '../../../../kernel/time.ts'
import type { Call, Centre } from '../centre.ts'
import { batchSplit, refuseSettledBatch } from '../fee-details.ts'
import { optional, readFields, text } from '../fields.ts'
import { checkActive, requireByCredential } from '../people.ts'
import type { Figures } from '../policy.ts'
import { Refusal } from '../refusal.ts'
import { takeBack } from '../reversal.ts'
import { findSettlement } from '../settlements.ts'
import { bookSettlement, figuresOf } from '../settling.ts'
import { integerOf } from '../store.ts'
import { visitKindOf } from '../visits.ts'
import type { WireObject } from '../wire-json.ts'
import type { MobileHandler } from './handler.ts'
import { checkIdentity, type MobileOrder, requireOrder, setOrder, toOrder } from './orders.ts'

/**
 * 6202. A second one for the same order brings what the first brought. Under a plan's delay the
 * order is processing for so long, and shows no amounts.
 */
export const payOrder: MobileHandler = (centre, call, node, fault) => {
  const data = readFields(node, PAY)
  const { order, member } = requireOrder(centre, call, data)
  if (data.orgCodg !== call.fixmedinsCode) throw new Refusal('orgCodg', '不属于该应用')
  if (data.chrgBchno !== order.batchNo) throw new Refusal('chrgBchno', '与支付订单不一致')
  if (data.mdtrtId !== null && data.mdtrtId !== order.visitId) {
    throw new Refusal('mdtrtId', '与支付订单不一致')
  }
  const holder = requireByCredential(centre, { type: '01', no: data.payAuthNo }, 'payAuthNo')
  if (holder?.person !== member.person) throw new Refusal('payAuthNo', '授权与支付订单不一致')
  if (order.status === 'revoked' || order.status === 'refunded') {
    throw new Refusal('payOrdId', '支付订单已撤销或已退费')
  }
  if (order.status !== 'open') return describe(centre, order)
  const useAccount = data.acctUsedFlag !== '0'
  if (fault?.kind === 'delay_notice') {
    const dueAt = addMs(call.at, fault.ms)
    return describe(centre, setOrder(centre, order, { status: 'processing', useAccount, dueAt }))
  }
  return describe(centre, settleOrder(centre, call, { ...order, useAccount }))
}

/** 6301. */
export const queryOrder: MobileHandler = (centre, call, node) => {
  const data = readFields(node, QUERY)
  const { order, member } = requireOrder(centre, call, data)
  checkIdentity(member, data)
  return {
    ...describe(centre, order),
    setlType: 'ALL',
    callType: '6202',
    medOrgOrd: order.medOrgOrd,
    traceTime: order.tracedAt,
    revsToken: order.settlementId,
  }
}

/** 6401: an order that is not to be paid, or whose payment did not come about after all. */
export const revokeOrder: MobileHandler = (centre, call, node) => {
  const data = readFields(node, QUERY)
  const { order, visit, member } = requireOrder(centre, call, data)
  checkIdentity(member, data)
  if (order.status === 'refunded' || order.cashRefunded) {
    throw new Refusal('payOrdId', '支付订单已退费，不能撤销')
  }
  if (order.status !== 'revoked') {
    if (order.settlementId !== null) takeBack(centre, call, visit, order.settlementId, 'payOrdId')
    setOrder(centre, order, { status: 'revoked', dueAt: null })
  }
  return { payOrdId: order.id }
}

/** Settles what has come due; gives how many. */
export function settleDue(centre: Centre, callOf: (order: MobileOrder) => Call): number {
  const nowMs = centre.clock.now().getTime()
  const rows = centre.store.all(
    "select * from mobile_order where status = 'processing' and due_at_ms <= ?",
    [nowMs],
  )
  for (const row of rows) {
    const order = toOrder(row)
    try {
      centre.store.transaction(() => settleOrder(centre, callOf(order), order))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      setOrder(centre, order, { status: 'failed', dueAt: null })
    }
  }
  return rows.length
}

export function nextDue({ store }: Centre): Date | null {
  const row = store.get(
    "select min(due_at_ms) as at from mobile_order where status = 'processing' and due_at_ms > 0",
  )
  return row?.['at'] === null || !row ? null : new Date(integerOf(row, 'at'))
}

/** What the order came to; no amounts while it is open or processing. */
function describe(centre: Centre, order: MobileOrder): WireObject {
  const settlement = order.settlementId === null ? null : findSettlement(centre, order.settlementId)
  return {
    payOrdId: order.id,
    ordStas: STATUS_CODES[order.status],
    ...(settlement ? amountsOf(settlement.figures) : {}),
    extData: settlement && { setlId: settlement.id, mdtrtId: order.visitId },
  }
}

/** Yuan as texts. The fund's part is without the account, so that three parts are the sum. */
export const amountsOf = (figures: Figures): WireObject => ({
  feeSumamt: toYuanText(figures.totalFen),
  ownPayAmt: toYuanText(figures.cashFen),
  psnAcctPay: toYuanText(figures.accountFen),
  fundPay: toYuanText(
    subtractFen(subtractFen(figures.totalFen, figures.cashFen), figures.accountFen),
  ),
  deposit: toYuanText(ZERO),
})

function settleOrder(centre: Centre, call: Call, order: MobileOrder): MobileOrder {
  const { id: payOrdId, batchNo, useAccount } = order
  const { visit, member } = requireOrder(centre, call, { payOrdId, payToken: null })
  checkActive(member, 'payOrdId')
  if (visit.cancelled) throw new Refusal('payOrdId', '就诊登记已撤销')
  refuseSettledBatch(centre, visit.id, batchNo, 'payOrdId')
  const split = batchSplit(centre, visit.id, batchNo)
  if (!split) throw new Refusal('payOrdId', '收费明细已撤销')
  const medType = visit.medType ?? ''
  const { clearingType } = visitKindOf(call, medType, 'outpatient', 'medType')
  const paid = figuresOf(centre, call, { visit, member, split, medType, useAccount })
  const of = { visit, member, batchNo, medType, clearingType, credentialType: '01' }
  const settlement = bookSettlement(
    centre,
    { ...call, msgid: payOrdId },
    { ...paid, ...of, invoiceNo: null },
  )
  return setOrder(centre, order, {
    status: 'settled',
    settlementId: settlement.id,
    useAccount,
    dueAt: null,
  })
}

/** ordStas: 0 to 2 under way, 3 to 6 settled, 7 to 13 taken back, 14 to 16 failed. */
const STATUS_CODES = {
  open: '0',
  processing: '1',
  settled: '6',
  revoked: '7',
  refunded: '8',
  failed: '14',
}

const ORDER = { payOrdId: text(30), payToken: text(64), orgCodg: text(12) }

const PAY = {
  ...ORDER,
  payAuthNo: text(64),
  orgBizSer: text(30),
  chrgBchno: text(30),
  feeType: text(6),
  mdtrtId: optional(text(30)),
  acctUsedFlag: optional(text(1)),
}

const QUERY = { ...ORDER, idNo: text(50), userName: text(50), idType: text(6) }
