import type Type from 'typebox'
import { Value } from 'typebox/value'

import type { HospitalSystem } from '../hospital-system.ts'
import type { Ask } from './ask.ts'
import * as bills from './bills.ts'
import * as booking from './booking.ts'
import type { HisAnswer } from './data.ts'
import { readDepartments, readHeartbeat } from './directory.ts'
import { patientNamed } from './patients.ts'
import { readDayList } from './read-day-list.ts'
import * as refunds from './refunds.ts'
import * as reports from './reports.ts'
import * as stays from './stays.ts'

/** A hospital's system, of what asks it one operation: all that is the same whatever it speaks. */
export const createHospitalSystem = (ask: Ask): HospitalSystem => ({
  ...billingOver(ask),
  ...refundsOver(ask),
  ...bookingOver(ask),
  ...careOver(ask),
})

const billingOver = (ask: Ask) =>
  ({
    heartbeat: (call) => ask(call, { name: 'heartbeat', body: {}, read: readHeartbeat }),
    departments: (call) => ask(call, { name: 'departments.list', body: {}, read: readDepartments }),
    resolvePatient: (call, { idCardNo, name }) =>
      ask(call, {
        name: 'patients.resolve',
        body: { idCardNo, name },
        read: patientNamed(name),
        secrets: [idCardNo, name],
      }),
    createPatient: (call, patient) =>
      ask(call, {
        name: 'patients.create',
        body: patient,
        read: patientNamed(patient.name),
        secrets: [patient.name, patient.idNo, patient.phone].filter((text) => text !== null),
      }),
    openBills: (call, patientNo) =>
      ask(call, { name: 'bills.list', body: { patientNo }, read: bills.openBillsOf(patientNo) }),
    bill: (call, billNo) =>
      ask(call, { name: 'bills.get', body: { billNo }, read: bills.billNumbered(billNo) }),
    preSettle: (call, { billNo, version, insuranceToken }) =>
      ask(call, {
        name: 'bills.preSettle',
        body: { billNo, version, insuranceToken },
        read: bills.readPreSettled,
        secrets: insuranceToken === null ? [] : [insuranceToken],
      }),
    writeBack: (call, payment) =>
      ask(call, {
        name: 'bills.writeBack',
        body: bills.writeBackBody(payment),
        read: bills.readReceipt,
      }),
    voidWriteBack: (call, { paymentNo, billNo, reason }) =>
      ask(call, {
        name: 'bills.voidWriteBack',
        body: { paymentNo, billNo, reason },
        read: bills.readVoided,
      }),
    payment: (call, { paymentNo, billNo }) =>
      ask(call, { name: 'payments.get', body: { paymentNo, billNo }, read: bills.readPayment }),
    dayList: (call, businessDate) => readDayList(ask, call, businessDate),
  }) satisfies Partial<HospitalSystem>

const refundsOver = (ask: Ask) =>
  ({
    approveRefund: (call, refund) =>
      ask(call, {
        name: 'refunds.approve',
        body: refunds.approvalBody(refund),
        read: refunds.readApproval,
      }),
    completeRefund: (call, refund) =>
      ask(call, {
        name: 'refunds.complete',
        body: refunds.completionBody(refund),
        read: refunds.readRefundReceipt,
      }),
    cancelRefund: (call, { refundNo, reason }) =>
      ask(call, {
        name: 'refunds.cancel',
        body: { refundNo, reason },
        read: refunds.readNothing,
      }),
  }) satisfies Partial<HospitalSystem>

const bookingOver = (ask: Ask) =>
  ({
    schedules: async (call, { from, to, departmentCode }) =>
      only(
        'schedules',
        await ask(call, {
          name: 'schedules.list',
          body: { from, to, departmentCode },
          read: booking.readSchedules,
        }),
      ),
    slots: async (call, scheduleNo) =>
      only(
        'slots',
        await ask(call, { name: 'slots.list', body: { scheduleNo }, read: booking.readSlots }),
      ),
    lockSlot: (call, { lockNo, scheduleNo, slotNo, patientNo, holdSeconds }) =>
      ask(call, {
        name: 'slots.lock',
        body: { lockNo, scheduleNo, slotNo, patientNo, holdSeconds },
        read: booking.readLocked,
      }),
    unlockSlot: (call, { lockNo, reason }) =>
      ask(call, { name: 'slots.unlock', body: { lockNo, reason }, read: booking.readUnlocked }),
    register: (call, { appointmentNo, lockNo, scheduleNo, slotNo, patientNo }) =>
      ask(call, {
        name: 'appointments.register',
        body: { appointmentNo, lockNo, scheduleNo, slotNo, patientNo },
        read: booking.readRegistered,
      }),
    registration: (call, appointmentNo) =>
      ask(call, {
        name: 'appointments.get',
        body: { appointmentNo },
        read: booking.readRegistration,
      }),
    cancelRegistration: (call, { appointmentNo, reason }) =>
      ask(call, {
        name: 'appointments.cancel',
        body: { appointmentNo, reason },
        read: booking.readCancelled,
      }),
    takeNumber: (call, appointmentNo) =>
      ask(call, {
        name: 'appointments.takeNumber',
        body: { appointmentNo },
        read: booking.readQueue,
      }),
    queue: (call, appointmentNo) =>
      ask(call, { name: 'queue.get', body: { appointmentNo }, read: booking.readQueue }),
  }) satisfies Partial<HospitalSystem>

const careOver = (ask: Ask) =>
  ({
    reports: async (call, { patientNo, from, to }) =>
      only(
        'reports',
        await ask(call, {
          name: 'reports.list',
          body: { patientNo, from, to },
          read: reports.readReports,
        }),
      ),
    report: (call, reportNo) =>
      ask(call, { name: 'reports.get', body: { reportNo }, read: reports.readReport }),
    stay: async (call, patientNo) =>
      only(
        'stay',
        await ask(call, { name: 'stays.get', body: { patientNo }, read: stays.readStay }),
      ),
    dailyList: (call, { stayNo, businessDate }) =>
      ask(call, {
        name: 'stays.dailyList',
        body: { stayNo, businessDate },
        read: stays.readDailyList,
      }),
    payDeposit: (call, deposit) =>
      ask(call, {
        name: 'stays.payDeposit',
        body: bodyOf(stays.PayDeposit, deposit),
        read: stays.readDeposit,
      }),
    preSettleStay: (call, stayNo) =>
      ask(call, { name: 'stays.preSettle', body: { stayNo }, read: stays.readStaySettled }),
    discharge: (call, settlement) =>
      ask(call, {
        name: 'stays.discharge',
        body: bodyOf(stays.Discharge, settlement),
        read: stays.readDischarged,
      }),
  }) satisfies Partial<HospitalSystem>

/** What is asked, as the contract writes it: only its own fields, moments as texts. */
const bodyOf = <S extends Type.TSchema>(schema: S, asked: Type.StaticDecode<S>): object =>
  Value.Encode(schema, Value.Clean(schema, structuredClone(asked))) as object

/** Of an answer that is an envelope around one thing, that thing. */
const only = <T extends object, K extends keyof T>(
  name: K,
  answer: HisAnswer<T>,
): HisAnswer<T[K]> =>
  answer.outcome === 'ok' ? { outcome: 'ok', data: answer.data[name] } : answer
