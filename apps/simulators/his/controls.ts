import type { Random } from '../../../kernel/random.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { SandboxValue } from '../kit/sandbox-values.ts'
import { type BillFilter, listBills } from './bill-rows.ts'
import { addItem, type BillOrder, createBill, dispense, type ItemOrder, voidBill } from './bills.ts'
import { checkBooks } from './books.ts'
import type { His } from './context.ts'
import type { Bill, DayTotals } from './protocol.ts'
import { randomOrder } from './random-bill.ts'
import { dayTotals } from './receipts.ts'
import { listRefundRequests, type RefundRequest, type RefundRequests } from './refund-requests.ts'

/** What the hospital's own staff does, for a simulation's driver, the demo data and the panel. */
export interface HisControls {
  createBill(order: BillOrder): Bill
  /** A bill as the person may well get it next; with a value of the sandbox, in a visit of its own. */
  createRandomBill(random: Random, personNo: number, sandboxValue?: SandboxValue): Bill
  addItem(billNo: string, item: ItemOrder): Bill
  voidBill(billNo: string): Bill
  dispense(billNo: string, lineNos: readonly number[]): Bill
  /** Queues the request and returns its number; `runDue` sends it. */
  requestRefund(billNo: string, lineNos: readonly number[], reason: string): string
  refundRequests(): RefundRequest[]
  bills(filter: BillFilter): Bill[]
  dayTotals(date: BusinessDate): DayTotals
  /** What does not agree in the HIS's own books; none when they are right. */
  checkBooks(): string[]
}

/** Errors: every refusal is an AppError of `hisErrors`, and nothing is done. */
export const createControls = (his: His, refundRequests: RefundRequests): HisControls => ({
  createBill: (order) => createBill(his, order),
  createRandomBill(random, personNo, sandboxValue) {
    const order = randomOrder(his, random, personNo)
    if (sandboxValue === undefined) return createBill(his, order)
    const { visitNo: _goingOn, ...ofNewVisit } = order
    return createBill(his, { ...ofNewVisit, sandboxValue })
  },
  addItem: (billNo, item) => addItem(his, billNo, item),
  voidBill: (billNo) => voidBill(his, billNo),
  dispense: (billNo, lineNos) => dispense(his, billNo, lineNos),
  requestRefund: (billNo, lineNos, reason) => refundRequests.ask(billNo, lineNos, reason),
  refundRequests: () => listRefundRequests(his),
  bills: (filter) => listBills(his, filter),
  dayTotals: (date) => dayTotals(his.store, date),
  checkBooks: () => checkBooks(his),
})
