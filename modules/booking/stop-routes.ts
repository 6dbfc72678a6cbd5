import type { Id } from '../../kernel/id.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { SessionId } from './booking.ts'
import {
  type App,
  type BookingRouteContext,
  hospitalIn,
  Items,
  StopRef,
  tags,
  viewOfStop,
} from './route-parts.ts'
import { NewStopBody, OfHospital, OfHospitalAndId, PageQuery, StopDecision } from './schemas.ts'

const STOPS = '/hospitals/:hospitalId/booking/stops'
const ACTORS = ['staff:it', 'staff:cashier', 'staff:finance'] as const

/** A clinic that does not take place: shown with its impact by one, carried out by another. */
export function stopRoutes(app: App, context: BookingRouteContext): void {
  listRoute(app, context)
  proposeRoute(app, context)
  decideRoute(app, context)
}

function listRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    STOPS,
    {
      config: { access: [...ACTORS, 'staff:auditor'] },
      schema: {
        operationId: 'listSessionStops',
        summary: 'Clinics that were stopped or are to be, the newest first',
        tags,
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: Items(StopRef), ...problems },
      },
    },
    async ({ params, query: { after, limit } }) => {
      const page = { after: after as Id<'Stop'> | undefined, limit }
      const stops = await booking.stops(hospitalIn(params), page)
      return { items: stops.map(viewOfStop) }
    },
  )
}

function proposeRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    STOPS,
    {
      config: { access: ACTORS, idempotencyKey: true },
      schema: {
        operationId: 'proposeSessionStop',
        summary:
          'Propose to stop a session: how many people and how much money; nobody hears of it yet',
        tags,
        params: OfHospital,
        body: NewStopBody,
        response: { 201: StopRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { reason } = request.body
      const sessionId = request.body.sessionId as SessionId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const wish = { id, hospitalId, sessionId, reason }
        const stop = await booking.proposeStop(wish, requestActor(request))
        return { status: 201, body: viewOfStop(stop) }
      })
    },
  )
}

function decideRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    `${STOPS}/:id/decision`,
    {
      config: { access: ACTORS, idempotencyKey: true },
      schema: {
        operationId: 'decideSessionStop',
        summary: 'Carry it out or decline it, as another person than who proposed it',
        tags,
        params: OfHospitalAndId,
        body: StopDecision,
        response: { 200: StopRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const key = { hospitalId, id: request.params.id as Id<'Stop'> }
      return idempotently(platform, request, reply, hospitalId, async () => {
        const stop = await booking.decideOnStop(key, request.body.agrees, requestActor(request))
        return { status: 200, body: viewOfStop(stop) }
      })
    },
  )
}
