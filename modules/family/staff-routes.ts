import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Family } from './family.ts'
import type { LinkId } from './link.ts'
import { type App, LinkRef, tags, viewOf } from './route-parts.ts'
import {
  DeskDecisionBody,
  DeskEndBody,
  DeskLookUpBody,
  OfHospital,
  OfHospitalAndId,
} from './schemas.ts'

const BY_DESK = { access: ['staff:cashier'] } as const
const LINKS = '/hospitals/:hospitalId/family-links'

/** A hospital's desk, for those whom documents speak for and those without a phone. */
export function staffRoutes(app: App, family: Family): void {
  lookUpRoute(app, family)
  decideRoute(app, family)
  endRoute(app, family)
}

function lookUpRoute(app: App, family: Family): void {
  app.post(
    `${LINKS}/look-up`,
    {
      config: BY_DESK,
      schema: {
        operationId: 'lookUpFamilyLinks',
        summary: 'What waits or stands for somebody whose card is read, names masked',
        description: 'At most a hundred; nobody has so many. Empty for a card of nobody.',
        tags,
        params: OfHospital,
        body: DeskLookUpBody,
        response: { 200: Type.Object({ items: Type.Array(LinkRef) }), ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { kind, value } = request.body
      const medium = { kind, value, hospitalId: kind === 'hospital_card' ? hospitalId : null }
      const links = await family.atDesk({ hospitalId, medium, actor: requestActor(request) })
      return { items: links.map((link) => viewOf(link, 'desk')) }
    },
  )
}

function decideRoute(app: App, family: Family): void {
  app.post(
    `${LINKS}/:id/decision`,
    {
      config: BY_DESK,
      schema: {
        operationId: 'decideFamilyLinkAtDesk',
        summary: 'Say what the desk has seen: documents, or the member with their card',
        tags,
        params: OfHospitalAndId,
        body: DeskDecisionBody,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await family.decideAtDesk(actOf(request), request.body)
      return reply.code(204).send(null)
    },
  )
}

function endRoute(app: App, family: Family): void {
  app.post(
    `${LINKS}/:id/end`,
    {
      config: BY_DESK,
      schema: {
        operationId: 'endFamilyLinkAtDesk',
        summary: 'End a link at the desk, with the reason',
        tags,
        params: OfHospitalAndId,
        body: DeskEndBody,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await family.endAtDesk(actOf(request), request.body.reason)
      return reply.code(204).send(null)
    },
  )
}

type DeskRequest = Parameters<typeof requestActor>[0] & {
  params: { hospitalId: number; id: string }
}

const actOf = (request: DeskRequest) => ({
  hospitalId: request.params.hospitalId as HospitalId,
  id: request.params.id as LinkId,
  actor: requestActor(request),
})
