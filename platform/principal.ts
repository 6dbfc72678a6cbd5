import type { HospitalId, Id } from '../kernel/id.ts'
import type { Fen } from '../kernel/money.ts'

/** Who is asking, as proven by a session, an API key or a signature. */
export type Principal =
  | { kind: 'person'; personId: Id<'Person'>; carer?: Carer }
  | { kind: 'staff'; staffId: Id<'Staff'>; hospitalId: HospitalId; roles: readonly Role[] }
  | { kind: 'institution'; keyId: Id<'ApiKey'>; hospitalIds: readonly HospitalId[] }
  | { kind: 'his'; hospitalId: HospitalId }
  | { kind: 'application'; applicationId: Id<'Application'>; access: readonly ApplicationAccess[] }

/**
 * Who acts for the person of this request: everything is the person's, and done by the carer.
 * `mostFen`: the most of one payment; null for no such limit.
 */
export type Carer = { personId: Id<'Person'>; mostFen: Fen | null }

/** What somebody may do for a member of the family. */
export type CareScope = 'book' | 'bills' | 'pay'

/** What one hospital lets an application do with its data. */
type ApplicationAccess = { hospitalId: HospitalId; scopes: readonly string[] }

/** finance: 财务; cashier: 收费员; it: 信息科; auditor: 审计, reads only and judges looks at records; doctor: 医生. */
export type Role = 'finance' | 'cashier' | 'it' | 'auditor' | 'doctor'

/** Whoever a change is written down to: 'person:<id>', 'person:<carer>:for:<id>', 'staff:<id>', 'his:1', 'system:payments'. */
export type Actor = { name: string; requestId: string | null }

export const actorOf = (principal: Principal, requestId: string | null): Actor => ({
  name: principalName(principal),
  requestId,
})

export const systemActor = (part: string): Actor => ({ name: `system:${part}`, requestId: null })

/** One text for one principal, the same in every request: idempotency keys belong to it. */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'person':
      return principal.carer
        ? `person:${principal.carer.personId}:for:${principal.personId}`
        : `person:${principal.personId}`
    case 'staff':
      return `staff:${principal.staffId}`
    case 'institution':
      return `institution:${principal.keyId}`
    case 'his':
      return `his:${principal.hospitalId}`
    case 'application':
      return `application:${principal.applicationId}`
  }
}
