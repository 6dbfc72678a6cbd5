import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, businessDateOf, HOUR_MS } from '../../kernel/time.ts'
import type { BookingSession } from '../../modules/booking/index.ts'
import { EASY } from '../../modules/booking/testing/world.ts'
import type { NewMedium, PersonId } from '../../modules/identity/index.ts'
import { deliverEvents } from '../../platform/events.ts'
import type { ManualClock } from '../../platform/testing/clock.ts'
import { startHub, type Stops } from '../browser/bed.ts'

// A hospital with its own numbers, a doctor who begins at nine, and people who have booked. The clock stands still.

export const HOSPITAL = 31 as HospitalId
export const STAFF = { name: 'staff:desk', requestId: null }
export const GATE = { latitude: 36.0671, longitude: 120.3826 }

export type QueueWorld = Awaited<ReturnType<typeof openQueueWorld>>

export async function openQueueWorld(stops: Stops, clock: ManualClock) {
  const { hub, db, platform, hubUrl, api } = await startHub(stops, { webRoot: null, clock })
  await hub.hospitals.register({
    id: HOSPITAL,
    insuranceCode: 'H37000000031',
    name: '第三十一医院',
    shortName: '三十一院',
    level: '三级甲等',
    status: 'active',
  })
  const { version } = await hub.booking.rulesOf(HOSPITAL)
  await hub.booking.changeRules({ hospitalId: HOSPITAL, rules: EASY, after: version }, STAFF)
  const { rules } = await hub.queue.rulesOf(HOSPITAL)
  const withGate = { ...rules, gate: GATE, radiusM: 300, beacons: ['gate-1'] }
  await hub.queue.changeRules({ hospitalId: HOSPITAL, rules: withGate, after: 0 }, STAFF)
  let people = 0
  return {
    hub,
    desk: hub.queue,
    db,
    platform,
    clock,
    hubUrl,
    api,
    person,
    session,
    book,
    walkIn,
    checkIn,
    deliver: () => deliverEvents(platform, HOSPITAL, hub.handlers),
  }

  /** Somebody with an insurance voucher of the same number as their place in the order of births. */
  async function person(birthDate = '1990-01-01'): Promise<{ id: PersonId; medium: NewMedium }> {
    people += 1
    const number = String(people).padStart(6, '0')
    const medium: NewMedium = { kind: 'social_card', value: `SC${number}` }
    const id = await hub.identity.registerPerson({
      name: '王小明',
      idCardNo: `E${number}00`,
      idKind: 'passport',
      phone: null,
      gender: 'male',
      birthDate: birthDate as never,
      media: [medium],
    })
    return { id, medium }
  }

  /** A session that begins so long from now, with numbers of ten minutes. */
  async function session(inMs: number, doctor = `D${(people += 1)}`): Promise<BookingSession> {
    const startsAt = addMs(clock.now(), inMs)
    return hub.booking.addSession(
      {
        id: platform.newId(),
        hospitalId: HOSPITAL,
        department: { code: `K-${doctor}`, name: '心血管内科' },
        doctor: { code: doctor, name: '张医生' },
        clinic: '普通',
        location: '门诊楼 3 层',
        businessDate: businessDateOf(startsAt),
        period: 'morning',
        startsAt,
        endsAt: addMs(startsAt, 2 * HOUR_MS),
        feeFen: fen(0),
        total: 12,
        quotas: [],
      },
      STAFF,
    )
  }

  async function book(sessionId: BookingSession['id'], personId: PersonId) {
    const id: Id<'Appointment'> = platform.newId()
    const wish = { hospitalId: HOSPITAL, id, personId, sessionId, slotNumber: null }
    await hub.booking.hold({ ...wish, source: 'window' }, STAFF)
    return hub.booking.book({ hospitalId: HOSPITAL, id }, personId, STAFF)
  }

  function checkIn(personId: PersonId, appointmentId?: Id<'Appointment'>) {
    const id: Id<'QueueTicket'> = platform.newId()
    const via = 'desk' as const
    return hub.queue.checkIn({ hospitalId: HOSPITAL, id, personId, appointmentId, via }, STAFF)
  }

  async function walkIn(lineId: Id<'QueueLine'>, more: WalkInMore = {}) {
    const { id: personId } = more.person ?? (await person(more.birthDate))
    return hub.queue.walkIn(
      {
        hospitalId: HOSPITAL,
        id: platform.newId(),
        lineId,
        personId,
        priority: more.priority ?? null,
        hasResults: more.hasResults ?? false,
        via: 'desk',
      },
      STAFF,
    )
  }
}

type WalkInMore = {
  person?: { id: PersonId }
  birthDate?: string
  priority?: 'emergency'
  hasResults?: boolean
}
