import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { addMs } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../../platform/exchange.ts'
import { systemActor } from '../../../platform/principal.ts'
import { callContext } from '../calls.ts'
import type { MachineDependencies } from '../dependencies.ts'
import {
  type AgreementAnswer,
  type AgreementOrder,
  type Agreements,
  isChannel,
  type RevokeAnswer,
} from '../provider.ts'
import { CALL_LEASE_MS, retryAfter } from '../retry.ts'
import type { Agreement, AgreementId } from './agreement.ts'
import { afterAnswer, decide } from './decide.ts'
import { type AgreementChanges, lockAgreement, updateAgreement } from './store.ts'

// To ask, to hear that it is active still, to revoke, and to hear that it is over.
const MOST_CALLS = 5

/**
 * Asks the provider whatever is due about an agreement: decide, write the intent down, commit, ask, write the answer
 * down. May be called by anyone at any time, also at once and twice.
 */
export async function advanceAgreement(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  id: AgreementId,
): Promise<void> {
  for (let calls = 0; calls < MOST_CALLS; calls++) {
    const call = await inHospital(deps.db, hospitalId, (tx) => nextCall(deps, tx, hospitalId, id))
    if (!call) return
    const answered = await ask(deps, call)
    await inHospital(deps.db, hospitalId, (tx) => record(deps, tx, call, answered))
  }
}

/**
 * The provider has said that something happened: it is asked what. One that is over for us, and that the provider still
 * speaks of, is ended there once more.
 */
export async function wakeAgreement(
  deps: MachineDependencies,
  hospitalId: HospitalId,
  id: AgreementId,
  notice: Exchange,
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const agreement = await lockAgreement(tx, hospitalId, id)
    const now = deps.clock.now()
    await saveExchanges(tx, deps.newId, hospitalId, agreementSubject(id), [notice])
    const { status, inCallUntil, endReason, revokeRequestedAt } = agreement
    const due = { due_at: inCallUntil && inCallUntil > now ? inCallUntil : now, attempts: 0 }
    if (status !== 'revoked') return updateAgreement(tx, agreement, due, now)
    // It was ended there as we know. Only a signing that was given up may have come true all the same.
    if (endReason !== 'not_signed') return null
    return updateAgreement(
      tx,
      agreement,
      {
        ...due,
        status: 'unknown',
        end_reason: null,
        revoke_requested_at: revokeRequestedAt ?? now,
      },
      now,
    )
  })
  await advanceAgreement(deps, hospitalId, id)
}

/** Its work failed: it comes again later, ever less often. */
export async function postponeAgreement(
  { clock }: MachineDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: AgreementId,
): Promise<void> {
  const agreement = await lockAgreement(tx, hospitalId, id)
  const now = clock.now()
  const { attempts } = agreement
  const due_at = retryAfter(now, attempts, id)
  await updateAgreement(tx, agreement, { attempts: attempts + 1, due_at }, now)
}

export const agreementSubject = (id: AgreementId): string => `agreement:${id}`

export const agreementOrderOf = (
  { hospitalId, id, agreementNo, expiresAt }: Agreement,
  returnUrl: string | null = null,
): AgreementOrder => ({
  hospitalId,
  agreementId: id,
  signNo: tradeNoOf(hospitalId, id),
  agreementNo,
  returnUrl,
  expiresAt,
})

/** What the channel can do of agreements; null where its contract covers none. */
export async function agreementsAt(
  { providersOf }: Pick<MachineDependencies, 'providersOf'>,
  hospitalId: HospitalId,
  channel: string,
): Promise<Agreements | null> {
  const provider = (await providersOf(hospitalId)).get(channel)
  return provider && isChannel(provider) ? (provider.agreements ?? null) : null
}

type Call = { do: 'query' | 'revoke'; agreement: Agreement }

type Answered = { answer: AgreementAnswer | RevokeAnswer; exchanges: Exchange[] }

async function nextCall(
  { clock }: MachineDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  id: AgreementId,
): Promise<Call | null> {
  const agreement = await lockAgreement(tx, hospitalId, id)
  const now = clock.now()
  const step = decide(agreement, now)
  if (step.do === 'wait') return null
  const until = addMs(now, CALL_LEASE_MS)
  const callNo = agreement.callNo + 1
  const lease = { call_no: callNo, in_call_until: until, due_at: until }
  return { do: step.do, agreement: await updateAgreement(tx, agreement, lease, now) }
}

async function ask(deps: MachineDependencies, call: Call): Promise<Answered> {
  const { agreement } = call
  const { context, exchanges } = callContext(agreement)
  const agreements = await agreementsAt(deps, agreement.hospitalId, agreement.channel)
  if (!agreements) {
    return { answer: { outcome: 'unknown', reason: 'the channel is not connected' }, exchanges }
  }
  return { answer: await agreements[call.do](context, agreementOrderOf(agreement)), exchanges }
}

async function record(
  deps: MachineDependencies,
  tx: Tx,
  { agreement: asked }: Call,
  { answer, exchanges }: Answered,
): Promise<void> {
  const { hospitalId, id } = asked
  const agreement = await lockAgreement(tx, hospitalId, id)
  await saveExchanges(tx, deps.newId, hospitalId, agreementSubject(id), exchanges)
  // Somebody took over when our time was up: theirs is the newer answer.
  if (agreement.callNo !== asked.callNo) return
  const now = deps.clock.now()
  const changes = { ...afterAnswer(agreement, answer, now), in_call_until: null }
  await change(deps, tx, agreement, woken(asked, agreement, changes, now), now)
}

/** The payer ended it while we were asking something else: that is the next question, and waits for nothing. */
function woken(
  asked: Agreement,
  { revokeRequestedAt }: Agreement,
  changes: AgreementChanges,
  now: Date,
): AgreementChanges {
  const isNew = revokeRequestedAt !== null && asked.revokeRequestedAt === null
  return isNew && changes.status !== 'revoked' ? { ...changes, due_at: now } : changes
}

async function change(
  { publish, audit }: MachineDependencies,
  tx: Tx,
  agreement: Agreement,
  changes: AgreementChanges,
  now: Date,
): Promise<void> {
  const { status, endReason } = await updateAgreement(tx, agreement, changes, now)
  if (status === agreement.status) return
  const { hospitalId, id } = agreement
  assert(status !== 'active' || agreement.revokeRequestedAt === null, 'what was ended stays ended')
  const detail = { from: agreement.status, endReason }
  await Promise.all([
    publish(tx, 'agreements.changed', { hospitalId, agreementId: id, status }),
    audit(tx, hospitalId, systemActor('payments'), {
      action: `agreements.${status}`,
      subject: agreementSubject(id),
      detail,
    }),
  ])
}
