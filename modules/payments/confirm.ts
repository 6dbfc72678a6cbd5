import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BillReference } from './bill-desk.ts'
import { paymentSubject } from './books.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import { advance } from './machine.ts'
import type { Payment, PaymentId, PersonId, Tender } from './payment.ts'
import { QUOTE_VALID_MS } from './quote.ts'
import { billsOf, claimBill, lockOwnPayment, tendersOf, updatePayment } from './store.ts'

/**
 * The payer agrees to the plan. The bills are looked at once more at the hospital: one that changed or was paid
 * meanwhile ends here, before anything moves. From now on no other payment may begin to settle them.
 */
export async function confirm(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
  id: PaymentId,
  payFen: Fen,
  actor: Actor,
): Promise<void> {
  const { db, desk } = deps
  const before = await inHospital(db, hospitalId, async (tx) => ({
    payment: await lockOwnPayment(tx, hospitalId, personId, id),
    bills: await billsOf(tx, hospitalId, id),
  }))
  if (before.payment.status !== 'quoted') return alreadyConfirmed(before.payment)
  await desk.present({ hospitalId, personId, bills: before.bills })

  await inHospital(db, hospitalId, async (tx) => {
    const payment = await lockOwnPayment(tx, hospitalId, personId, id)
    if (payment.status !== 'quoted') return alreadyConfirmed(payment)
    checkPlan(payment, await tendersOf(tx, hospitalId, id), payFen, deps.clock.now())
    await claimBills(tx, payment, before.bills)
    await begin(deps, tx, payment, actor)
  })
  await advance(deps, hospitalId, id)
}

/** A second tap finds the payment on its way, which is what was wanted. */
function alreadyConfirmed(payment: Payment): void {
  if (payment.confirmedAt === null)
    throw paymentErrors.payment_not_payable({ status: payment.status })
}

function checkPlan(payment: Payment, tenders: readonly Tender[], payFen: Fen, now: Date): void {
  if (now >= payment.expiresAt) throw paymentErrors.payment_expired({ id: payment.id })
  const payer = tenders.find((tender) => tender.phase === 'payer')
  if ((payer?.amountFen ?? 0) !== payFen) throw paymentErrors.plan_changed({ payFen })
  if (payer && payer.payerAccount === null) {
    throw paymentErrors.payer_account_missing({ provider: payer.provider })
  }
}

async function claimBills(tx: Tx, payment: Payment, bills: readonly BillReference[]) {
  for (const { billNo } of bills) {
    const owner = await claimBill(tx, payment, billNo)
    if (owner !== payment.id) throw paymentErrors.bill_in_payment({ billNo, paymentId: owner })
  }
}

async function begin(
  { clock, publish, audit }: PaymentsDependencies,
  tx: Tx,
  payment: Payment,
  actor: Actor,
): Promise<void> {
  const now = clock.now()
  const { hospitalId, id } = payment
  const expiresAt = addMs(now, QUOTE_VALID_MS)
  const status = 'charging' as const
  await updatePayment(
    tx,
    payment,
    { status, confirmed_at: now, expires_at: expiresAt, due_at: now },
    now,
  )
  await publish(tx, 'payments.changed', { hospitalId, paymentId: id, status })
  await audit(tx, hospitalId, actor, { action: 'payments.confirm', subject: paymentSubject(id) })
}
