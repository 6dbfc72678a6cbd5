import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import { businessDateOf, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import type { Stops } from '../browser/bed.ts'
import { GATE, HOSPITAL, openQueueWorld, type QueueWorld, STAFF } from './world.ts'

// The queue on a real database: one number each, one call each, and what was learnt.

const MORNING = '2026-11-24T08:30:00+08:00'

let world: QueueWorld
const { clock } = testPlatform(MORNING)
const stops: Stops = []
let days = 0

beforeAll(async () => {
  world = await openQueueWorld(stops, clock)
})
beforeEach(() => clock.set(new Date(new Date(MORNING).getTime() + (days += 1) * DAY_MS)))
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop()
})

const code = (name: string) => expect.objectContaining({ code: `queue.${name}` }) as Error
const newId = <Kind extends string>() => world.platform.newId<Kind>()

const lab = () =>
  world.desk.openLine(HOSPITAL, {
    kind: 'laboratory',
    session_id: null,
    business_date: businessDateOf(clock.now()),
    department_code: `LAB-${days}`,
    department_name: '检验科',
    doctor_code: '',
    doctor_name: '',
    location: '门诊楼 1 层',
    starts_at: clock.now(),
  })

const call = (lineId: Id<'QueueLine'>, room = '3 诊室', callId = newId<'QueueCall'>()) =>
  world.desk.callNext({ key: { hospitalId: HOSPITAL, id: lineId }, callId, room }, STAFF)
type Act = Parameters<QueueWorld['desk']['act']>[0]['what']
const act = (id: Id<'QueueTicket'>, what: Act) =>
  world.desk.act({ key: { hospitalId: HOSPITAL, id }, what }, STAFF)

describe('[J3] the check-in', () => {
  it('gives one number to kiosk and phone at once, and the second sees it (F-113)', async () => {
    const session = await world.session(30 * MINUTE_MS)
    const { id } = await world.person()
    const booked = await world.book(session.id, id)
    const both = await Promise.all(Array.from({ length: 8 }, () => world.checkIn(id, booked.id)))
    expect(new Set(both.map((ticket) => ticket.id)).size).toBe(1)
    expect(both[0]).toMatchObject({ number: 1, state: 'waiting', turn_at: booked.startsAt })
    const sight = await world.desk.sight({ hospitalId: HOSPITAL, id: both[0]?.line_id as never })
    expect(sight.places).toHaveLength(1)
    await world.deliver()
    const key = { hospitalId: HOSPITAL, id: booked.id }
    expect(await world.hub.booking.appointment(key)).toMatchObject({ status: 'checked_in' })
  })

  it('is within the window of the rules, of a booking of today, by a medium that is good', async () => {
    const { id, medium } = await world.person()
    await expect(world.checkIn(id)).rejects.toEqual(code('no_booking_today'))
    const session = await world.session(3 * HOUR_MS)
    const booked = await world.book(session.id, id)
    await expect(world.checkIn(id)).rejects.toEqual(code('too_early'))
    clock.advance(3 * HOUR_MS + 91 * MINUTE_MS)
    await expect(world.checkIn(id, booked.id)).rejects.toEqual(code('too_late'))
    clock.advance(-2 * HOUR_MS)
    expect(await world.checkIn(id)).toMatchObject({ appointment_id: booked.id })
    expect(await world.desk.personOf(medium)).toBe(id)
    await expect(world.desk.personOf({ ...medium, value: 'SC999999' })).rejects.toEqual(
      code('nobody_found'),
    )
  })

  it('asks which booking is meant where two are open', async () => {
    const { id } = await world.person()
    for (const inMs of [30 * MINUTE_MS, 100 * MINUTE_MS]) {
      await world.book((await world.session(inMs)).id, id)
    }
    clock.advance(45 * MINUTE_MS)
    await expect(world.checkIn(id)).rejects.toEqual(code('several_bookings'))
  })

  it('by phone is near the gate, and says how far away somebody is', async () => {
    const { rules } = await world.desk.rulesOf(HOSPITAL)
    const near = { latitude: GATE.latitude + 0.001, longitude: GATE.longitude, accuracyM: 20 }
    expect(world.desk.atTheGate(rules, near)).toBe(111)
    expect(() => world.desk.atTheGate(rules, { ...near, latitude: 36.1 })).toThrow(
      expect.objectContaining({ code: 'queue.too_far', params: { distanceM: 3658, radiusM: 300 } }),
    )
    expect(() => world.desk.atTheGate(rules, { ...near, accuracyM: 900 })).toThrow(
      code('place_vague'),
    )
    expect(() => world.desk.atTheGate({ ...rules, gate: null }, near)).toThrow(code('no_gate'))
  })
})

describe('[J3] calls', () => {
  it('of fifty rooms at once are of fifty people, and the same call again is the same', async () => {
    const line = await lab()
    const people = 30
    for (let i = 0; i < people; i++) await world.walkIn(line.id)
    const calls = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => call(line.id, `${i + 1} 号窗口`)),
    )
    const called = calls.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const refused = calls.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(new Set(called.map(({ id }) => id)).size).toBe(people)
    expect(called).toHaveLength(people)
    expect(refused).toHaveLength(20)
    for (const reason of refused) expect(reason).toEqual(code('nobody_waits'))
    await world.walkIn(line.id)
    const callId = newId<'QueueCall'>()
    const same = await Promise.all([1, 2, 3].map(() => call(line.id, '1 号窗口', callId)))
    expect(new Set(same.map(({ number }) => number))).toEqual(new Set([people + 1]))
  })

  it('are passed, taken back, undone, called again and finished, and nothing else', async () => {
    const line = await lab()
    for (let i = 0; i < 5; i++) {
      await world.walkIn(line.id)
      clock.advance(MINUTE_MS)
    }
    const called = await call(line.id)
    expect(called.number).toBe(1)
    expect(await act(called.id, 'undo_call')).toMatchObject({ state: 'waiting', room: null })
    expect((await call(line.id)).number).toBe(1)
    await act(called.id, 'call_again')
    expect(await act(called.id, 'pass')).toMatchObject({ state: 'passed' })
    expect(await act(called.id, 'pass')).toMatchObject({ state: 'passed' })
    await expect(act(called.id, 'finish')).rejects.toEqual(code('state_differs'))
    await act(called.id, 'recall')
    const order = []
    for (let i = 0; i < 5; i++) order.push((await call(line.id)).number)
    expect(order).toEqual([2, 3, 4, 1, 5])
    expect(await act(called.id, 'begin')).toMatchObject({ state: 'in_service' })
    expect(await act(called.id, 'finish')).toMatchObject({ state: 'done' })
    await expect(act(called.id, 'leave')).rejects.toEqual(code('state_differs'))
    await expect(act(newId(), 'pass')).rejects.toEqual(code('ticket_not_found'))
  })

  it('prefer an emergency, then now and then the elderly and who is back with results', async () => {
    const line = await lab()
    for (let i = 0; i < 3; i++) await world.walkIn(line.id)
    await world.walkIn(line.id, { birthDate: '1940-05-05' })
    await world.walkIn(line.id, { hasResults: true })
    await world.walkIn(line.id, { priority: 'emergency' })
    const order = []
    for (let i = 0; i < 6; i++) order.push((await call(line.id)).number)
    expect(order).toEqual([6, 1, 2, 5, 3, 4])
  })

  it('are of today', async () => {
    const line = await lab()
    await world.walkIn(line.id)
    clock.advance(DAY_MS)
    await expect(call(line.id)).rejects.toEqual(code('line_over'))
    await expect(world.walkIn(line.id)).rejects.toEqual(code('line_over'))
  })

  it('are written down in the audit and told to the others, in the transaction that makes them', async () => {
    const line = await lab()
    const ticket = await world.walkIn(line.id)
    await call(line.id)
    await act(ticket.id, 'finish')
    const { rows } = await inHospital(world.db, HOSPITAL, (tx) =>
      sql<{ action: string }>`select action from platform.audit
        where hospital_id = ${HOSPITAL} and subject = ${`ticket:${ticket.id}`} order by id`.execute(
        tx,
      ),
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'queue.check_in',
      'queue.call',
      'queue.finish',
    ])
    const told = await inHospital(world.db, HOSPITAL, (tx) =>
      sql<{ kind: string }>`select payload->>'kind' as kind from platform.outbox
        where hospital_id = ${HOSPITAL} and payload->>'ticketId' = ${ticket.id}`.execute(tx),
    )
    expect(told.rows.map(({ kind }) => kind).toSorted()).toEqual(['call', 'check_in', 'finish'])
  })
})

describe('[J3] another room', () => {
  it('is waited for under a number there, once however often somebody is sent', async () => {
    const session = await world.session(10 * MINUTE_MS)
    const { id } = await world.person()
    const booked = await world.book(session.id, id)
    const ticket = await world.checkIn(id, booked.id)
    await call(ticket.line_id)
    const line = await lab()
    const key = { hospitalId: HOSPITAL, id: ticket.id }
    const sent = await world.desk.transfer({ key, id: newId(), lineId: line.id }, STAFF)
    expect(sent).toMatchObject({ line_id: line.id, number: 1, via: 'transfer', state: 'waiting' })
    const again = await world.desk.transfer({ key, id: newId(), lineId: line.id }, STAFF)
    expect(again.id).toBe(sent.id)
    await expect(
      world.desk.transfer(
        { key: { hospitalId: HOSPITAL, id: sent.id }, id: newId(), lineId: line.id },
        STAFF,
      ),
    ).rejects.toEqual(code('same_line'))
    const mine = await world.desk.mine({ hospitalId: HOSPITAL, personId: id, distanceM: null })
    expect(mine.tickets.map(({ ticket: { state } }) => state).toSorted()).toEqual([
      'transferred',
      'waiting',
    ])
    await call(line.id)
    await act(sent.id, 'finish')
    const back = await world.walkIn(ticket.line_id, { person: { id }, hasResults: true })
    expect(back).toMatchObject({ priority: 'returning', line_id: ticket.line_id, number: 2 })
  })
})

describe('[J3] the waiting time', () => {
  it('is told as an interval, grows with who is ahead, and is learnt from visits that are over', async () => {
    const line = await lab()
    for (let visit = 0; visit < 12; visit++) {
      const ticket = await world.walkIn(line.id)
      await call(line.id)
      clock.advance(3 * MINUTE_MS)
      await act(ticket.id, 'finish')
    }
    for (let i = 0; i < 4; i++) await world.walkIn(line.id)
    const { places } = await world.desk.sight({ hospitalId: HOSPITAL, id: line.id })
    const medians = places.map(({ waiting }) => waiting?.medianMs ?? -1)
    expect(medians).toEqual(medians.toSorted((a, b) => a - b))
    const last = places.at(-1)?.waiting
    expect(last?.lowMs).toBeLessThan(last?.medianMs ?? 0)
    expect(last?.highMs).toBeGreaterThan(last?.medianMs ?? 0)
    // Three visits of three minutes are ahead: not the eight that are usual.
    expect(last?.medianMs).toBeGreaterThan(7 * MINUTE_MS)
    expect(last?.medianMs).toBeLessThan(17 * MINUTE_MS)
    const [error] = (
      await world.desk.accuracy(HOSPITAL, {
        from: businessDateOf(clock.now()),
        to: businessDateOf(clock.now()),
      })
    ).filter(({ departmentCode }) => departmentCode === line.department_code)
    expect(error).toMatchObject({ people: 12, departmentName: '检验科' })
  })

  it('says when to leave home for who has booked and is not here', async () => {
    const session = await world.session(2 * HOUR_MS)
    const { id } = await world.person()
    const booked = await world.book(session.id, id)
    const wish = { hospitalId: HOSPITAL, personId: id, distanceM: 5_000 }
    const { awaited } = await world.desk.mine(wish)
    expect(awaited).toHaveLength(1)
    const [one] = awaited
    expect(one?.appointment.id).toBe(booked.id)
    // Five kilometres at 250 metres a minute, and ten minutes before the turn.
    expect(one?.leaveInMs).toBe(2 * HOUR_MS - 30 * MINUTE_MS)
    expect((await world.desk.mine({ ...wish, distanceM: null })).awaited[0]?.leaveInMs).toBeNull()
    clock.advance(100 * MINUTE_MS + SECOND_MS)
    expect((await world.desk.mine(wish)).awaited[0]?.leaveInMs).toBe(0)
  })
})
