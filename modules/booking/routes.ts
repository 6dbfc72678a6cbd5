import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import type { SessionFilter, SessionId } from './booking.ts'
import { clinicRoutes } from './clinic-routes.ts'
import { payerRoutes } from './payer-routes.ts'
import {
  type App,
  type BookingRouteContext,
  hospitalIn,
  ItemsAndNext,
  SessionRef,
  SlotRef,
  tags,
  VIEWS,
  viewOfSession,
  viewOfSlot,
} from './route-parts.ts'
import { scheduleRoutes } from './schedule-routes.ts'
import { OfHospital, OfHospitalAndId, SessionsQuery, SlotsQuery } from './schemas.ts'
import { staffRoutes } from './staff-routes.ts'
import { stopRoutes } from './stop-routes.ts'
import { waitingRoutes } from './waiting-routes.ts'

/** What people do with bookings, and what a hospital's staff does. */
export const bookingRoutes =
  (context: BookingRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of VIEWS) app.addSchema(view)
    sessionsRoute(app, context)
    sessionRoute(app, context)
    slotsRoute(app, context)
    payerRoutes(app, context)
    waitingRoutes(app, context)
    scheduleRoutes(app, context)
    staffRoutes(app, context)
    stopRoutes(app, context)
    clinicRoutes(app, context)
  }

const FOR_READERS = {
  access: ['person', 'staff', 'application'],
  forMember: 'book',
  scope: 'schedules:read',
} as const

function sessionsRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/booking/sessions',
    {
      config: FOR_READERS,
      schema: {
        operationId: 'listBookingSessions',
        summary: 'Sessions of doctors by day and department, with what is left of each',
        tags,
        params: OfHospital,
        querystring: SessionsQuery,
        response: { 200: ItemsAndNext(SessionRef, Uuid), ...problems },
      },
    },
    async ({ params, query: { after, limit, ...filter } }) => {
      const page = { after: after as SessionId | undefined, limit }
      const found = await booking.sessions(hospitalIn(params), filter as SessionFilter, page)
      return { items: found.items.map(viewOfSession), next: found.next }
    },
  )
}

function sessionRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/booking/sessions/:id',
    {
      config: FOR_READERS,
      schema: {
        operationId: 'getBookingSession',
        summary: 'One session, with what is left of it',
        tags,
        params: OfHospitalAndId,
        response: { 200: SessionRef, ...problems },
      },
    },
    async ({ params }) =>
      viewOfSession(await booking.session(hospitalIn(params), params.id as SessionId)),
  )
}

function slotsRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/booking/sessions/:id/slots',
    {
      config: FOR_READERS,
      schema: {
        operationId: 'listBookingSlots',
        summary: 'The numbers of a session, and which are free',
        tags,
        params: OfHospitalAndId,
        querystring: SlotsQuery,
        response: { 200: ItemsAndNext(SlotRef, Type.Integer()), ...problems },
      },
    },
    async ({ params, query }) => {
      const found = await booking.slots(hospitalIn(params), params.id as SessionId, query)
      return { items: found.items.map(viewOfSlot), next: found.next }
    },
  )
}
