import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { findAdmitted, listAdmitted } from './application-store.ts'
import type { Application } from './application.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import {
  endGrant,
  type GrantParties,
  grantTextInForce,
  insertGrant,
  latestGrant,
  listGrants,
} from './person-grant-store.ts'
import {
  bringsConsents,
  type GrantEvidence,
  type GrantGround,
  type GrantId,
  type GrantScope,
  grantScopesOf,
  isInForce,
  LONGEST_GRANT_MS,
  type PersonGrant,
} from './person-grant.ts'

// What persons allow applications. Each grant and each withdrawal is written down in the hospital's audit.

type PersonId = Id<'Person'>

/** What a person may allow whom at a hospital, and what they allowed. */
export async function grantsOf(deps: PartnerDependencies, hospitalId: HospitalId, id: PersonId) {
  const { db, clock } = deps
  const admitted = await listAdmitted(db, hospitalId, { before: undefined, limit: MOST_SHOWN })
  const applications = admitted.flatMap(({ application, access }) => {
    const scopes = grantScopesOf(access.scopes)
    const isOn = application.status === 'active' && access.status === 'active'
    return isOn && scopes.length > 0 ? [{ application, scopes }] : []
  })
  const grants = await listGrants(db, id, hospitalId)
  return { applications, grants, text: await grantTextInForce(db, clock.now()), now: clock.now() }
}

/**
 * The person's own act, by the text they were shown. Replaces what they allowed the same application here before.
 * Errors: throws partners.application_not_found, scope_not_for_kind, grant_outdated, grant_expires_wrong.
 */
export async function giveGrant(
  deps: PartnerDependencies,
  wish: GrantParties & { scopes: readonly GrantScope[]; textVersion: string; expiresAt: Date },
  actor: Actor,
): Promise<PersonGrant> {
  const { textVersion } = wish
  const text = await grantTextInForce(deps.db, deps.clock.now())
  if (text?.version !== textVersion) {
    throw partnerErrors.grant_outdated({ version: text?.version ?? '' })
  }
  return keepGrant(deps, wish, { by: 'person', textVersion }, actor)
}

/**
 * A bank brings the consent that its customer signed with it, in a request over its own signature. Whoever took back
 * what they allowed it is asked by us and not by the bank.
 * Errors: throws partners.grant_unsigned, patient_not_bound, grant_withdrawn, and those of giveGrant.
 */
export async function bringGrant(
  deps: PartnerDependencies,
  { patientId, evidence, ...wish }: BroughtGrant,
  actor: Actor,
): Promise<PersonGrant> {
  const { keyId, nonce } = evidence
  if (keyId === null || nonce === null) throw partnerErrors.grant_unsigned()
  const named = await deps.boundPatient(patientId)
  if (!named) throw partnerErrors.patient_not_bound()
  const parties = { ...wish, personId: named.personId }
  const latest = await latestGrant(deps.db, parties)
  if (latest?.withdrawnAt) throw partnerErrors.grant_withdrawn()
  const { application } = await applicationAt(deps, wish)
  if (!bringsConsents(application.kind)) {
    throw partnerErrors.scope_not_for_kind({ kind: application.kind, scope: 'grants:write' })
  }
  const ground = { by: 'institution' as const, evidence: { ...evidence, keyId, nonce } }
  return keepGrant(deps, parties, ground, actor)
}

/** From this moment on the application may name the person here no more. Errors: throws partners.grant_not_found. */
export async function withdrawGrant(
  deps: PartnerDependencies,
  wish: { personId: PersonId; hospitalId: HospitalId; id: GrantId },
  actor: Actor,
): Promise<void> {
  const { db, clock, audit } = deps
  const { hospitalId, id } = wish
  await inHospital(db, hospitalId, async (tx) => {
    const applicationId = await endGrant(tx, wish, clock.now())
    if (applicationId === null) throw partnerErrors.grant_not_found({ id })
    const fact = { action: 'partners.withdraw_grant', subject: `person_grant:${id}` }
    await audit(tx, hospitalId, actor, { ...fact, detail: { applicationId } })
  })
}

/** Whether the person allows the application this at the hospital now. */
export async function isGranted(
  { db, clock }: PartnerDependencies,
  parties: GrantParties,
  scope: GrantScope,
): Promise<boolean> {
  const latest = await latestGrant(db, parties)
  return latest !== null && isInForce(latest, clock.now()) && latest.scopes.includes(scope)
}

async function keepGrant(
  deps: PartnerDependencies,
  wish: GrantParties & { scopes: readonly GrantScope[]; expiresAt: Date },
  ground: GrantGround,
  actor: Actor,
): Promise<PersonGrant> {
  const { db, clock, newId, audit } = deps
  const { personId, hospitalId, applicationId, expiresAt } = wish
  const { application, scopes: possible } = await applicationAt(deps, wish)
  const scopes = [...new Set(wish.scopes)].toSorted()
  const beyond = scopes.find((scope) => !possible.includes(scope))
  if (beyond) throw partnerErrors.scope_not_for_kind({ kind: application.kind, scope: beyond })
  const givenAt = clock.now()
  if (expiresAt <= givenAt || expiresAt > addMs(givenAt, LONGEST_GRANT_MS)) {
    throw partnerErrors.grant_expires_wrong()
  }
  const id = newId<'PersonGrant'>()
  const parties = { personId, hospitalId, applicationId }
  const ends = { withdrawnAt: null, replacedAt: null }
  const grant: PersonGrant = { id, ...parties, scopes, ground, givenAt, expiresAt, ...ends }
  await inHospital(db, hospitalId, async (tx) => {
    await insertGrant(tx, grant)
    await audit(tx, hospitalId, actor, {
      action: 'partners.give_grant',
      subject: `person_grant:${id}`,
      detail: { applicationId, scopes: scopes.join(' '), ...auditedGround(ground) },
    })
  })
  return grant
}

const auditedGround = (ground: GrantGround): Record<string, string> =>
  ground.by === 'person'
    ? { textVersion: ground.textVersion }
    : { agreementNo: ground.evidence.agreementNo, keyId: ground.evidence.keyId }

/** An application that works at the hospital, and what a person can allow it. Errors: throws partners.application_not_found. */
async function applicationAt(
  { db }: PartnerDependencies,
  { hospitalId, applicationId }: Pick<GrantParties, 'hospitalId' | 'applicationId'>,
): Promise<{ application: Application; scopes: GrantScope[] }> {
  const admitted = await findAdmitted(db, hospitalId, applicationId)
  const isOn = admitted?.application.status === 'active' && admitted.access.status === 'active'
  if (!admitted || !isOn) throw partnerErrors.application_not_found()
  return { application: admitted.application, scopes: grantScopesOf(admitted.access.scopes) }
}

const MOST_SHOWN = 100

type BroughtGrant = Omit<GrantParties, 'personId'> & {
  patientId: string
  scopes: readonly GrantScope[]
  expiresAt: Date
  evidence: Omit<GrantEvidence, 'keyId' | 'nonce'> & {
    /** Null for a request that is not signed, which proves nothing to a third party. */
    keyId: GrantEvidence['keyId'] | null
    nonce: string | null
  }
}
