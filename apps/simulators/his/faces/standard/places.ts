import { addDays, isBusinessDate, SECOND_MS, toShanghaiIso } from '../../../../../kernel/time.ts'
import {
  type Clinic,
  findClinic,
  isStopped,
  listClinics,
  slotsOf,
  type SlotState,
  viewClinic,
} from '../../clinics.ts'
import type { His } from '../../context.ts'
import { remember, repeatedAnswer } from '../../memory.ts'
import { findPatient } from '../../patients.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { checkIn, placeOf, type QueuePlace } from '../../queue.ts'
import {
  cancelRegistration,
  getRegistration,
  register,
  type Registration,
} from '../../registrations.ts'
import { findLock, lockSlot, setLock } from '../../slot-locks.ts'
import { inWords, told } from './visit-codes.ts'

// §2.2 of docs/interface/hospital-standard.md, from the schedule to the queue.

type ListSchedules = { from: string; to: string; departmentCode: string | null }

export function listSchedules(his: His, { from, to, departmentCode }: ListSchedules): Answer {
  if (!isBusinessDate(from) || !isBusinessDate(to) || to < from || to > addDays(from, MOST_DAYS)) {
    return refusal('INVALID_REQUEST', 'from and to are days of the calendar, at most 31 of them')
  }
  const filter = departmentCode === null ? {} : { departmentCode }
  const schedules = listClinics(his, { ...filter, from, to }).map((clinic) => {
    const { left, stopped } = viewClinic(his, clinic)
    return {
      scheduleNo: clinic.clinicNo,
      departmentCode: clinic.department.code,
      doctorCode: clinic.doctor.code,
      doctorName: clinic.doctor.name,
      businessDate: clinic.date,
      session: clinic.halfDay,
      clinic: `${clinic.department.name} ${clinic.doctor.title}`,
      location: clinic.department.location,
      registrationFeeFen: 0,
      consultationFeeFen: clinic.feeFen,
      total: clinic.total,
      left,
      status: stopped ? 'stopped' : 'open',
    }
  })
  return done({ schedules })
}

const MOST_DAYS = 30

export function listSlots(his: His, { scheduleNo }: { scheduleNo: string }): Answer {
  const clinic = findClinic(his, scheduleNo)
  if (!clinic) return NO_SCHEDULE
  const stopped = isStopped(his, clinic)
  const slots = slotsOf(his, clinic).map((slot) => ({
    slotNo: String(slot.number),
    startsAt: toShanghaiIso(slot.startAt),
    endsAt: toShanghaiIso(slot.endAt),
    status: stopped ? 'stopped' : STATES[slot.state],
  }))
  return done({ slots })
}

// Nobody can have a slot whose time has come.
const STATES: Record<SlotState, string> = {
  free: 'free',
  locked: 'locked',
  taken: 'taken',
  past: 'taken',
}

type LockWish = {
  lockNo: string
  scheduleNo: string
  slotNo: string | null
  patientNo: string
  holdSeconds: number
}

export function lockPlace(his: His, wish: LockWish): Answer {
  const { lockNo, scheduleNo, slotNo, patientNo, holdSeconds } = wish
  if (!findPatient(his, { patientNo })) return NOBODY
  const number = slotNo === null ? null : numberOf(slotNo)
  const holdMs = Math.min(holdSeconds, MOST_HELD_SECONDS) * SECOND_MS
  const lock = { lockKey: lockNo, clinicNo: scheduleNo, number, patientNo, holdMs }
  return told(lockSlot(his, lock), (held: Held) => ({
    slotNo: String(held.number),
    startsAt: held.startAt,
    endsAt: held.endAt,
    lockedUntil: held.expiresAt,
  }))
}

type Held = { number: number; startAt: string; endAt: string; expiresAt: string }

const MOST_HELD_SECONDS = 900

/** A lock it never heard of is remembered as let go; a slot that is registered stays so. */
export function unlockPlace(his: His, body: { lockNo: string; reason: string }): Answer {
  const repeated = repeatedAnswer(his.store, 'slots.unlock', body.lockNo, body)
  if (repeated) return repeated
  const lock = findLock(his, body.lockNo)
  if (lock?.status === 'held') setLock(his, lock.lock_no, 'released')
  const answer = done({ unlockedAt: toShanghaiIso(his.clock.now()) })
  return remember(his.store, 'slots.unlock', body.lockNo, body, answer)
}

type RegisterWish = {
  appointmentNo: string
  lockNo: string | null
  scheduleNo: string
  slotNo: string
  patientNo: string
}

export function registerPlace(his: His, wish: RegisterWish): Answer {
  const { appointmentNo, lockNo, scheduleNo, slotNo, patientNo } = wish
  const place = { orderNo: appointmentNo, patientNo, clinicNo: scheduleNo, lockNo }
  const answer = register(his, { ...place, number: numberOf(slotNo) })
  return told(answer, ({ registration }: { registration: Registration }) => ({
    registrationNo: registration.registrationNo,
    visitNo: registration.visitNo,
    billNo: registration.billNo,
    startsAt: registration.startAt,
    location: registration.location,
  }))
}

type Appointment = { appointmentNo: string }

export function getAppointment(his: His, { appointmentNo }: Appointment): Answer {
  const registration = appointmentOf(his, appointmentNo)
  if (!registration) return done({ status: 'absent', registrationNo: null, billNo: null })
  const { registrationNo, billNo } = registration
  const clinic = findClinic(his, registration.clinicNo)
  return done({ status: statusOf(his, registration, clinic), registrationNo, billNo })
}

export function cancelAppointment(his: His, body: Appointment & { reason: string }): Answer {
  const { appointmentNo } = body
  const repeated = repeatedAnswer(his.store, 'appointments.cancel', appointmentNo, body)
  if (repeated) return repeated
  const registration = appointmentOf(his, appointmentNo)
  if (!registration) return NO_APPOINTMENT
  const cancelled = cancelRegistration(his, { registrationNo: registration.registrationNo })
  if (cancelled.code !== 'OK') return inWords(cancelled)
  const answer = done({ cancelledAt: toShanghaiIso(his.clock.now()) })
  return remember(his.store, 'appointments.cancel', appointmentNo, body, answer)
}

export function takeNumber(his: His, { appointmentNo }: Appointment): Answer {
  const registration = appointmentOf(his, appointmentNo)
  if (!registration) return NO_APPOINTMENT
  return told(checkIn(his, { registrationNo: registration.registrationNo }), queueView)
}

/** Who has not taken a number waits with that of their slot. */
export function getQueue(his: His, { appointmentNo }: Appointment): Answer {
  const registration = appointmentOf(his, appointmentNo)
  const place = registration && placeOf(his, registration.registrationNo)
  const isOver = registration?.status === 'cancelled' || registration?.status === 'lapsed'
  return place && !isOver ? done(queueView(place)) : NO_APPOINTMENT
}

const queueView = (place: QueuePlace) => ({
  queueNo: String(place.queueNo),
  calling: place.callingNo === 0 ? null : String(place.callingNo),
  ahead: place.ahead,
  status: QUEUE_STATUSES[place.status],
  location: place.place,
})

const QUEUE_STATUSES = {
  not_checked_in: 'waiting',
  waiting: 'waiting',
  calling: 'called',
  seen: 'done',
} as const

function statusOf(his: His, { status }: Registration, clinic: Clinic | null): string {
  const isOpen = status === 'booked' || status === 'confirmed' || status === 'checked_in'
  if (isOpen && clinic && isStopped(his, clinic)) return 'stopped'
  return STATUSES[status]
}

const STATUSES: Record<Registration['status'], string> = {
  booked: 'registered',
  confirmed: 'registered',
  missed: 'registered',
  checked_in: 'number_taken',
  seen: 'seen',
  cancelled: 'cancelled',
  lapsed: 'cancelled',
}

/** By the hub's number alone: the hospital's own means nothing to this interface. */
export function appointmentOf(his: His, appointmentNo: string): Registration | null {
  const registration = getRegistration(his, appointmentNo)
  return registration?.orderNo === appointmentNo ? registration : null
}

/** Zero, which no slot has, for what is no number of one. */
const numberOf = (slotNo: string): number => (/^[1-9]\d{0,2}$/.test(slotNo) ? Number(slotNo) : 0)

const NO_SCHEDULE: Answer = { code: 'SCHEDULE_NOT_FOUND', message: 'no schedule has this number' }
const NOBODY = refusal('PATIENT_NOT_FOUND', 'no patient has this number')
const NO_APPOINTMENT = refusal('REGISTRATION_NOT_FOUND', 'no registration has this appointmentNo')
