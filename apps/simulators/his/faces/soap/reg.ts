import { findClinic, listClinics, slotsOf, viewClinic } from '../../clinics.ts'
import type { His } from '../../context.ts'
import { payOnce } from '../../pay-once.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { answerQueue, checkIn, departmentQueue, type QueuePlace } from '../../queue.ts'
import {
  answerRegistration,
  cancelRegistration,
  getRegistration,
  register,
  type Registration,
} from '../../registrations.ts'
import { findLock, lockSlot, unlockSlot } from '../../slot-locks.ts'
import {
  clockTime,
  midnight,
  moment,
  oneOf,
  optional,
  text,
  type Values,
  wallClock,
  wholeNumber,
  yuan,
  yuanAmount,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { PAY_TYPES, PERIODS, POTYPE } from './codes.ts'

const SOURCE_FIELDS = { patientId: text(30), sourceId: text(30), sortNo: wholeNumber(200) }

const REG_PAY_FIELDS = {
  regNo: text(32),
  payNo: text(32),
  potype: oneOf(POTYPE.registration),
  payType: oneOf(...PAY_TYPES),
  payMoney: yuanAmount,
  tradeNo: text(64),
  payTime: moment,
}

/** /Client/Reg: the doctors' sources, and a place with one of them. */
export const regServices: Record<string, Service> = {
  queryDepartmentBysourceDate: service({
    shape: { sourceDate: midnight },
    operation: 'departments.list',
    key: ({ sourceDate }) => sourceDate,
    run(his, { sourceDate }) {
      const clinics = listClinics(his, { from: sourceDate, to: sourceDate })
      const sitting = new Set(clinics.map(({ department }) => department.code))
      return done({
        deptList: his.registry.hospital.departments
          .filter(({ code }) => sitting.has(code))
          .map((d) => ({ deptCode: d.code, deptName: d.name, deptAddress: d.location })),
      })
    },
  }),
  queryToRegDoctorList: service({
    shape: { deptCode: text(20), sourceDate: midnight },
    operation: 'schedules.list',
    key: ({ deptCode }) => deptCode,
    run: (his, { deptCode, sourceDate }) =>
      done({ doctorList: doctorsOf(his, deptCode, sourceDate) }),
  }),
  queryToRegDoctorTimes: service({
    shape: { sourceId: text(30) },
    operation: 'slots.list',
    key: ({ sourceId }) => sourceId,
    run(his, { sourceId }) {
      const clinic = findClinic(his, sourceId)
      if (!clinic) return refusal('CLINIC_NOT_FOUND', '没有这个号源')
      // Only what can be had is shown.
      const free = viewClinic(his, clinic).stopped ? [] : slotsOf(his, clinic)
      return done({
        timeList: free
          .filter(({ state }) => state === 'free')
          .map((slot) => ({
            sortNo: String(slot.number),
            beginTime: wallClock(slot.startAt),
            endTime: wallClock(slot.endAt),
          })),
      })
    },
  }),
  lockRegisterNo: service({
    shape: { ...SOURCE_FIELDS, lockNo: text(32) },
    operation: 'slots.lock',
    key: sourceKey,
    run: (his, { sourceId, sortNo, lockNo }) =>
      translated(
        lockSlot(his, { lockKey: lockNo, clinicNo: sourceId, number: sortNo }),
        (lock: { lockNo: string; expiresAt: string }) => ({
          lockId: lock.lockNo,
          expireTime: wallClock(lock.expiresAt),
        }),
      ),
  }),
  unlockRegisterNo: service({
    shape: { lockId: text(32) },
    operation: 'slots.unlock',
    key: ({ lockId }, his) => findLock(his, lockId)?.lock_no ?? 'unknown',
    run: (his, { lockId }) => unlockSlot(his, { lockNo: lockId }),
  }),
  doReg: service({
    shape: { ...SOURCE_FIELDS, orderNo: text(32), 'extend.lockId': optional(text(32)) },
    operation: 'registrations.create',
    key: sourceKey,
    run: (his, asked) =>
      translated(
        register(his, {
          orderNo: asked.orderNo,
          patientNo: asked.patientId,
          clinicNo: asked.sourceId,
          number: asked.sortNo,
          lockNo: asked['extend.lockId'],
        }),
        regView,
      ),
  }),
  doRegPay: service({
    shape: REG_PAY_FIELDS,
    operation: 'bills.writeBack',
    key: regKey,
    run: payReg,
  }),
  doTaketheNo: service({
    shape: { regNo: text(32) },
    operation: 'registrations.checkIn',
    key: regKey,
    run: (his, { regNo }) => translated(checkIn(his, { registrationNo: regNo }), waitView),
  }),
  queryTaketheNo: service({
    shape: { regNo: text(32) },
    operation: 'registrations.get',
    key: regKey,
    run: (his, { regNo }) =>
      translated(answerRegistration(his, { registrationNo: regNo }), regView),
  }),
  doRegCancel: service({
    shape: { regNo: text(32), reason: text(200) },
    operation: 'registrations.cancel',
    key: regKey,
    run: (his, { regNo }) =>
      translated(
        cancelRegistration(his, { registrationNo: regNo }),
        (data: { registrationNo: string; refundDueFen: number }) => ({
          regNo: data.registrationNo,
          refundMoney: yuan(data.refundDueFen),
        }),
      ),
  }),
  queryRegWaitNum: service({
    shape: { regNo: text(32) },
    operation: 'queue.get',
    key: regKey,
    run: (his, { regNo }) => translated(answerQueue(his, { registrationNo: regNo }), waitView),
  }),
  doctorSurNumLine: service({
    shape: { deptCode: text(20) },
    operation: 'queue.department',
    key: ({ deptCode }) => deptCode,
    run: (his, { deptCode }) =>
      done({
        lineList: departmentQueue(his, deptCode).map(({ clinic, callingNo, waiting }) => ({
          sourceId: clinic.clinicNo,
          doctorName: clinic.doctor.name,
          callNo: String(callingNo),
          surplusNum: String(waiting),
        })),
      }),
  }),
}

const doctorsOf = (his: His, departmentCode: string, date: string) =>
  listClinics(his, { departmentCode, from: date, to: date }).map((clinic) => {
    const { left, stopped } = viewClinic(his, clinic)
    return {
      sourceId: clinic.clinicNo,
      doctorCode: clinic.doctor.code,
      doctorName: clinic.doctor.name,
      doctorTitle: clinic.doctor.title,
      sourceDate: `${clinic.date} 00:00:00`,
      period: PERIODS[clinic.halfDay],
      regMoney: yuan(clinic.feeFen),
      totalNum: String(clinic.total),
      surplusNum: String(left),
      isStop: stopped ? '1' : '0',
    }
  })

function payReg(his: His, asked: Values<typeof REG_PAY_FIELDS>, lie: boolean): Answer {
  const registration = getRegistration(his, asked.regNo)
  if (!registration?.billNo) return refusal('REGISTRATION_NOT_FOUND', '没有这个挂号')
  const payment = {
    paymentNo: asked.payNo,
    billNo: registration.billNo,
    totalFen: asked.payMoney,
    paidAt: asked.payTime,
    tenders: [{ kind: 'self_pay' as const, amountFen: asked.payMoney, tradeNo: asked.tradeNo }],
    insuranceSettlementNo: null,
  }
  return translated(payOnce(his, payment, lie), ({ receiptNo }: { receiptNo: string }) => ({
    regNo: registration.registrationNo,
    payNo: asked.payNo,
    receiptNo,
    sortNo: String(registration.number),
    visitAddress: `${registration.location} ${registration.department.name}`,
  }))
}

// 0 待支付 1 已支付 2 已取号 3 已就诊 4 已取消 5 已过期 6 爽约.
const STATUSES = {
  booked: '0',
  confirmed: '1',
  checked_in: '2',
  seen: '3',
  cancelled: '4',
  lapsed: '5',
  missed: '6',
} as const

const regView = ({ registration }: { registration: Registration }) => ({
  regNo: registration.registrationNo,
  orderNo: registration.orderNo,
  regStatus: STATUSES[registration.status],
  sourceDate: `${registration.date} 00:00:00`,
  period: PERIODS[registration.halfDay],
  sortNo: String(registration.number),
  beginTime: clockTime(registration.startAt),
  deptName: registration.department.name,
  doctorName: registration.doctor.name,
  visitAddress: registration.location,
  regMoney: yuan(registration.feeFen),
  payDeadline: wallClock(registration.payBefore),
})

const waitView = (place: QueuePlace) => ({
  regNo: place.registrationNo,
  waitStatus: { not_checked_in: '0', waiting: '1', calling: '2', seen: '3' }[place.status],
  queueNo: String(place.queueNo),
  callNo: String(place.callingNo),
  waitNum: String(place.ahead),
  waitMinutes: String(place.waitMinutes),
  visitAddress: place.place,
})

function sourceKey({ sourceId, sortNo }: { sourceId: string; sortNo: number }): string {
  return `${sourceId}/${sortNo}`
}

function regKey({ regNo }: { regNo: string }, his: His): string {
  return getRegistration(his, regNo)?.billNo ?? 'unknown'
}
