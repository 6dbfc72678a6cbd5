import type { Id } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import { bookedForIn, nobodyBooks, ownerIn } from './acting.ts'
import type { AppointmentId, SessionId, Source } from './booking.ts'
import { bookingErrors } from './errors.ts'
import {
  type App,
  AppointmentRef,
  type BookingRouteContext,
  hospitalIn,
  Items,
  ItemsAndNext,
  keyIn,
  MessageRef,
  ProofTaskRef,
  tags,
  viewOf,
  viewOfMessage,
} from './route-parts.ts'
import { MineQuery, NewHold, OfHospital, OfHospitalAndId, OfSession, PageQuery } from './schemas.ts'

const MINE = '/hospitals/:hospitalId/my-appointments'
const BY_PERSON = { access: ['person'], forMember: 'book' } as const
const BY_BOOKER = {
  access: ['person', 'application'],
  scope: 'bookings:write',
  forMember: 'book',
} as const
const ONCE = { ...BY_BOOKER, idempotencyKey: true } as const

/** What a person does with numbers of their own. */
export function payerRoutes(app: App, context: BookingRouteContext): void {
  proofTaskRoute(app, context)
  holdRoute(app, context)
  listRoute(app, context)
  getRoute(app, context)
  actRoutes(app, context)
  moveRoute(app, context)
  messagesRoute(app, context)
}

function proofTaskRoute(app: App, { booking }: BookingRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/booking/proof-tasks',
    {
      config: BY_PERSON,
      schema: {
        operationId: 'getBookingProofTask',
        summary: 'Work that a device does before it holds a number, where the hospital asks for it',
        tags,
        params: OfHospital,
        body: OfSession,
        response: { 200: ProofTaskRef, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const sessionId = request.body.sessionId as SessionId
      const task = await booking.proofTask({ ...boundIn(request.params), sessionId, personId })
      return { ...task, expiresAt: task.expiresAt.toISOString() }
    },
  )
}

const boundIn = (params: { hospitalId: number }) => ({ hospitalId: hospitalIn(params) })

function holdRoute(
  app: App,
  { booking, platform, phoneOf, acting = nobodyBooks }: BookingRouteContext,
): void {
  app.post(
    '/hospitals/:hospitalId/booking/holds',
    {
      config: ONCE,
      schema: {
        operationId: 'holdBookingSlot',
        summary: 'Hold a number: nobody else has it until the hold expires',
        tags,
        params: OfHospital,
        body: NewHold,
        response: { 201: AppointmentRef, ...problems },
      },
    },
    async (request, reply) => {
      const { slotNumber = null, device, proof, patientId } = request.body
      const sessionId = request.body.sessionId as SessionId
      const hospitalId = hospitalIn(request.params)
      const personId = await bookedForIn(acting, request, hospitalId, patientId)
      const bound = { hospitalId, sessionId, personId }
      const isByPerson = request.principal?.kind === 'person'
      const source: Source = isByPerson ? 'online' : 'partner'
      const wish = { ...bound, slotNumber, device, source }
      // Said at once, before anything is asked or kept; whoever has a number there is let through.
      if (booking.isSoldOut(wish)) throw bookingErrors.sold_out()
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        // Work is asked of devices that anybody may have; an application is known, and is counted as such.
        if (isByPerson) await booking.checkProof(bound, proof)
        const phone = (await phoneOf?.(personId)) ?? null
        const held = await booking.hold({ ...wish, id, phone }, requestActor(request))
        return { status: 201, body: viewOf(held) }
      })
    },
  )
}

function listRoute(app: App, { booking, acting = nobodyBooks }: BookingRouteContext): void {
  app.get(
    MINE,
    {
      config: BY_BOOKER,
      schema: {
        operationId: 'listMyAppointments',
        summary:
          'My numbers at a hospital, the newest first; for an application those it began for a person',
        tags,
        params: OfHospital,
        querystring: MineQuery,
        response: { 200: ItemsAndNext(AppointmentRef, Uuid), ...problems },
      },
    },
    async (request) => {
      const { after, limit, patientId } = request.query
      const hospitalId = hospitalIn(request.params)
      const personId = await bookedForIn(acting, request, hospitalId, patientId)
      const isByPerson = request.principal?.kind === 'person'
      const createdBy = isByPerson ? undefined : requestActor(request).name
      const page = { after: after as AppointmentId | undefined, limit }
      const filter = { personId, createdBy }
      const found = await booking.appointmentsOfHospital(hospitalId, filter, page)
      return { items: found.items.map(viewOf), next: found.next }
    },
  )
}

function getRoute(app: App, { booking, acting = nobodyBooks }: BookingRouteContext): void {
  app.get(
    `${MINE}/:id`,
    {
      config: BY_BOOKER,
      schema: {
        operationId: 'getMyAppointment',
        summary: 'One number of mine, as it stands',
        tags,
        params: OfHospitalAndId,
        response: { 200: AppointmentRef, ...problems },
      },
    },
    async (request) => {
      const key = keyIn(request.params)
      const personId = await ownerIn(acting, booking, request, key)
      const found = await booking.appointment(key)
      if (found.personId !== personId) {
        throw bookingErrors.appointment_not_found({ id: request.params.id })
      }
      return viewOf(found)
    },
  )
}

const ACTS = [
  {
    path: 'booking',
    operationId: 'bookAppointment',
    summary: 'Make a hold an appointment: booked, or with a bill to be paid before it expires',
    act: 'book',
  },
  {
    path: 'cancellation',
    operationId: 'cancelAppointment',
    summary: 'Let a hold go, or cancel until the cut-off; what is paid goes back',
    act: 'cancel',
  },
  {
    path: 'money-back',
    operationId: 'takeMoneyOfStopped',
    summary: 'Of a clinic that does not take place: the money, in place of another number',
    act: 'takeMoney',
  },
] as const

function actRoutes(
  app: App,
  { booking, platform, acting = nobodyBooks }: BookingRouteContext,
): void {
  for (const { path, operationId, summary, act } of ACTS) {
    app.post(
      `${MINE}/:id/${path}`,
      {
        config: ONCE,
        schema: {
          operationId,
          summary,
          tags,
          params: OfHospitalAndId,
          response: { 200: AppointmentRef, ...problems },
        },
      },
      async (request, reply) => {
        const key = keyIn(request.params)
        return idempotently(platform, request, reply, key.hospitalId, async () => {
          const personId = await ownerIn(acting, booking, request, key)
          const after = await booking[act](key, personId, requestActor(request))
          return { status: 200, body: viewOf(after) }
        })
      },
    )
  }
}

function moveRoute(
  app: App,
  { booking, platform, acting = nobodyBooks }: BookingRouteContext,
): void {
  app.post(
    `${MINE}/:id/move`,
    {
      config: ONCE,
      schema: {
        operationId: 'moveStoppedAppointment',
        summary: 'Of a clinic that does not take place: a number of an equal one, the fee with it',
        tags,
        params: OfHospitalAndId,
        body: OfSession,
        response: { 201: AppointmentRef, ...problems },
      },
    },
    async (request, reply) => {
      const key = keyIn(request.params)
      const sessionId = request.body.sessionId as SessionId
      return idempotently(platform, request, reply, key.hospitalId, async (newId) => {
        const personId = await ownerIn(acting, booking, request, key)
        const move = { key, personId, newId, sessionId }
        const moved = await booking.moveTo(move, requestActor(request))
        return { status: 201, body: viewOf(moved) }
      })
    },
  )
}

function messagesRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/my-booking-messages',
    {
      config: BY_PERSON,
      schema: {
        operationId: 'listMyBookingMessages',
        summary: 'What I was told of my numbers, the newest first',
        tags,
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: Items(MessageRef), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const { after, limit } = request.query
      const page = { after: after as Id<'BookingMessage'> | undefined, limit }
      const told = await booking.messagesOf(hospitalIn(request.params), personId, page)
      return { items: told.map(viewOfMessage) }
    },
  )
}
