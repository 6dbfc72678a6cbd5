import type { HospitalId } from '../../../kernel/id.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { saveExchanges } from '../../../platform/exchange.ts'
import type { Actor } from '../../../platform/principal.ts'
import { callContext } from '../calls.ts'
import type { MachineDependencies } from '../dependencies.ts'
import { paymentErrors } from '../errors.ts'
import type { PersonId } from '../payment.ts'
import {
  type AgreementLimits,
  type Agreements,
  isChannel,
  type PayerAction,
  type SignAnswer,
} from '../provider.ts'
import { askPayerAgainAt } from '../retry.ts'
import { type Agreement, type AgreementId, isWithin } from './agreement.ts'
import { advanceAgreement, agreementOrderOf, agreementsAt, agreementSubject } from './machine.ts'
import { insertAgreement, lockLiveAgreement, lockOwnAgreement, updateAgreement } from './store.ts'

// What a payer does with agreements of theirs. What each may answer besides its result is in errors.ts.

export type SignWish = {
  hospitalId: HospitalId
  personId: PersonId
  /** What it becomes known by, unless one is being signed already. */
  id: AgreementId
  channel: string
  limits: AgreementLimits
  returnUrl: string | null
}

const SIGNING_MS = 30 * MINUTE_MS

/**
 * Begins an agreement, or goes on with the one that is being signed: returns what the payer's device needs. Null for
 * `payerAction` when the provider did not say; to begin again is then the same wish once more.
 */
export async function signAgreement(
  deps: MachineDependencies,
  wish: SignWish,
  actor: Actor,
): Promise<{ id: AgreementId; payerAction: PayerAction | null }> {
  const { db, newId } = deps
  const { hospitalId, channel, limits, returnUrl } = wish
  const agreements = await offered(deps, hospitalId, channel)
  checkLimits(limits, agreements)
  const agreement = await inHospital(db, hospitalId, (tx) => begin(deps, tx, wish, actor))
  const { context, exchanges } = callContext(agreement)
  const answer = await agreements.sign(context, agreementOrderOf(agreement, returnUrl))
  await inHospital(db, hospitalId, (tx) =>
    saveExchanges(tx, newId, hospitalId, agreementSubject(agreement.id), exchanges),
  )
  return { id: agreement.id, payerAction: actionOf(answer, channel) }
}

/** From the next payment on. They may be lowered and raised, within what the contract allows. */
export async function changeLimits(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
  id: AgreementId,
  limits: AgreementLimits,
  actor: Actor,
): Promise<void> {
  const { db, clock, publish, audit } = deps
  const channel = await channelOf(deps, hospitalId, personId, id)
  checkLimits(limits, await offered(deps, hospitalId, channel))
  await inHospital(db, hospitalId, async (tx) => {
    const agreement = await lockOwnAgreement(tx, hospitalId, personId, id)
    const { status, revokeRequestedAt } = agreement
    if (status === 'revoked' || revokeRequestedAt !== null)
      throw paymentErrors.agreement_over({ id })
    await updateAgreement(tx, agreement, limitsRow(limits), clock.now())
    await Promise.all([
      publish(tx, 'agreements.changed', { hospitalId, agreementId: id, status }),
      audit(tx, hospitalId, actor, {
        action: 'agreements.limits',
        subject: agreementSubject(id),
        detail: limits,
      }),
    ])
  })
}

/** Ends it: from the commit on nothing is charged by it, however long the provider takes to hear of it. */
export async function revokeAgreement(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
  id: AgreementId,
  actor: Actor,
): Promise<void> {
  const { db, clock, publish, audit } = deps
  await inHospital(db, hospitalId, async (tx) => {
    const agreement = await lockOwnAgreement(tx, hospitalId, personId, id)
    if (agreement.status === 'revoked' || agreement.revokeRequestedAt !== null) return
    const now = clock.now()
    const { inCallUntil } = agreement
    const due_at = inCallUntil && inCallUntil > now ? inCallUntil : now
    const changes = { status: 'unknown', revoke_requested_at: now, attempts: 0, due_at } as const
    const { status } = await updateAgreement(tx, agreement, changes, now)
    await Promise.all([
      publish(tx, 'agreements.changed', { hospitalId, agreementId: id, status }),
      audit(tx, hospitalId, actor, { action: 'agreements.revoke', subject: agreementSubject(id) }),
    ])
  })
  await advanceAgreement(deps, hospitalId, id)
}

/** The channels of the hospital whose contract covers agreements, with the most that each allows. */
export async function offersOf(
  { providersOf }: Pick<MachineDependencies, 'providersOf'>,
  hospitalId: HospitalId,
): Promise<{ channel: string; most: AgreementLimits }[]> {
  const providers = [...(await providersOf(hospitalId)).values()]
  return providers.flatMap((provider) =>
    isChannel(provider) && provider.agreements
      ? [{ channel: provider.name, most: provider.agreements.most }]
      : [],
  )
}

async function begin(
  { clock, publish, audit }: MachineDependencies,
  tx: Tx,
  wish: SignWish,
  actor: Actor,
): Promise<Agreement> {
  const { hospitalId, personId, channel, limits } = wish
  const now = clock.now()
  const isNew = await insertAgreement(tx, newRow(wish, now))
  const agreement = await lockLiveAgreement(tx, hospitalId, personId, channel)
  if (!agreement || (agreement.status !== 'signing' && agreement.agreementNo !== null)) {
    throw paymentErrors.agreement_exists({ channel })
  }
  const { id } = agreement
  const fact = { action: 'agreements.sign', subject: agreementSubject(id), detail: limits }
  await Promise.all([
    publish(tx, 'agreements.changed', { hospitalId, agreementId: id, status: 'signing' }),
    audit(tx, hospitalId, actor, fact),
  ])
  if (isNew) return agreement
  const due_at = agreement.inCallUntil ?? askPayerAgainAt(now, 0, id)
  const expires_at = addMs(now, SIGNING_MS)
  const changes = {
    ...limitsRow(limits),
    status: 'signing',
    attempts: 0,
    due_at,
    expires_at,
  } as const
  return updateAgreement(tx, agreement, changes, now)
}

async function offered(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  channel: string,
): Promise<Agreements> {
  const agreements = await agreementsAt(deps, hospitalId, channel)
  if (!agreements) throw paymentErrors.agreements_not_offered({ channel })
  return agreements
}

function checkLimits(limits: AgreementLimits, { most }: Agreements): void {
  if (isWithin(limits, most)) return
  const { perPaymentFen: mostPerPaymentFen, perDayFen: mostPerDayFen } = most
  throw paymentErrors.agreement_limits_wrong({ mostPerPaymentFen, mostPerDayFen })
}

const channelOf = (
  { db }: MachineDependencies,
  hospitalId: HospitalId,
  personId: PersonId,
  id: AgreementId,
): Promise<string> =>
  inHospital(db, hospitalId, async (tx) => {
    const { channel } = await lockOwnAgreement(tx, hospitalId, personId, id)
    return channel
  })

function actionOf(answer: SignAnswer, channel: string): PayerAction | null {
  switch (answer.outcome) {
    case 'pending':
      return answer.payerAction
    case 'declined':
      throw paymentErrors.agreement_not_signed({ channel, reason: answer.code })
    case 'unknown':
      return null
  }
}

const limitsRow = ({ perPaymentFen, perDayFen }: AgreementLimits) => ({
  limit_per_payment_fen: perPaymentFen,
  limit_per_day_fen: perDayFen,
})

const newRow = ({ hospitalId, personId, id, channel, limits }: SignWish, now: Date) => ({
  hospital_id: hospitalId,
  id,
  person_id: personId,
  channel,
  status: 'signing' as const,
  ...limitsRow(limits),
  agreement_no: null,
  end_reason: null,
  signed_at: null,
  valid_until: null,
  revoke_requested_at: null,
  revoked_at: null,
  expires_at: addMs(now, SIGNING_MS),
  version: 0,
  call_no: 0,
  in_call_until: null,
  attempts: 0,
  due_at: askPayerAgainAt(now, 0, id),
  created_at: now,
  updated_at: now,
})
