import { type Clinic, findClinic, isStopped, slotsOf } from '../../clinics.ts'
import type { His } from '../../context.ts'
import { createPatient, findPatient, type PatientView } from '../../patients.ts'
import { payOnce } from '../../pay-once.ts'
import { type Answer, refusal } from '../../protocol.ts'
import { answerQueue, checkIn, type QueuePlace } from '../../queue.ts'
import {
  cancelRegistration,
  getRegistration,
  register,
  type Registration,
} from '../../registrations.ts'
import { findLock, freeSlot, lockSlot, unlockSlot } from '../../slot-locks.ts'
import {
  clockTime,
  day,
  fenAmount,
  idCardNo,
  moment,
  oneOf,
  optional,
  phoneNo,
  text,
  timeOfDay,
  type Values,
  wallClock,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'
import { PAY_MODES } from './codes.ts'
import { CLINIC_FIELDS, clinicBy, type ClinicName, freeOf, rangesOf } from './directory.ts'

const RANGE_FIELDS = { startTime: timeOfDay, endTime: timeOfDay }

const ORDER_FIELDS = {
  orderId: text(32),
  hospitalId: text(20),
  deptId: CLINIC_FIELDS.deptId,
  doctorId: CLINIC_FIELDS.doctorId,
  regDate: day,
  timfFlag: CLINIC_FIELDS.timeFlag,
  ...RANGE_FIELDS,
  regType: oneOf('1', '2', '3'),
  userIdType: oneOf('01'),
  userIdCard: idCardNo,
  userJKK: optional(text(40)),
  userSMK: optional(text(40)),
  userYBK: optional(text(40)),
  userJKKQRcode: optional(text(200)),
  userName: text(50),
  userGender: optional(oneOf('1', '2')),
  userMobile: phoneNo,
  userBirthday: optional(day),
  orderType: oneOf('1', '2'),
  orderTime: moment,
  svObjectId: optional(text(20)),
  regFee: fenAmount,
  treatFee: fenAmount,
}

/** From the lock of a slot to the place in the queue. */
export const registrationServices: Record<string, Service> = {
  lockReg: service({
    shape: { orderId: text(32), hospitalId: text(20), ...CLINIC_FIELDS, ...RANGE_FIELDS },
    operation: 'slots.lock',
    key: clinicKey,
    run: lockRange,
  }),
  unlockReg: service({
    shape: { hospitalId: text(20), lockId: text(32) },
    operation: 'slots.unlock',
    key: ({ lockId }, his) => findLock(his, lockId)?.lock_no ?? 'unknown',
    run: (his, { lockId }) => translated(unlockSlot(his, { lockNo: lockId }), () => ({ lockId })),
  }),
  addOrder: service({
    shape: ORDER_FIELDS,
    operation: 'registrations.create',
    key: clinicKey,
    run: (his, order) => addOrder(his, order, null),
  }),
  addOrderByLock: service({
    shape: { ...ORDER_FIELDS, lockId: text(32) },
    operation: 'registrations.create',
    key: clinicKey,
    run: (his, order) => addOrder(his, order, order.lockId),
  }),
  payOrder: service({
    shape: {
      orderId: text(32),
      orderIdPAY: text(32),
      payCardNum: text(64),
      payAmout: fenAmount,
      payMode: oneOf(...PAY_MODES),
      payTime: moment,
      payRespCode: text(20),
      payRespDesc: optional(text(100)),
      merchantId: optional(text(40)),
      terminalId: optional(text(40)),
      bankCardNum: optional(text(40)),
    },
    operation: 'bills.writeBack',
    key: billKey,
    run: payOrder,
  }),
  cancelOrder: service({
    shape: { orderId: text(32), cancelTime: moment, concelReason: text(200) },
    operation: 'registrations.cancel',
    key: billKey,
    run: (his, { orderId }) =>
      translated(cancelRegistration(his, { registrationNo: orderId }), (data: Cancelled) => ({
        orderId,
        orderStutes: '2',
        isRefound: data.refundDueFen > 0 ? '1' : '0',
        returnAmout: data.refundDueFen,
      })),
  }),
  getRegistrCheck: service({
    shape: { hospitalId: text(20), orderId: text(32) },
    operation: 'registrations.checkIn',
    key: billKey,
    run: (his, { orderId }) =>
      translated(checkIn(his, { registrationNo: orderId }), (place: QueuePlace) => ({
        orderId,
        orderStutes: '1',
        ...queueOf(his, orderId, place),
      })),
  }),
  getPatientQueueInfo: service({
    shape: { hospitalId: text(20), orderId: text(32) },
    operation: 'queue.get',
    key: billKey,
    run: (his, { orderId }) =>
      translated(answerQueue(his, { registrationNo: orderId }), (place: QueuePlace) => ({
        callFlag: CALL_FLAGS[place.status],
        ...queueOf(his, orderId, place),
        waitTime: place.waitMinutes,
      })),
  }),
}

type Cancelled = { refundDueFen: number }

const CALL_FLAGS = { not_checked_in: '9', waiting: '0', calling: '1', seen: '2' } as const

function lockRange(his: His, asked: ClinicName & LockRange): Answer {
  const clinic = clinicBy(his, asked)
  if (!clinic) return refusal('CLINIC_NOT_FOUND', 'the doctor does not sit then')
  // A lock asked for again is the same, although its slot is not free any more.
  const known = findLock(his, asked.orderId)
  const wish = { lockKey: asked.orderId, clinicNo: clinic.clinicNo }
  const number = known?.number ?? firstFree(his, clinic, asked)
  if (typeof number !== 'number') return number
  return translated(lockSlot(his, { ...wish, number }), (lock: Lock) => ({
    lockId: lock.lockNo,
    startTime: clockTime(lock.startAt),
    endTime: clockTime(lock.endAt),
    expireTime: wallClock(lock.expiresAt),
  }))
}

type LockRange = { orderId: string; startTime: string; endTime: string }
type Lock = { lockNo: string; startAt: string; endAt: string; expiresAt: string }

function addOrder(his: His, order: Values<typeof ORDER_FIELDS>, lockId: string | null): Answer {
  const { orderId, startTime, endTime, regFee, treatFee, regDate, orderType } = order
  const clinic = clinicBy(his, { ...order, timeFlag: order.timfFlag })
  if (!clinic) return refusal('CLINIC_NOT_FOUND', 'the doctor does not sit then')
  if (regFee !== 0 || treatFee !== clinic.feeFen) {
    return refusal('AMOUNT_MISMATCH', `regFee is 0 and treatFee ${clinic.feeFen}`)
  }
  const isToday = wallClock(his.clock.now()).startsWith(regDate)
  if (isToday !== (orderType === '2')) {
    return refusal('INVALID_REQUEST', 'orderType is 2 on the day itself, and 1 before')
  }
  const wasHere = findPatient(his, { idCardNo: order.userIdCard }) !== null
  const who = { name: order.userName, idCardNo: order.userIdCard, phone: order.userMobile }
  const patient = createPatient(his, who)
  if (patient.code !== 'OK') return patient
  const { patientNo, cardNo } = (patient.data as { patient: PatientView }).patient
  const known = getRegistration(his, orderId)
  const number =
    lockId === null ? (known?.number ?? firstFree(his, clinic, { startTime, endTime })) : null
  if (number !== null && typeof number !== 'number') return number
  const wish = { orderNo: orderId, patientNo, clinicNo: clinic.clinicNo, number, lockNo: lockId }
  return translated(register(his, wish), ({ registration }: { registration: Registration }) => ({
    orderIdHIS: registration.registrationNo,
    userFlag: wasHere ? '0' : '1',
    medicalCard: cardNo,
    cardType: '1',
    payLimitTime: wallClock(registration.payBefore),
  }))
}

/** The first free number of a range of time; or why there is none. */
function firstFree(
  his: His,
  clinic: Clinic,
  { startTime, endTime }: { startTime: string; endTime: string },
): number | Answer {
  const range = rangesOf(slotsOf(his, clinic)).find(
    (r) => r.startTime === startTime && r.endTime === endTime,
  )
  if (!range) return refusal('CLINIC_NOT_FOUND', 'startTime to endTime is no range of the clinic')
  if (isStopped(his, clinic)) return refusal('CLINIC_STOPPED', 'the clinic does not take place')
  const [slot] = freeOf(range.slots)
  if (slot) return slot.number
  const elsewhere = freeSlot(his, clinic, null)
  return 'code' in elsewhere ? elsewhere : refusal('SLOT_TAKEN', 'nothing is left in this range')
}

type PayOrder = {
  orderId: string
  orderIdPAY: string
  payCardNum: string
  payAmout: number
  payTime: Date
}

function payOrder(his: His, asked: PayOrder, lie: boolean): Answer {
  const { orderId, orderIdPAY, payCardNum, payAmout, payTime } = asked
  const registration = getRegistration(his, orderId)
  if (!registration?.billNo || registration.orderNo !== orderId) {
    return refusal('REGISTRATION_NOT_FOUND', 'no order has this orderId')
  }
  const payment = {
    paymentNo: orderIdPAY,
    billNo: registration.billNo,
    totalFen: payAmout,
    paidAt: payTime,
    tenders: [{ kind: 'self_pay' as const, amountFen: payAmout, tradeNo: payCardNum }],
    insuranceSettlementNo: null,
  }
  const patient = findPatient(his, { patientNo: registration.patientNo })
  return translated(payOnce(his, payment, lie), ({ receiptNo }: { receiptNo: string }) => ({
    infoSeq: registration.number,
    doctorAddress: `${registration.location} ${registration.department.name}`,
    startTime: clockTime(registration.startAt),
    endTime: clockTime(registration.endAt),
    medicalCard: patient?.cardNo ?? null,
    cardType: '1',
    receiptID: receiptNo,
    billIdHis: registration.billNo,
    placeCode: '01',
    busType: wallClock(his.clock.now()).startsWith(registration.date) ? '2' : '1',
    operator: 'HIS',
  }))
}

function queueOf(his: His, orderId: string, place: QueuePlace) {
  const registration = getRegistration(his, orderId)
  const clinic = registration && findClinic(his, registration.clinicNo)
  return {
    seqNum: place.queueNo,
    callNum: place.callingNo,
    waitingNum: place.ahead,
    regAddress: place.place,
    queueId: registration?.clinicNo ?? null,
    queueName: clinic ? `${clinic.department.name} ${clinic.doctor.name}` : null,
  }
}

function clinicKey({ doctorId, regDate }: { doctorId: string; regDate: string }): string {
  return `${doctorId}/${regDate}`
}

/** A registration is spoken of by its bill. */
export function billKey({ orderId }: { orderId: string }, his: His): string {
  return getRegistration(his, orderId)?.billNo ?? 'unknown'
}
