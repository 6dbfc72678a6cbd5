import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { PersonId, SessionId } from './booking.ts'
import { zeroBits } from './proof.ts'
import { bookingRoutes } from './routes.ts'
import { bookingWorld, type BookingWorld, HOSPITAL, STAFF } from './testing/world.ts'

let database: TestDatabase
let world: BookingWorld

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  world = bookingWorld(database)
  await world.rules({})
})
afterAll(() => database[Symbol.asyncDispose]())

const code = (name: string) => expect.objectContaining({ code: `booking.${name}` }) as Error

describe('[J1] a burst', () => {
  it('[F-110] sells each number once, and tells the others that it is sold out', async () => {
    const session = await world.session({ total: 20 })
    const others = world.restarted() // another process, which remembers nothing of this one's
    const tries = Array.from({ length: 400 }, (_, i) => {
      const desk = i % 2 === 0 ? world.booking : others
      const personId = world.person()
      const id = world.newId<'Appointment'>()
      const wish = { hospitalId: HOSPITAL, id, personId, sessionId: session.id, slotNumber: null }
      return desk.hold({ ...wish, source: 'online' }, STAFF)
    })
    const results = await Promise.allSettled(tries)
    const sold = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const numbers = sold.map(({ slotNumber }) => slotNumber).toSorted((a, b) => (a ?? 0) - (b ?? 0))
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    const told = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code?: string }).code] : [],
    )
    expect(new Set(told)).toEqual(new Set(['booking.sold_out']))
    expect((await world.booking.session(HOSPITAL, session.id)).left).toBe(0)
  })

  it('lets one person have one number of it, however often they try at once', async () => {
    const session = await world.session({ total: 20 })
    const person = world.person()
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => world.hold(session.id, person)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await world.booking.session(HOSPITAL, session.id)).left).toBe(19)
  })

  it('finds the repeat of a wish that was granted, also when the rest is sold out', async () => {
    const session = await world.session({ total: 1 })
    const winner = world.person()
    const id = world.newId<'Appointment'>()
    const held = await world.hold(session.id, winner, { id })
    await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    const wish = { hospitalId: HOSPITAL, sessionId: session.id, source: 'online' } as const
    expect(world.booking.isSoldOut({ ...wish, personId: world.person() })).toBe(true)
    expect(world.booking.isSoldOut({ ...wish, personId: winner })).toBe(false)
    expect(await world.hold(session.id, winner, { id })).toEqual(held)
  })

  it('forgets after a second that there was nothing, so that what comes back elsewhere is sold', async () => {
    const session = await world.session({ total: 1 })
    const held = await world.hold(session.id, world.person())
    await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    await world.restarted().cancel({ hospitalId: HOSPITAL, id: held.id }, held.personId, STAFF)
    await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    world.clock.advance(SECOND_MS)
    expect(await world.hold(session.id, world.person())).toMatchObject({ slotNumber: 1 })
  })
})

describe('[J1] who waits', () => {
  it('has the next number held for them and is told, the first in turn first', async () => {
    const session = await world.session({ total: 1 })
    const holder = world.person()
    const wait = (personId: PersonId) =>
      world.booking.wait(
        { id: world.newId<'Waiting'>(), hospitalId: HOSPITAL, sessionId: session.id, personId },
        STAFF,
      )
    const [first, second] = [world.person(), world.person()]
    await expect(wait(first)).rejects.toEqual(code('not_sold_out'))
    const held = await world.hold(session.id, holder)
    const waiting = await wait(first)
    await wait(second)
    await expect(wait(first)).rejects.toEqual(code('already_waiting'))
    await world.cancel(held.id, holder)
    const [offered] = await world.booking.waitingOf(HOSPITAL, first, { limit: 5 })
    expect(offered).toMatchObject({ id: waiting.id, status: 'offered' })
    const [told] = await world.booking.messagesOf(HOSPITAL, first, { limit: 5 })
    expect(told).toMatchObject({ kind: 'held', appointment_id: offered?.appointment_id })
    // Who does not take it in time passes it on.
    await world.pass(31 * MINUTE_MS)
    const [next] = await world.booking.waitingOf(HOSPITAL, second, { limit: 5 })
    expect(next?.status).toBe('offered')
    const theirs = next?.appointment_id
    if (!theirs) throw new Error('the second was offered the number')
    expect(await world.book(theirs, second)).toMatchObject({ status: 'booked', slotNumber: 1 })
  })

  it('is passed over when they sit elsewhere in that hour, or wait no longer', async () => {
    const session = await world.session({ total: 1 })
    const elsewhere = await world.session({ total: 1 })
    const [busy, gone, free, holder] = [
      world.person(),
      world.person(),
      world.person(),
      world.person(),
    ]
    const held = await world.hold(session.id, holder)
    const ids = []
    for (const personId of [busy, gone, free]) {
      const id = world.newId<'Waiting'>()
      ids.push(id)
      await world.booking.wait({ id, hospitalId: HOSPITAL, sessionId: session.id, personId }, STAFF)
    }
    await world.hold(elsewhere.id, busy)
    const left = { id: ids[1] ?? world.newId<'Waiting'>(), hospitalId: HOSPITAL }
    await expect(world.booking.stopWaiting({ ...left, personId: free }, STAFF)).rejects.toEqual(
      code('waiting_not_found'),
    )
    await world.booking.stopWaiting({ ...left, personId: gone }, STAFF)
    await world.cancel(held.id, holder)
    const status = async (personId: PersonId) =>
      (await world.booking.waitingOf(HOSPITAL, personId, { limit: 1 }))[0]?.status
    expect([await status(busy), await status(gone), await status(free)]).toEqual([
      'waiting',
      'left',
      'offered',
    ])
  })
})

describe('over HTTP', () => {
  let principal: Principal
  let app: Awaited<ReturnType<typeof createHttp>>
  beforeEach(async () => {
    const { db, clock, newId, booking } = world
    app = await createHttp({ newId, logger: false, authenticate: async () => principal })
    await app.register(bookingRoutes({ booking, platform: { db, clock, newId } }))
    await app.ready()
  })

  let keys = 0
  async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: object, key?: string) {
    const headers = { 'idempotency-key': key ?? `key-${(keys += 1)}` }
    const url = `/hospitals/${HOSPITAL}/${path}`
    const answer = await app.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
  }
  const person = (): Principal => ({ kind: 'person', personId: world.person() })
  const staff = (role: 'it' | 'cashier' | 'finance'): Principal => ({
    kind: 'staff',
    staffId: world.newId<'Staff'>(),
    hospitalId: HOSPITAL,
    roles: [role],
  })

  it('[J1] the staff adds a session, a person holds, books and cancels; a repeat gets the first answer', async () => {
    principal = staff('it')
    const added = await call('POST', 'booking/sessions', {
      department: { code: 'K77', name: '骨科' },
      doctor: { code: 'D-HTTP', name: '李医生' },
      clinic: '普通',
      location: '2 楼',
      businessDate: '2026-11-26',
      period: 'morning',
      startsAt: '2026-11-26T08:00:00+08:00',
      endsAt: '2026-11-26T12:00:00+08:00',
      feeFen: 0,
      total: 1,
      quotas: [],
    })
    expect(added).toMatchObject({ status: 201, body: { left: 1, origin: 'pool' } })
    const sessionId = String(added.body['id'])
    principal = person()
    const listed = await call(
      'GET',
      'booking/sessions?from=2026-11-26&to=2026-11-26&departmentCode=K77',
    )
    expect(listed.body).toMatchObject({ items: [{ id: sessionId, left: 1 }], next: null })
    const held = await call('POST', 'booking/holds', { sessionId, device: 'd' }, 'one')
    expect(held).toMatchObject({ status: 201, body: { status: 'held', slotNumber: 1 } })
    expect(await call('POST', 'booking/holds', { sessionId, device: 'd' }, 'one')).toEqual(held)
    const winner = principal
    principal = person()
    for (let i = 0; i < 2; i++) {
      expect(await call('POST', 'booking/holds', { sessionId })).toMatchObject({
        status: 409,
        body: { code: 'booking.sold_out' },
      })
    }
    const path = `my-appointments/${String(held.body['id'])}`
    expect((await call('GET', path)).status).toBe(404)
    principal = winner
    expect(await call('POST', 'booking/holds', { sessionId, device: 'd' }, 'one')).toEqual(held)
    expect((await call('POST', `${path}/booking`)).body).toMatchObject({ status: 'booked' })
    expect((await call('POST', `${path}/cancellation`)).body).toMatchObject({ status: 'cancelled' })
    expect((await call('GET', 'my-appointments')).body).toMatchObject({
      items: [{ status: 'cancelled' }],
    })
    expect((await call('GET', 'appointments')).status).toBe(403)
  })

  it('[J11] [F-120] who proposes a stop does not carry it out', async () => {
    const session = await world.session({ total: 2 })
    principal = staff('cashier')
    const body = { sessionId: session.id, reason: '医生生病' }
    const stop = await call('POST', 'booking/stops', body)
    expect(stop).toMatchObject({ status: 201, body: { status: 'proposed', impact: { booked: 0 } } })
    const path = `booking/stops/${String(stop.body['id'])}/decision`
    expect(await call('POST', path, { agrees: true })).toMatchObject({
      status: 403,
      body: { code: 'booking.stop_by_same_person' },
    })
    principal = staff('finance')
    expect((await call('POST', path, { agrees: true })).body).toMatchObject({
      status: 'carried_out',
    })
    expect(await call('POST', path, { agrees: false })).toMatchObject({
      status: 409,
      body: { code: 'booking.stop_decided' },
    })
  })

  it('[S-67] a proof of work counts once, for its person and session, until it expires', async () => {
    await world.rules({ proofBits: 6 })
    world.clock.advance(6 * SECOND_MS)
    const session = await world.session({ total: 9 })
    const solve = async (sessionId: SessionId) => {
      const { body } = await call('POST', 'booking/proof-tasks', { sessionId })
      const [text, bits] = [String(body['text']), Number(body['bits'])]
      let nonce = 0
      while (zeroBits(`${text}.${nonce}`) < bits) nonce += 1
      return { text, nonce: String(nonce) }
    }
    const hold = (proof?: object) =>
      call('POST', 'booking/holds', { sessionId: session.id, ...(proof ? { proof } : {}) })
    principal = person()
    expect((await hold()).body).toMatchObject({ code: 'booking.proof_missing' })
    const proof = await solve(session.id)
    const wrong = { ...proof, nonce: 'x' }
    expect(zeroBits(`${proof.text}.x`)).toBeLessThan(6)
    expect((await hold(wrong)).body).toMatchObject({ code: 'booking.proof_wrong' })
    const owner = principal
    principal = person()
    expect((await hold(proof)).body).toMatchObject({ code: 'booking.proof_wrong' })
    principal = owner
    expect((await hold(proof)).status).toBe(201)
    expect((await hold(proof)).body).toMatchObject({ code: 'booking.proof_used' })
    const late = await solve(session.id)
    world.clock.advance(11 * MINUTE_MS)
    expect((await hold(late)).body).toMatchObject({ code: 'booking.proof_wrong' })
    const easier = late.text.replace(/^(\d+)\.6\./, '$1.0.')
    expect((await hold({ ...late, text: easier })).body).toMatchObject({
      code: 'booking.proof_wrong',
    })
  })
})
