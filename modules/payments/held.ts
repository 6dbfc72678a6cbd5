import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Payment, PaymentBill, PaymentId, Tender } from './payment.ts'
import {
  type BillChanges,
  billRowsOf,
  lockPaymentRow,
  type PaymentChanges,
  type TenderChanges,
  tenderRowsOf,
  toBill,
  toPayment,
  toTender,
  updateBill,
  updatePayment,
  updateTender,
} from './store.ts'

/**
 * A payment that is ours until the transaction ends, with its tenders and bills: read once, changed here, and written
 * once by `save`. What is read always has the changes in it.
 */
export type HeldPayment = {
  readonly payment: Payment
  readonly tenders: readonly Tender[]
  readonly bills: readonly PaymentBill[]
  change(changes: PaymentChanges): void
  changeTender(tenderNo: number, changes: TenderChanges): void
  changeBill(billNo: string, changes: BillChanges): void
  save(now: Date): Promise<void>
}

/** Errors: payments.payment_not_found. */
export async function holdPayment(
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<HeldPayment> {
  // Asked for at once, and done in this order: what waited for the lock sees what the one before it wrote.
  const [locked, tenderRows, billRows] = await Promise.all([
    lockPaymentRow(tx, hospitalId, id),
    tenderRowsOf(tx, hospitalId, id),
    billRowsOf(tx, hospitalId, id),
  ])
  const payment = pending(locked, toPayment)
  const tenders = tenderRows.map((row) => pending(row, toTender))
  const bills = billRows.map((row) => pending(row, toBill))
  const before = toPayment(locked)
  return {
    get payment() {
      return payment.value()
    },
    get tenders() {
      return tenders.map((tender) => tender.value())
    },
    get bills() {
      return bills.map((bill) => bill.value())
    },
    change: (changes) => payment.change(changes),
    changeTender(tenderNo, changes) {
      const tender = tenders.find(({ value }) => value().tenderNo === tenderNo)
      assert(tender, `payment ${id} has tender ${tenderNo}`)
      tender.change(changes)
    },
    changeBill(billNo, changes) {
      const bill = bills.find(({ value }) => value().billNo === billNo)
      assert(bill, `payment ${id} has bill ${billNo}`)
      bill.change(changes)
    },
    async save(now) {
      await Promise.all([
        ...tenders.map(({ changes, value }) =>
          changes() ? updateTender(tx, before, value().tenderNo, changes() ?? {}) : null,
        ),
        ...bills.map(({ changes, value }) =>
          changes() ? updateBill(tx, before, value().billNo, changes() ?? {}) : null,
        ),
        payment.changes() ? updatePayment(tx, before, payment.changes() ?? {}, now) : null,
      ])
    },
  }
}

/** A row with changes that are not written yet. */
function pending<Row extends object, Value>(read: Row, valueOf: (row: Row) => Value) {
  let row = read
  let value = valueOf(read)
  let changes: Partial<Row> | null = null
  return {
    value: () => value,
    changes: () => changes,
    change(further: object): void {
      changes = { ...changes, ...further }
      row = { ...row, ...further }
      value = valueOf(row)
    },
  }
}
