import type { FastifyRequest } from 'fastify'

import type { CareScope, Principal } from '../../platform/principal.ts'
import type { FamilyDependencies } from './dependencies.ts'
import { familyErrors } from './errors.ts'
import { type Link, type PersonId, type Standing, standingOf } from './link.ts'
import { linksBetween } from './store.ts'

/** The header by which a person says for whom of the family they ask; the value is the member's id. */
const ACTING_HEADER = 'x-yiqiao-acting-for'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Whoever asks in the name of a member of the family is that member for this request, if the route is one that may be
 * asked for another and a link stands for it at this moment. Each request is looked at anew: what was taken back ends
 * with the next. Errors: throws family.not_for_others, not_allowed, scope_missing.
 */
export async function actingFor(
  deps: FamilyDependencies,
  request: FastifyRequest,
  principal: Principal | null,
): Promise<Principal | null> {
  const named = request.headers[ACTING_HEADER]
  if (named === undefined || principal === null) return principal
  const need = request.routeOptions.config.forMember
  if (principal.kind !== 'person' || need === undefined) throw familyErrors.not_for_others()
  if (typeof named !== 'string' || !UUID.test(named)) {
    throw familyErrors.not_allowed({ because: 'none' })
  }
  return memberFor(deps, { carerId: principal.personId, memberId: named as PersonId }, need)
}

async function memberFor(
  { db, clock, identity }: FamilyDependencies,
  { carerId, memberId }: { carerId: PersonId; memberId: PersonId },
  need: CareScope,
): Promise<Principal> {
  const [carers, members] = await Promise.all([
    identity.recordsOf(carerId),
    identity.recordsOf(memberId),
  ])
  const links = await linksBetween(db, carers, members)
  const [member] = await identity.factsOf([memberId])
  const now = clock.now()
  const stands = (link: Link): Standing => standingOf(link, member?.birthDate ?? null, now)
  const link = links.find((other) => stands(other) === 'in_force')
  if (!link) {
    const because = links[0] ? stands(links[0]) : 'none'
    throw familyErrors.not_allowed({ because })
  }
  if (!link.scopes.includes(need)) throw familyErrors.scope_missing({ scope: need })
  const personId = members[0] ?? memberId
  return { kind: 'person', personId, carer: { personId: carerId, mostFen: link.mostFen } }
}
