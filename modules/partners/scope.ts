import type { HospitalId, Id } from '../../kernel/id.ts'

export type ApplicationId = Id<'Application'>

/** What an application may do at a hospital that lets it. Each is named for what it opens and how. */
export const SCOPES = [
  'payments:read',
  'payments:write',
  'refunds:write',
  'reconciliation:read',
  'events:read',
  'verify:read',
  'grants:write',
  'schedules:read',
  'bookings:write',
] as const

export type Scope = (typeof SCOPES)[number]

/** An application that has proven itself, with what each hospital lets it do now, its token's own limits included. */
export type ApplicationPrincipal = {
  kind: 'application'
  applicationId: ApplicationId
  access: readonly HospitalAccess[]
}

export type HospitalAccess = { hospitalId: HospitalId; scopes: readonly Scope[] }

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text)

/** At one hospital; at any, when no hospital is asked about. */
export const mayDo = (
  { access }: ApplicationPrincipal,
  scope: Scope,
  hospitalId: HospitalId | null,
): boolean =>
  access.some(
    (at) => (hospitalId === null || at.hospitalId === hospitalId) && at.scopes.includes(scope),
  )
