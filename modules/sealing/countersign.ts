import { inHospital } from '../../platform/db.ts'
import type { SealingDependencies } from './dependencies.ts'
import { sealingErrors } from './errors.ts'
import { type Countersignature, countersignedText, headText } from './head.ts'
import { isSignedBy } from './signature.ts'
import { findHead, insertCountersignature, type LogOf } from './store.ts'

export type NewCountersignature = { applicationId: string; keyId: string; signature: string }

/**
 * A partner has seen a head and says so by a key of its own. Saying it again changes nothing. Errors: throws
 * sealing.log_not_found, head_not_found, key_not_found, countersignature_wrong.
 */
export async function countersign(
  { db, clock, logs, keysOf }: SealingDependencies,
  of: LogOf,
  size: number,
  { applicationId, keyId, signature }: NewCountersignature,
): Promise<Countersignature> {
  if (!logs.some(({ log }) => log.name === of.log))
    throw sealingErrors.log_not_found({ log: of.log })
  const now = clock.now()
  const keys = await keysOf(of.hospitalId, applicationId)
  const key = keys.find(({ id }) => id === keyId)
  if (!key || now < key.validFrom || now >= key.validUntil) throw sealingErrors.key_not_found()
  return inHospital(db, of.hospitalId, async (tx) => {
    const head = await findHead(tx, of, size)
    if (!head) throw sealingErrors.head_not_found({ log: of.log, size })
    const text = countersignedText({ applicationId, keyId }, headText(head))
    if (!isSignedBy(key, text, signature)) throw sealingErrors.countersignature_wrong()
    const { algorithm, publicKey } = key
    const signed = { applicationId, keyId, algorithm, publicKey, signature, signedAt: now }
    await insertCountersignature(tx, of, size, signed)
    return signed
  })
}
