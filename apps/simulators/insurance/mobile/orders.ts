import type { Call, Centre, Member } from '../centre.ts'
import { requireMember } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { integerOf, type Row, textOf, textOrNull } from '../store.ts'
import { findVisit, type Visit } from '../visits.ts'

/**
 * An order of mobile payment.
 *
 *   open ──6202──▶ (processing ─▶) settled ──6203──▶ refunded
 *     └──6401──▶ revoked ◀──6401──┘     processing ─▶ failed, where it could not be settled
 */
export type MobileOrder = {
  id: string // payOrdId
  payToken: string
  medOrgOrd: string
  personNo: string
  visitId: string
  batchNo: string
  status: 'open' | 'processing' | 'settled' | 'failed' | 'revoked' | 'refunded'
  cashRefunded: boolean
  settlementId: string | null
  useAccount: boolean
  dueAt: Date | null // while it is processing
  tracedAt: string
  insuplcAdmdvs: string
  fingerprint: string
}

export function findOrder({ store }: Centre, id: string): MobileOrder | null {
  const row = store.get('select * from mobile_order where pay_ord_id = ?', [id])
  return row && toOrder(row)
}

export function findOrderOf({ store }: Centre, call: Call, medOrgOrd: string): MobileOrder | null {
  const row = store.get('select * from mobile_order where fixmedins_code = ? and med_org_ord = ?', [
    call.fixmedinsCode,
    medOrgOrd,
  ])
  return row && toOrder(row)
}

/** Errors: a Refusal for an order of another hospital, or another token. */
export function requireOrder(
  centre: Centre,
  call: Call,
  { payOrdId, payToken }: { payOrdId: string; payToken: string | null },
): { order: MobileOrder; visit: Visit; member: Member } {
  const order = findOrder(centre, payOrdId)
  const visit = order && findVisit(centre, order.visitId)
  if (!order || visit?.fixmedinsCode !== call.fixmedinsCode) {
    throw new Refusal('payOrdId', '支付订单不存在')
  }
  if (payToken !== null && payToken !== order.payToken) {
    throw new Refusal('payToken', '与支付订单不一致')
  }
  const of = { ...call, insuplcAdmdvs: order.insuplcAdmdvs }
  return { order, visit, member: requireMember(centre, of, order.personNo, 'psnNo') }
}

export function setOrder(
  { store }: Centre,
  order: MobileOrder,
  changes: Partial<MobileOrder>,
): MobileOrder {
  const now = { ...order, ...changes }
  store.run(
    `update mobile_order set status = ?, cash_refunded = ?, setl_id = ?, use_account = ?,
       due_at_ms = ? where pay_ord_id = ?`,
    [
      now.status,
      now.cashRefunded ? 1 : 0,
      now.settlementId,
      now.useAccount ? 1 : 0,
      now.dueAt?.getTime() ?? null,
      now.id,
    ],
  )
  return now
}

/** Errors: a Refusal when who is named is not who the order is for. */
export function checkIdentity(
  { person }: Member,
  { idNo, userName }: { idNo: string; userName: string },
): void {
  if (person.idCardNo !== idNo) throw new Refusal('idNo', '与参保登记证件号码不一致')
  if (person.name !== userName) throw new Refusal('userName', '与参保登记姓名不一致')
}

export const toOrder = (row: Row): MobileOrder => {
  const dueAt = row['due_at_ms'] ?? null
  return {
    id: textOf(row, 'pay_ord_id'),
    payToken: textOf(row, 'pay_token'),
    medOrgOrd: textOf(row, 'med_org_ord'),
    personNo: textOf(row, 'psn_no'),
    visitId: textOf(row, 'mdtrt_id'),
    batchNo: textOf(row, 'chrg_bchno'),
    status: textOf(row, 'status') as MobileOrder['status'],
    cashRefunded: integerOf(row, 'cash_refunded') === 1,
    settlementId: textOrNull(row, 'setl_id'),
    useAccount: integerOf(row, 'use_account') === 1,
    dueAt: dueAt === null ? null : new Date(integerOf(row, 'due_at_ms')),
    tracedAt: textOf(row, 'traced_at'),
    insuplcAdmdvs: textOf(row, 'insuplc_admdvs'),
    fingerprint: textOf(row, 'fingerprint'),
  }
}
