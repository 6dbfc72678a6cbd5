import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { DAY_MS, HOUR_MS, instantAt, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { readSlotId } from './booking.ts'
import {
  bookingWorld,
  type BookingWorld,
  DAY,
  daysLater,
  HOSPITAL,
  OTHER_HOSPITAL,
  STAFF,
} from './testing/world.ts'

let database: TestDatabase
let world: BookingWorld

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  world = bookingWorld(database)
  await world.rules({})
  await world.rules({}, OTHER_HOSPITAL)
})
afterAll(() => database[Symbol.asyncDispose]())

const code = (name: string) => expect.objectContaining({ code: `booking.${name}` }) as Error

describe('[J1] a number of the hub', () => {
  it('is held, booked free of charge, cancelled, and free again', async () => {
    const session = await world.session({ total: 1 })
    const person = world.person()
    const held = await world.hold(session.id, person)
    expect(held).toMatchObject({ status: 'held', slotNumber: 1, fee: 'none', bill: null })
    expect(held.expiresAt).toEqual(new Date(world.clock.now().getTime() + 30 * MINUTE_MS))
    await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    const booked = await world.book(held.id, person)
    expect(booked).toMatchObject({ status: 'booked', expiresAt: null })
    expect(await world.book(held.id, person)).toEqual(booked)
    expect(await world.cancel(held.id, person)).toMatchObject({ status: 'cancelled' })
    expect(await world.cancel(held.id, person)).toMatchObject({ status: 'cancelled' })
    expect(await world.hold(session.id, world.person())).toMatchObject({ slotNumber: 1 })
  })

  it('is listed with its session by pages, and read by its id', async () => {
    const session = await world.session({ total: 3, businessDate: daysLater(1) })
    const second = await world.session({ total: 1, businessDate: daysLater(2) })
    const filter = { from: daysLater(1), to: daysLater(2) }
    const page = await world.booking.sessions(HOSPITAL, filter, { limit: 1 })
    expect(page.items).toEqual([{ ...session, left: 3 }])
    const rest = await world.booking.sessions(HOSPITAL, filter, {
      limit: 10,
      after: page.next ?? undefined,
    })
    expect(rest).toEqual({ items: [second], next: null })
    const slots = await world.booking.slots(HOSPITAL, session.id, { limit: 2 })
    expect(slots.items.map(({ number, status }) => [number, status])).toEqual([
      [1, 'free'],
      [2, 'free'],
    ])
    expect(slots.next).toBe(2)
    const [first] = slots.items
    expect(first?.id).toMatch(/^[A-Za-z0-9-]{1,64}$/)
    expect(readSlotId(first?.id ?? '')).toEqual({ sessionId: session.id, number: 1 })
    expect(await world.booking.slot(HOSPITAL, first?.id ?? '')).toEqual(first)
    const long = { from: DAY, to: daysLater(32) }
    await expect(world.booking.sessions(HOSPITAL, long, { limit: 1 })).rejects.toEqual(
      code('range_too_long'),
    )
  })

  it('is not to be had before its release, and at that second it is', async () => {
    const date = daysLater(10)
    const session = await world.session({ businessDate: date })
    const releasesAt = instantAt(daysLater(2), '07:00:00')
    expect(session.releasesAt).toEqual(releasesAt)
    const person = world.person()
    await expect(world.hold(session.id, person)).rejects.toMatchObject({
      code: 'booking.not_released',
      params: { at: releasesAt.toISOString() },
    })
    world.clock.set(releasesAt)
    expect(await world.hold(session.id, person)).toMatchObject({ status: 'held' })
  })

  it('expires unpaid, and is somebody else’s; who held it may not book it any more', async () => {
    const session = await world.session({ total: 1 })
    const [slow, quick] = [world.person(), world.person()]
    const held = await world.hold(session.id, slow)
    await world.pass(31 * MINUTE_MS)
    expect(await world.appointment(held.id)).toMatchObject({ status: 'expired', expiresAt: null })
    await expect(world.book(held.id, slow)).rejects.toEqual(code('hold_expired'))
    expect(await world.hold(session.id, quick)).toMatchObject({ slotNumber: 1 })
  })

  it('comes back at a moment nobody foresees, within the limits of the rules', async () => {
    await world.rules({ returnMinutes: { least: 5, most: 30 } })
    world.clock.advance(6_000)
    const moments = new Set<number>()
    for (let i = 0; i < 12; i++) {
      const session = await world.session({ total: 1 })
      const held = await world.hold(session.id, world.person())
      await world.cancel(held.id, held.personId)
      const rows = await inHospital(database, HOSPITAL, (tx) =>
        sql<{ available_at: Date }>`select available_at from booking.slot
          where hospital_id = ${HOSPITAL} and session_id = ${session.id}`.execute(tx),
      )
      const afterMs = Number(rows.rows[0]?.available_at) - world.clock.now().getTime()
      expect(afterMs).toBeGreaterThanOrEqual(5 * MINUTE_MS)
      expect(afterMs).toBeLessThanOrEqual(30 * MINUTE_MS)
      moments.add(afterMs)
      await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    }
    expect(moments.size).toBeGreaterThan(8)
  })

  it('is held once for one wish, and not under the same id for another', async () => {
    const session = await world.session({ total: 4 })
    const person = world.person()
    const id = world.newId<'Appointment'>()
    const held = await world.hold(session.id, person, { id })
    expect(await world.hold(session.id, person, { id })).toEqual(held)
    await expect(world.hold(session.id, world.person(), { id })).rejects.toEqual(
      code('hold_differs'),
    )
    expect((await world.booking.session(HOSPITAL, session.id)).left).toBe(3)
  })

  it('is kept for a source until its quota flows back', async () => {
    const session = await world.session({
      total: 2,
      quotas: [{ source: 'window', count: 2, flowsBackAt: instantAt(DAY, '06:00:00') }],
    })
    await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    await world.hold(session.id, world.person(), { source: 'window' })
    world.clock.set(instantAt(DAY, '06:00:00'))
    expect(await world.hold(session.id, world.person())).toMatchObject({ slotNumber: 2 })
  })

  it('is added by the doctor for whom they name, and for nobody else', async () => {
    const session = await world.session({ total: 1 })
    await world.hold(session.id, world.person())
    const key = { hospitalId: HOSPITAL, sessionId: session.id }
    const number = await world.booking.addSlot(key, STAFF)
    expect(number).toBe(2)
    await expect(world.hold(session.id, world.person())).rejects.toEqual(code('sold_out'))
    const more = { slotNumber: number, source: 'doctor' } as const
    expect(await world.hold(session.id, world.person(), more)).toMatchObject({ slotNumber: 2 })
  })

  it('[F-115] is not taken from whoever has it when the session shrinks', async () => {
    const session = await world.session({ total: 4 })
    await world.hold(session.id, world.person(), { slotNumber: 4 })
    await world.hold(session.id, world.person(), { slotNumber: 3 })
    const key = { hospitalId: HOSPITAL, sessionId: session.id }
    await expect(world.booking.shrinkSession(key, 3, STAFF)).rejects.toMatchObject({
      code: 'booking.sold_more',
      params: { free: 2 },
    })
    expect(await world.booking.shrinkSession(key, 2, STAFF)).toMatchObject({ total: 2, left: 0 })
  })
})

describe('[J1] who may book', () => {
  it('sits in one room at an hour, in whatever hospital', async () => {
    const person = world.person()
    const here = await world.session({ total: 1 })
    const there = await world.session({ total: 1, hospitalId: OTHER_HOSPITAL })
    await world.hold(here.id, person)
    await expect(world.hold(there.id, person, { hospitalId: OTHER_HOSPITAL })).rejects.toEqual(
      code('same_hour'),
    )
    const other = { hospitalId: OTHER_HOSPITAL }
    expect(await world.hold(there.id, world.person(), other)).toMatchObject({ slotNumber: 1 })
  })

  it('[S-65] has one number of a department and day, and two of a day', async () => {
    await world.rules({
      caps: { perDay: 2, perWeek: 3, perQuarter: 5, perDeviceADay: 9, perPhoneADay: 9 },
    })
    world.clock.advance(6_000)
    const person = world.person()
    const department = { code: 'K1', name: '眼科' }
    const first = await world.session({ department, total: 4 })
    const second = await world.session({ department, total: 4 })
    const later = { startsAt: instantAt(DAY, '14:00:00'), endsAt: instantAt(DAY, '17:00:00') }
    const third = await world.session({ ...later, period: 'afternoon' })
    const evening = { startsAt: instantAt(DAY, '18:00:00'), endsAt: instantAt(DAY, '21:00:00') }
    const fourth = await world.session({ ...evening, period: 'evening' })
    await world.hold(first.id, person)
    await expect(world.hold(second.id, person, { slotNumber: 4 })).rejects.toEqual(
      code('one_a_department'),
    )
    await world.hold(third.id, person)
    await expect(world.hold(fourth.id, person)).rejects.toEqual(code('too_many_a_day'))
    expect((await world.booking.session(HOSPITAL, fourth.id)).left).toBe(4)
  })

  it('[S-65] makes three bookings in a week, and five in a quarter', async () => {
    await world.rules({
      caps: { perDay: 2, perWeek: 3, perQuarter: 5, perDeviceADay: 9, perPhoneADay: 9 },
    })
    world.clock.advance(6_000)
    const person = world.person()
    const next = async () => {
      const today = new Date(world.clock.now().getTime() + 2 * DAY_MS)
      const businessDate = today.toISOString().slice(0, 10) as typeof DAY
      const session = await world.session({ businessDate })
      return world.hold(session.id, person)
    }
    for (let day = 0; day < 3; day++) {
      await next()
      world.clock.advance(DAY_MS)
    }
    await expect(next()).rejects.toEqual(code('too_many_a_week'))
    world.clock.advance(8 * DAY_MS)
    await next()
    world.clock.advance(DAY_MS)
    await next()
    world.clock.advance(8 * DAY_MS)
    await expect(next()).rejects.toEqual(code('too_many_a_quarter'))
  })

  it('[S-65] holds no more for one device or one phone on a day than the hospital allows', async () => {
    await world.rules({
      caps: { perDay: 9, perWeek: 9, perQuarter: 9, perDeviceADay: 2, perPhoneADay: 3 },
    })
    world.clock.advance(6_000)
    const session = await world.session({ total: 9 })
    const hold = (device: string, phone: string) =>
      world.hold(session.id, world.person(), { device, phone })
    await hold('d1', 'p1')
    await hold('d1', 'p1')
    await expect(hold('d1', 'p1')).rejects.toEqual(code('too_many_of_device'))
    await hold('d2', 'p1')
    await expect(hold('d3', 'p1')).rejects.toEqual(code('too_many_of_phone'))
    // What was refused is not counted, and takes no number.
    expect((await world.booking.session(HOSPITAL, session.id)).left).toBe(6)
  })

  it('does not cancel after the cut-off, and is blocked for so long after what was missed', async () => {
    const session = await world.session({ total: 1 })
    const person = world.person()
    const held = await world.hold(session.id, person)
    const { cancelUntil } = await world.book(held.id, person)
    expect(cancelUntil).toEqual(instantAt(daysLater(-1), '15:00:00'))
    world.clock.set(new Date(cancelUntil.getTime() + 1))
    await expect(world.cancel(held.id, person)).rejects.toMatchObject({
      code: 'booking.too_late',
      params: { until: cancelUntil.toISOString() },
    })
    const key = { hospitalId: HOSPITAL, id: held.id }
    await expect(world.booking.markAppointment(key, 'no_show', STAFF)).rejects.toEqual(
      code('state_differs'),
    )
    world.clock.set(instantAt(DAY, '13:00:00'))
    await world.booking.markAppointment(key, 'no_show', STAFF)
    const next = await world.session({ businessDate: daysLater(5) })
    await expect(world.hold(next.id, person)).rejects.toMatchObject({ code: 'booking.blocked' })
    world.clock.set(instantAt(daysLater(31), '13:00:00'))
    const after = await world.session({ businessDate: daysLater(33) })
    expect(await world.hold(after.id, person)).toMatchObject({ status: 'held' })
  })

  it('[F-119] has either missed it or cancelled it, however close the two come', async () => {
    await world.rules({ cancel: { daysBefore: 0, until: '23:59:59' } })
    world.clock.advance(6_000)
    for (let i = 0; i < 8; i++) {
      const session = await world.session({ total: 1 })
      const person = world.person()
      const held = await world.hold(session.id, person)
      await world.book(held.id, person)
      world.clock.set(instantAt(DAY, '13:00:00'))
      const key = { hospitalId: HOSPITAL, id: held.id }
      const both = await Promise.allSettled([
        world.booking.markAppointment(key, 'no_show', STAFF),
        world.cancel(held.id, person),
      ])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const { status } = await world.appointment(held.id)
      expect(status).toBe(both[0]?.status === 'fulfilled' ? 'no_show' : 'cancelled')
      world.clock.set(instantAt(daysLater(-2), '10:00:00'))
    }
  })

  it('pays nothing for a visit to the same department within the days of follow-up', async () => {
    const department = { code: 'K9', name: '皮肤科' }
    const person = world.person()
    const first = await world.session({ department, feeFen: fen(0) })
    const held = await world.hold(first.id, person)
    await world.book(held.id, person)
    const key = { hospitalId: HOSPITAL, id: held.id }
    await world.booking.markAppointment(key, 'checked_in', STAFF)
    await world.booking.markAppointment(key, 'finished', STAFF)
    world.clock.set(instantAt(daysLater(1), '09:00:00'))
    const again = await world.session({
      department,
      feeFen: fen(5_000),
      businessDate: daysLater(2),
    })
    expect(await world.hold(again.id, person)).toMatchObject({ feeFen: 0 })
    expect(await world.hold(again.id, world.person())).toMatchObject({ feeFen: 5_000 })
    world.clock.advance(4 * 24 * HOUR_MS)
    const late = await world.session({ department, feeFen: fen(5_000), businessDate: daysLater(8) })
    expect(await world.hold(late.id, person)).toMatchObject({ feeFen: 5_000 })
  })
})
