import { eachAtOnce, type Patiently, untilDone } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { advanceAgreement, agreementSubject, postponeAgreement } from './agreement/machine.ts'
import { dueAgreements } from './agreement/store.ts'
import { paymentSubject } from './books.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { holdPayment } from './held.ts'
import { advance } from './machine.ts'
import type { PaymentId } from './payment.ts'
import { advanceRefund } from './refund/machine.ts'
import type { RefundId } from './refund/refund.ts'
import { callAPersonAboutRefund } from './refund/steps.ts'
import { dueRefunds, lockRefundWithPayment, updateRefund } from './refund/store.ts'
import { retryAfter } from './retry.ts'
import { callAPerson } from './steps.ts'
import { duePayments } from './store.ts'

const SWEEP_BATCH = 100

// A machine that fails so often on one row will not get over it by itself.
const FAILURES_UNTIL_A_PERSON = 5

/**
 * Moves on whatever of this hospital is due, so many at once, whoever left it; returns how much there was. One that fails is
 * told to `onError` and comes again later, ever less often: the others do not wait for it. Nor do they for one whose provider
 * does not answer: what is left by `patiently` is held by its lease, and goes on by itself.
 */
export async function sweep(
  deps: PaymentsDependencies,
  hospitalId: HospitalId,
  atOnce = 1,
  patiently: Patiently = untilDone,
): Promise<number> {
  const now = deps.clock.now()
  const [payments, refunds, agreements] = await inHospital(deps.db, hospitalId, async (tx) => [
    await duePayments(tx, hospitalId, now, SWEEP_BATCH),
    await dueRefunds(tx, hospitalId, now, SWEEP_BATCH),
    await dueAgreements(tx, hospitalId, now, SWEEP_BATCH),
  ])
  await eachAtOnce(payments, atOnce, (id) =>
    patiently(
      alone(deps, hospitalId, paymentSubject(id), {
        work: () => advance(deps, hospitalId, id),
        postpone: (tx) => postponePayment(deps, tx, hospitalId, id),
      }),
    ),
  )
  await eachAtOnce(refunds, atOnce, (id) =>
    patiently(
      alone(deps, hospitalId, `refund:${id}`, {
        work: () => advanceRefund(deps, hospitalId, id),
        postpone: (tx) => postponeRefund(deps, tx, hospitalId, id),
      }),
    ),
  )
  await eachAtOnce(agreements, atOnce, (id) =>
    patiently(
      alone(deps, hospitalId, agreementSubject(id), {
        work: () => advanceAgreement(deps, hospitalId, id),
        postpone: (tx) => postponeAgreement(deps, tx, hospitalId, id),
      }),
    ),
  )
  return payments.length + refunds.length + agreements.length
}

/** Does the work so that its failure stays its own. */
async function alone(
  { db, onError }: PaymentsDependencies,
  hospitalId: HospitalId,
  subject: string,
  { work, postpone }: { work: () => Promise<void>; postpone: (tx: Tx) => Promise<void> },
): Promise<void> {
  try {
    await work()
  } catch (failure) {
    onError?.(failure, { hospitalId, subject })
    await inHospital(db, hospitalId, postpone).catch((error: unknown) =>
      onError?.(error, { hospitalId, subject }),
    )
  }
}

async function postponePayment(
  deps: PaymentsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<void> {
  const now = deps.clock.now()
  const held = await holdPayment(tx, hospitalId, id)
  held.change(postponed(held.payment, now))
  const { attempts, attention } = held.payment
  if (attempts >= FAILURES_UNTIL_A_PERSON && attention === null) {
    await callAPerson(deps, tx, held, 'machine_failed')
  }
  await held.save(now)
}

async function postponeRefund(
  deps: PaymentsDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: RefundId,
): Promise<void> {
  const now = deps.clock.now()
  const { refund } = await lockRefundWithPayment(tx, hospitalId, id)
  const later = await updateRefund(tx, refund, postponed(refund, now), now)
  if (later.attempts >= FAILURES_UNTIL_A_PERSON && later.attention === null) {
    await callAPersonAboutRefund(deps, tx, later, 'machine_failed', now)
  }
}

function postponed(
  { id, attempts, inCallUntil }: { id: string; attempts: number; inCallUntil: Date | null },
  now: Date,
): { attempts: number; due_at: Date } {
  const again = retryAfter(now, attempts, id)
  return {
    attempts: attempts + 1,
    due_at: inCallUntil && inCallUntil > again ? inCallUntil : again,
  }
}
