import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { paymentSubject } from './books.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentMachine } from './machine.ts'
import type { Payment, PaymentId, PersonId } from './payment.ts'
import { lockOwnPayment, type PaymentsDependencies } from './payments.ts'
import { QUOTE_VALID_MS } from './quote.ts'
import { billsOf, claimBill, tendersOf, updatePayment } from './store.ts'

/**
 * The payer agrees to the plan. The bills are looked at once more at the hospital: one that changed or was paid
 * meanwhile ends here, before anything moves. From now on no other payment may begin to settle them.
 */
export function createConfirm(dependencies: PaymentsDependencies, machine: PaymentMachine) {
  const { db, clock, desk, publish, audit } = dependencies
  return async function confirm(
    hospitalId: HospitalId,
    personId: PersonId,
    id: PaymentId,
    payFen: Fen,
    actor: Actor,
  ): Promise<void> {
    const before = await inHospital(db, hospitalId, async (tx) => ({
      payment: await lockOwnPayment(tx, hospitalId, personId, id),
      bills: await billsOf(tx, hospitalId, id),
    }))
    if (before.payment.status !== 'quoted') return alreadyConfirmed(before.payment)
    await desk.present({ hospitalId, personId, bills: before.bills })

    await inHospital(db, hospitalId, async (tx) => {
      const payment = await lockOwnPayment(tx, hospitalId, personId, id)
      if (payment.status !== 'quoted') return alreadyConfirmed(payment)
      const now = clock.now()
      if (now >= payment.expiresAt) throw paymentErrors.payment_expired({ id })
      const payer = (await tendersOf(tx, hospitalId, id)).find((tender) => tender.phase === 'payer')
      if ((payer?.amountFen ?? 0) !== payFen) throw paymentErrors.plan_changed({ payFen })
      if (payer && payer.payerAccount === null) {
        throw paymentErrors.payer_account_missing({ provider: payer.provider })
      }
      for (const { billNo } of before.bills) {
        const owner = await claimBill(tx, payment, billNo)
        if (owner !== id) throw paymentErrors.bill_in_payment({ billNo, paymentId: owner })
      }
      const expiresAt = addMs(now, QUOTE_VALID_MS)
      const changes = { status: 'charging', confirmed_at: now, expires_at: expiresAt, due_at: now }
      await updatePayment(tx, payment, changes as never, now)
      await publish(tx, 'payments.changed', { hospitalId, paymentId: id, status: 'charging' })
      const subject = paymentSubject(id)
      await audit(tx, hospitalId, actor, { action: 'payments.confirm', subject })
    })
    await machine.advance(hospitalId, id)
  }
}

/** A second tap finds the payment on its way, which is what was wanted. */
function alreadyConfirmed(payment: Payment): void {
  if (payment.confirmedAt === null)
    throw paymentErrors.payment_not_payable({ status: payment.status })
}
