import Type from 'typebox'

import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { strict } from '../../platform/http/schemas.ts'
import type { SessionId } from './booking.ts'
import {
  type App,
  type BookingRouteContext,
  hospitalIn,
  SessionRef,
  tags,
  viewOfSession,
} from './route-parts.ts'
import { BookingRulesSchema } from './rules.ts'
import { NewSessionBody, OfHospital, OfHospitalAndId, Shrink } from './schemas.ts'

const SESSIONS = '/hospitals/:hospitalId/booking/sessions'
const PLANNERS = ['staff:it', 'staff:cashier'] as const
const RULES = '/hospitals/:hospitalId/booking/rules'
const VersionedRules = Type.Object({ version: Type.Integer(), rules: BookingRulesSchema })

/** What a hospital's staff does with sessions and rules of booking. */
export function scheduleRoutes(app: App, context: BookingRouteContext): void {
  readRulesRoute(app, context)
  changeRulesRoute(app, context)
  addSessionRoute(app, context)
  addSlotRoute(app, context)
  shrinkRoute(app, context)
}

function readRulesRoute(app: App, { booking }: BookingRouteContext): void {
  app.get(
    RULES,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getBookingRules',
        summary: 'What holds for booking at this hospital; version 0 is what is usual',
        tags,
        params: OfHospital,
        response: { 200: VersionedRules, ...problems },
      },
    },
    async ({ params }) => booking.rulesOf(hospitalIn(params)),
  )
}

function changeRulesRoute(app: App, { booking }: BookingRouteContext): void {
  app.put(
    RULES,
    {
      config: { access: ['staff:it'] },
      schema: {
        operationId: 'changeBookingRules',
        summary: 'Put rules in force after the version that was seen',
        tags,
        params: OfHospital,
        body: Type.Object(
          { after: Type.Integer({ minimum: 0 }), rules: BookingRulesSchema },
          strict,
        ),
        response: { 200: VersionedRules, ...problems },
      },
    },
    async (request) => {
      const { after, rules } = request.body
      const change = { hospitalId: hospitalIn(request.params), rules, after }
      return booking.changeRules(change, requestActor(request))
    },
  )
}

function addSessionRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    SESSIONS,
    {
      config: { access: PLANNERS, idempotencyKey: true },
      schema: {
        operationId: 'addBookingSession',
        summary: 'Add a session with its numbers; quotas take the first of them',
        tags,
        params: OfHospital,
        body: NewSessionBody,
        response: { 201: SessionRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { businessDate: date, startsAt, endsAt, feeFen, quotas, ...wish } = request.body
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const session = await booking.addSession(
          {
            ...wish,
            id,
            hospitalId,
            businessDate: businessDate(date),
            startsAt: new Date(startsAt),
            endsAt: new Date(endsAt),
            feeFen: fen(feeFen),
            quotas: quotas.map(({ flowsBackAt, ...quota }) => ({
              ...quota,
              flowsBackAt: flowsBackAt === null ? null : new Date(flowsBackAt),
            })),
          },
          requestActor(request),
        )
        return { status: 201, body: viewOfSession(session) }
      })
    },
  )
}

function addSlotRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    `${SESSIONS}/:id/slots`,
    {
      config: { access: PLANNERS, idempotencyKey: true },
      schema: {
        operationId: 'addBookingSlot',
        summary: 'One more number, for whom the doctor names: it is held as the doctor’s',
        tags,
        params: OfHospitalAndId,
        response: { 201: Type.Object({ number: Type.Integer() }), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const key = { hospitalId, sessionId: request.params.id as SessionId }
      return idempotently(platform, request, reply, hospitalId, async () => {
        const number = await booking.addSlot(key, requestActor(request))
        return { status: 201, body: { number } }
      })
    },
  )
}

function shrinkRoute(app: App, { booking, platform }: BookingRouteContext): void {
  app.post(
    `${SESSIONS}/:id/shrinking`,
    {
      config: { access: PLANNERS, idempotencyKey: true },
      schema: {
        operationId: 'shrinkBookingSession',
        summary: 'Take free numbers away; whoever has one keeps it',
        tags,
        params: OfHospitalAndId,
        body: Shrink,
        response: { 200: SessionRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const key = { hospitalId, sessionId: request.params.id as SessionId }
      return idempotently(platform, request, reply, hospitalId, async () => {
        const { by } = request.body
        const session = await booking.shrinkSession(key, by, requestActor(request))
        return { status: 200, body: viewOfSession(session) }
      })
    },
  )
}
