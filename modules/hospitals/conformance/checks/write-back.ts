import { fen } from '../../../../kernel/money.ts'
import type { HisBill, HisWriteBack } from '../../interface/data.ts'
import { type Check, checksOf } from '../check.ts'
import { expectSame, okOf, prepared, refusedOf } from '../outcome.ts'
import type { Session } from '../session.ts'
import { billAt, openBill, paidBill, paidOf, paymentOf, takenBack } from '../steps.ts'

const check = checksOf('billing')
const PAY = 'bills.writeBack'
const VOID = 'bills.voidWriteBack'
const GET = 'payments.get'

export const writeBackChecks: readonly Check[] = [
  check(
    PAY,
    'answer',
    ['缴费回写，账单已缴', 'a payment is booked, the bill is paid'],
    async (s) => {
      const bill = await openBill(s)
      const payment = paymentOf(s, bill, { tenders: twoTenders(bill) })
      const { receiptNo } = okOf(PAY, await s.his.writeBack(s.call, payment), 'a payment in full')
      s.standing.paid(payment, receiptNo)
      const after = await billAt(s, bill.billNo)
      const found = [after.status, after.paymentNo, after.receiptNo]
      expectSame('the bill after it', found, ['paid', payment.paymentNo, receiptNo])
    },
  ),
  check(
    PAY,
    'repeated',
    ['重复回写同一答复', 'the same request has the same answer'],
    async (s) => {
      const { payment, receipt } = await paidBill(s)
      const again = okOf(PAY, await s.his.writeBack(s.call, payment), 'the same again')
      expectSame('the receipt of the second answer', again.receiptNo, receipt.receiptNo)
      expectSame('the second answer', again, receipt)
    },
  ),
  check(
    PAY,
    'different',
    ['同一键不同内容被拒绝', 'the same key with another body is refused'],
    async (s) => {
      const { payment } = await paidBill(s)
      const tenders = payment.tenders.map((tender) => ({ ...tender, tradeNo: 'another' }))
      const answer = await s.his.writeBack(s.call, { ...payment, tenders })
      refusedOf(PAY, answer, ['duplicate_different'], 'the key with another body')
    },
  ),
  check(
    PAY,
    'changed',
    ['旧版本回写被拒绝并告知新版本', 'an old version is BILL_CHANGED, with the new'],
    changed,
  ),
  check(PAY, 'paid-by-other', ['已缴账单不能再缴', 'a paid bill is not paid again'], async (s) => {
    const { bill, payment } = await paidBill(s)
    const second = paymentOf(s, bill)
    const answer = await s.his.writeBack(s.call, second)
    const { paymentNo } = refusedOf(PAY, answer, ['bill_already_paid'], 'another payment')
    expectSame('which payment paid it', paymentNo, payment.paymentNo)
  }),
  check(
    PAY,
    'amounts',
    ['支付方式合计不符被拒绝', 'tenders that do not add up are refused'],
    async (s) => {
      const bill = await openBill(s)
      const more = fen(bill.totalFen + 1)
      const short: Partial<HisWriteBack> = { totalFen: more }
      const long = { tenders: [{ kind: 'self_pay' as const, amountFen: more, tradeNo: 'T' }] }
      for (const changes of [short, long, { ...short, ...long }]) {
        const answer = await s.his.writeBack(s.call, paymentOf(s, bill, changes))
        refusedOf(PAY, answer, ['amount_mismatch'], 'amounts that do not add up to the bill')
      }
      expectSame('the bill after it', (await billAt(s, bill.billNo)).status, 'open')
    },
  ),
  check(
    PAY,
    'withdrawn',
    ['作废账单不能缴', 'a withdrawn bill is BILL_VOID'],
    async (s) => {
      const bill = await openBill(s)
      await s.hand('bills.withdraw', { billNo: bill.billNo })
      const answer = await s.his.writeBack(s.call, paymentOf(s, bill))
      refusedOf(PAY, answer, ['bill_void'], 'a payment of a withdrawn bill')
    },
    { needs: ['bills.withdraw'] },
  ),
  check(PAY, 'unknown', ['未知账单有明确答复', 'an unknown bill is BILL_NOT_FOUND'], async (s) => {
    const bill = await openBill(s)
    const payment = { ...paymentOf(s, bill), billNo: s.newNo('B') }
    const answer = await s.his.writeBack(s.call, payment)
    refusedOf(PAY, answer, ['bill_not_found'], 'a payment of an unknown bill')
  }),
]

export const voidChecks: readonly Check[] = [
  check(
    VOID,
    'answer',
    ['冲正后账单重新待缴', 'a payment is taken back, the bill is open'],
    async (s) => {
      const { bill, payment } = await paidBill(s)
      const { paymentNo, billNo } = payment
      const body = { paymentNo, billNo, reason: '测试冲正' }
      okOf(VOID, await s.his.voidWriteBack(s.call, body), 'taking a payment back')
      s.standing.voided(paymentNo, billNo)
      const after = await billAt(s, bill.billNo)
      expectSame('the bill after it', [after.status, after.paymentNo], ['open', null])
    },
  ),
  check(
    VOID,
    'repeated',
    ['重复冲正同一答复', 'the same request has the same answer'],
    async (s) => {
      const { payment } = await paidBill(s)
      const { body, voided } = await takenBack(s, payment)
      const again = okOf(VOID, await s.his.voidWriteBack(s.call, body), 'the same again')
      expectSame('the second answer', again, voided)
    },
  ),
  check(
    VOID,
    'late',
    ['冲正后迟到的回写被拒绝', 'a late write-back after it is BILL_VOID'],
    async (s) => {
      const { payment } = await paidBill(s)
      await takenBack(s, payment)
      const answer = await s.his.writeBack(s.call, payment)
      refusedOf(PAY, answer, ['bill_void'], 'the write-back that was taken back')
    },
  ),
  check(
    VOID,
    'unheard',
    ['未闻之缴费先冲正', 'of an unheard payment it is remembered'],
    async (s) => {
      const bill = await openBill(s)
      const payment = paymentOf(s, bill)
      const { paymentNo, billNo } = payment
      const body = { paymentNo, billNo, reason: '测试冲正' }
      okOf(VOID, await s.his.voidWriteBack(s.call, body), 'taking back what was never heard of')
      const answer = await s.his.writeBack(s.call, payment)
      refusedOf(PAY, answer, ['bill_void'], 'the write-back that comes late')
      expectSame('the bill after it', (await billAt(s, billNo)).status, 'open')
    },
  ),
  check(
    VOID,
    'payable-again',
    ['冲正后可另行缴费', 'another payment may pay after it'],
    async (s) => {
      const { payment } = await paidBill(s)
      await takenBack(s, payment)
      const bill = await billAt(s, payment.billNo)
      const second = paymentOf(s, bill)
      const receipt = okOf(PAY, await s.his.writeBack(s.call, second), 'another payment')
      s.standing.paid(second, receipt.receiptNo)
    },
  ),
  check(
    VOID,
    'dispensed',
    ['已发药不能冲正', 'what is dispensed is not taken back'],
    async (s) => {
      const { bill, payment } = await paidBill(s)
      const lineNos = bill.items.slice(0, 1).map(({ lineNo }) => lineNo)
      await s.hand('bills.dispense', { billNo: bill.billNo, lineNos })
      const { paymentNo, billNo } = payment
      const answer = await s.his.voidWriteBack(s.call, { paymentNo, billNo, reason: '测试' })
      refusedOf(VOID, answer, ['refund_not_allowed'], 'taking back what is dispensed')
    },
    { needs: ['bills.dispense'] },
  ),
  check(GET, 'absent', ['未知缴费答复 absent', 'an unknown payment is absent'], async (s) => {
    const { billNo } = await openBill(s)
    const asked = { paymentNo: s.newNo('P'), billNo }
    const { status } = okOf(GET, await s.his.payment(s.call, asked), 'an unknown payment')
    expectSame('how it stands', status, 'absent')
  }),
  check(GET, 'written-back', ['缴费状态与收据号', 'a payment with its receipt'], async (s) => {
    const { payment, receipt } = await paidBill(s)
    const asked = { paymentNo: payment.paymentNo, billNo: payment.billNo }
    const found = okOf(GET, await s.his.payment(s.call, asked), 'a payment')
    expectSame('how it stands', found, { status: 'written_back', receiptNo: receipt.receiptNo })
  }),
  check(GET, 'voided', ['已冲正的缴费状态', 'a payment that was taken back'], async (s) => {
    const { payment } = await paidBill(s)
    await takenBack(s, payment)
    const asked = { paymentNo: payment.paymentNo, billNo: payment.billNo }
    const found = okOf(GET, await s.his.payment(s.call, asked), 'a payment')
    expectSame('how it stands', found.status, 'voided')
  }),
]

/** In two parts where it can be split: what a patient pays is seldom one thing. */
function twoTenders({ billNo, totalFen }: HisBill): HisWriteBack['tenders'] {
  const part = Math.floor(totalFen / 3)
  const parts = part === 0 ? [totalFen] : [part, totalFen - part]
  const kinds = ['voucher', 'self_pay'] as const
  return parts.map((amount, i) => ({
    kind: parts.length === 1 ? 'self_pay' : (kinds[i] ?? 'self_pay'),
    amountFen: fen(amount),
    tradeNo: `T${i}${billNo}`,
  }))
}

async function changed(session: Session): Promise<void> {
  const bill = await openBill(session)
  const { billNo } = bill
  let payment = paymentOf(session, { ...bill, version: bill.version + 1 })
  let now: { version: number; totalFen: number } = bill
  if (session.offers('bills.change')) {
    payment = paymentOf(session, bill)
    now = await session.hand('bills.change', { billNo })
  }
  const answer = await session.his.writeBack(session.call, payment)
  const said = refusedOf(PAY, answer, ['bill_changed'], 'a payment of another version')
  const found = { version: said.version, totalFen: said.totalFen }
  expectSame('what the refusal says', found, { version: now.version, totalFen: now.totalFen })
  const after = prepared('bills.get', await session.his.bill(session.call, billNo))
  expectSame('the bill after it', after.status, 'open')
  await paidOf(session, after)
}
