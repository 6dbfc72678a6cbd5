import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs, HOUR_MS } from '../../kernel/time.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import type { GrantScope } from './person-grant.ts'
import { isGranted } from './person-grants.ts'
import { countFailure } from './proof-store.ts'
import type { ApplicationId } from './scope.ts'

// How often an application may come with a person's id. The limits are far above what paying takes, and far below
// what following a person or searching for persons takes.

const MOST_ABOUT_ONE = 120
const MOST_UNGRANTED = 300

/** Who asks about whom at which hospital; the id is as the application wrote it. */
export type Question = { hospitalId: HospitalId; applicationId: ApplicationId; patientId: string }

/**
 * The person, when they allow the application this at the hospital; null when they do not, or there is nobody.
 * Errors: throws partners.asked_too_often.
 */
export async function allowedBy(
  deps: PartnerDependencies,
  { patientId, ...at }: Question,
  scope: GrantScope,
): Promise<Id<'Person'> | null> {
  const personId = patientId as Id<'Person'>
  const isAllowed = await isGranted(deps, { ...at, personId }, scope)
  const about = isAllowed ? patientId : ''
  const most = isAllowed ? MOST_ABOUT_ONE : MOST_UNGRANTED
  if ((await timesAsked(deps, at.applicationId, about)) > most) {
    throw partnerErrors.asked_too_often({ most })
  }
  return isAllowed ? personId : null
}

/** In this hour of the clock, this time included. */
async function timesAsked(
  { db, clock, seal }: PartnerDependencies,
  applicationId: ApplicationId,
  about: string,
): Promise<number> {
  const now = clock.now()
  const hour = Math.floor(now.getTime() / HOUR_MS)
  const subject = seal.blindIndex('partners.asked', `${applicationId}|${about}|${hour}`)
  return countFailure(db, subject, { now, forgottenBefore: addMs(now, -HOUR_MS) })
}
