import type { Tx } from '../../platform/db.ts'
import { insertConsent } from './application-store.ts'
import type { CreditDependencies } from './dependencies.ts'
import { creditErrors } from './errors.ts'
import { findConsentText } from './lender-store.ts'
import type { LenderId, PersonId } from './terms.ts'

/**
 * Keeps that a person agreed to a text of this version, with the digest of its words. Errors: consent_outdated when
 * there is no such text.
 */
export async function consentTo(
  { clock, newId }: Pick<CreditDependencies, 'clock' | 'newId'>,
  tx: Tx,
  { lenderId, personId, version, subject }: Consenting,
): Promise<{ textVersion: string; textSha256: string; givenAt: Date }> {
  const text = await findConsentText(tx, lenderId, version)
  if (!text) throw creditErrors.consent_outdated({ version })
  const consent = { textVersion: version, textSha256: text.sha256, givenAt: clock.now() }
  await insertConsent(tx, {
    hospital_id: lenderId,
    id: newId<'CreditConsent'>(),
    person_id: personId,
    subject,
    text_version: consent.textVersion,
    text_sha256: consent.textSha256,
    given_at: consent.givenAt,
  })
  return consent
}

type Consenting = { lenderId: LenderId; personId: PersonId; version: string; subject: string }
