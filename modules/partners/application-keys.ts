import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { applicationSubject, ownOf } from './application-rights.ts'
import { insertKey, liveKeys, lockApplication, revokeKey } from './application-store.ts'
import {
  type ApplicationKey,
  type KeyAlgorithm,
  type KeyId,
  LONGEST_KEY_LIFE_MS,
  MOST_LIVE_KEYS,
} from './application.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import { readPublicKey } from './public-key.ts'
import type { ApplicationId } from './scope.ts'

/** The public keys by which an application's signed requests are checked. Several at once, so that one can follow another. */
export function createApplicationKeys({ db, clock, newId, audit }: PartnerDependencies) {
  return { addKey, endKey }

  /** Errors: throws partners.application_not_found, application_foreign, key_invalid, keys_too_many. */
  async function addKey(
    hospitalId: HospitalId,
    applicationId: ApplicationId,
    { algorithm, publicKey, validFrom, validUntil }: NewKey,
    actor: Actor,
  ): Promise<ApplicationKey> {
    const read = readPublicKey(algorithm, publicKey)
    if (read === null) throw partnerErrors.key_invalid({ field: 'publicKey' })
    const now = clock.now()
    const from = validFrom ?? now
    const lifeMs = validUntil.getTime() - from.getTime()
    if (lifeMs <= 0 || lifeMs > LONGEST_KEY_LIFE_MS || validUntil <= now) {
      throw partnerErrors.key_invalid({ field: 'validUntil' })
    }
    const id = newId<'ApplicationKey'>()
    const key: ApplicationKey = {
      id,
      applicationId,
      algorithm,
      publicKey: read,
      validFrom: from,
      validUntil,
      revokedAt: null,
    }
    await inHospital(db, hospitalId, async (tx) => {
      await ownOf(tx, hospitalId, applicationId)
      await lockApplication(tx, applicationId)
      const live = await liveKeys(tx, applicationId, now)
      if (live.length >= MOST_LIVE_KEYS) throw partnerErrors.keys_too_many({ most: MOST_LIVE_KEYS })
      await insertKey(tx, key, now)
      const subject = applicationSubject(applicationId)
      const detail = { keyId: id, algorithm }
      await audit(tx, hospitalId, actor, { action: 'partners.add_key', subject, detail })
    })
    return key
  }

  /** Errors: throws partners.application_not_found, application_foreign, key_not_found. */
  async function endKey(
    hospitalId: HospitalId,
    applicationId: ApplicationId,
    keyId: KeyId,
    actor: Actor,
  ): Promise<void> {
    await inHospital(db, hospitalId, async (tx) => {
      await ownOf(tx, hospitalId, applicationId)
      const now = clock.now()
      const live = await liveKeys(tx, applicationId, now)
      if (!live.some(({ id }) => id === keyId)) throw partnerErrors.key_not_found()
      await revokeKey(tx, keyId, now)
      const subject = applicationSubject(applicationId)
      const detail = { keyId }
      await audit(tx, hospitalId, actor, { action: 'partners.revoke_key', subject, detail })
    })
  }
}

type NewKey = {
  algorithm: KeyAlgorithm
  publicKey: string
  validFrom: Date | null
  validUntil: Date
}
