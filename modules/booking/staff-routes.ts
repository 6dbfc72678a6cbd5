import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import type { AppointmentFilter, AppointmentId, PersonId, SessionId } from './booking.ts'
import {
  type App,
  AppointmentRef,
  type BookingRouteContext,
  hospitalIn,
  ItemsAndNext,
  keyIn,
  tags,
  viewOf,
} from './route-parts.ts'
import { AppointmentsQuery, Mark, NewHoldByStaff, OfHospital, OfHospitalAndId } from './schemas.ts'

const APPOINTMENTS = '/hospitals/:hospitalId/appointments'
const READERS = ['staff:it', 'staff:cashier', 'staff:finance', 'staff:auditor'] as const
const DESK = ['staff:it', 'staff:cashier'] as const

/** What a hospital's staff sees of appointments, and does at the desk. */
export function staffRoutes(app: App, context: BookingRouteContext): void {
  listRoute(app, context)
  holdRoute(app, context)
  markRoute(app, context)
}

function listRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    APPOINTMENTS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAppointments',
        summary: 'Appointments by session, person, state or day, the newest first',
        tags,
        params: OfHospital,
        querystring: AppointmentsQuery,
        response: { 200: ItemsAndNext(AppointmentRef, Uuid), ...problems },
      },
    },
    async ({ params, query: { after, limit, ...filter } }) => {
      const page = { after: after as AppointmentId | undefined, limit }
      const found = await booking.appointmentsOfHospital(
        hospitalIn(params),
        filter as AppointmentFilter,
        page,
      )
      return { items: found.items.map(viewOf), next: found.next }
    },
  )
}

function holdRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    APPOINTMENTS,
    {
      config: { access: DESK, idempotencyKey: true },
      schema: {
        operationId: 'holdSlotForPerson',
        summary: 'Hold a number for a person at the window, or one that the doctor added',
        tags,
        params: OfHospital,
        body: NewHoldByStaff,
        response: { 201: AppointmentRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { slotNumber = null, source } = request.body
      const personId = request.body.personId as PersonId
      const sessionId = request.body.sessionId as SessionId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const wish = { hospitalId, id, personId, sessionId, slotNumber, source }
        await booking.hold(wish, requestActor(request))
        const booked = await booking.book({ hospitalId, id }, personId, requestActor(request))
        return { status: 201, body: viewOf(booked) }
      })
    },
  )
}

function markRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    `${APPOINTMENTS}/:id/marks`,
    {
      config: { access: DESK, idempotencyKey: true },
      schema: {
        operationId: 'markAppointment',
        summary: 'Say that the person is here, was seen, or did not come',
        tags,
        params: OfHospitalAndId,
        body: Mark,
        response: { 200: AppointmentRef, ...problems },
      },
    },
    async (request, reply) => {
      const key = keyIn(request.params)
      return idempotently(platform, request, reply, key.hospitalId, async () => {
        const marked = await booking.markAppointment(key, request.body.as, requestActor(request))
        return { status: 200, body: viewOf(marked) }
      })
    },
  )
}
