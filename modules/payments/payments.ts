import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { KeepNotice } from '../../platform/inbox.ts'
import type { Actor } from '../../platform/principal.ts'
import { createConfirm } from './confirm.ts'
import { paymentErrors } from './errors.ts'
import { createPaymentMachine, type MachineDependencies } from './machine.ts'
import { createNotices } from './notices.ts'
import type { Payment, PaymentId, PersonId } from './payment.ts'
import { createQuote, type PayerAccountOf } from './quote.ts'
import { createRefundMachine } from './refund/machine.ts'
import { createRefundRequest } from './refund/request.ts'
import { dueRefunds } from './refund/store.ts'
import { createRepair } from './repair.ts'
import { billsOf, duePayments, lockPayment, nextDueAt, updatePayment } from './store.ts'

export type Payments = ReturnType<typeof createPayments>

const SWEEP_BATCH = 100

/** The use cases of payments. What each may answer besides its result is in errors.ts. */
export function createPayments(dependencies: PaymentsDependencies) {
  const { db, clock, audit, publish } = dependencies
  const machine = createPaymentMachine(dependencies)
  const refundMachine = createRefundMachine(dependencies)
  const machines = { machine, refundMachine }
  return {
    quote: createQuote(dependencies),
    confirm: createConfirm(dependencies, machine),
    cancel,
    requestRefund: createRefundRequest(dependencies, refundMachine),
    ...createRepair(dependencies),
    ...createNotices(dependencies, machines),
    advance: machine.advance,
    recheck: machine.recheck,
    advanceRefund: refundMachine.advance,
    sweep,
    billNosOf,
    nextDueAt: (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, (tx) => nextDueAt(tx, hospitalId)),
  }

  /** The payer does not want to pay any more. What the provider says of it decides. */
  async function cancel(
    hospitalId: HospitalId,
    personId: PersonId,
    id: PaymentId,
    actor: Actor,
  ): Promise<void> {
    await inHospital(db, hospitalId, async (tx) => {
      const payment = await lockOwnPayment(tx, hospitalId, personId, id)
      if (payment.status !== 'quoted' && payment.status !== 'charging') {
        throw paymentErrors.payment_not_cancellable({ status: payment.status })
      }
      const now = clock.now()
      const wish = { cancel_requested_at: now, retry_at: null, attempts: 0, due_at: now }
      await updatePayment(tx, payment, wish, now)
      await audit(tx, hospitalId, actor, { action: 'payments.cancel', subject: `payment:${id}` })
      const event = { hospitalId, paymentId: id, status: payment.status }
      await publish(tx, 'payments.changed', event)
    })
    await machine.advance(hospitalId, id)
  }

  async function billNosOf(hospitalId: HospitalId, id: PaymentId): Promise<string[]> {
    const bills = await inHospital(db, hospitalId, (tx) => billsOf(tx, hospitalId, id))
    return bills.map((bill) => bill.billNo)
  }

  /** Moves on whatever of this hospital is due, whoever left it; returns how much there was. */
  async function sweep(hospitalId: HospitalId): Promise<number> {
    const now = clock.now()
    const [payments, refunds] = await inHospital(db, hospitalId, async (tx) => [
      await duePayments(tx, hospitalId, now, SWEEP_BATCH),
      await dueRefunds(tx, hospitalId, now, SWEEP_BATCH),
    ])
    for (const id of payments) await machine.advance(hospitalId, id)
    for (const id of refunds) await refundMachine.advance(hospitalId, id)
    return payments.length + refunds.length
  }
}

/** Locks a payment of this person; one of somebody else is not there. */
export async function lockOwnPayment(
  tx: Tx,
  hospitalId: HospitalId,
  personId: PersonId,
  id: PaymentId,
): Promise<Payment> {
  const payment = await lockPayment(tx, hospitalId, id)
  if (payment.personId !== personId) throw paymentErrors.payment_not_found({ id })
  return payment
}

export type PaymentsDependencies = MachineDependencies & {
  keepNotice: KeepNotice
  payerAccountOf: PayerAccountOf
}
