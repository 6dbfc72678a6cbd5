import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { insertConsent, listConsents, textInForce, withdraw } from './consent-store.ts'
import {
  type Consent,
  type ConsentId,
  LONGEST_CONSENT_MS,
  type PersonId,
  type Purpose,
  type RecordKind,
} from './consent.ts'
import type { RecordSharingDependencies } from './dependencies.ts'
import { recordSharingErrors } from './errors.ts'

export type ConsentWish = {
  id: ConsentId
  personId: PersonId
  holderId: HospitalId
  readerId: HospitalId
  purpose: Purpose
  kinds: readonly RecordKind[]
  textVersion: string
  expiresAt: Date
}

/**
 * The person's own act, by the text they were shown; in the audit of the hospital whose records they are. Errors: throws
 * record_sharing.own_hospital, consent_outdated, consent_expires_wrong, and for a hospital that is not there.
 */
export async function giveConsent(
  deps: RecordSharingDependencies,
  wish: ConsentWish,
  actor: Actor,
): Promise<Consent> {
  const { db, clock, hospitals, audit } = deps
  const { holderId, readerId, expiresAt, textVersion } = wish
  const now = clock.now()
  if (holderId === readerId) throw recordSharingErrors.own_hospital()
  for (const id of [holderId, readerId]) await hospitals.mustExist(id)
  const text = await textInForce(db, now)
  if (text?.version !== textVersion) {
    throw recordSharingErrors.consent_outdated({ version: text?.version ?? '' })
  }
  const lastsMs = expiresAt.getTime() - now.getTime()
  if (!(lastsMs > 0 && lastsMs <= LONGEST_CONSENT_MS)) {
    throw recordSharingErrors.consent_expires_wrong()
  }
  const consent = { ...wish, givenAt: now, withdrawnAt: null }
  await inHospital(db, holderId, async (tx) => {
    await insertConsent(tx, consent)
    await audit(tx, holderId, actor, {
      action: 'record_sharing.give_consent',
      subject: `record_consent:${consent.id}`,
      detail: { readerId, purpose: wish.purpose, kinds: wish.kinds.join(' ') },
    })
  })
  return consent
}

/** From this moment on nothing is read by it. Errors: throws record_sharing.consent_not_found. */
export async function withdrawConsent(
  { db, clock, audit, identity }: RecordSharingDependencies,
  { personId, holderId, id }: { personId: PersonId; holderId: HospitalId; id: ConsentId },
  actor: Actor,
): Promise<void> {
  const records = await identity.recordsOf(personId)
  await inHospital(db, holderId, async (tx) => {
    const ended = await withdraw(tx, { records, id }, clock.now())
    if (ended?.holderId !== holderId) throw recordSharingErrors.consent_not_found({ id })
    await audit(tx, holderId, actor, {
      action: 'record_sharing.withdraw_consent',
      subject: `record_consent:${id}`,
      detail: { readerId: ended.readerId },
    })
  })
}

/** What a person allowed, the newest first, and the text that is agreed to now. */
export async function consentsOf(
  { db, clock, identity }: RecordSharingDependencies,
  personId: PersonId,
  { after, limit }: { after: ConsentId | undefined; limit: number },
) {
  const records = await identity.recordsOf(personId)
  const found = await listConsents(db, records, { after, limit: limit + 1 })
  const items = found.slice(0, limit)
  const now = clock.now()
  return {
    items,
    next: found.length > limit ? (items.at(-1)?.id ?? null) : null,
    text: await textInForce(db, now),
    now,
  }
}
