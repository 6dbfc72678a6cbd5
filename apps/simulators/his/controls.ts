import type { Random } from '../../../kernel/random.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { SandboxValue } from '../kit/sandbox-values.ts'
import { type BillFilter, listBills } from './bill-rows.ts'
import { addItem, type BillOrder, createBill, dispense, type ItemOrder, voidBill } from './bills.ts'
import { checkBooks } from './books.ts'
import { stopClinic } from './clinics.ts'
import type { His } from './context.ts'
import { dayBook, type DayLine } from './day-book.ts'
import type { Bill, DayTotals } from './protocol.ts'
import { randomOrder } from './random-bill.ts'
import { dayTotals } from './receipts.ts'
import { listRefundRequests, type RefundRequest, type RefundRequests } from './refund-requests.ts'
import { listRegistrations, type Registration } from './registrations.ts'
import { admit, type Admission, orderDischarge, type Stay } from './stays.ts'

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
  /** The doctor cannot come: the clinic is listed as stopped, and its places can be cancelled without loss. */
  stopClinic(clinicNo: string, reason: string): void
  /** Takes somebody in as an inpatient. */
  admit(admission: Admission): Stay
  orderDischarge(stayNo: string): Stay
  /** What the hospital knows of somebody's places, the newest first. */
  registrations(patientNo: string): Registration[]
  /** Every line of a day, of bills and of stays. */
  dayBook(date: BusinessDate): DayLine[]
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
  stopClinic: (clinicNo, reason) => stopClinic(his, clinicNo, reason),
  admit: (admission) => admit(his, admission),
  orderDischarge: (stayNo) => orderDischarge(his, stayNo),
  registrations: (patientNo) => listRegistrations(his, patientNo),
  dayBook: (date) => dayBook(his, date),
  checkBooks: () => checkBooks(his),
})
