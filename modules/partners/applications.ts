import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { isAddressRange } from './address-list.ts'
import { admittedOf, checkHome, note } from './application-rights.ts'
import {
  accessOf,
  findAdmitted,
  findByClientId,
  insertApplication,
  listAdmitted,
  liveKeys,
  liveSecrets,
  saveAccess,
  updateApplication,
} from './application-store.ts'
import {
  type AdmittedApplication,
  type Application,
  type ApplicationKind,
  MOST_ADDRESSES,
  SCOPES_OF,
} from './application.ts'
import { newClientId } from './credential.ts'
import { releaseHeld } from './delivery-store.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { partnerErrors } from './errors.ts'
import type { ApplicationId, Scope } from './scope.ts'
import { addSecret, type NewSecret } from './secrets.ts'

// What a hospital's IT does with the applications of institutions. Each change is written down in the audit.

/**
 * A new application at one hospital, with its first secret, which is shown this once. Other hospitals let it in by
 * its client id. Errors: throws partners.address_invalid, scope_not_for_kind.
 */
export async function registerApplication(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  { name, kind, scopes, allowedAddresses = [] }: NewApplication,
  actor: Actor,
): Promise<AdmittedApplication & NewSecret> {
  const { db, clock, random, newId } = deps
  checkAddresses(allowedAddresses)
  checkScopes(kind, scopes)
  const createdAt = clock.now()
  const application: Application = {
    id: newId<'Application'>(),
    clientId: newClientId(random),
    name,
    kind,
    homeHospital: hospitalId,
    allowedAddresses,
    status: 'active',
    createdAt,
  }
  const access = { hospitalId, scopes: unique(scopes), status: 'active' as const }
  const secret = await inHospital(db, hospitalId, async (tx) => {
    await insertApplication(tx, application)
    await saveAccess(tx, application.id, access, createdAt)
    const detail = { name, kind, scopes: access.scopes.join(' ') }
    await note(deps, tx, hospitalId, actor, application.id, 'register_application', detail)
    return addSecret(deps, tx, application.id)
  })
  return { application, access, ...secret }
}

/** Lets in an application that another hospital registered. Errors: throws partners.application_not_found, scope_not_for_kind. */
export async function admitApplication(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  { clientId, scopes }: { clientId: string; scopes: readonly Scope[] },
  actor: Actor,
): Promise<AdmittedApplication> {
  const { db, clock } = deps
  const application = await findByClientId(db, clientId)
  if (application?.status !== 'active') throw partnerErrors.application_not_found()
  checkScopes(application.kind, scopes)
  const access = { hospitalId, scopes: unique(scopes), status: 'active' as const }
  await inHospital(db, hospitalId, async (tx) => {
    await saveAccess(tx, application.id, access, clock.now())
    const detail = { scopes: access.scopes.join(' ') }
    await note(deps, tx, hospitalId, actor, application.id, 'admit_application', detail)
    await releaseHeld(tx, hospitalId, { applicationId: application.id }, clock.now())
  })
  return { application, access }
}

/**
 * Changes what the application may do at this hospital, and at its home also from where it may call.
 * Errors: throws partners.application_not_found, application_foreign, address_invalid, scope_not_for_kind.
 */
export async function changeApplication(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  id: ApplicationId,
  { scopes, allowedAddresses }: ApplicationChange,
  actor: Actor,
): Promise<AdmittedApplication> {
  const { db, clock } = deps
  if (allowedAddresses) checkAddresses(allowedAddresses)
  return inHospital(db, hospitalId, async (tx) => {
    const { application, access } = await admittedOf(tx, hospitalId, id)
    if (scopes) checkScopes(application.kind, scopes)
    const now = clock.now()
    if (allowedAddresses) {
      checkHome(application, hospitalId)
      await updateApplication(tx, id, { allowedAddresses }, now)
    }
    if (scopes) await saveAccess(tx, id, { ...access, scopes: unique(scopes) }, now)
    const detail = {
      ...(scopes ? { scopes: unique(scopes).join(' ') } : {}),
      ...(allowedAddresses ? { allowedAddresses: allowedAddresses.join(' ') } : {}),
    }
    await note(deps, tx, hospitalId, actor, id, 'change_application', detail)
    return admittedOf(tx, hospitalId, id)
  })
}

/**
 * Switches the application off or on: everywhere by its home, and by any other hospital at that hospital. What was
 * to be sent meanwhile is sent once it is on again. Errors: throws partners.application_not_found.
 */
export async function setApplicationStatus(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  id: ApplicationId,
  status: 'active' | 'disabled',
  actor: Actor,
): Promise<AdmittedApplication> {
  const { db, clock } = deps
  const isOn = status === 'active'
  const changed = await inHospital(db, hospitalId, async (tx) => {
    const { application, access } = await admittedOf(tx, hospitalId, id)
    const now = clock.now()
    if (application.homeHospital === hospitalId) await updateApplication(tx, id, { status }, now)
    await saveAccess(tx, id, { ...access, status: isOn ? 'active' : 'withdrawn' }, now)
    await note(deps, tx, hospitalId, actor, id, isOn ? 'enable_application' : 'disable_application')
    return admittedOf(tx, hospitalId, id)
  })
  if (!isOn) return changed
  for (const at of await accessOf(db, id)) {
    const held = { applicationId: id }
    await inHospital(db, at.hospitalId, (tx) => releaseHeld(tx, at.hospitalId, held, clock.now()))
  }
  return changed
}

/** With its live secrets and keys, but for the secrets themselves. Errors: throws partners.application_not_found. */
export async function applicationDetail(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  id: ApplicationId,
) {
  const { db, clock } = deps
  const admitted = await findAdmitted(db, hospitalId, id)
  if (!admitted) throw partnerErrors.application_not_found()
  const now = clock.now()
  return {
    ...admitted,
    secrets: await liveSecrets(db, id, now),
    keys: await liveKeys(db, id, now),
  }
}

/** Those the hospital lets in or has let in, newest first. */
export const applicationsOf = (
  { db }: PartnerDependencies,
  hospitalId: HospitalId,
  page: { before: ApplicationId | undefined; limit: number },
): Promise<AdmittedApplication[]> => listAdmitted(db, hospitalId, page)

function checkAddresses(addresses: readonly string[]): void {
  if (addresses.length > MOST_ADDRESSES) {
    throw partnerErrors.address_invalid({ most: MOST_ADDRESSES })
  }
  const wrong = addresses.find((address) => !isAddressRange(address))
  if (wrong !== undefined) throw partnerErrors.address_invalid({ address: wrong.slice(0, 60) })
}

function checkScopes(kind: ApplicationKind, scopes: readonly Scope[]): void {
  const wrong = scopes.find((scope) => !SCOPES_OF[kind].includes(scope))
  if (wrong !== undefined) throw partnerErrors.scope_not_for_kind({ kind, scope: wrong })
}

const unique = (scopes: readonly Scope[]): Scope[] => [...new Set(scopes)].toSorted()

export type NewApplication = {
  name: string
  kind: ApplicationKind
  scopes: readonly Scope[]
  allowedAddresses?: readonly string[]
}
type ApplicationChange = {
  scopes?: readonly Scope[] | undefined
  allowedAddresses?: readonly string[] | undefined
}
