import Type from 'typebox'

import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import type { ScreenId } from './lines.ts'
import {
  AccuracyRef,
  type App,
  hospitalIn,
  ItemsAndNext,
  type QueueRouteContext,
  RulesRef,
  ScreenRef,
  tags,
  viewOfAccuracy,
  viewOfScreen,
} from './route-parts.ts'
import {
  DaysQuery,
  NewRules,
  NewScreenBody,
  OfHospital,
  OfHospitalAndId,
  PageQuery,
} from './schemas.ts'

const IT = ['staff:it'] as const
const SCREENS = '/hospitals/:hospitalId/queue/screens'

/** What a hospital sets up, and how well the told times hold. */
export function settingRoutes(app: App, context: QueueRouteContext): void {
  rulesRoutes(app, context)
  screenRoutes(app, context)
  revokeRoute(app, context)
  accuracyRoute(app, context)
}

function rulesRoutes(app: App, { desk, platform }: QueueRouteContext): void {
  const url = '/hospitals/:hospitalId/queue/rules'
  app.get(
    url,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getQueueRules',
        summary: 'The order of calls, the check-in and the gate',
        tags,
        params: OfHospital,
        response: { 200: RulesRef, ...problems },
      },
    },
    async ({ params }) => desk.rulesOf(hospitalIn(params)),
  )
  app.post(
    url,
    {
      config: { access: IT, idempotencyKey: true },
      schema: {
        operationId: 'changeQueueRules',
        summary: 'Put rules in force after the version that was seen',
        tags,
        params: OfHospital,
        body: NewRules,
        response: { 200: RulesRef, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      return idempotently(platform, request, reply, hospitalId, async () => {
        const change = { hospitalId, ...request.body }
        return { status: 200, body: await desk.changeRules(change, requestActor(request)) }
      })
    },
  )
}

function screenRoutes(app: App, { desk, platform }: QueueRouteContext): void {
  app.get(
    SCREENS,
    {
      config: { access: IT },
      schema: {
        operationId: 'listQueueScreens',
        summary: 'The screens on the walls',
        tags,
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: ItemsAndNext(ScreenRef, Uuid), ...problems },
      },
    },
    async ({ params, query: { after, limit } }) => {
      const page = { after: after as ScreenId | undefined, limit: limit + 1 }
      const rows = await desk.listScreens(hospitalIn(params), page)
      const items = rows.slice(0, limit)
      const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null
      return { items: items.map(viewOfScreen), next }
    },
  )
  app.post(
    SCREENS,
    {
      config: { access: IT },
      schema: {
        operationId: 'addQueueScreen',
        summary: 'Add a screen; its token is told this once',
        tags,
        params: OfHospital,
        body: NewScreenBody,
        response: { 201: Type.Object({ screen: ScreenRef, token: Type.String() }), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const id: ScreenId = platform.newId()
      const made = await desk.addScreen({ hospitalId, id, ...request.body }, requestActor(request))
      return reply.code(201).send({ screen: viewOfScreen(made.screen), token: made.token })
    },
  )
}

function revokeRoute(app: App, { desk, platform }: QueueRouteContext): void {
  app.post(
    `${SCREENS}/:id/revoke`,
    {
      config: { access: IT, idempotencyKey: true },
      schema: {
        operationId: 'revokeQueueScreen',
        summary: 'Take back the token of a screen',
        tags,
        params: OfHospitalAndId,
        response: { 200: Type.Object({ id: Uuid }), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const id = request.params.id as ScreenId
      return idempotently(platform, request, reply, hospitalId, async () => {
        await desk.revokeScreen({ hospitalId, id }, requestActor(request))
        return { status: 200, body: { id } }
      })
    },
  )
}

function accuracyRoute(app: App, { desk }: QueueRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/queue/accuracy',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getQueueAccuracy',
        summary: 'How far the told waiting times were off, for each doctor; the first thousand',
        tags,
        params: OfHospital,
        querystring: DaysQuery,
        response: { 200: Type.Object({ items: Type.Array(AccuracyRef) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const days = { from: businessDate(query.from), to: businessDate(query.to) }
      const items = await desk.accuracy(hospitalIn(params), days)
      return { items: items.map(viewOfAccuracy) }
    },
  )
}
