import Type from 'typebox'

import { MAX_ITEMS, TENDER_KINDS } from '../../protocol.ts'

// The bodies of docs/interface/hospital-standard.md. Unknown fields are refused.

export const PATH_PREFIX = '/yiqiao/v1/'

const closed = <Properties extends Type.TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const amountFen = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const tenderKind = Type.Enum([...TENDER_KINDS])
const lines = Type.Array(closed({ lineNo: Type.Integer({ minimum: 1 }) }), { maxItems: MAX_ITEMS })
const MAX_TENDERS = 20
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const tenders = Type.Array(closed({ kind: tenderKind, amountFen, tradeNo: text(64) }), {
  maxItems: MAX_TENDERS,
})
const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

export const Empty = closed({})

export const ResolvePatient = closed({
  idCardNo: Type.String({ pattern: '^\\d{17}[\\dX]$' }),
  name: text(50),
})

export const ListBills = closed({ patientNo: text(30) })

export const GetBill = closed({ billNo: text(30) })

export const WriteBack = closed({
  paymentNo: text(32),
  billNo: text(30),
  version: Type.Integer({ minimum: 1 }),
  totalFen: amountFen,
  paidAt: text(40),
  tenders: Type.Array(closed({ kind: tenderKind, amountFen, tradeNo: text(64) }), {
    minItems: 1,
    maxItems: MAX_TENDERS,
  }),
  insuranceSettlementNo: Type.Union([text(64), Type.Null()]),
})

export const VoidWriteBack = closed({ paymentNo: text(32), billNo: text(30), reason: text(200) })

export const ApproveRefund = closed({
  refundNo: text(32),
  paymentNo: text(32),
  billNo: text(30),
  lines,
  amountFen,
  reason: text(200),
})

export const CompleteRefund = closed({
  refundNo: text(32),
  completedAt: text(40),
  tenders: Type.Array(closed({ kind: tenderKind, amountFen }), {
    minItems: 1,
    maxItems: MAX_TENDERS,
  }),
})

export const CancelRefund = closed({ refundNo: text(32), reason: text(200) })

export const DayListPage = closed({
  businessDate: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  page: Type.Integer({ minimum: 1 }),
})

export const CreatePatient = closed({
  requestNo: text(32),
  name: text(50),
  idType: Type.Enum(['id_card', 'passport', 'permit', 'residence', 'none']),
  idNo: orNull(text(40)),
  gender: Type.Enum(['male', 'female', 'unknown']),
  birthDate: day,
  phone: orNull(text(20)),
  guardianPatientNo: orNull(text(30)),
})

export const ListSchedules = closed({ from: day, to: day, departmentCode: orNull(text(30)) })

export const ListSlots = closed({ scheduleNo: text(40) })

export const LockSlot = closed({
  lockNo: text(32),
  scheduleNo: text(40),
  slotNo: orNull(text(40)),
  patientNo: text(30),
  holdSeconds: Type.Integer({ minimum: 30, maximum: 86_400 }),
})

export const UnlockSlot = closed({ lockNo: text(32), reason: Type.String({ maxLength: 200 }) })

export const Register = closed({
  appointmentNo: text(32),
  lockNo: orNull(text(32)),
  scheduleNo: text(40),
  slotNo: text(40),
  patientNo: text(30),
})

export const Appointment = closed({ appointmentNo: text(32) })

export const CancelAppointment = closed({
  appointmentNo: text(32),
  reason: Type.String({ maxLength: 200 }),
})

export const PreSettleBill = closed({
  billNo: text(30),
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  insuranceToken: orNull(Type.String({ maxLength: 512 })),
})

export const GetPayment = closed({ paymentNo: text(32), billNo: text(30) })

export const ListReports = closed({ patientNo: text(30), from: day, to: day })

export const GetReport = closed({ reportNo: text(40) })

export const GetStay = closed({ patientNo: text(30) })

export const DailyList = closed({ stayNo: text(30), businessDate: day })

export const PayDeposit = closed({
  depositNo: text(32),
  stayNo: text(30),
  amountFen,
  paidAt: text(40),
  tenders,
})

export const PreSettleStay = closed({ stayNo: text(30) })

export const Discharge = closed({
  settlementNo: text(32),
  stayNo: text(30),
  totalFen: amountFen,
  settledAt: text(40),
  tenders,
  returnedFen: amountFen,
  insuranceSettlementNo: orNull(text(64)),
})
