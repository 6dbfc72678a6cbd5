import { createHash } from 'node:crypto'

import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import { randomHex, type Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Principal } from '../../platform/principal.ts'
import { identityErrors } from './errors.ts'
import { findLiveApiKey, insertApiKey, revokeKey } from './store-sign-in.ts'

// Says what it is, so that a key that ends up in a repository or a log is found by a search.
const PREFIX = 'yqk_'
const KEY_BYTES = 32
const MAX_HOSPITALS = 1_000

export function createApiKeys({ db, clock, random, newId }: Dependencies) {
  return { createApiKey, revokeApiKey, authenticateApiKey }

  /**
   * A new key for an institution, good for some hospitals until a time. The key is shown this once: only its
   * digest is kept. An institution may have several, so that one can take over from another.
   * Errors: throws identity.api_key_invalid.
   */
  async function createApiKey({ name, hospitalIds, expiresAt }: NewApiKey) {
    const created_at = clock.now()
    if (hospitalIds.length < 1 || hospitalIds.length > MAX_HOSPITALS) throw invalid('hospitalIds')
    if (name.length < 1 || name.length > 100) throw invalid('name')
    if (expiresAt <= created_at) throw invalid('expiresAt')
    const key = PREFIX + randomHex(random, KEY_BYTES)
    const keyId = newId<'ApiKey'>()
    const hospital_ids = [...hospitalIds]
    const row = { key_id: keyId, key_hash: hashOf(key), name, hospital_ids, created_at }
    await insertApiKey(db, { ...row, expires_at: expiresAt, revoked_at: null })
    return { keyId, key }
  }

  async function revokeApiKey(keyId: Id<'ApiKey'>): Promise<void> {
    await revokeKey(db, keyId, clock.now())
  }

  /** Whose key it is; null when it is nobody's, was revoked or has run out. */
  async function authenticateApiKey(key: string): Promise<Principal | null> {
    if (!/^yqk_[0-9a-f]{64}$/.test(key)) return null
    const row = await findLiveApiKey(db, hashOf(key), clock.now())
    return row && { kind: 'institution', keyId: row.key_id, hospitalIds: row.hospital_ids }
  }
}

// Keys are 256 random bits, so that a plain digest gives nothing away.
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

const invalid = (field: string) => identityErrors.api_key_invalid({ field })

export type NewApiKey = { name: string; hospitalIds: readonly HospitalId[]; expiresAt: Date }

type Dependencies = { db: Db; clock: Clock; random: Random; newId: NewId }
