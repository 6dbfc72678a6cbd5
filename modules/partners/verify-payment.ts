import { createHash } from 'node:crypto'

import { type HospitalId, isId } from '../../kernel/id.ts'
import { type Fen, subtractFen } from '../../kernel/money.ts'
import { toShanghaiIso } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { applicationSubject } from './application-rights.ts'
import { allowedBy } from './asking.ts'
import type { PartnerDependencies } from './dependencies.ts'
import type { PayableStanding } from './payable-standing.ts'
import type { ApplicationId } from './scope.ts'

/**
 * Whether a patient can pay an amount at a hospital. Asked, not done: nothing moves and nothing is reserved. Each
 * question is written down in the hospital's audit, as the answer tells of a person. Errors: throws
 * partners.asked_too_often, standing_unknown.
 */
export async function verifyPayment(
  deps: PartnerDependencies,
  question: Question,
  actor: Actor,
): Promise<Verdict> {
  const { hospitalId, amountFen, applicationId } = question
  const standing = await standingOf(deps, question)
  const verdict = await judge(deps, question, standing)
  const isKnown = standing.outcome === 'payable'
  const subject = isKnown ? `person:${standing.personId}` : applicationSubject(applicationId)
  await inHospital(deps.db, hospitalId, (tx) =>
    deps.audit(tx, hospitalId, actor, {
      action: 'partners.verify_payment',
      subject,
      outcome: verdict.outcome,
      detail: { applicationId, amountFen },
    }),
  )
  return verdict
}

/** Whoever did not allow it is nobody to the application, whether they are there or not. */
async function standingOf(
  deps: PartnerDependencies,
  question: Question,
): Promise<PayableStanding | { outcome: 'not_granted' }> {
  const { patientId, hospitalId, amountFen } = question
  if (!isId(patientId)) return { outcome: 'not_bound' }
  const personId = await allowedBy(deps, question, 'verify')
  if (personId === null) return { outcome: 'not_granted' }
  return deps.payableStanding({ patientId }, hospitalId, amountFen)
}

async function judge(
  { clock, creditOf, platformKey }: PartnerDependencies,
  { hospitalId, amountFen }: Question,
  standing: Awaited<ReturnType<typeof standingOf>>,
): Promise<Verdict> {
  if (standing.outcome !== 'payable') return standing
  const { personId, maskedName } = standing
  const credit = await creditOf(personId, hospitalId)
  if (credit && credit.remainingFen < amountFen) return { outcome: 'credit_insufficient' }
  const remainingFen = credit && subtractFen(credit.remainingFen, amountFen)
  const statement = JSON.stringify({
    statement: 'payment_verification',
    version: 1,
    personId,
    hospitalId,
    amountFen,
    remainingCreditFen: remainingFen,
    verifiedAt: toShanghaiIso(clock.now()),
  })
  const { ed25519: key } = platformKey
  const signature = key.sign(statement)
  const proof = { statement, algorithm: 'ed25519' as const, keyId: key.keyId, signature }
  const hash = createHash('sha256').update(statement).digest('hex')
  return { outcome: 'payable', maskedName, remainingFen, hash, proof }
}

type Question = {
  patientId: string
  hospitalId: HospitalId
  amountFen: Fen
  applicationId: ApplicationId
}

type Verdict =
  | { outcome: 'not_bound' | 'not_granted' | 'not_owed' | 'credit_insufficient' }
  | {
      outcome: 'payable'
      maskedName: string
      /** Of the credit line, once this amount were taken from it; null where there is none. */
      remainingFen: Fen | null
      /** SHA-256 of the statement, in hex. */
      hash: string
      proof: { statement: string; algorithm: 'ed25519'; keyId: string; signature: string }
    }
