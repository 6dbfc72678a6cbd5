import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { outcomeOf, type StoppedOutcome } from './stop.ts'
import { DAY, bookingWorld, daysLater, HOSPITAL, OTHER_HOSPITAL, STAFF } from './testing/world.ts'

// What a hospital's staff sees of its sessions, and of one that does not take place.

const SECOND = { name: 'staff:two', requestId: null }

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

async function openWorld() {
  const world = bookingWorld(db)
  await world.rules({})
  return world
}

describe('[J1] sessions as the staff sees them', () => {
  it('count what each source has sold and holds, and say until when it is kept', async () => {
    const world = await openWorld()
    const flowsBackAt = new Date('2026-11-25T07:00:00+08:00')
    const session = await world.session({
      total: 5,
      quotas: [{ source: 'window', count: 2, flowsBackAt }],
    })
    const person = world.person()
    const held = await world.hold(session.id, person)
    await world.book(held.id, person)
    await world.hold(session.id, world.person())
    await world.hold(session.id, world.person(), { source: 'window' })
    const [clinic] = await world.booking.clinicsOf(HOSPITAL, [session])
    expect(clinic).toMatchObject({ proposedStopId: null, session: { id: session.id } })
    expect(clinic?.sources).toEqual([
      { source: 'any', total: 3, left: 1, held: 1, taken: 1, flowsBackAt: null },
      { source: 'window', total: 2, left: 1, held: 1, taken: 0, flowsBackAt },
    ])
    expect(await world.booking.clinicsOf(OTHER_HOSPITAL, [session])).toMatchObject([
      { sources: [] },
    ])
  })

  it('show a number that is kept for the window as not to be had online, until it flows back', async () => {
    const world = await openWorld()
    const flowsBackAt = new Date('2026-11-24T07:00:00+08:00')
    const session = await world.session({
      total: 2,
      quotas: [{ source: 'window', count: 1, flowsBackAt }],
    })
    const states = async () => {
      const { items } = await world.booking.slots(HOSPITAL, session.id, { limit: 10 })
      return items.map(({ status }) => status)
    }
    expect(await states()).toEqual(['resting', 'free'])
    world.clock.advance(flowsBackAt.getTime() - world.clock.now().getTime())
    expect(await states()).toEqual(['free', 'free'])
  })
})

describe('[J11] a clinic that is to be stopped', () => {
  it('is looked at without anything written, and offers the nearest equal sessions', async () => {
    const world = await openWorld()
    const department = { code: 'K-equal', name: '睡眠门诊' }
    const at = (days: number, feeFen = 0) =>
      world.session({ department, businessDate: daysLater(days), feeFen: fen(feeFen) })
    const session = await world.session({ department })
    const [near, far] = [await at(1), await at(3)]
    await at(2, 500)
    await world.hold(session.id, world.person())
    const key = { hospitalId: HOSPITAL, sessionId: session.id }
    const { impact, offers } = await world.booking.previewStop(key)
    expect(impact).toMatchObject({ held: 1, booked: 0, paid: 0, equalSessions: 2, equalSlots: 8 })
    expect(offers.map(({ id }) => id)).toEqual([near.id, far.id])
    expect(await world.booking.clinicsOf(HOSPITAL, [session])).toMatchObject([
      { proposedStopId: null },
    ])
    const nothing = { hospitalId: HOSPITAL, sessionId: world.newId<'BookingSession'>() }
    await expect(world.booking.previewStop(nothing)).rejects.toThrow('session_not_found')
  })

  it('has every person in one figure, before and after they are told', async () => {
    const world = await openWorld()
    const session = await world.session({ businessDate: DAY })
    const people = [world.person(), world.person()]
    for (const person of people) {
      const { id } = await world.hold(session.id, person)
      await world.book(id, person)
    }
    const stopId = world.newId<'Stop'>()
    const wish = { id: stopId, hospitalId: HOSPITAL, sessionId: session.id, reason: '医生生病' }
    await world.booking.proposeStop(wish, STAFF)
    expect(await world.booking.clinicsOf(HOSPITAL, [session])).toMatchObject([
      { proposedStopId: stopId },
    ])
    const key = { hospitalId: HOSPITAL, id: stopId }
    const figures = async () => (await world.booking.stopProgress(key)).people
    expect(await figures()).toEqual([{ outcome: 'untold', people: 2, feeFen: 0 }])
    await world.booking.decideOnStop(key, true, SECOND)
    await world.pass(0)
    expect(await figures()).toEqual([{ outcome: 'unpaid', people: 2, feeFen: 0 }])
    const first = await world.booking.stopPeople(key, 'unpaid', { limit: 1 })
    expect(first.items).toHaveLength(1)
    const after = first.next ?? undefined
    const rest = await world.booking.stopPeople(key, null, { limit: 1, after })
    expect(rest.next).toBeNull()
    const found = [...first.items, ...rest.items].map(({ personId }) => personId)
    expect(found.toSorted()).toEqual(people.toSorted())
    expect(await world.booking.stopPeople(key, 'moved', { limit: 9 })).toMatchObject({ items: [] })
    const elsewhere = { hospitalId: OTHER_HOSPITAL, id: stopId }
    await expect(world.booking.stopProgress(elsewhere)).rejects.toThrow('stop_not_found')
    await expect(world.booking.stopPeople(elsewhere, null, { limit: 1 })).rejects.toThrow(
      'stop_not_found',
    )
  })

  it.each<[Parameters<typeof outcomeOf>[0], StoppedOutcome]>([
    [{ status: 'booked', fee: 'paid' }, 'untold'],
    [{ status: 'stopped', fee: 'paid' }, 'deciding'],
    [{ status: 'stopped', fee: 'moved' }, 'moved'],
    [{ status: 'stopped', fee: 'returning' }, 'returning'],
    [{ status: 'stopped', fee: 'returned' }, 'returned'],
    [{ status: 'stopped', fee: 'due' }, 'unpaid'],
    [{ status: 'stopped', fee: 'none' }, 'unpaid'],
  ])('says of %o: %s', (row, outcome) => {
    expect(outcomeOf(row)).toBe(outcome)
  })
})
