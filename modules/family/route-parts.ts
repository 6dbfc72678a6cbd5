import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { nullable, Uuid } from '../../platform/http/schemas.ts'
import { maskName } from '../../platform/masks.ts'
import type { NamedLink } from './family.ts'
import type { LinkView } from './schemas.ts'

export type App = Parameters<FastifyPluginAsyncTypebox>[0]

export const tags = ['family']

export const LinkRef = Type.Unsafe<Type.Static<typeof LinkView>>(Type.Ref('FamilyLink'))
export const LinksPage = Type.Object({ items: Type.Array(LinkRef), next: nullable(Uuid) })

/** The member learns who asks. The carer learns nothing of the member that they did not write before it stands. */
export function viewOf(
  link: NamedLink,
  viewer: 'carer' | 'member' | 'desk',
): Type.Static<typeof LinkView> {
  const { standing, decision, ending } = link
  const showsMember = viewer === 'member' || (viewer === 'carer' && standing === 'in_force')
  return {
    id: link.id,
    memberId: link.memberId,
    memberName: showsMember ? link.memberName : maskName(link.memberName),
    carerName: viewer === 'desk' ? maskName(link.carerName) : link.carerName,
    relation: link.relation,
    ground: link.ground,
    scopes: [...link.scopes],
    mostFen: link.mostFen,
    standing,
    askedAt: link.askedAt.toISOString(),
    expiresAt: link.expiresAt.toISOString(),
    decidedAt: decision?.at.toISOString() ?? null,
    decidedBy: decision && (decision.desk ? 'desk' : 'member'),
    endedAt: ending?.at.toISOString() ?? null,
  }
}
