import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Channel as PaymentChannel } from '../payments/index.ts'
import type { RegisteredChannel } from './channel.ts'
import { withDefaults } from './check-rules.ts'
import { channelErrors } from './errors.ts'
import { healthHistory } from './health-store.ts'
import { isOnline, OPERATIONS } from './operation.ts'
import { findRules, listChannels } from './registry-store.ts'
import { CHANNELS, EDITORS, READERS, type RouteContext } from './route-parts.ts'
import {
  ChannelsView,
  ChannelView,
  HealthPointView,
  HealthQuery,
  NewTerms,
  OfChannel,
  OfHospital,
} from './schemas.ts'
import { actualSharePpm, NO_TAKINGS } from './takings.ts'
import { termsOf, viewOfChannel, viewOfPoint } from './view.ts'

const Channel = Type.Unsafe<Type.Static<typeof ChannelView>>(Type.Ref('PaymentChannel'))
const Point = Type.Unsafe<Type.Static<typeof HealthPointView>>(Type.Ref('ChannelHealthPoint'))

/** Which channels a hospital has, and how they fare. */
export const channelRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(ChannelView)
    app.addSchema(HealthPointView)
    await app.register(readRoutes(context))
    await app.register(changeRoutes(context))
    await app.register(healthRoutes(context))
  }

const readRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      CHANNELS,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listChannels',
          summary: 'The hospital’s channels in its order, with how they fare now',
          tags: ['channels'],
          params: OfHospital,
          response: { 200: ChannelsView, ...problems },
        },
      },
      async ({ params }) => {
        const hospitalId = params.hospitalId as HospitalId
        const items = await viewsOf(context, hospitalId)
        const names = new Set(items.map(({ name }) => name))
        const connected = await connectedMethodsOf(context, hospitalId)
        const unregistered = [...connected]
          .filter(([name]) => !names.has(name))
          .map(([name, methods]) => ({ name, methods: [...methods] }))
        return { items, unregistered }
      },
    )

    app.get(
      `${CHANNELS}/:name`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getChannel',
          summary: 'One channel, with how it fares now',
          tags: ['channels'],
          params: OfChannel,
          response: { 200: Channel, ...problems },
        },
      },
      async ({ params: { hospitalId, name } }) => oneView(context, hospitalId as HospitalId, name),
    )
  }

const changeRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.put(
      `${CHANNELS}/:name`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'saveChannel',
          summary: 'Register a channel, or change its terms; its tier is granted by itself',
          tags: ['channels'],
          params: OfChannel,
          body: NewTerms,
          response: { 200: Channel, ...problems },
        },
      },
      async (request) => {
        const { name } = request.params
        const hospitalId = request.params.hospitalId as HospitalId
        const terms = termsOf(request.body)
        await context.channels.save(hospitalId, name, terms, requestActor(request))
        return oneView(context, hospitalId, name)
      },
    )

    app.delete(
      `${CHANNELS}/:name`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'removeChannel',
          summary: 'Take a channel that is switched off from the list',
          tags: ['channels'],
          params: OfChannel,
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, name } = request.params
        await context.channels.remove(hospitalId as HospitalId, name, requestActor(request))
        return reply.code(204).send(null)
      },
    )
  }

const MOST_POINTS = 2_000

const healthRoutes =
  ({ db, clock, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${CHANNELS}/:name/health`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getChannelHealth',
          summary: 'How a channel fared, in equal steps, those without a call left out',
          tags: ['channels'],
          params: OfChannel,
          querystring: HealthQuery,
          response: { 200: Type.Object({ items: Type.Array(Point) }), ...problems },
        },
      },
      async ({ params, query }) => {
        const hospitalId = params.hospitalId as HospitalId
        const to = query.to ? new Date(query.to) : addMs(clock.now(), MINUTE_MS)
        const from = query.from ? new Date(query.from) : addMs(to, -DAY_MS)
        const points = (to.getTime() - from.getTime()) / (query.stepMinutes * MINUTE_MS)
        if (points > MOST_POINTS) throw channelErrors.range_too_long({ most: MOST_POINTS })
        await channels.syncHealth(hospitalId)
        const range = { channel: params.name, from, to }
        const online = OPERATIONS.filter(isOnline)
        const items = await inHospital(db, hospitalId, (tx) =>
          healthHistory(tx, hospitalId, range, query.stepMinutes, online),
        )
        return { items: items.map(viewOfPoint) }
      },
    )
  }

async function oneView(context: RouteContext, hospitalId: HospitalId, name: string) {
  const view = (await viewsOf(context, hospitalId)).find((channel) => channel.name === name)
  if (!view) throw channelErrors.channel_not_found({ channel: name })
  return view
}

/** Every registered channel: a share is one of the whole, so that one cannot be seen without the others. */
async function viewsOf(context: RouteContext, hospitalId: HospitalId) {
  const { db, channels } = context
  await channels.syncHealth(hospitalId)
  const { registered, rules } = await inHospital(db, hospitalId, async (tx) => ({
    registered: await listChannels(tx, hospitalId),
    rules: withDefaults((await findRules(tx, hospitalId))?.rules ?? {}),
  }))
  const { shareBy, shareWindowDays: windowDays } = rules
  const taken = await channels.takingsOf(hospitalId, windowDays)
  const takenOf = ({ name }: RegisteredChannel) => taken.get(name) ?? NO_TAKINGS
  const all = registered.map(takenOf)
  const connected = await connectedMethodsOf(context, hospitalId)
  const health = channels.healthOf(hospitalId)
  return registered.map((channel) => {
    const own = takenOf(channel)
    const sharePpm = actualSharePpm(own, all, rules)
    return viewOfChannel(channel, health.get(channel.name), {
      isConnected: connected.has(channel.name),
      connectedMethods: [...(connected.get(channel.name) ?? [])],
      taken: { ...own, windowDays, shareBy, sharePpm },
    })
  })
}

/** The channels that the hospital has a connection to; an insurer is none. */
async function connectedMethodsOf({ providersOf }: RouteContext, hospitalId: HospitalId) {
  const providers = await providersOf(hospitalId)
  return new Map(
    [...providers].flatMap(([name, provider]) =>
      'methods' in provider ? [[name, (provider as PaymentChannel).methods] as const] : [],
    ),
  )
}
