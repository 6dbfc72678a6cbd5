import type { Payment } from '../../../contract/client.ts'
import { readFailure } from '../../web/problem.ts'
import { isRefundRunning } from '../payments/words.ts'
import { may, type Staff } from '../shell/staff.ts'

/** Why a refund cannot be asked for now; null when it can. Words: refund.not.<why>. */
export type RefundObstacle = 'role' | 'state' | 'running' | 'gone'

/** The hub has the last word; this only keeps people from asking in vain, and tells them why. */
export function refundObstacle(
  payment: Payment,
  staff: Pick<Staff, 'roles'>,
): RefundObstacle | null {
  if (!may(staff, 'refund')) return 'role'
  if (payment.status !== 'succeeded') return 'state'
  if (payment.refunds.some(isRefundRunning)) return 'running'
  if (payment.bills.every((bill) => openLines(payment, bill.billNo).length === 0)) return 'gone'
  return null
}

/** The lines of a bill that were given back. */
export function goneLineNos(payment: Payment, billNo: string): ReadonlySet<number> {
  const lines = linesOf(payment, billNo)
  const gone = payment.refunds.filter(
    (refund) => refund.status === 'succeeded' && refund.billNo === billNo,
  )
  return new Set(
    gone.flatMap(({ lineNos }) =>
      lineNos.length > 0 ? lineNos : lines.map((line) => line.lineNo),
    ),
  )
}

/** The lines of a bill that can be given back. */
export function openLines(payment: Payment, billNo: string) {
  const gone = goneLineNos(payment, billNo)
  return linesOf(payment, billNo).filter(({ lineNo }) => !gone.has(lineNo))
}

/**
 * The wish in the hub's words: no line numbers when the whole bill is meant, which only works while nothing of
 * it was given back.
 */
export function refundWish(
  payment: Payment,
  wish: { billNo: string; lineNos: ReadonlySet<number>; reason: string },
) {
  const all = linesOf(payment, wish.billNo)
  const isWhole = all.every(({ lineNo }) => wish.lineNos.has(lineNo))
  const lineNos = isWhole ? [] : [...wish.lineNos].toSorted((a, b) => a - b)
  return { billNo: wish.billNo, lineNos, reason: wish.reason.trim() }
}

/** Why the hub wants a second person for a refund, in its codes; null where that is not what it said. */
export function whyApproval(error: unknown): string[] | null {
  const { code, params } = readFailure(error)
  return code === 'payments.refund_needs_approval' ? String(params['why'] ?? '').split(',') : null
}

const linesOf = (payment: Payment, billNo: string) =>
  payment.bills.find((bill) => bill.billNo === billNo)?.lines ?? []
