import type { Id } from '../../kernel/id.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import type { AppointmentId } from '../booking/index.ts'
import type { LineId } from './lines.ts'
import type { TicketId } from './queue.ts'
import {
  type App,
  BoardRef,
  boardOfSight,
  hospitalIn,
  ItemsAndNext,
  LineRef,
  mediumIn,
  type QueueRouteContext,
  tags,
  TicketRef,
  viewOfLine,
  viewOfTicket,
  WORKERS,
} from './route-parts.ts'
import {
  ActBody,
  CallBody,
  DeskCheckIn,
  LinesQuery,
  NewLineBody,
  OfHospital,
  OfHospitalAndId,
  TransferBody,
  WalkInBody,
} from './schemas.ts'

const LINES = '/hospitals/:hospitalId/queue/lines'
const TICKETS = '/hospitals/:hospitalId/queue/tickets'

/** What the staff does before a room: at the desk, at a kiosk that is signed in, and in the room. */
export function deskRoutes(app: App, context: QueueRouteContext): void {
  linesRoute(app, context)
  openLineRoute(app, context)
  boardRoute(app, context)
  checkInRoute(app, context)
  walkInRoute(app, context)
  callRoute(app, context)
  actRoute(app, context)
  transferRoute(app, context)
}

function linesRoute(app: App, { desk }: QueueRouteContext): void {
  app.get(
    LINES,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listQueueLines',
        summary: 'The lines of today',
        tags,
        params: OfHospital,
        querystring: LinesQuery,
        response: { 200: ItemsAndNext(LineRef, Uuid), ...problems },
      },
    },
    async ({ params, query: { after, limit, ...filter } }) => {
      const page = { after: after as LineId | undefined, limit: limit + 1 }
      const rows = await desk.lines(hospitalIn(params), { ...filter, date: desk.today() }, page)
      const items = rows.slice(0, limit)
      const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null
      return { items: items.map(viewOfLine), next }
    },
  )
}

function openLineRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    LINES,
    {
      config: { access: WORKERS, idempotencyKey: true },
      schema: {
        operationId: 'openQueueLine',
        summary: 'Open the line of a room that takes no bookings, for today',
        tags,
        params: OfHospital,
        body: NewLineBody,
        response: { 200: LineRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { kind, departmentCode, departmentName, location } = request.body
      const { doctorCode = '', doctorName = '' } = request.body
      return idempotently(platform, request, reply, hospitalId, async () => {
        const line = await desk.openLine(hospitalId, {
          kind,
          session_id: null,
          business_date: desk.today(),
          department_code: departmentCode,
          department_name: departmentName,
          doctor_code: doctorCode,
          doctor_name: doctorName,
          location,
          starts_at: platform.clock.now(),
        })
        return { status: 200, body: viewOfLine(line) }
      })
    },
  )
}

function boardRoute(app: App, context: QueueRouteContext): void {
  app.get(
    `${LINES}/:id/board`,
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'getQueueBoard',
        summary: 'A line as it stands, for those who work it',
        tags,
        params: OfHospitalAndId,
        response: { 200: BoardRef, ...problems },
      },
    },
    async ({ params }) => {
      const key = { hospitalId: hospitalIn(params), id: params.id as LineId }
      return boardOfSight(context, await context.desk.sight(key), false)
    },
  )
}

function checkInRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/queue/check-ins',
    {
      config: { access: WORKERS, idempotencyKey: true },
      schema: {
        operationId: 'checkIn',
        summary: 'Check somebody in for a booking of today, by any medium',
        tags,
        params: OfHospital,
        body: DeskCheckIn,
        response: { 200: TicketRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { medium, via } = request.body
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const personId = await desk.personOf(mediumIn(hospitalId, medium))
        const appointmentId = request.body.appointmentId as AppointmentId | undefined
        const wish = { hospitalId, id, personId, appointmentId, via }
        return { status: 200, body: viewOfTicket(await desk.checkIn(wish, requestActor(request))) }
      })
    },
  )
}

function walkInRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    `${LINES}/:id/tickets`,
    {
      config: { access: WORKERS, idempotencyKey: true },
      schema: {
        operationId: 'takeQueueTicket',
        summary: 'Give a number to somebody without a booking, or back with results',
        tags,
        params: OfHospitalAndId,
        body: WalkInBody,
        response: { 200: TicketRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { medium, via, priority = null, hasResults = false } = request.body
      const lineId = request.params.id as LineId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const personId = await desk.personOf(mediumIn(hospitalId, medium))
        const wish = { hospitalId, id, lineId, personId, priority, hasResults, via }
        return { status: 200, body: viewOfTicket(await desk.walkIn(wish, requestActor(request))) }
      })
    },
  )
}

function callRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    `${LINES}/:id/calls`,
    {
      config: { access: WORKERS, idempotencyKey: true },
      schema: {
        operationId: 'callNext',
        summary: 'Call whose turn it is into a room',
        tags,
        params: OfHospitalAndId,
        body: CallBody,
        response: { 200: TicketRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const key = { hospitalId, id: request.params.id as LineId }
      const { room } = request.body
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const callId: Id<'QueueCall'> = id
        const called = await desk.callNext({ key, callId, room }, requestActor(request))
        return { status: 200, body: viewOfTicket(called) }
      })
    },
  )
}

function actRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    `${TICKETS}/:id/acts`,
    {
      config: { access: WORKERS, idempotencyKey: true },
      schema: {
        operationId: 'actOnQueueTicket',
        summary: 'Call again, undo a call, begin, finish, pass, take back or let go',
        tags,
        params: OfHospitalAndId,
        body: ActBody,
        response: { 200: TicketRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const key = { hospitalId, id: request.params.id as TicketId }
      const { act } = request.body
      return idempotently(platform, request, reply, hospitalId, async () => {
        const done = await desk.act({ key, what: act }, requestActor(request))
        return { status: 200, body: viewOfTicket(done) }
      })
    },
  )
}

function transferRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    `${TICKETS}/:id/transfers`,
    {
      config: { access: WORKERS, idempotencyKey: true },
      schema: {
        operationId: 'transferQueueTicket',
        summary: 'Send somebody on to wait before another room; answers their ticket there',
        tags,
        params: OfHospitalAndId,
        body: TransferBody,
        response: { 200: TicketRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const key = { hospitalId, id: request.params.id as TicketId }
      const lineId = request.body.lineId as LineId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const sent = await desk.transfer({ key, id, lineId }, requestActor(request))
        return { status: 200, body: viewOfTicket(sent) }
      })
    },
  )
}
