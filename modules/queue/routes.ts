import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { AppointmentId } from '../booking/index.ts'
import { deskRoutes } from './desk-routes.ts'
import { queueErrors } from './errors.ts'
import type { Via } from './lines.ts'
import { liveRoutes } from './live-routes.ts'
import {
  type App,
  hospitalIn,
  MineRef,
  type QueueRouteContext,
  tags,
  TicketRef,
  VIEWS,
  viewOfMine,
  viewOfTicket,
} from './route-parts.ts'
import type { HospitalQueueRules } from './rules.ts'
import { MineQuery, OfHospital, OwnCheckIn } from './schemas.ts'
import { settingRoutes } from './setting-routes.ts'

/** What people do in a queue, what a hospital's staff does, and what everybody sees live. */
export const queueRoutes =
  (context: QueueRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of VIEWS) app.addSchema(view)
    mineRoute(app, context)
    ownCheckInRoute(app, context)
    deskRoutes(app, context)
    settingRoutes(app, context)
    liveRoutes(app, context)
  }

function mineRoute(app: App, { desk }: QueueRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/my-queue',
    {
      config: { access: ['person'], forMember: 'book' },
      schema: {
        operationId: 'getMyQueue',
        summary: 'What I wait for today: my places, and bookings that are not checked in yet',
        tags,
        params: OfHospital,
        querystring: MineQuery,
        response: { 200: MineRef, ...problems },
      },
    },
    async (request) => {
      const hospitalId = hospitalIn(request.params)
      const { personId } = principalOf(request, 'person')
      const { distanceM = null } = request.query
      const { rules } = await desk.rulesOf(hospitalId)
      return viewOfMine(await desk.mine({ hospitalId, personId, distanceM }), rules)
    },
  )
}

function ownCheckInRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/my-queue/check-ins',
    {
      config: { access: ['person'], forMember: 'book', idempotencyKey: true },
      schema: {
        operationId: 'checkMyselfIn',
        summary: 'Check in for a booking of today, near the gate or at a beacon',
        tags,
        params: OfHospital,
        body: OwnCheckIn,
        response: { 200: TicketRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { personId } = principalOf(request, 'person')
      const { appointmentId } = request.body
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const { rules } = await desk.rulesOf(hospitalId)
        const via = proofOfPresence(desk, rules, request.body)
        const wish = {
          hospitalId,
          id,
          personId,
          appointmentId: appointmentId as AppointmentId | undefined,
          via,
        }
        return { status: 200, body: viewOfTicket(await desk.checkIn(wish, requestActor(request))) }
      })
    },
  )
}

type Presence = {
  place?: { latitude: number; longitude: number; accuracyM: number }
  beacon?: string
}

/** Where the phone is counts now and is not kept. Errors: beacon_unknown, place_vague, too_far, no_gate. */
function proofOfPresence(
  { atTheGate }: QueueRouteContext['desk'],
  rules: HospitalQueueRules,
  { place, beacon }: Presence,
): Extract<Via, 'phone' | 'beacon'> {
  if (beacon !== undefined) {
    if (!rules.beacons.includes(beacon)) throw queueErrors.beacon_unknown()
    return 'beacon'
  }
  if (!place) throw queueErrors.place_vague({ accuracyM: 0, radiusM: rules.radiusM })
  atTheGate(rules, place)
  return 'phone'
}
