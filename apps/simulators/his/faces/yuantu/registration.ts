import { assert } from '../../../../../kernel/assert.ts'
import { findBill, isPaid } from '../../bill-rows.ts'
import { findClinic, listClinics, slotsOf, viewClinic } from '../../clinics.ts'
import type { His } from '../../context.ts'
import { isInFuture } from '../../instants.ts'
import { hasAnswer } from '../../memory.ts'
import { payOnce } from '../../pay-once.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { checkIn, type QueuePlace } from '../../queue.ts'
import {
  cancelRegistration,
  getRegistration,
  register,
  type Registration,
} from '../../registrations.ts'
import { findLock, lockSlot, unlockSlot } from '../../slot-locks.ts'
import { clockTime, day, oneOf, optional, text, wallClock, wholeNumber } from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { AM_PM, ORDER } from './codes.ts'
import { PAYMENT_FIELDS, type PaymentBlock, paymentIn } from './payment-block.ts'

const PLACE_FIELDS = {
  patientId: text(30),
  scheduleId: text(30),
  appoNo: wholeNumber(200),
  lockId: optional(text(32)),
  regMode: oneOf('1', '2'),
}

/** The doctors' schedules, and a place with one of them. */
export const registrationServices: Record<string, Service> = {
  'query.registration.dep.list': service({
    shape: { regMode: optional(oneOf('1', '2')) },
    operation: 'departments.list',
    key: (_, { registry }) => String(registry.hospital.id),
    run: ({ registry }) =>
      done(
        registry.hospital.departments.map((department) => ({
          deptCode: department.code,
          deptName: department.name,
          parentDeptCode: '',
          subjectCode: department.subjectCode,
          address: department.location,
        })),
      ),
  }),
  'query.registration.schedule.info.list': service({
    shape: {
      deptCode: optional(text(20)),
      doctCode: optional(text(20)),
      startDate: day,
      endDate: day,
      regMode: optional(oneOf('1', '2')),
    },
    operation: 'schedules.list',
    key: ({ deptCode }) => deptCode ?? 'all',
    run: listSchedules,
  }),
  'query.registration.sources': service({
    shape: { scheduleId: text(30) },
    operation: 'slots.list',
    key: ({ scheduleId }) => scheduleId,
    run(his, { scheduleId }) {
      const clinic = findClinic(his, scheduleId)
      if (!clinic) return refusal('CLINIC_NOT_FOUND', 'no such scheduleId')
      return done(
        slotsOf(his, clinic).map((slot) => ({
          appoNo: slot.number,
          medBegTime: clockTime(slot.startAt),
          medEndTime: clockTime(slot.endAt),
          sourceStatus: slot.state === 'free' ? '0' : '1',
        })),
      )
    },
  }),
  'lock.registration.source': service({
    shape: { ...PLACE_FIELDS, lockId: text(32) },
    operation: 'slots.lock',
    key: ({ scheduleId, appoNo }) => `${scheduleId}/${appoNo}`,
    run: (his, { lockId, scheduleId, appoNo }) =>
      translated(lockSlot(his, { lockKey: lockId, clinicNo: scheduleId, number: appoNo }), lockOf),
  }),
  'un.lock.registration.source': service({
    shape: { lockId: text(32) },
    operation: 'slots.unlock',
    key: ({ lockId }, his) => findLock(his, lockId)?.lock_no ?? 'unknown',
    run: (his, { lockId }) => translated(unlockSlot(his, { lockNo: lockId }), () => ({ lockId })),
  }),
  'pre.appoint.reg': service({
    shape: { ...PLACE_FIELDS, outTradeNo: text(32) },
    operation: 'registrations.create',
    key: ({ scheduleId, appoNo }) => `${scheduleId}/${appoNo}`,
    run: (his, asked) => translated(take(his, asked, asked.outTradeNo), placeView),
  }),
  'pre.appoint.reg.confirm': service({
    shape: { orderNo: text(32), ...PAYMENT_FIELDS },
    operation: 'bills.writeBack',
    key: billKey,
    run(his, asked, lie) {
      const registration = getRegistration(his, asked.orderNo)
      if (!registration) return refusal('REGISTRATION_NOT_FOUND', 'no such orderNo')
      return payPlace(his, registration, asked, lie)
    },
  }),
  'appointment.or.registration': service({
    shape: { ...PLACE_FIELDS, ...PAYMENT_FIELDS },
    operation: 'bills.writeBack',
    key: ({ scheduleId, appoNo }) => `${scheduleId}/${appoNo}`,
    run: takeAndPay,
  }),
  'take.registration.no': service({
    shape: { orderNo: text(32), patientId: text(30) },
    operation: 'registrations.checkIn',
    key: billKey,
    run: (his, { orderNo, patientId }) =>
      translated(ofPatient(his, orderNo, patientId, checkIn), (place: QueuePlace) => ({
        orderNo: place.registrationNo,
        queueNo: place.queueNo,
        callNo: place.callingNo,
        waitNum: place.ahead,
        waitMinutes: place.waitMinutes,
        address: place.place,
      })),
  }),
  'cancel.appointment.or.registration': service({
    shape: { orderNo: text(32), patientId: text(30), reason: optional(text(200)) },
    operation: 'registrations.cancel',
    key: billKey,
    run: (his, { orderNo, patientId }) =>
      translated(ofPatient(his, orderNo, patientId, cancelRegistration), (data: Cancelled) => ({
        orderNo: data.registrationNo,
        refundAmt: data.refundDueFen,
        orderStatus: ORDER.over,
      })),
  }),
}

/** Does it only for the patient whose place it is. */
function ofPatient(
  his: His,
  orderNo: string,
  patientId: string,
  operation: (his: His, key: { registrationNo: string }) => Answer,
): Answer {
  const isTheirs = getRegistration(his, orderNo)?.patientNo === patientId
  return isTheirs
    ? operation(his, { registrationNo: orderNo })
    : refusal('REGISTRATION_NOT_FOUND', 'the patient has no such orderNo')
}

type Cancelled = { registrationNo: string; refundDueFen: number }

function listSchedules(
  his: His,
  asked: { deptCode: string | null; doctCode: string | null; startDate: string; endDate: string },
): Answer {
  const { deptCode, doctCode, startDate, endDate } = asked
  const clinics = listClinics(his, {
    ...(deptCode !== null && { departmentCode: deptCode }),
    ...(doctCode !== null && { doctorCode: doctCode }),
    from: startDate,
    to: endDate,
  })
  return done(
    clinics.map((clinic) => {
      const { left, stopped } = viewClinic(his, clinic)
      return {
        scheduleId: clinic.clinicNo,
        deptCode: clinic.department.code,
        deptName: clinic.department.name,
        doctCode: clinic.doctor.code,
        doctName: clinic.doctor.name,
        doctProfe: clinic.doctor.title,
        medDate: clinic.date,
        medAmPm: AM_PM[clinic.halfDay],
        regAmount: clinic.feeFen,
        totalNum: clinic.total,
        restnum: left,
        scheduleStatus: stopped ? '0' : '1',
      }
    }),
  )
}

type Place = { patientId: string; scheduleId: string; appoNo: number; lockId: string | null }

const take = (his: His, { patientId, scheduleId, appoNo, lockId }: Place, orderNo: string) =>
  register(his, {
    orderNo,
    patientNo: patientId,
    clinicNo: scheduleId,
    number: appoNo,
    lockNo: lockId,
  })

/** All of it or nothing: a place is taken only when its payment will be right. */
function takeAndPay(his: His, asked: Place & PaymentBlock, lie: boolean): Answer {
  const { outTradeNo, cash } = asked
  const known = getRegistration(his, outTradeNo)
  const clinic = findClinic(his, asked.scheduleId)
  const payment = paymentIn(asked)
  if ('code' in payment) return payment
  if (!known) {
    if (clinic && cash !== clinic.feeFen) {
      return refusal('AMOUNT_MISMATCH', `the fee is ${clinic.feeFen}`)
    }
    if (hasAnswer(his.store, 'payments', outTradeNo)) {
      return refusal('DUPLICATE_DIFFERENT', 'outTradeNo paid something else')
    }
    if (isInFuture(his, payment.paidAt)) {
      return refusal('INVALID_REQUEST', 'the payment is yet to come')
    }
  }
  const taken = take(his, asked, outTradeNo)
  if (taken.code !== 'OK') return taken
  const registration = getRegistration(his, outTradeNo)
  assert(registration, 'a place that was taken is there')
  return payPlace(his, registration, asked, lie)
}

function payPlace(his: His, place: Registration, block: PaymentBlock, lie: boolean): Answer {
  const payment = paymentIn(block)
  if ('code' in payment) return payment
  const answer = payOnce(his, { ...payment, billNo: place.billNo ?? '' }, lie)
  return translated(answer, ({ receiptNo }: { receiptNo: string }) => ({
    ...placeView({ registration: place }),
    orderStatus: ORDER.done,
    receiptNo,
  }))
}

const placeView = ({ registration: place }: { registration: Registration }) => ({
  orderNo: place.registrationNo,
  outTradeNo: place.orderNo,
  appoNo: place.number,
  medDate: place.date,
  medAmPm: AM_PM[place.halfDay],
  medBegTime: clockTime(place.startAt),
  medEndTime: clockTime(place.endAt),
  deptName: place.department.name,
  doctName: place.doctor.name,
  address: place.location,
  regAmount: place.feeFen,
  orderStatus: ORDER.processing,
  payLimitTime: wallClock(place.payBefore),
})

/** How an order of a place stands: paid places are done, those given up are over. */
export function stateOfPlace(his: His, { billNo, status }: Registration): string {
  const bill = billNo === null ? null : findBill(his, billNo)
  if (bill?.status === 'refunded') return ORDER.refunded
  if (status === 'cancelled' || status === 'lapsed') return ORDER.over
  return bill && !isPaid(bill) ? ORDER.processing : ORDER.done
}

// 0 不收费, 1 收费, 2 可选.
const lockOf = (lock: { lockNo: string; number: number; startAt: string; expiresAt: string }) => ({
  lockId: lock.lockNo,
  appoNo: lock.number,
  medBegTime: clockTime(lock.startAt),
  appointMode: '1',
  expireTime: wallClock(lock.expiresAt),
})

function billKey({ orderNo }: { orderNo: string }, his: His): string {
  return getRegistration(his, orderNo)?.billNo ?? 'unknown'
}
