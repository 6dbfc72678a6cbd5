import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { note, ownOf } from './application-rights.ts'
import { endSecret, insertSecret, liveSecrets, lockApplication } from './application-store.ts'
import { MOST_LIVE_SECRETS, SECRET_LIFE_MS, type SecretId } from './application.ts'
import { hashOfSecret, newClientSecret } from './credential.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import { revokeTokensOfSecret } from './proof-store.ts'
import type { ApplicationId } from './scope.ts'

/**
 * A new secret, shown this once; those there are work on for the overlap and no longer. Two at a time.
 * Errors: throws partners.application_not_found, application_foreign, secrets_too_many.
 */
export async function rotateSecret(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  id: ApplicationId,
  overlapMs: number,
  actor: Actor,
): Promise<NewSecret> {
  const { db, clock } = deps
  return inHospital(db, hospitalId, async (tx) => {
    await ownOf(tx, hospitalId, id)
    await lockApplication(tx, id)
    const now = clock.now()
    const live = await liveSecrets(tx, id, now)
    if (live.length >= MOST_LIVE_SECRETS) {
      throw partnerErrors.secrets_too_many({ most: MOST_LIVE_SECRETS })
    }
    const end = addMs(now, overlapMs)
    for (const earlier of live) {
      if (earlier.expiresAt > end) await endSecret(tx, earlier.id, { expires_at: end })
    }
    await note(deps, tx, hospitalId, actor, id, 'rotate_secret', { overlapMs })
    return addSecret(deps, tx, id)
  })
}

/** Ends a secret at once, and every token it was given. Errors: throws partners.secret_not_found and as rotateSecret. */
export async function revokeSecret(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  id: ApplicationId,
  secretId: SecretId,
  actor: Actor,
): Promise<void> {
  const { db, clock } = deps
  await inHospital(db, hospitalId, async (tx) => {
    await ownOf(tx, hospitalId, id)
    const now = clock.now()
    const live = await liveSecrets(tx, id, now)
    if (!live.some((secret) => secret.id === secretId)) throw partnerErrors.secret_not_found()
    await endSecret(tx, secretId, { revoked_at: now })
    await revokeTokensOfSecret(tx, secretId, now)
    await note(deps, tx, hospitalId, actor, id, 'revoke_secret', { secretId })
  })
}

/** Of an application that is there, in the transaction that makes it or changes it. */
export async function addSecret(
  deps: PartnerDependencies,
  tx: Tx,
  id: ApplicationId,
): Promise<NewSecret> {
  const { clock, random, newId, environment } = deps
  const clientSecret = newClientSecret(random, environment)
  const now = clock.now()
  const expiresAt = addMs(now, SECRET_LIFE_MS)
  const secretId = newId<'ApplicationSecret'>()
  const secret = { id: secretId, createdAt: now, expiresAt, revokedAt: null }
  await insertSecret(tx, id, secret, hashOfSecret(clientSecret))
  return { secretId, clientSecret, expiresAt }
}

export type NewSecret = { secretId: SecretId; clientSecret: string; expiresAt: Date }
