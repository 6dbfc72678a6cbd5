import type { AddressInfo } from 'node:net'

import pg from 'pg'
import { Pool as HttpPool } from 'undici'

import { AppError } from '../../../kernel/error.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import type { Booking, BookingRouteContext } from '../../../modules/booking/index.ts'
import { bookingRoutes } from '../../../modules/booking/index.ts'
import { createHttp } from '../../../platform/http/server.ts'
import { systemActor } from '../../../platform/principal.ts'

// As many people as want a number at the same moment, and what became of them.

const ACTOR = systemActor('bench')

export type Outcome = { seconds: number; sold: number; soldOut: number; other: number }

export type Burst = {
  hospitalId: HospitalId
  sessionId: Id<'BookingSession'>
  tries: number
  newId: BookingRouteContext['platform']['newId']
}

/** As many processes' worth of booking as are given, each with a memory of its own, on one database: the tries in turn. */
export function burstAtDatabase(
  processes: readonly Booking[],
  { hospitalId, sessionId, tries, newId }: Burst,
): Promise<Outcome> {
  let turn = 0
  return outcomeOf(tries, async () => {
    const desk = processes[(turn += 1) % processes.length]
    const wish = { hospitalId, sessionId, id: newId<'Appointment'>(), personId: newId<'Person'>() }
    try {
      await desk?.hold({ ...wish, slotNumber: null, source: 'online' }, ACTOR)
      return 'sold'
    } catch (error) {
      return error instanceof AppError && error.code === 'booking.sold_out' ? 'sold_out' : 'other'
    }
  })
}

const AT_ONCE = 64

/** The same over HTTP: the routes on a server of their own, where everybody is who they say, and one process that remembers. */
export async function burstOverHttp(
  context: BookingRouteContext,
  { hospitalId, sessionId, tries, newId }: Burst,
): Promise<Outcome> {
  const app = await createHttp({
    newId,
    logger: false,
    authenticate: async ({ headers }) => ({
      kind: 'person',
      personId: String(headers['x-person']) as Id<'Person'>,
    }),
  })
  await app.register(bookingRoutes(context), { prefix: '/v1' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const http = new HttpPool(`http://127.0.0.1:${port}`, { connections: AT_ONCE })
  try {
    return await outcomeOf(tries, async () => {
      const { statusCode, body } = await http.request({
        method: 'POST',
        path: `/v1/hospitals/${hospitalId}/booking/holds`,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': newId(),
          'x-person': newId(),
        },
        body: JSON.stringify({ sessionId }),
      })
      const answer = (await body.json()) as { code?: string }
      if (statusCode === 201) return 'sold'
      return answer.code === 'booking.sold_out' ? 'sold_out' : 'other'
    })
  } finally {
    await http.close()
    await app.close()
  }
}

/** The least that any program would do: one statement that takes a number, and nothing is known of who has it. */
export async function bareBurst(
  url: string,
  { slots, tries, connections }: { slots: number; tries: number; connections: number },
): Promise<Outcome> {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  try {
    await pool.query('create unlogged table bench_number (number int primary key, taken_by int)')
    await pool.query('insert into bench_number select n, null from generate_series(1, $1::int) n', [
      slots,
    ])
    let person = 0
    return await outcomeOf(tries, async () => {
      const { rowCount } = await pool.query({
        name: 'take',
        text: `update bench_number set taken_by = $1 where number = (select number from bench_number
          where taken_by is null order by number limit 1 for update skip locked)`,
        values: [(person += 1)],
      })
      return rowCount === 1 ? 'sold' : 'sold_out'
    })
  } finally {
    await pool.query('drop table if exists bench_number')
    await pool.end()
  }
}

/** How many are told in so many seconds, from memory, that nothing is left. */
export async function soldOutRate(
  booking: Booking,
  { hospitalId, sessionId, newId }: Burst,
  seconds: number,
): Promise<number> {
  const personId = newId<'Person'>()
  const wish = { hospitalId, sessionId, personId, slotNumber: null, source: 'online' as const }
  const ask = () =>
    booking.hold({ ...wish, id: newId<'Appointment'>() }, ACTOR).then(
      () => 0,
      () => 1,
    )
  await ask()
  const startedAt = performance.now()
  let told = 0
  let spent = 0
  while (spent < seconds) {
    for (let i = 0; i < MANY; i++) told += await ask()
    spent = (performance.now() - startedAt) / 1_000
  }
  return told / spent
}

const MANY = 1_000

async function outcomeOf(
  tries: number,
  attempt: () => Promise<'sold' | 'sold_out' | 'other'>,
): Promise<Outcome> {
  const startedAt = performance.now()
  const ends = await Promise.all(Array.from({ length: tries }, attempt))
  const seconds = (performance.now() - startedAt) / 1_000
  const count = (end: string) => ends.filter((each) => each === end).length
  return { seconds, sold: count('sold'), soldOut: count('sold_out'), other: count('other') }
}
