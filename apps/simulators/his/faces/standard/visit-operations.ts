import type { His } from '../../context.ts'
import { patientOfReport } from '../../reports.ts'
import { findLock } from '../../slot-locks.ts'
import { createFile, getPayment, getReport, listReports, preSettleBill } from './care.ts'
import { operation, type Reader } from './operation.ts'
import {
  appointmentOf,
  cancelAppointment,
  getAppointment,
  getQueue,
  listSchedules,
  listSlots,
  lockPlace,
  registerPlace,
  takeNumber,
  unlockPlace,
} from './places.ts'
import * as requests from './requests.ts'
import { dailyList, discharge, getStay, preSettle, takeDeposit } from './stays.ts'

const billKey = ({ billNo }: { billNo: string }) => billNo
const stayKey = ({ stayNo }: { stayNo: string }) => stayNo
const patientKey = ({ patientNo }: { patientNo: string }) => patientNo
const scheduleKey = ({ scheduleNo }: { scheduleNo: string }) => scheduleNo
/** A place is spoken of by its bill: the number of the appointment is of the hub's making. */
const appointmentKey = ({ appointmentNo }: { appointmentNo: string }, his: His) =>
  appointmentOf(his, appointmentNo)?.billNo ?? UNKNOWN

const UNKNOWN = 'unknown'

/** §2.2 of docs/interface/hospital-standard.md. */
export const VISIT_OPERATIONS: Record<string, Reader> = {
  'patients.create': operation(requests.CreatePatient, ({ idType }) => idType, createFile),
  'schedules.list': operation(
    requests.ListSchedules,
    ({ departmentCode }) => departmentCode ?? 'all',
    listSchedules,
  ),
  'slots.list': operation(requests.ListSlots, scheduleKey, listSlots),
  'slots.lock': operation(requests.LockSlot, scheduleKey, lockPlace),
  'slots.unlock': operation(
    requests.UnlockSlot,
    ({ lockNo }, his) => findLock(his, lockNo)?.lock_no ?? UNKNOWN,
    unlockPlace,
  ),
  'appointments.register': operation(requests.Register, scheduleKey, registerPlace),
  'appointments.get': operation(requests.Appointment, appointmentKey, getAppointment),
  'appointments.cancel': operation(requests.CancelAppointment, appointmentKey, cancelAppointment),
  'appointments.takeNumber': operation(requests.Appointment, appointmentKey, takeNumber),
  'queue.get': operation(requests.Appointment, appointmentKey, getQueue),
  'bills.preSettle': operation(requests.PreSettleBill, billKey, preSettleBill),
  'payments.get': operation(requests.GetPayment, billKey, getPayment),
  'reports.list': operation(requests.ListReports, patientKey, listReports),
  'reports.get': operation(
    requests.GetReport,
    ({ reportNo }, his) => patientOfReport(his, reportNo) ?? UNKNOWN,
    getReport,
  ),
  'stays.get': operation(requests.GetStay, patientKey, getStay),
  'stays.dailyList': operation(requests.DailyList, stayKey, dailyList),
  'stays.payDeposit': operation(requests.PayDeposit, stayKey, takeDeposit),
  'stays.preSettle': operation(requests.PreSettleStay, stayKey, preSettle),
  'stays.discharge': operation(requests.Discharge, stayKey, discharge),
}
