import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { SECOND_MS } from '../../kernel/time.ts'
import { every } from '../../platform/every.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { PersonId } from '../identity/index.ts'
import { queueErrors } from './errors.ts'
import type { LineId, ScreenId } from './lines.ts'
import type { MyTicket } from './mine.ts'
import {
  type App,
  boardOfSight,
  hospitalIn,
  type QueueRouteContext,
  tags,
  viewOfMine,
  viewOfMyTicket,
  WORKERS,
} from './route-parts.ts'
import { OfHospital, OfHospitalAndId } from './schemas.ts'
import type { Screen } from './screens.ts'
import type { Sight } from './sight.ts'

const HEARTBEAT_MS = 15 * SECOND_MS
const MOST_LINES = 50

const stream = {
  200: { content: { 'text/event-stream': { schema: Type.String() } } },
  ...problems,
}

/**
 * What changes, as server-sent events (HTML Living Standard §9.2). Each event is the whole of what it is about, so that
 * whoever comes back with Last-Event-ID misses nothing: they are sent what there is, but for what they have already.
 */
export function liveRoutes(app: App, context: QueueRouteContext): void {
  const open = new Set<FastifyReply>()
  app.addHook('preClose', async () => {
    for (const reply of open) reply.raw.end()
    context.desk.live.stop()
  })
  mineRoute(app, context, open)
  lineRoute(app, context, open)
  screenRoute(app, context, open)
}

function mineRoute(app: App, context: QueueRouteContext, open: Set<FastifyReply>): void {
  app.get(
    '/hospitals/:hospitalId/my-queue/events',
    {
      config: { access: ['person'], forMember: 'book' },
      schema: {
        operationId: 'watchMyQueue',
        summary: 'My places live: all of them first, then each line as it changes',
        tags,
        params: OfHospital,
        response: stream,
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const { personId } = principalOf(request, 'person')
      const { desk } = context
      const mine = await desk.mine({ hospitalId, personId, distanceM: null })
      const { rules } = await desk.rulesOf(hospitalId)
      const lineIds = new Set(mine.tickets.map(({ line }) => line.id))
      const channel = channelTo(request, reply, open)
      channel.watch(context, {
        hospitalId,
        lineIds: () => [...lineIds],
        onSight: (sight) => {
          const tickets = ticketsIn(sight, personId).map(viewOfMyTicket)
          channel.send('line', idOf(sight), { lineId: sight.line.id, tickets })
        },
        // Who checks in at a kiosk meanwhile has a place in another line.
        onHeartbeat: async () => {
          const now = await desk.mine({ hospitalId, personId, distanceM: null })
          const isNew = now.tickets.some(({ line }) => !lineIds.has(line.id))
          for (const { line } of now.tickets) lineIds.add(line.id)
          if (isNew) channel.send('mine', '', viewOfMine(now, rules))
        },
      })
      // Read again, as something may have happened before this one watched.
      await channel.orEnd(async () => {
        const now = await desk.mine({ hospitalId, personId, distanceM: null })
        channel.send('mine', '', viewOfMine(now, rules))
      })
    },
  )
}

const ticketsIn = ({ line, places }: Sight, personId: PersonId): MyTicket[] =>
  places.filter(({ ticket }) => ticket.person_id === personId).map((place) => ({ ...place, line }))

function lineRoute(app: App, context: QueueRouteContext, open: Set<FastifyReply>): void {
  app.get(
    '/hospitals/:hospitalId/queue/lines/:id/events',
    {
      config: { access: WORKERS },
      schema: {
        operationId: 'watchQueueLine',
        summary: 'A line live, for those who work it',
        tags,
        params: OfHospitalAndId,
        response: stream,
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const id = request.params.id as LineId
      const key = { hospitalId, id }
      await context.desk.sight(key) // an error is an answer, while there is one
      const channel = channelTo(request, reply, open)
      const show = (read: () => Promise<Sight>) =>
        channel.orEnd(async () => {
          const shown = await read()
          channel.send('board', idOf(shown), await boardOfSight(context, shown, false))
        })
      channel.watch(context, {
        hospitalId,
        lineIds: () => [id],
        onSight: (seen) => void show(async () => seen),
      })
      await show(() => context.desk.sight(key))
    },
  )
}

function screenRoute(app: App, context: QueueRouteContext, open: Set<FastifyReply>): void {
  app.get(
    '/hospitals/:hospitalId/queue/screens/:id/events',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'watchQueueScreen',
        summary: 'The lines of a department live, names masked, by the token of a screen',
        tags,
        params: OfHospitalAndId,
        headers: Type.Object({
          'x-screen-token': Type.Optional(Type.String({ maxLength: 100 })),
        }),
        response: stream,
      },
    },
    async (request, reply) => {
      const hospitalId = hospitalIn(request.params)
      const id = request.params.id as ScreenId
      const token = request.headers['x-screen-token']
      if (typeof token !== 'string') throw queueErrors.screen_unknown()
      const screen = await context.desk.screenBy({ hospitalId, id, token })
      let lineIds = await linesOf(context, screen)
      const channel = channelTo(request, reply, open, `screen:${screen.id}`)
      const show = (read: () => Promise<Sight>) =>
        channel.orEnd(async () => {
          const shown = await read()
          channel.send('board', idOf(shown), await boardOfSight(context, shown, true))
        })
      const showAll = async () => {
        for (const line of lineIds) await show(() => context.desk.sight({ hospitalId, id: line }))
      }
      channel.watch(context, {
        hospitalId,
        lineIds: () => lineIds,
        onSight: (seen) => void show(async () => seen),
        onHeartbeat: async () => {
          // A token that was taken back ends what it opened.
          await context.desk.screenBy({ hospitalId, id, token }).catch(() => reply.raw.end())
          const before = new Set(lineIds)
          lineIds = await linesOf(context, screen)
          channel.send('lines', '', { lineIds })
          if (lineIds.some((line) => !before.has(line))) await showAll()
        },
      })
      channel.send('lines', '', { lineIds })
      await showAll()
    },
  )
}

async function linesOf({ desk }: QueueRouteContext, screen: Screen): Promise<LineId[]> {
  const filter = {
    date: desk.today(),
    kind: screen.line_kind,
    departmentCode: screen.department_code,
  }
  const lines = await desk.lines(screen.hospital_id, filter, { limit: MOST_LINES })
  return lines.map(({ id }) => id)
}

/** What an event is known by: the same line at the same moment of its life, and of the clock. */
const idOf = ({ line, at }: Sight): string => `${line.id}:${line.revision}:${at.getTime()}`

type WatchWish = {
  hospitalId: HospitalId
  lineIds: () => readonly LineId[]
  onSight: (sight: Sight) => void
  onHeartbeat?: () => Promise<void>
}

/** One stream of events to one reader. Who reads too slowly is sent the newest only. */
function channelTo(
  request: FastifyRequest,
  reply: FastifyReply,
  open: Set<FastifyReply>,
  owner = request.principal ? requestActor(request).name : 'nobody',
) {
  const { raw } = reply
  const late = new Map<string, string>()
  const newest = new Map<string, number>()
  let known = lineAndRevision(request.headers['last-event-id'])
  const write = (text: string) => {
    if (!raw.destroyed && !raw.writableEnded) raw.write(text)
  }
  raw.on('drain', () => {
    for (const text of late.values()) write(text)
    late.clear()
  })
  return { send, watch, orEnd }

  /** What cannot be read ends the stream: whoever watches comes back, and is sent what there is. */
  async function orEnd(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch {
      raw.end()
    }
  }

  function send(event: string, id: string, data: object): void {
    // Seen before the connection was cut, and unchanged: not sent again.
    if (known !== null && lineAndRevision(id) === known) {
      known = null
      return
    }
    const [line = '', , at = ''] = id.split(':')
    if (Number(at) < (newest.get(line) ?? 0)) return
    newest.set(line, Number(at))
    const text = `event: ${event}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`
    if (raw.writableNeedDrain) late.set(`${event} ${line}`, text)
    else write(text)
  }

  function watch(
    { desk }: QueueRouteContext,
    { hospitalId, lineIds, onSight, onHeartbeat }: WatchWish,
  ): void {
    const end = desk.live.watch({ hospitalId, owner, lineIds, onSight })
    reply.hijack()
    open.add(reply)
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    write('retry: 2000\n\n')
    const stopHeartbeat = every(HEARTBEAT_MS, () => {
      write(': \n\n')
      return onHeartbeat?.()
    })
    raw.on('close', () => {
      stopHeartbeat()
      open.delete(reply)
      end()
    })
  }
}

const lineAndRevision = (id: string | string[] | undefined): string | null =>
  typeof id === 'string' && id !== '' ? id.split(':').slice(0, 2).join(':') : null
