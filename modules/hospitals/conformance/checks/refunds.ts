import { fen } from '../../../../kernel/money.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { approved, billAt, completionOf, paidBill, refundOf } from '../steps.ts'

const check = checksOf('refund')
const APPROVE = 'refunds.approve'
const COMPLETE = 'refunds.complete'
const CANCEL = 'refunds.cancel'

export const refundChecks: readonly Check[] = [
  check(APPROVE, 'answer', ['退费申请获准', 'a refund is approved'], async (s) => {
    const refund = refundOf(s, await paidBill(s))
    okOf(APPROVE, await s.his.approveRefund(s.call, refund), 'a refund of a whole bill')
  }),
  check(
    APPROVE,
    'repeated',
    ['重复申请同一答复', 'the same request has the same answer'],
    async (s) => {
      const refund = refundOf(s, await paidBill(s))
      const first = prepared(APPROVE, await s.his.approveRefund(s.call, refund))
      const again = okOf(APPROVE, await s.his.approveRefund(s.call, refund), 'the same again')
      expectSame('the second answer', again, first)
    },
  ),
  check(
    APPROVE,
    'different',
    ['同一退费号不同内容被拒绝', 'the same key with another body is refused'],
    async (s) => {
      const refund = await approved(s, refundOf(s, await paidBill(s)))
      const other = { ...refund, amountFen: fen(refund.amountFen - 1) }
      const answer = await s.his.approveRefund(s.call, other)
      refusedOf(APPROVE, answer, ['duplicate_different'], 'the key with another body')
    },
  ),
  check(APPROVE, 'locked', ['退费中的项目被锁定', 'lines under refund are locked'], async (s) => {
    const paid = await paidBill(s)
    await approved(s, refundOf(s, paid))
    const answer = await s.his.approveRefund(s.call, refundOf(s, paid))
    refusedOf(APPROVE, answer, ['refund_not_allowed'], 'a second refund of the same lines')
  }),
  check(
    APPROVE,
    'beyond',
    ['超额退费被拒绝', 'more than the lines come to is refused'],
    async (s) => {
      const paid = await paidBill(s)
      const refund = refundOf(s, paid)
      const more = { ...refund, amountFen: fen(refund.amountFen + 1) }
      const answer = await s.his.approveRefund(s.call, more)
      const codes = ['amount_mismatch', 'refund_not_allowed'] as const
      refusedOf(APPROVE, answer, codes, 'one fen more than the lines come to')
    },
  ),
  check(
    APPROVE,
    'dispensed',
    ['已发药的项目不能退', 'a dispensed line is not refunded'],
    async (s) => {
      const paid = await paidBill(s)
      const lineNos = paid.bill.items.slice(0, 1).map(({ lineNo }) => lineNo)
      await s.hand('bills.dispense', { billNo: paid.bill.billNo, lineNos })
      const answer = await s.his.approveRefund(s.call, refundOf(s, paid, lineNos))
      const said = refusedOf(APPROVE, answer, ['refund_not_allowed'], 'a dispensed line')
      expectSame('the lines that it names', said.lines, lineNos)
    },
    { needs: ['bills.dispense'] },
  ),
  check(
    APPROVE,
    'unknown',
    ['未知账单有明确答复', 'an unknown bill is BILL_NOT_FOUND'],
    async (s) => {
      const refund = { ...refundOf(s, await paidBill(s)), billNo: s.newNo('B') }
      const answer = await s.his.approveRefund(s.call, refund)
      refusedOf(APPROVE, answer, ['bill_not_found'], 'a refund of an unknown bill')
    },
  ),
  check(
    COMPLETE,
    'answer',
    ['退费完成，红冲收据', 'a refund is booked, with its receipt'],
    async (s) => {
      const paid = await paidBill(s)
      const refund = await approved(s, refundOf(s, paid))
      const done = completionOf(s, refund)
      const { receiptNo } = okOf(COMPLETE, await s.his.completeRefund(s.call, done), 'a refund')
      s.standing.refunded(refund, done, receiptNo)
      const after = await billAt(s, paid.bill.billNo)
      expectSame('the bill after it', after.status, 'refunded')
      const open = after.items.filter(({ status }) => status !== 'refunded')
      expectSame('how many lines are not refunded', open.length, 0)
    },
  ),
  check(
    COMPLETE,
    'repeated',
    ['重复完成同一收据', 'the same request has the same receipt'],
    async (s) => {
      const { done, receiptNo } = await completed(s)
      const again = okOf(COMPLETE, await s.his.completeRefund(s.call, done), 'the same again')
      expectSame('the receipt of the second answer', again.receiptNo, receiptNo)
    },
  ),
  check(
    COMPLETE,
    'amounts',
    ['退款合计不符被拒绝', 'tenders that do not add up are refused'],
    async (s) => {
      const refund = await approved(s, refundOf(s, await paidBill(s)))
      const short = fen(refund.amountFen - 1)
      const tenders = [{ kind: 'self_pay' as const, amountFen: short }]
      const answer = await s.his.completeRefund(s.call, { ...completionOf(s, refund), tenders })
      refusedOf(COMPLETE, answer, ['amount_mismatch'], 'one fen less than was approved')
    },
  ),
  check(
    COMPLETE,
    'over',
    ['已退项目不能再退', 'a refunded line is not refunded again'],
    async (s) => {
      const { paid } = await completed(s)
      const answer = await s.his.approveRefund(s.call, refundOf(s, paid))
      refusedOf(APPROVE, answer, ['refund_not_allowed'], 'a refund of what is refunded')
    },
  ),
  check(COMPLETE, 'partial', ['部分退费', 'a part of a bill is refunded'], partial, {
    needs: ['bills.open'],
  }),
  check(CANCEL, 'frees', ['撤销后项目解锁', 'cancelling frees the lines'], async (s) => {
    const paid = await paidBill(s)
    const { refundNo } = await approved(s, refundOf(s, paid))
    const body = { refundNo, reason: '测试撤销' }
    okOf(CANCEL, await s.his.cancelRefund(s.call, body), 'cancelling a refund')
    const answer = await s.his.approveRefund(s.call, refundOf(s, paid))
    okOf(APPROVE, answer, 'another refund of the same lines')
  }),
  check(
    CANCEL,
    'repeated',
    ['重复撤销同一答复', 'the same request has the same answer'],
    async (s) => {
      const { refundNo } = await approved(s, refundOf(s, await paidBill(s)))
      const body = { refundNo, reason: '测试撤销' }
      prepared(CANCEL, await s.his.cancelRefund(s.call, body))
      okOf(CANCEL, await s.his.cancelRefund(s.call, body), 'the same again')
    },
  ),
  check(
    CANCEL,
    'completed',
    ['已完成的退费不能撤销', 'what is booked is not cancelled'],
    async (s) => {
      const { refund } = await completed(s)
      const body = { refundNo: refund.refundNo, reason: '测试撤销' }
      const answer = await s.his.cancelRefund(s.call, body)
      refusedOf(CANCEL, answer, ['refund_not_allowed'], 'cancelling what is booked')
    },
  ),
]

async function completed(session: Session) {
  const paid = await paidBill(session)
  const refund = await approved(session, refundOf(session, paid))
  const done = completionOf(session, refund)
  const answer = await session.his.completeRefund(session.call, done)
  const { receiptNo } = prepared(COMPLETE, answer)
  session.standing.refunded(refund, done, receiptNo)
  return { paid, refund, done, receiptNo }
}

async function partial(session: Session): Promise<void> {
  const paid = await paidBill(session, 2)
  const [first, ...rest] = paid.bill.items.map(({ lineNo }) => lineNo)
  for (const [lineNos, status] of [
    [[first ?? 1], 'part_refunded'],
    [rest, 'refunded'],
  ] as const) {
    const refund = await approved(session, refundOf(session, paid, lineNos))
    const done = completionOf(session, refund)
    const answer = await session.his.completeRefund(session.call, done)
    session.standing.refunded(refund, done, okOf(COMPLETE, answer, 'a part').receiptNo)
    expectSame('the bill after it', (await billAt(session, paid.bill.billNo)).status, status)
  }
}
