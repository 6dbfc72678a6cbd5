import { DEMO_PASSWORD, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import {
  addMs,
  businessDateOf,
  type Clock,
  HOUR_MS,
  instantAt,
  MINUTE_MS,
} from '../../kernel/time.ts'
import { EASY } from '../../modules/booking/testing/world.ts'
import { systemActor } from '../../platform/principal.ts'
import { systemClock } from '../../platform/system.ts'
import { openBed, startHub } from './bed.ts'

// One hospital on a morning at ten: a doctor's session, two people who wait, and one with a booking who is on the way.

export const HOSPITAL = 1 as HospitalId
export const GATE = { latitude: 36.0671, longitude: 120.3826 }
const ACTOR = systemActor('test')

export type QueueBed = Awaited<ReturnType<typeof openQueueBed>>

export const openQueueBed = (webRoot: string) =>
  openBed(async (stops) => {
    const world = createWorld('a queue', { people: 6 })
    const clock = atTen()
    const { hub, platform, hubUrl } = await startHub(stops, { webRoot, clock })
    await seedRegion(hub, world)
    const known = await hub.booking.rulesOf(HOSPITAL)
    await hub.booking.changeRules(
      { hospitalId: HOSPITAL, rules: EASY, after: known.version },
      ACTOR,
    )
    const { rules } = await hub.queue.rulesOf(HOSPITAL)
    const gated = { ...rules, gate: GATE, radiusM: 300 }
    await hub.queue.changeRules({ hospitalId: HOSPITAL, rules: gated, after: 0 }, ACTOR)
    const people = world.people.filter(({ phone }) => phone !== null)
    const ids = await Promise.all(people.map(({ idCardNo }) => personIdOf(idCardNo)))
    const [patient, ...others] = people.map((person, i) => ({ ...person, personId: ids[i] }))
    assert(patient?.personId && others.length >= 2, 'the world has people with phones')
    const now = clock.now()
    const session = await hub.booking.addSession(
      {
        id: platform.newId(),
        hospitalId: HOSPITAL,
        department: { code: 'K01', name: '心血管内科' },
        doctor: { code: 'D01', name: '张明远' },
        clinic: '普通',
        location: '门诊楼 3 层 302',
        businessDate: businessDateOf(now),
        period: 'morning',
        startsAt: addMs(now, -10 * MINUTE_MS),
        endsAt: addMs(now, 2 * HOUR_MS),
        feeFen: fen(0),
        total: 12,
        quotas: [],
      },
      ACTOR,
    )
    const all = [...others.slice(0, 2), patient]
    for (const { personId } of all) {
      assert(personId, 'the person is registered')
      const id: Id<'Appointment'> = platform.newId()
      const wish = { hospitalId: HOSPITAL, id, personId, sessionId: session.id, slotNumber: null }
      await hub.booking.hold({ ...wish, source: 'window' }, ACTOR)
      await hub.booking.book({ hospitalId: HOSPITAL, id }, personId, ACTOR)
      if (personId === patient.personId) continue
      const via = 'desk' as const
      await hub.queue.checkIn({ hospitalId: HOSPITAL, id: platform.newId(), personId, via }, ACTOR)
    }
    return { hub, hubUrl, patient, password: DEMO_PASSWORD }

    async function personIdOf(idCardNo: string) {
      const found = await hub.identity.resolveMedium({ kind: 'id_card', value: idCardNo })
      return found?.currentPersonId
    }
  })

/** The machine's time, moved to ten in the morning: a test at midnight has a morning, too. */
function atTen(): Clock {
  const start = systemClock.now()
  const offMs = instantAt(businessDateOf(start), '10:00:00').getTime() - start.getTime()
  return { now: () => addMs(systemClock.now(), offMs) }
}
