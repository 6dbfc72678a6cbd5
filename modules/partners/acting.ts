import type { HospitalId, Id } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { findActingFor, insertActing } from './acting-store.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import type { ApplicationId } from './scope.ts'

// For whom an application acts. It names a person as it does in /verify_payment: by the patient id, of one who has a
// bank card bound. What it then does with a payment is the payment's to check, and to write down as the application's.

/** An application at a hospital that let it in, and the person it names. */
type Naming = { hospitalId: HospitalId; applicationId: ApplicationId; patientId: string }

/**
 * The person an application asks about. It is told something of them, so that it is written down.
 * Errors: throws partners.patient_not_bound, for nobody of the region and for one without a bank card bound.
 */
export async function namePatient(
  deps: PartnerDependencies,
  { hospitalId, applicationId, patientId }: Naming,
  actor: Actor,
): Promise<Id<'Person'>> {
  const personId = await boundPerson(deps, patientId)
  await inHospital(deps.db, hospitalId, (tx) =>
    deps.audit(tx, hospitalId, actor, {
      action: 'partners.name_patient',
      subject: `person:${personId}`,
      detail: { applicationId },
    }),
  )
  return personId
}

/** The person a payment of the application's is for. Errors: throws partners.patient_not_bound. */
export async function beginActing(
  deps: PartnerDependencies,
  { hospitalId, applicationId, patientId }: Naming,
  paymentId: Id<'Payment'>,
): Promise<Id<'Person'>> {
  const personId = await boundPerson(deps, patientId)
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
 * Whose payment the application began; null for one that it did not begin. Errors: throws partners.patient_not_bound
 * when the person has unbound their card since, and so ended what the application may do for them.
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
  return personId && boundPerson(deps, personId)
}

async function boundPerson(deps: PartnerDependencies, patientId: string): Promise<Id<'Person'>> {
  const named = await deps.boundPatient(patientId)
  if (!named) throw partnerErrors.patient_not_bound()
  return named.personId
}
