import type Type from 'typebox'

import * as bills from './bills.ts'
import * as booking from './booking.ts'
import type { HisRefusal } from './data.ts'
import { DayListAnswer, GetDayList } from './day-list.ts'
import { DepartmentsAnswer, HeartbeatAnswer } from './directory.ts'
import { CreatePatient, PatientAnswer, ResolvePatient } from './patients.ts'
import { NothingAnswer } from './refunds.ts'
import * as refunds from './refunds.ts'
import * as reports from './reports.ts'
import * as stays from './stays.ts'

/** One operation of the standard interface. All of them are written down here, in the order of a visit. */
export type Operation = {
  /** Chinese and English, as the contents page of T/CBA 101-2019 would file it. */
  titles: { zh: string; en: string }
  subject: Subject
  /** Fields that name what is done: the same key with the same content has the same answer. Empty for what only reads. */
  key: readonly string[]
  request: Type.TSchema
  answer: Type.TSchema
  refusals: readonly HisRefusal[]
}

export const SUBJECTS = {
  system: { zh: '系统', en: 'System' },
  patient: { zh: '建档', en: 'Patients' },
  booking: { zh: '预约挂号', en: 'Booking' },
  queue: { zh: '取号候诊', en: 'Numbers and queues' },
  billing: { zh: '结算', en: 'Bills and payments' },
  refund: { zh: '退费', en: 'Refunds' },
  report: { zh: '报告', en: 'Reports' },
  stay: { zh: '住院', en: 'In hospital' },
  reconciliation: { zh: '对账', en: 'Reconciliation' },
} as const

export type Subject = keyof typeof SUBJECTS

const operation = (
  subject: Subject,
  [zh, en]: [string, string],
  [request, answer]: [Type.TSchema, Type.TSchema],
  rest: { key?: readonly string[]; refusals?: readonly HisRefusal[] } = {},
): Operation => ({
  subject,
  titles: { zh, en },
  request,
  answer,
  key: rest.key ?? [],
  refusals: rest.refusals ?? [],
})

const PAYMENT = ['paymentNo', 'billNo']
const OF_A_BILL = ['bill_not_found', 'bill_changed', 'bill_void'] as const

export const OPERATIONS = {
  heartbeat: operation('system', ['心跳', 'Heartbeat'], [NothingAnswer, HeartbeatAnswer]),
  'departments.list': operation(
    'system',
    ['科室与医生', 'Departments and doctors'],
    [NothingAnswer, DepartmentsAnswer],
  ),
  'patients.resolve': operation(
    'patient',
    ['患者查询', 'Find a patient'],
    [ResolvePatient, PatientAnswer],
    { refusals: ['patient_not_found'] },
  ),
  'patients.create': operation(
    'patient',
    ['建档', 'Enter a patient'],
    [CreatePatient, PatientAnswer],
    { key: ['requestNo'], refusals: ['duplicate_different'] },
  ),
  'schedules.list': operation(
    'booking',
    ['号源查询', 'Clinics'],
    [booking.ListSchedules, booking.SchedulesAnswer],
  ),
  'slots.list': operation(
    'booking',
    ['分时号源', 'Slots of a clinic'],
    [booking.ListSlots, booking.SlotsAnswer],
    { refusals: ['schedule_not_found', 'schedule_stopped'] },
  ),
  'slots.lock': operation(
    'booking',
    ['锁号', 'Lock a slot'],
    [booking.LockSlot, booking.LockedAnswer],
    {
      key: ['lockNo'],
      refusals: [
        'schedule_not_found',
        'schedule_stopped',
        'sold_out',
        'slot_taken',
        'patient_not_found',
        'duplicate_different',
      ],
    },
  ),
  'slots.unlock': operation(
    'booking',
    ['解锁', 'Unlock a slot'],
    [booking.UnlockSlot, booking.UnlockedAnswer],
    { key: ['lockNo'] },
  ),
  'appointments.register': operation(
    'booking',
    ['挂号', 'Register'],
    [booking.Register, booking.RegisteredAnswer],
    {
      key: ['appointmentNo'],
      refusals: [
        'schedule_not_found',
        'schedule_stopped',
        'slot_taken',
        'lock_expired',
        'patient_not_found',
        'duplicate_different',
      ],
    },
  ),
  'appointments.get': operation(
    'booking',
    ['挂号查询', 'Standing of a registration'],
    [booking.GetRegistration, booking.RegistrationAnswer],
  ),
  'appointments.cancel': operation(
    'booking',
    ['退号', 'Cancel a registration'],
    [booking.CancelRegistration, booking.CancelledAnswer],
    { key: ['appointmentNo'], refusals: ['registration_not_found', 'too_late'] },
  ),
  'appointments.takeNumber': operation(
    'queue',
    ['取号报到', 'Take a number'],
    [booking.TakeNumber, booking.QueueAnswer],
    {
      key: ['appointmentNo'],
      refusals: ['registration_not_found', 'schedule_stopped', 'too_late'],
    },
  ),
  'queue.get': operation(
    'queue',
    ['候诊查询', 'Place in the queue'],
    [booking.GetQueue, booking.QueueAnswer],
    { refusals: ['registration_not_found'] },
  ),
  'bills.list': operation(
    'billing',
    ['待缴费列表', 'Open bills'],
    [bills.ListBills, bills.BillsAnswer],
    { refusals: ['patient_not_found'] },
  ),
  'bills.get': operation('billing', ['账单明细', 'A bill'], [bills.GetBill, bills.BillAnswer], {
    refusals: ['bill_not_found'],
  }),
  'bills.preSettle': operation(
    'billing',
    ['预结算', 'Settle in advance'],
    [bills.PreSettle, bills.PreSettledAnswer],
    { refusals: OF_A_BILL },
  ),
  'bills.writeBack': operation(
    'billing',
    ['缴费', 'Book a payment'],
    [bills.WriteBack, bills.ReceiptAnswer],
    {
      key: PAYMENT,
      refusals: [...OF_A_BILL, 'bill_already_paid', 'amount_mismatch', 'duplicate_different'],
    },
  ),
  'bills.voidWriteBack': operation(
    'billing',
    ['缴费冲正', 'Take a booking back'],
    [bills.VoidWriteBack, bills.VoidedAnswer],
    { key: PAYMENT, refusals: ['refund_not_allowed'] },
  ),
  'payments.get': operation(
    'billing',
    ['缴费状态', 'Standing of a payment'],
    [bills.GetPayment, bills.PaymentAnswer],
  ),
  'refunds.approve': operation(
    'refund',
    ['退费申请', 'Approve a refund'],
    [refunds.ApproveRefund, refunds.ApprovalAnswer],
    {
      key: ['refundNo'],
      refusals: ['bill_not_found', 'refund_not_allowed', 'amount_mismatch', 'duplicate_different'],
    },
  ),
  'refunds.complete': operation(
    'refund',
    ['退费完成', 'Book a refund'],
    [refunds.CompleteRefund, refunds.RefundReceiptAnswer],
    { key: ['refundNo'], refusals: ['amount_mismatch', 'duplicate_different'] },
  ),
  'refunds.cancel': operation(
    'refund',
    ['退费撤销', 'Cancel a refund'],
    [refunds.CancelRefund, NothingAnswer],
    { key: ['refundNo'], refusals: ['refund_not_allowed'] },
  ),
  'reports.list': operation(
    'report',
    ['报告列表', 'Reports'],
    [reports.ListReports, reports.ReportsAnswer],
    { refusals: ['patient_not_found'] },
  ),
  'reports.get': operation(
    'report',
    ['报告明细', 'A report'],
    [reports.GetReport, reports.ReportAnswer],
    { refusals: ['report_not_found'] },
  ),
  'stays.get': operation('stay', ['住院信息', 'A stay'], [stays.GetStay, stays.StayAnswer], {
    refusals: ['patient_not_found'],
  }),
  'stays.dailyList': operation(
    'stay',
    ['一日清单', 'Daily list'],
    [stays.GetDailyList, stays.DailyListAnswer],
    { refusals: ['stay_not_found'] },
  ),
  'stays.payDeposit': operation(
    'stay',
    ['住院预交金', 'Deposit'],
    [stays.PayDeposit, stays.DepositAnswer],
    {
      key: ['depositNo'],
      refusals: ['stay_not_found', 'amount_mismatch', 'duplicate_different'],
    },
  ),
  'stays.preSettle': operation(
    'stay',
    ['出院预结算', 'Settle a stay in advance'],
    [stays.PreSettleStay, stays.StaySettledAnswer],
    { refusals: ['stay_not_found'] },
  ),
  'stays.discharge': operation(
    'stay',
    ['出院结算', 'Settle a stay'],
    [stays.Discharge, stays.DischargedAnswer],
    {
      key: ['settlementNo'],
      refusals: ['stay_not_found', 'amount_mismatch', 'duplicate_different', 'bill_changed'],
    },
  ),
  'reconciliation.dayList': operation(
    'reconciliation',
    ['日对账清单', 'List of a day'],
    [GetDayList, DayListAnswer],
  ),
} satisfies Record<string, Operation>

export type OperationName = keyof typeof OPERATIONS

export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[]
