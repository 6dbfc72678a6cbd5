import { assert } from '../../../kernel/assert.ts'
import { addMs, MINUTE_MS, toShanghaiIso } from '../../../kernel/time.ts'
import { findBill, isPaid } from './bill-rows.ts'
import { createBill, isPatient, openVisit, voidBill } from './bills.ts'
import { type Clinic, findClinic, type HalfDay, isStopped, turnAt } from './clinics.ts'
import { type His, nextNumber } from './context.ts'
import { remember, repeatedAnswer } from './memory.ts'
import { type Answer, done, type Named, refusal } from './protocol.ts'
import { personOf } from './registry.ts'
import { findLock, freeSlot, setLock } from './slot-locks.ts'

/** An unpaid registration is given up after so long. */
const PAY_WITHIN_MINUTES = 30

export type Register = {
  /** The caller's own number of the registration. */
  orderNo: string
  patientNo: string
  clinicNo: string
  /** Null for the first that is free; with a lock, the lock's. */
  number: number | null
  lockNo: string | null
}

/** `booked` is still to be paid, `confirmed` is paid or costs nothing. */
export type RegistrationStatus =
  | 'booked'
  | 'confirmed'
  | 'checked_in'
  | 'seen'
  | 'missed'
  | 'cancelled'
  | 'lapsed'

export type Registration = {
  registrationNo: string
  orderNo: string
  status: RegistrationStatus
  clinicNo: string
  date: string
  halfDay: HalfDay
  number: number
  queueNo: number | null
  startAt: string
  endAt: string
  patientNo: string
  visitNo: string
  department: Named
  doctor: Named
  location: string
  feeFen: number
  billNo: string | null
  payBefore: string
}

/** `registrations.create`, key `orderNo`: a place at a clinic, with a bill where there is a fee. */
export function register(his: His, body: Register): Answer {
  const { store, registry, clock } = his
  const repeated = repeatedAnswer(store, 'registrations.create', body.orderNo, body)
  if (repeated) return repeated
  const person = personOf(registry, body.patientNo)
  if (!person || !isPatient(his, person)) {
    return refusal('PATIENT_NOT_FOUND', 'no patient has this number')
  }
  const clinic = findClinic(his, body.clinicNo)
  if (!clinic) return refusal('CLINIC_NOT_FOUND', 'no clinic has this number')
  if (hasPlaceAt(his, clinic, body.patientNo)) {
    return refusal('ALREADY_REGISTERED', 'the patient has a place at this clinic')
  }
  const number = numberFor(his, clinic, body)
  if (typeof number !== 'number') return number

  const visitNo = openVisit(his, body.patientNo)
  const bill =
    clinic.feeFen > 0
      ? createBill(his, {
          personNo: person.no,
          departmentCode: clinic.department.code,
          doctorCode: clinic.doctor.code,
          visitNo,
          kind: 'registration',
          items: [],
        })
      : null
  const now = clock.now()
  const registrationNo = nextNumber(his, 'registration')
  const payBefore = addMs(now, PAY_WITHIN_MINUTES * MINUTE_MS)
  const sql = `insert into registration
    values (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, null, null)`
  const what = [registrationNo, body.orderNo, clinic.clinicNo, number, body.patientNo, visitNo]
  const when = [payBefore, clinic.endAt, now].map((at) => at.toISOString())
  store.run(sql, ...what, bill?.billNo ?? null, clinic.feeFen, ...when)
  const answer = done({ registration: getRegistration(his, registrationNo) })
  return remember(store, 'registrations.create', body.orderNo, body, answer)
}

/**
 * `registrations.cancel`: the slot is free again. Of one that is paid the money is to be given back by a
 * refund of its bill: `refundDueFen` says how much.
 */
export function cancelRegistration(his: His, { registrationNo }: RegistrationKey): Answer {
  const row = findRow(his, registrationNo)
  if (!row) return refusal('REGISTRATION_NOT_FOUND', 'no registration has this number')
  const registration = viewOf(his, row)
  const bill = row.bill_no === null ? null : findBill(his, row.bill_no)
  const refundDueFen = bill && isPaid(bill) && bill.status === 'paid' ? bill.totalFen : 0
  const answer = done({ registrationNo: row.registration_no, billNo: row.bill_no, refundDueFen })
  if (row.status === 'cancelled' || row.status === 'lapsed') return answer
  const clinic = findClinic(his, row.clinic_no)
  assert(clinic, `clinic ${row.clinic_no} was there when the place was taken`)
  const begun = turnAt(clinic, row.number) <= his.clock.now() && !isStopped(his, clinic)
  if (begun || registration.status === 'seen' || registration.status === 'checked_in') {
    return refusal('CANCEL_NOT_ALLOWED', `the registration is ${registration.status}`)
  }
  his.store.run(
    `update registration set status = 'cancelled' where registration_no = ?`,
    row.registration_no,
  )
  if (bill?.status === 'open') voidBill(his, bill.billNo)
  return answer
}

/** `registrations.get`, by the hospital's number, the caller's, or that of its bill. */
export function answerRegistration(his: His, { registrationNo }: RegistrationKey): Answer {
  const registration = getRegistration(his, registrationNo)
  if (!registration) return refusal('REGISTRATION_NOT_FOUND', 'no registration has this number')
  return done({ registration })
}

export type RegistrationKey = { registrationNo: string }

export function getRegistration(his: His, number: string): Registration | null {
  const row = findRow(his, number)
  return row && viewOf(his, row)
}

/** The newest first, at most so many. */
export const listRegistrations = (his: His, patientNo: string, limit = 50): Registration[] =>
  his.store
    .all<RegistrationRow>(
      `select * from registration where patient_no = ?
      order by created_at desc, registration_no desc limit ?`,
      patientNo,
      limit,
    )
    .map((row) => viewOf(his, row))

const findRow = ({ store }: His, number: string): RegistrationRow | null =>
  store.get<RegistrationRow>(
    'select * from registration where registration_no = ? or order_no = ? or bill_no = ?',
    number,
    number,
    number,
  )

const hasPlaceAt = ({ store }: His, { clinicNo }: Clinic, patientNo: string): boolean =>
  store.get(
    `select 1 from registration where clinic_no = ? and patient_no = ?
    and status in ('active', 'seen')`,
    clinicNo,
    patientNo,
  ) !== null

/** The slot's number, with the lock taken up; or why there is none. */
function numberFor(his: His, clinic: Clinic, { number, lockNo }: Register): number | Answer {
  if (lockNo === null) {
    const slot = freeSlot(his, clinic, number)
    return 'code' in slot ? slot : slot.number
  }
  const lock = findLock(his, lockNo)
  if (lock?.clinic_no !== clinic.clinicNo || (number !== null && lock.number !== number)) {
    return refusal('LOCK_NOT_FOUND', 'no such lock on this slot')
  }
  if (lock.status !== 'held') return refusal('LOCK_EXPIRED', `the lock is ${lock.status}`)
  if (isStopped(his, clinic)) return refusal('CLINIC_STOPPED', 'the clinic does not take place')
  setLock(his, lock.lock_no, 'used')
  return lock.number
}

function viewOf(his: His, row: RegistrationRow): Registration {
  const clinic = findClinic(his, row.clinic_no)
  assert(clinic, `clinic ${row.clinic_no} was there when the place was taken`)
  const { department, doctor } = clinic
  return {
    registrationNo: row.registration_no,
    orderNo: row.order_no,
    status: statusOf(his, row),
    clinicNo: row.clinic_no,
    date: clinic.date,
    halfDay: clinic.halfDay,
    number: row.number,
    queueNo: row.queue_no,
    startAt: toShanghaiIso(turnAt(clinic, row.number)),
    endAt: toShanghaiIso(turnAt(clinic, row.number + 1)),
    patientNo: row.patient_no,
    visitNo: row.visit_no,
    department: { code: department.code, name: department.name },
    doctor: { code: doctor.code, name: doctor.name },
    location: department.location,
    feeFen: row.fee_fen,
    billNo: row.bill_no,
    payBefore: toShanghaiIso(new Date(row.pay_before)),
  }
}

function statusOf(his: His, { status, checked_in_at, bill_no }: RegistrationRow) {
  if (status !== 'active') return status
  if (checked_in_at !== null) return 'checked_in'
  const bill = bill_no === null ? null : findBill(his, bill_no)
  return bill === null || isPaid(bill) ? 'confirmed' : 'booked'
}

export type RegistrationRow = {
  registration_no: string
  order_no: string
  clinic_no: string
  number: number
  patient_no: string
  visit_no: string
  bill_no: string | null
  fee_fen: number
  status: 'active' | 'cancelled' | 'lapsed' | 'seen' | 'missed'
  pay_before: string
  ends_at: string
  created_at: string
  checked_in_at: string | null
  queue_no: number | null
}
