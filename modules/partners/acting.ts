import type { HospitalId, Id } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { findActingFor, insertActing } from './acting-store.ts'
import { allowedBy, type Question } from './asking.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import { isGranted } from './person-grants.ts'
import type { ApplicationId } from './scope.ts'

// For whom an application acts. It names a person as it does in /verify_payment: by the patient id, of one who allowed
// it this at the hospital and has a bank card bound. What it then does with a payment is the payment's to check, and
// to write down as the application's.

/**
 * The person an application asks about. It is told something of them, so that it is written down.
 * Errors: throws partners.grant_missing for whoever did not allow it, asked_too_often, patient_not_bound.
 */
export async function namePatient(
  deps: PartnerDependencies,
  question: Question,
  actor: Actor,
): Promise<Id<'Person'>> {
  const personId = await allowingPerson(deps, question)
  await writeDown(deps, question, personId, actor)
  return personId
}

/**
 * The person an application books a number for, or sees one of. No card is wanted: nothing is paid by it.
 * Errors: throws partners.grant_missing for whoever did not allow it, asked_too_often.
 */
export async function bookFor(
  deps: PartnerDependencies,
  question: Question,
  actor: Actor,
): Promise<Id<'Person'>> {
  const personId = await allowedBy(deps, question, 'book')
  if (personId === null) throw partnerErrors.grant_missing()
  await writeDown(deps, question, personId, actor)
  return personId
}

/** The person a payment of the application's is for. Errors: those of namePatient. */
export async function beginActing(
  deps: PartnerDependencies,
  question: Question,
  paymentId: Id<'Payment'>,
): Promise<Id<'Person'>> {
  const { hospitalId, applicationId } = question
  const personId = await allowingPerson(deps, question)
  await inHospital(deps.db, hospitalId, (tx) =>
    insertActing(tx, {
      hospital_id: hospitalId,
      payment_id: paymentId,
      application_id: applicationId,
      person_id: personId,
      created_at: deps.clock.now(),
    }),
  )
  return personId
}

/**
 * Whose payment the application began; null for one that it did not begin. Errors: throws partners.grant_missing when
 * the person has taken back what they allowed or it has run out, patient_not_bound when they have unbound their card.
 */
export async function payerOf(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  applicationId: ApplicationId,
  paymentId: Id<'Payment'>,
): Promise<Id<'Person'> | null> {
  const personId = await inHospital(deps.db, hospitalId, (tx) =>
    findActingFor(tx, hospitalId, applicationId, paymentId),
  )
  if (personId === null) return null
  const parties = { personId, hospitalId, applicationId }
  if (!(await isGranted(deps, parties, 'pay'))) throw partnerErrors.grant_missing()
  return boundPerson(deps, personId)
}

const writeDown = (
  { db, audit }: PartnerDependencies,
  { hospitalId, applicationId }: Question,
  personId: Id<'Person'>,
  actor: Actor,
): Promise<void> =>
  inHospital(db, hospitalId, (tx) =>
    audit(tx, hospitalId, actor, {
      action: 'partners.name_patient',
      subject: `person:${personId}`,
      detail: { applicationId },
    }),
  )

async function allowingPerson(
  deps: PartnerDependencies,
  question: Question,
): Promise<Id<'Person'>> {
  const personId = await allowedBy(deps, question, 'pay')
  if (personId === null) throw partnerErrors.grant_missing()
  return boundPerson(deps, personId)
}

async function boundPerson(deps: PartnerDependencies, patientId: string): Promise<Id<'Person'>> {
  const named = await deps.boundPatient(patientId)
  if (!named) throw partnerErrors.patient_not_bound()
  return named.personId
}
