import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { chargeByAgreement, ordinaryWayOf } from './agreement/charge.ts'
import type { BillReference } from './bill-desk.ts'
import { paymentSubject } from './books.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import { type HeldPayment, holdPayment } from './held.ts'
import { follow } from './machine.ts'
import type { Payment, PaymentId, PersonId, Tender } from './payment.ts'
import type { PayerPresence, PayMethod } from './provider.ts'
import { QUOTE_VALID_MS } from './quote.ts'
import { next } from './steps.ts'
import { billsOf, claimBill, findOwnPayment, tendersOf } from './store.ts'

/**
 * The payer agrees to the plan. The bills are looked at once more at the hospital: one that changed or was paid
 * meanwhile ends here, before anything moves. From now on no other payment may begin to settle them.
 */
export async function confirm(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
  id: PaymentId,
  { payFen, presence, byOther = false, carerId }: Consent,
  actor: Actor,
): Promise<void> {
  const { db, desk } = deps
  const [known, bills, planned] = await inHospital(db, hospitalId, (tx) =>
    Promise.all([
      findOwnPayment(tx, hospitalId, personId, id),
      billsOf(tx, hospitalId, id),
      tendersOf(tx, hospitalId, id),
    ]),
  )
  if (known.carerId !== (carerId ?? null)) throw paymentErrors.begun_by_other({ id })
  if (known.status !== 'quoted') return alreadyConfirmed(known)
  const ordinary = await ordinaryWayOf(deps, known, planned)
  await desk.present({ hospitalId, personId, bills })

  const { call, isNew } = await inHospital(db, hospitalId, async (tx) => {
    const held = await holdPayment(tx, hospitalId, id)
    const { payment, tenders } = held
    const isFirst = payment.status === 'quoted'
    if (!isFirst) {
      alreadyConfirmed(payment)
    } else {
      checkPlan(payment, tenders, { payFen, presence, byOther }, deps.clock.now())
      await claimBills(tx, payment, bills)
      await chargeByAgreement(deps, tx, held, ordinary)
      await begin(deps, tx, held, actor)
    }
    const first = await next(deps, tx, held)
    await held.save(deps.clock.now())
    return { call: first, isNew: isFirst }
  })
  // A second tap that finds the first on its way may find its order sent: that is no new one.
  await follow(deps, call, isNew ? presence : null)
}

/**
 * What the payer agrees to, and what their device gave with it. `byOther`: an application or a carer says so in their
 * stead, which counts only where somebody must still pay something. `carerId`: the carer; whoever began a payment pays it.
 */
export type Consent = {
  payFen: Fen
  presence: PayerPresence | null
  byOther?: boolean
  carerId?: PersonId
}

// Tenders made before methods were kept were paid by account.
const NEEDS_ACCOUNT = new Set<PayMethod | null>(['account', null])
const NEEDS_TOKEN = new Set<PayMethod | null>(['barcode', 'card'])

/** A second tap finds the payment on its way, which is what was wanted. */
function alreadyConfirmed(payment: Payment): void {
  if (payment.confirmedAt === null)
    throw paymentErrors.payment_not_payable({ status: payment.status })
}

function checkPlan(
  payment: Payment,
  tenders: readonly Tender[],
  { payFen, presence, byOther }: Consent,
  now: Date,
): void {
  if (now >= payment.expiresAt) throw paymentErrors.payment_expired({ id: payment.id })
  const payer = tenders.find((tender) => tender.phase === 'payer')
  if ((payer?.amountFen ?? 0) !== payFen) throw paymentErrors.plan_changed({ payFen })
  if (!payer) {
    if (byOther) throw paymentErrors.payer_needed({ source: tenders[0]?.provider ?? '' })
    return
  }
  const { provider, method, payerAccount } = payer
  if (NEEDS_ACCOUNT.has(method) && payerAccount === null) {
    throw paymentErrors.payer_account_missing({ provider })
  }
  if (NEEDS_TOKEN.has(method) && !presence?.token) {
    throw paymentErrors.payer_token_missing({ provider })
  }
}

// Whoever shows a code stands at the counter, and either pays now or does not.
const BARCODE_VALID_MS = 45 * SECOND_MS

const timeToPayMs = (tenders: readonly Tender[]): number =>
  tenders.some(({ method }) => method === 'barcode') ? BARCODE_VALID_MS : QUOTE_VALID_MS

async function claimBills(tx: Tx, payment: Payment, bills: readonly BillReference[]) {
  for (const { billNo } of bills) {
    const owner = await claimBill(tx, payment, billNo)
    if (owner !== payment.id) throw paymentErrors.bill_in_payment({ billNo, paymentId: owner })
  }
}

async function begin(
  { clock, audit }: PaymentsDependencies,
  tx: Tx,
  held: HeldPayment,
  actor: Actor,
): Promise<void> {
  const now = clock.now()
  const { hospitalId, id } = held.payment
  const expires_at = addMs(now, timeToPayMs(held.tenders))
  held.change({ status: 'charging', confirmed_at: now, expires_at, due_at: now })
  await audit(tx, hospitalId, actor, { action: 'payments.confirm', subject: paymentSubject(id) })
}
