import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { findAdmitted } from './application-store.ts'
import type { Application } from './application.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import type { ApplicationId } from './scope.ts'

// Which hospital may do what with an application, and how it is written down that it did.

/** Errors: throws partners.application_not_found for one that the hospital has not let in. */
export async function admittedOf(tx: Tx, hospitalId: HospitalId, id: ApplicationId) {
  const admitted = await findAdmitted(tx, hospitalId, id)
  if (!admitted) throw partnerErrors.application_not_found()
  return admitted
}

/** The application, for its home alone. Errors: throws partners.application_not_found, application_foreign. */
export async function ownOf(
  tx: Tx,
  hospitalId: HospitalId,
  id: ApplicationId,
): Promise<Application> {
  const { application } = await admittedOf(tx, hospitalId, id)
  checkHome(application, hospitalId)
  return application
}

export function checkHome({ homeHospital }: Application, hospitalId: HospitalId): void {
  if (homeHospital !== hospitalId) throw partnerErrors.application_foreign({ homeHospital })
}

export async function note(
  deps: PartnerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  actor: Actor,
  id: ApplicationId,
  action: string,
  detail: Record<string, string | number> = {},
): Promise<void> {
  const { audit } = deps
  const subject = applicationSubject(id)
  await audit(tx, hospitalId, actor, { action: `partners.${action}`, subject, detail })
}

export const applicationSubject = (id: ApplicationId): string => `application:${id}`
