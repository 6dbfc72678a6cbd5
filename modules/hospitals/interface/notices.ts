import Type from 'typebox'

import {
  anInstant,
  day,
  number,
  orNull,
  type Reader,
  shortText,
  text,
  translatedForm,
} from './reading.ts'

// What a hospital's system tells the hub of its own accord. A notice says where to look, and carries no money:
// what it is about is asked for by the operation that belongs to it.

const notice = <const Kind extends string, P extends Type.TProperties>(kind: Kind, about: P) =>
  Type.Object(
    {
      /** Key: the same number is heard once. */
      noticeNo: number(40),
      kind: Type.Literal(kind),
      at: anInstant,
      about: Type.Object(about, { additionalProperties: false }),
    },
    { additionalProperties: false },
  )

const patientNo = number(30)

/** 停诊 and 变更: of a whole clinic, or of one slot of it. */
const Stopped = notice('schedule.stopped', {
  scheduleNo: number(40),
  slotNo: orNull(number(40)),
  reason: text(200),
})

const Changed = notice('schedule.changed', { scheduleNo: number(40), reason: text(200) })
const Called = notice('queue.called', {
  appointmentNo: number(32),
  queueNo: number(20),
  location: text(200),
})
const BillOpened = notice('bill.opened', { billNo: number(30), patientNo })
const BillChanged = notice('bill.changed', { billNo: number(30), patientNo })
const ReportReady = notice('report.ready', { reportNo: number(40), patientNo })
const DepositLow = notice('deposit.low', { stayNo: number(30), patientNo })
const DischargeOrdered = notice('stay.discharge_ordered', { stayNo: number(30), patientNo })
const DailyListReady = notice('stay.daily_list_ready', {
  stayNo: number(30),
  patientNo,
  businessDate: day,
})
/** Two numbers were one person: what was kept under the second is under the first from now on. */
const Merged = notice('patient.merged', { patientNo, mergedPatientNo: number(30) })
const Alive = notice('system.alive', { system: shortText })

export const Notice = Type.Union([
  Stopped,
  Changed,
  Called,
  BillOpened,
  BillChanged,
  ReportReady,
  DepositLow,
  DischargeOrdered,
  DailyListReady,
  Merged,
  Alive,
])

export const NOTICE_KINDS = [
  'schedule.stopped',
  'schedule.changed',
  'queue.called',
  'bill.opened',
  'bill.changed',
  'report.ready',
  'deposit.low',
  'stay.discharge_ordered',
  'stay.daily_list_ready',
  'patient.merged',
  'system.alive',
] as const

export type HisNotice = Type.StaticDecode<typeof Notice>
export type HisNoticeKind = (typeof NOTICE_KINDS)[number]

/** A notice in the words of the contract, whoever brought it into them. */
export const readNotice: Reader<HisNotice> = translatedForm(Notice)
