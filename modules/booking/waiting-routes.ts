import type { Id } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { SessionId } from './booking.ts'
import {
  type App,
  type BookingRouteContext,
  hospitalIn,
  Items,
  tags,
  viewOfWaiting,
  WaitingRef,
} from './route-parts.ts'
import { OfHospital, OfHospitalAndId, OfSession, PageQuery } from './schemas.ts'

const LIST = '/hospitals/:hospitalId/booking/waiting'

/** Who waits for a number of a session that is sold out. */
export function waitingRoutes(app: App, context: BookingRouteContext): void {
  joinRoute(app, context)
  listRoute(app, context)
  leaveRoute(app, context)
}

function joinRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    LIST,
    {
      config: { access: ['person'], forMember: 'book', idempotencyKey: true },
      schema: {
        operationId: 'waitForBookingSlot',
        summary: 'Wait for a number: the next that comes back is held for the first in turn',
        tags,
        params: OfHospital,
        body: OfSession,
        response: { 201: WaitingRef, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = hospitalIn(request.params)
      const sessionId = request.body.sessionId as SessionId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const wish = { id, hospitalId, sessionId, personId }
        const row = await booking.wait(wish, requestActor(request))
        return { status: 201, body: viewOfWaiting(row) }
      })
    },
  )
}

function listRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    LIST,
    {
      config: { access: ['person'], forMember: 'book' },
      schema: {
        operationId: 'listMyWaiting',
        summary: 'What I wait for, the newest first',
        tags,
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: Items(WaitingRef), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const { after, limit } = request.query
      const page = { after: after as Id<'Waiting'> | undefined, limit }
      const rows = await booking.waitingOf(hospitalIn(request.params), personId, page)
      return { items: rows.map(viewOfWaiting) }
    },
  )
}

function leaveRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    `${LIST}/:id/leaving`,
    {
      config: { access: ['person'], forMember: 'book', idempotencyKey: true },
      schema: {
        operationId: 'stopWaiting',
        summary: 'Wait no longer',
        tags,
        params: OfHospitalAndId,
        response: { 200: WaitingRef, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = hospitalIn(request.params)
      const id = request.params.id as Id<'Waiting'>
      return idempotently(platform, request, reply, hospitalId, async () => {
        const row = await booking.stopWaiting({ id, hospitalId, personId }, requestActor(request))
        return { status: 200, body: viewOfWaiting(row) }
      })
    },
  )
}
