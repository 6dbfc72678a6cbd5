import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { Payable, PaymentId, PersonId } from '../payments/index.ts'
import { type BillDeskDependencies, createBillDesk } from './bill-desk.ts'
import { billingErrors } from './errors.ts'
import { payableOf } from './payable.ts'
import { readFromHospital } from './reading.ts'
import { billsNamed, closeUnlisted, keepBills, keptOpenBills, markBills } from './store.ts'

export type Billing = ReturnType<typeof createBilling>

/** `readAt` is now, or, when the hospital's system did not answer, when it last did. */
export type OpenBills = { bills: Payable[]; readAt: Date; stale: boolean }

export function createBilling(dependencies: BillingDependencies) {
  const { db, clock, systemOf, patientNoOf, billsOfPayment, onBillsRead } = dependencies
  return { desk: createBillDesk(dependencies), openBills, keptBills, onPaymentEnded }

  /** What a person owes at a hospital this moment. */
  async function openBills(hospitalId: HospitalId, personId: PersonId): Promise<OpenBills> {
    const system = await systemOf(hospitalId)
    if (!system) return lastKnown(hospitalId, personId)
    const patientNo = await patientNoOf(personId, hospitalId)
    // Who was never there owes nothing there.
    if (patientNo === null) return { bills: [], readAt: clock.now(), stale: false }
    const answer = await readFromHospital(dependencies, hospitalId, (call) =>
      system.openBills(call, patientNo),
    )
    if (answer.outcome === 'unknown') return lastKnown(hospitalId, personId)
    if (answer.outcome === 'refused') throw billingErrors.hospital_refused({ code: answer.code })
    const bills = answer.data.map(payableOf)
    const readAt = clock.now()
    await inHospital(db, hospitalId, async (tx) => {
      const read = bills.map((payable) => ({ payable, status: 'open' as const }))
      await keepBills(tx, hospitalId, personId, read, readAt)
      const listed = bills.map((bill) => bill.billNo)
      await closeUnlisted(tx, hospitalId, personId, listed, readAt)
    })
    await onBillsRead?.(hospitalId, bills)
    return { bills, readAt, stale: false }
  }

  /** Bills by their numbers as they were last read, whatever became of them since. */
  async function keptBills(hospitalId: HospitalId, billNos: readonly string[]): Promise<Payable[]> {
    const rows = await inHospital(db, hospitalId, (tx) => billsNamed(tx, hospitalId, billNos))
    return rows.map(({ payable }) => ({ ...payable, billedAt: new Date(payable.billedAt) }))
  }

  /** A slow or silent hospital: what it said last, marked as such. */
  async function lastKnown(hospitalId: HospitalId, personId: PersonId): Promise<OpenBills> {
    const rows = await inHospital(db, hospitalId, (tx) => keptOpenBills(tx, hospitalId, personId))
    const [first] = rows
    if (!first) throw billingErrors.hospital_unavailable()
    const bills = rows.map(({ payable }) => ({ ...payable, billedAt: new Date(payable.billedAt) }))
    return { bills, readAt: first.read_at, stale: true }
  }

  /** A payment that succeeded has settled its bills. */
  async function onPaymentEnded(event: Events['payments.ended']): Promise<void> {
    if (event.status !== 'succeeded') return
    const { hospitalId } = event
    const paymentId = event.paymentId as PaymentId
    const billNos = await billsOfPayment(hospitalId, paymentId)
    await inHospital(db, hospitalId, (tx) =>
      markBills(tx, hospitalId, billNos, { status: 'paid', paymentId }),
    )
  }
}

export type BillingDependencies = BillDeskDependencies & {
  clock: Clock
  billsOfPayment: (hospitalId: HospitalId, paymentId: PaymentId) => Promise<string[]>
  /** Hears of bills as they were just read; must not throw. */
  onBillsRead?: (hospitalId: HospitalId, bills: readonly Payable[]) => Promise<void>
}
