import { assert } from '../../../kernel/assert.ts'
import { businessDateOf, instantAt, MINUTE_MS } from '../../../kernel/time.ts'
import { type Clinic, findClinic, listClinics, SLOT_MINUTES, turnAt } from './clinics.ts'
import type { His } from './context.ts'
import { type Answer, done, refusal } from './protocol.ts'
import { getRegistration, type Registration, type RegistrationKey } from './registrations.ts'

export type QueuePlace = {
  registrationNo: string
  status: 'not_checked_in' | 'waiting' | 'calling' | 'seen'
  queueNo: number
  /** 0 before the first is called. */
  callingNo: number
  ahead: number
  waitMinutes: number
  place: string
}

/** `registrations.checkIn` (取号): the person is there, and is put in the queue. */
export function checkIn(his: His, { registrationNo }: RegistrationKey): Answer {
  const registration = getRegistration(his, registrationNo)
  if (!registration) return refusal('REGISTRATION_NOT_FOUND', 'no registration has this number')
  const { status } = registration
  if (status === 'booked') return refusal('REGISTRATION_NOT_PAID', 'the fee is not paid')
  if (status === 'cancelled' || status === 'lapsed' || status === 'missed') {
    return refusal('REGISTRATION_OVER', `the registration is ${status}`)
  }
  const clinic = clinicOf(his, registration)
  if (status === 'confirmed') {
    const now = his.clock.now()
    if (now < instantAt(clinic.date, FIRST_CHECK_IN) || now >= clinic.endAt) {
      return refusal('CHECK_IN_NOT_NOW', 'numbers are taken on the day, from 07:00 on')
    }
    // Who comes after their turn is called as the next but one.
    const calling = callingNo(his, clinic)
    const queueNo = registration.number > calling ? registration.number : calling + 2
    const sql = `update registration set checked_in_at = ?, queue_no = ? where registration_no = ?`
    his.store.run(sql, now.toISOString(), queueNo, registration.registrationNo)
  }
  return done({ ...placeOf(his, registration.registrationNo), number: registration.number })
}

/** `queue.get`: where somebody stands in the queue, of any registration. */
export function answerQueue(his: His, { registrationNo }: RegistrationKey): Answer {
  const place = placeOf(his, registrationNo)
  if (!place) return refusal('REGISTRATION_NOT_FOUND', 'no registration has this number')
  return done(place)
}

export function placeOf(his: His, registrationNo: string): QueuePlace | null {
  const registration = getRegistration(his, registrationNo)
  if (!registration) return null
  const clinic = clinicOf(his, registration)
  const calling = callingNo(his, clinic)
  const queueNo = registration.queueNo ?? registration.number
  const turn = turnAt(clinic, queueNo).getTime() - his.clock.now().getTime()
  return {
    registrationNo: registration.registrationNo,
    status: statusIn(registration, calling),
    queueNo,
    callingNo: calling,
    ahead: Math.max(0, queueNo - 1 - calling),
    waitMinutes: Math.max(0, Math.ceil(turn / MINUTE_MS)),
    place: `${registration.location} ${registration.department.name}`,
  }
}

/** The clinics of a department that sit today: who is called, and how many wait. */
export const departmentQueue = (his: His, departmentCode: string) => {
  const today = businessDateOf(his.clock.now())
  return listClinics(his, { departmentCode, from: today, to: today }).map((clinic) => ({
    clinic,
    callingNo: callingNo(his, clinic),
    waiting: waitingAt(his, clinic),
  }))
}

/** The number that is called now: one more with every slot's length, from the clinic's beginning. */
function callingNo({ clock }: His, { startAt, total }: Clinic): number {
  const since = clock.now().getTime() - startAt.getTime()
  // Two more, for who came after their turn.
  return since < 0 ? 0 : Math.min(total + 2, Math.floor(since / (SLOT_MINUTES * MINUTE_MS)) + 1)
}

const waitingAt = (his: His, clinic: Clinic): number =>
  his.store.get<{ waiting: number }>(
    `select count(*) as waiting from registration where clinic_no = ? and status = 'active'
    and queue_no > ?`,
    clinic.clinicNo,
    callingNo(his, clinic),
  )?.waiting ?? 0

function statusIn({ status, queueNo }: Registration, calling: number): QueuePlace['status'] {
  if (status === 'seen') return 'seen'
  if (queueNo === null) return 'not_checked_in'
  if (queueNo < calling) return 'seen'
  return queueNo === calling ? 'calling' : 'waiting'
}

function clinicOf(his: His, { clinicNo }: Registration): Clinic {
  const clinic = findClinic(his, clinicNo)
  assert(clinic, `clinic ${clinicNo} was there when the place was taken`)
  return clinic
}

const FIRST_CHECK_IN = '07:00:00'
