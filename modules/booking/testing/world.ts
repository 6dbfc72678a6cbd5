import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { addDays, addMs, businessDate, HOUR_MS, instantAt } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import type { Db } from '../../../platform/db.ts'
import { createPublish } from '../../../platform/events.ts'
import { systemActor } from '../../../platform/principal.ts'
import { createSeal } from '../../../platform/seal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import type { AppointmentId, PersonId, SessionId, Source } from '../booking.ts'
import { createBooking } from '../bookings.ts'
import type { BookingDependencies, BookingSystem } from '../dependencies.ts'
import { type BookingRules, USUAL_BOOKING_RULES } from '../rules.ts'
import type { NewSession } from '../schedule.ts'

export const HOSPITAL = 21 as HospitalId
export const OTHER_HOSPITAL = 22 as HospitalId
export const DAY = businessDate('2026-11-25')
export const STAFF = { name: 'staff:one', requestId: null }

const ACTOR = systemActor('test')
const MASTER_KEY_BYTES = 32

/** Rules under which a number is free again at once and nobody is stopped by a cap. */
export const EASY: BookingRules = {
  ...USUAL_BOOKING_RULES,
  origin: 'pool',
  caps: { perDay: 20, perWeek: 50, perQuarter: 500, perDeviceADay: 1_000, perPhoneADay: 1_000 },
  returnMinutes: { least: 0, most: 0 },
}

// Worlds on one database make other ids, and have other doctors.
let worlds = 0
let doctors = 0

export type BookingWorld = ReturnType<typeof bookingWorld>

/** Booking of two hospitals that keep their numbers in the hub, on a real database. */
export function bookingWorld(db: Db, given: Partial<BookingDependencies> = {}, on?: TestPlatform) {
  const platform = on ?? testPlatform('2026-11-23T10:00:00+08:00', `booking-${(worlds += 1)}`)
  const { clock, newId, random } = platform
  const asked: Parameters<BookingDependencies['requestRefund']>[0][] = []
  const dependencies: BookingDependencies = {
    db,
    ...platform,
    audit: createAudit(platform),
    publish: createPublish({ ...platform, wake: wakeBySweep }),
    seal: createSeal(random.bytes(MASTER_KEY_BYTES), random),
    systemOf: async (): Promise<BookingSystem | null> => null,
    departmentsOf: async () => [],
    patientNoOf: async (personId) => `P${personId.slice(-12)}`,
    requestRefund: async (wish) => {
      asked.push(wish)
      return wish.id
    },
    billsOfPayment: async () => [],
    ...given,
  }
  const booking = createBooking(dependencies)
  return {
    ...platform,
    db,
    dependencies,
    booking,
    refundsAsked: asked,
    person: () => newId<'Person'>(),
    restarted: () => createBooking(dependencies),
    async rules(rules: Partial<BookingRules>, hospitalId = HOSPITAL) {
      const { version } = await booking.rulesOf(hospitalId)
      const change = { hospitalId, rules: { ...EASY, ...rules }, after: version }
      await booking.changeRules(change, STAFF)
    },
    session: (wish: Partial<NewSession> = {}) =>
      booking.addSession(newSession(newId(), `D${(doctors += 1)}`, wish), STAFF),
    hold: (sessionId: SessionId, personId: PersonId, more: HoldMore = {}) =>
      booking.hold(
        {
          hospitalId: HOSPITAL,
          id: newId<'Appointment'>(),
          personId,
          sessionId,
          slotNumber: null,
          source: 'online',
          ...more,
        },
        ACTOR,
      ),
    book: (id: AppointmentId, personId: PersonId, hospitalId = HOSPITAL) =>
      booking.book({ hospitalId, id }, personId, ACTOR),
    cancel: (id: AppointmentId, personId: PersonId, hospitalId = HOSPITAL) =>
      booking.cancel({ hospitalId, id }, personId, ACTOR),
    appointment: (id: AppointmentId, hospitalId = HOSPITAL) =>
      booking.appointment({ hospitalId, id }),
    /** Time passes, and what came due is done. */
    async pass(ms: number, hospitalId = HOSPITAL) {
      clock.advance(ms)
      while ((await booking.sweep(hospitalId)) > 0);
    },
  }
}

type TestPlatform = ReturnType<typeof testPlatform>

type HoldMore = {
  id?: AppointmentId
  hospitalId?: HospitalId
  slotNumber?: number | null
  source?: Source
  device?: string
  phone?: string
}

function newSession(id: SessionId, doctor: string, wish: Partial<NewSession>): NewSession {
  const date = wish.businessDate ?? DAY
  const startsAt = instantAt(date, '08:00:00')
  return {
    id,
    hospitalId: HOSPITAL,
    department: { code: `K-${doctor}`, name: '心血管内科' },
    doctor: { code: doctor, name: '张医生' },
    clinic: '专家',
    location: '门诊楼 3 层',
    businessDate: date,
    period: 'morning',
    startsAt,
    endsAt: addMs(startsAt, 4 * HOUR_MS),
    feeFen: fen(0),
    total: 4,
    quotas: [],
    ...wish,
  }
}

export const daysLater = (days: number) => addDays(DAY, days)
