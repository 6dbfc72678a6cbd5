import type { FastifyRequest } from 'fastify'

import type { Principal } from '../../platform/principal.ts'
import { actingFor } from './acting.ts'
import { askToActFor } from './asking.ts'
import { decideAsMember, decideAtDesk, endAtDesk, endByPerson, linksAtDesk } from './deciding.ts'
import type { FamilyDependencies } from './dependencies.ts'
import { type Link, type LinkId, type PersonId, type Standing, standingOf } from './link.ts'
import { type ConsentText, listLinks, textInForce } from './store.ts'

export type Family = ReturnType<typeof createFamily>

/** A link as it stands, with the names of both. */
export type NamedLink = Link & { standing: Standing; carerName: string; memberName: string }

/** Who may act for whom. */
export function createFamily(deps: FamilyDependencies) {
  const { db, clock, identity } = deps
  const given =
    <Args extends unknown[], Result>(
      useCase: (deps: FamilyDependencies, ...args: Args) => Promise<Result>,
    ) =>
    (...args: Args): Promise<Result> =>
      useCase(deps, ...args)
  return {
    ask: given(askToActFor),
    decideAsMember: given(decideAsMember),
    endByPerson: given(endByPerson),
    decideAtDesk: given(decideAtDesk),
    endAtDesk: given(endAtDesk),
    atDesk: async (wish: Parameters<typeof linksAtDesk>[1]) => named(await linksAtDesk(deps, wish)),
    actingFor: (request: FastifyRequest, principal: Principal | null) =>
      actingFor(deps, request, principal),
    linksOf,
    textInForce: (): Promise<ConsentText | null> => textInForce(db, clock.now()),
    named,
  }

  /** The newest first, ended ones included: those in which somebody acts, or in which others act for them. */
  async function linksOf(
    personId: PersonId,
    as: 'carer' | 'member',
    { after, limit }: { after: LinkId | undefined; limit: number },
  ): Promise<{ items: NamedLink[]; next: LinkId | null }> {
    const people = await identity.recordsOf(personId)
    const found = await listLinks(db, { as, people }, { after, limit: limit + 1 })
    const items = found.slice(0, limit)
    const next = found.length > limit ? (items.at(-1)?.id ?? null) : null
    return { items: await named(items), next }
  }

  async function named(links: readonly Link[]): Promise<NamedLink[]> {
    const ids = links.flatMap(({ carerId, memberId }) => [carerId, memberId])
    const facts = ids.length === 0 ? [] : await identity.factsOf([...new Set(ids)])
    const of = new Map(facts.map((person) => [person.personId, person]))
    const now = clock.now()
    return links.map((link) => ({
      ...link,
      standing: standingOf(link, of.get(link.memberId)?.birthDate ?? null, now),
      carerName: of.get(link.carerId)?.name ?? '',
      memberName: of.get(link.memberId)?.name ?? '',
    }))
  }
}
