import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import type { Actor } from '../../platform/principal.ts'
import { tellAttention } from './claim-attention.ts'
import { findClaim, resolveAttention, wakeWithheld } from './claim-store.ts'
import type { ClaimId } from './claim.ts'
import { type Consent, type ConsentPurpose, type ConsentScope, isInForce } from './consent.ts'
import type { Dependencies } from './dependencies.ts'
import { coverageErrors } from './errors.ts'
import type { Insurer, Policy } from './insurer.ts'
import {
  type BoundPolicy,
  giveConsent,
  policiesOf,
  standingConsent,
  textInForce,
  unbindPolicy,
  upsertPolicy,
  withdrawConsent,
} from './person-store.ts'

type PersonId = Id<'Person'>

const MOST_POLICIES = 20
const LONGEST_CONSENT_MS = 5 * 366 * DAY_MS

export type ConsentWish = {
  insurerCode: string
  purpose: ConsentPurpose
  version: string
  scope: readonly ConsentScope[]
  expiresAt: Date
}

/** What a person binds and allows, and how staff closes what a claim called for. */
export const createCover = (deps: Dependencies) => ({
  ...createConsents(deps),
  ...createBinding(deps),
  resolve: resolverOf(deps),
})

function createConsents(deps: Dependencies) {
  return { consent, withdraw }

  /** Errors: throws coverage.insurer_unknown, consent_outdated, consent_scope_empty, consent_expires_too_late. */
  async function consent(
    hospitalId: HospitalId,
    personId: PersonId,
    wish: ConsentWish,
    actor: Actor,
  ): Promise<Consent> {
    await insurerAt(deps, hospitalId, wish.insurerCode)
    const { db, clock, newId, audit } = deps
    const now = clock.now()
    await checkWish(deps, wish, now)
    const given: Consent = {
      id: newId<'Consent'>(),
      personId,
      ...wish,
      givenAt: now,
      withdrawnAt: null,
      replacedAt: null,
    }
    const { insurerCode, purpose, version } = wish
    await inHospital(db, hospitalId, async (tx) => {
      await giveConsent(tx, given)
      if (purpose === 'claim_papers') {
        await wakeWithheld(tx, hospitalId, { personId, insurerCode }, now)
      }
      await audit(tx, hospitalId, actor, {
        action: 'coverage.consent',
        subject: `consent:${given.id}`,
        detail: { insurerCode, purpose, version, scope: wish.scope.join(' ') },
      })
    })
    return given
  }

  /** From this moment on nothing is sent under it. Errors: throws coverage.consent_not_found. */
  async function withdraw(
    hospitalId: HospitalId,
    personId: PersonId,
    id: Id<'Consent'>,
    actor: Actor,
  ): Promise<void> {
    const { db, clock, audit } = deps
    const fact = { action: 'coverage.withdraw_consent', subject: `consent:${id}` }
    await inHospital(db, hospitalId, async (tx) => {
      if (!(await withdrawConsent(tx, personId, id, clock.now()))) {
        throw coverageErrors.consent_not_found({ id })
      }
      await audit(tx, hospitalId, actor, fact)
    })
  }
}

async function checkWish(
  { db }: Dependencies,
  { purpose, version, scope, expiresAt }: ConsentWish,
  now: Date,
): Promise<void> {
  const text = await textInForce(db, purpose, now)
  if (text?.version !== version) {
    throw coverageErrors.consent_outdated({ version: text?.version ?? '' })
  }
  const isEmpty = purpose === 'claim_papers' && scope.every((what) => what === 'diagnosis')
  if (isEmpty) throw coverageErrors.consent_scope_empty()
  if (expiresAt <= now || expiresAt > addMs(now, LONGEST_CONSENT_MS)) {
    throw coverageErrors.consent_expires_too_late()
  }
}

function createBinding(deps: Dependencies) {
  const findPolicies = finderOf(deps)
  return { findPolicies, bind, unbind }

  /** Errors: those of findPolicies; throws coverage.policy_unknown, too_many_policies. */
  async function bind(
    hospitalId: HospitalId,
    personId: PersonId,
    { insurerCode, policyNo }: { insurerCode: string; policyNo: string },
    actor: Actor,
  ): Promise<BoundPolicy> {
    const { db, clock, audit } = deps
    const told = await findPolicies(hospitalId, personId, insurerCode, actor)
    const found = told.find((policy) => policy.policyNo === policyNo)
    if (!found) throw coverageErrors.policy_unknown({ insurerCode })
    const others = (await policiesOf(db, personId)).filter((own) => own.policyNo !== policyNo)
    if (others.length >= MOST_POLICIES) {
      throw coverageErrors.too_many_policies({ most: MOST_POLICIES })
    }
    const now = clock.now()
    const bound = { ...found, personId, insurerCode, boundAt: now, verifiedAt: now }
    const fact = { action: 'coverage.bind_policy', subject: `person:${personId}` }
    await inHospital(db, hospitalId, async (tx) => {
      await upsertPolicy(tx, bound)
      await audit(tx, hospitalId, actor, { ...fact, detail: { insurerCode } })
    })
    return bound
  }

  /** Errors: throws coverage.policy_not_bound. */
  async function unbind(
    hospitalId: HospitalId,
    personId: PersonId,
    { insurerCode, policyNo }: { insurerCode: string; policyNo: string },
    actor: Actor,
  ): Promise<void> {
    const { db, clock, audit } = deps
    const fact = { action: 'coverage.unbind_policy', subject: `person:${personId}` }
    await inHospital(db, hospitalId, async (tx) => {
      if (!(await unbindPolicy(tx, { personId, insurerCode, policyNo }, clock.now()))) {
        throw coverageErrors.policy_not_bound({ insurerCode })
      }
      await audit(tx, hospitalId, actor, { ...fact, detail: { insurerCode } })
    })
  }
}

/** Errors: throws coverage.claim_not_found, claim_needs_nobody. */
const resolverOf =
  (deps: Dependencies) =>
  async (hospitalId: HospitalId, id: ClaimId, resolution: string, actor: Actor): Promise<void> => {
    const { db, clock, audit } = deps
    await inHospital(db, hospitalId, async (tx) => {
      const claim = await findClaim(tx, hospitalId, id)
      if (!claim) throw coverageErrors.claim_not_found({ id })
      const closed = { resolution, by: actor.name, now: clock.now() }
      if (!(await resolveAttention(tx, hospitalId, id, closed))) {
        throw coverageErrors.claim_needs_nobody({ id })
      }
      const fact = { action: 'coverage.resolve_claim', subject: `coverage_claim:${id}` }
      await audit(tx, hospitalId, actor, fact)
      await tellAttention(deps, tx, { ...claim, attention: null })
    })
  }

/**
 * The person's policies as an insurer has them now. Who a person is leaves the house with this question, so what was
 * said is kept and the question written down, whatever came of it. Errors: throws coverage.insurer_unknown,
 * consent_missing, identity_missing, insurer_unavailable, insurer_refused.
 */
const finderOf =
  (deps: Dependencies) =>
  async (
    hospitalId: HospitalId,
    personId: PersonId,
    insurerCode: string,
    actor: Actor,
  ): Promise<Policy[]> => {
    const insurer = await insurerAt(deps, hospitalId, insurerCode)
    const purpose = 'policy_check' as const
    const given = await standingConsent(deps.db, { personId, insurerCode, purpose })
    if (!given || !isInForce(given, deps.clock.now())) {
      throw coverageErrors.consent_missing({ insurerCode, purpose })
    }
    const holder = await deps.holderOf(personId)
    if (!holder) throw coverageErrors.identity_missing()
    const signal = AbortSignal.timeout(CALL_MS)
    const exchanges: Exchange[] = []
    const trace = (exchange: Exchange) => void exchanges.push(exchange)
    const answer = await insurer.policiesOf({ trace, signal }, holder)
    const asked = { consent: given, outcome: answer.outcome, exchanges }
    await writeDownQuestion(deps, { hospitalId, personId, actor, ...asked })
    if (answer.outcome === 'unknown') throw coverageErrors.insurer_unavailable({ insurerCode })
    if (answer.outcome === 'refused') {
      throw coverageErrors.insurer_refused({ insurerCode, reason: answer.message })
    }
    return answer.data
  }

async function writeDownQuestion(
  { db, newId, audit }: Dependencies,
  { hospitalId, personId, actor, consent, outcome, exchanges }: Question,
): Promise<void> {
  const subject = `person:${personId}`
  const { id: consentId, insurerCode } = consent
  await inHospital(db, hospitalId, async (tx) => {
    await saveExchanges(tx, newId, hospitalId, subject, exchanges)
    const fact = { action: 'coverage.find_policies', subject, outcome }
    await audit(tx, hospitalId, actor, { ...fact, detail: { insurerCode, consentId } })
  })
}

type Question = {
  hospitalId: HospitalId
  personId: PersonId
  actor: Actor
  consent: Consent
  outcome: string
  exchanges: readonly Exchange[]
}

async function insurerAt(
  { insurersOf }: Dependencies,
  hospitalId: HospitalId,
  insurerCode: string,
): Promise<Insurer> {
  const insurer = (await insurersOf(hospitalId)).get(insurerCode)
  if (!insurer) throw coverageErrors.insurer_unknown({ insurerCode })
  return insurer
}

const CALL_MS = 10_000
