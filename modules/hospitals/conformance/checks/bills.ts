import { type Check, checksOf } from '../check.ts'
import { expectSame, expectThat, NotTried, okOf, refusedOf } from '../outcome.ts'
import { billAt, openBill, openBillNo, paidBill } from '../steps.ts'

const check = checksOf('billing')
const LIST = 'bills.list'
const GET = 'bills.get'
const PRE_SETTLE = 'bills.preSettle'
const MANY_LINES = 300
const MOST_LISTED = 50

export const billChecks: readonly Check[] = [
  check(
    GET,
    'answer',
    ['账单明细，金额为整数分', 'a bill with its items, in whole fen'],
    async (s) => {
      const { billNo, totalFen, patientNo } = await openBillNo(s)
      const bill = okOf(GET, await s.his.bill(s.call, billNo), 'a new bill')
      expectSame('whose and how it is', [bill.patientNo, bill.status], [patientNo, 'open'])
      expectSame('the payment of an open bill', [bill.paymentNo, bill.receiptNo], [null, null])
      if (totalFen !== null) expectSame('its total in fen', bill.totalFen, totalFen)
    },
  ),
  check(GET, 'unknown', ['未知账单有明确答复', 'an unknown bill is BILL_NOT_FOUND'], async (s) => {
    const answer = await s.his.bill(s.call, s.newNo('B'))
    refusedOf(GET, answer, ['bill_not_found'], 'an unknown bill')
  }),
  check(
    GET,
    'many-items',
    ['300 行账单完整', 'a bill of 300 items is whole'],
    async (s) => {
      const { billNo, totalFen } = await openBillNo(s, MANY_LINES)
      const bill = okOf(GET, await s.his.bill(s.call, billNo), 'a bill of 300 items')
      expectSame('how many items', bill.items.length, MANY_LINES)
      expectSame('its total in fen', bill.totalFen, totalFen)
    },
    { needs: ['bills.open'] },
  ),
  check(LIST, 'answer', ['待缴费列表', 'open bills are listed'], async (s) => {
    const { billNo, patientNo } = await openBillNo(s)
    const bills = okOf(LIST, await s.his.openBills(s.call, patientNo), 'the open bills')
    const listed = bills.map((bill) => bill.billNo)
    if (bills.length >= MOST_LISTED && !listed.includes(billNo)) {
      throw new NotTried({
        zh: '测试患者的待缴账单已满 50 张，新账单列不出',
        en: 'the test patient has 50 older open bills: a new one is not listed any more',
      })
    }
    expectThat(listed.includes(billNo), 'a new bill', 'to be listed', listed)
    const times = bills.map(({ createdAt }) => createdAt.getTime())
    const sorted = times.toSorted((a, b) => a - b)
    expectSame('their order: the oldest first', times, sorted)
  }),
  check(LIST, 'paid', ['已缴账单不再列出', 'a paid bill is listed no more'], async (s) => {
    const { bill } = await paidBill(s)
    const bills = okOf(LIST, await s.his.openBills(s.call, bill.patientNo), 'the open bills')
    const listed = bills.filter(({ billNo }) => billNo === bill.billNo)
    expectSame('how often it is listed', listed.length, 0)
  }),
  check(
    LIST,
    'unknown',
    ['未知患者有明确答复', 'an unknown patient is PATIENT_NOT_FOUND'],
    async (s) => {
      const answer = await s.his.openBills(s.call, s.newNo('X'))
      refusedOf(LIST, answer, ['patient_not_found'], 'an unknown patient')
    },
  ),
  check(
    PRE_SETTLE,
    'answer',
    ['预结算，不入账', 'settling in advance books nothing'],
    async (s) => {
      const bill = await openBill(s)
      const { billNo, version } = bill
      const asked = { billNo, version, insuranceToken: null }
      const settled = okOf(PRE_SETTLE, await s.his.preSettle(s.call, asked), 'a bill')
      expectSame('its total', settled.totalFen, bill.totalFen)
      const after = await billAt(s, billNo)
      expectSame('the bill after it', [after.status, after.version], ['open', version])
    },
  ),
  check(
    PRE_SETTLE,
    'changed',
    ['版本不符被拒绝', 'of another version it is BILL_CHANGED'],
    async (s) => {
      const { billNo, version } = await openBill(s)
      const asked = { billNo, version: version + 1, insuranceToken: null }
      const answer = await s.his.preSettle(s.call, asked)
      refusedOf(PRE_SETTLE, answer, ['bill_changed'], 'another version')
    },
  ),
]
