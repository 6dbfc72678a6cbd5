import Type from 'typebox'

import {
  anInstant,
  day,
  money,
  number,
  orNull,
  paidTender,
  shortText,
  text,
  translatedForm,
} from './reading.ts'

// In hospital: what was deposited, what each day cost, and how it ends.

export const GetStay = Type.Object({ patientNo: number(30) })

const Stay = Type.Object({
  stayNo: number(30),
  patientNo: number(30),
  status: Type.Enum(['awaiting_bed', 'in_hospital', 'discharge_ordered', 'discharged']),
  department: Type.Object({ code: text(30), name: text(200) }),
  ward: text(100),
  bed: text(30),
  admittedAt: orNull(anInstant),
  depositFen: money,
  costFen: money,
})

/** The stay that is not over, null where there is none. */
export const StayAnswer = Type.Object({ stay: orNull(Stay) })

export const GetDailyList = Type.Object({ stayNo: number(30), businessDate: day })

const DailyLine = Type.Object({
  lineNo: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  code: text(60),
  nationalCode: text(60),
  name: text(200),
  unit: text(60),
  unitPriceFen: money,
  quantity: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 }),
  amountFen: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
})

export const DailyListAnswer = Type.Object({
  stayNo: number(30),
  businessDate: day,
  lines: Type.Array(DailyLine, { maxItems: 2_000 }),
  totalFen: Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
})

export const PayDeposit = Type.Object({
  depositNo: number(32),
  stayNo: number(30),
  amountFen: money,
  paidAt: anInstant,
  tenders: Type.Array(paidTender, { minItems: 1, maxItems: 20 }),
})

export const DepositAnswer = Type.Object({ receiptNo: shortText, depositFen: money })

export const PreSettleStay = Type.Object({ stayNo: number(30) })

export const StaySettledAnswer = Type.Object({
  totalFen: money,
  depositFen: money,
  pooledFen: money,
  accountFen: money,
  otherFen: money,
  /** What is still to be paid, or what goes back: one of them is 0. */
  toPayFen: money,
  toReturnFen: money,
})

export const Discharge = Type.Object({
  settlementNo: number(32),
  stayNo: number(30),
  totalFen: money,
  settledAt: anInstant,
  tenders: Type.Array(paidTender, { maxItems: 20 }),
  returnedFen: money,
  insuranceSettlementNo: orNull(shortText),
})

export const DischargedAnswer = Type.Object({ receiptNo: shortText, dischargedAt: anInstant })

export type HisStay = Type.StaticDecode<typeof Stay>
export type HisDailyList = Type.StaticDecode<typeof DailyListAnswer>
export type HisStaySettlement = Type.StaticDecode<typeof StaySettledAnswer>
export type HisDeposit = Type.StaticDecode<typeof PayDeposit>
export type HisDischarge = Type.StaticDecode<typeof Discharge>

export const readStay = translatedForm(StayAnswer)
export const readDailyList = translatedForm(DailyListAnswer)
export const readDeposit = translatedForm(DepositAnswer)
export const readStaySettled = translatedForm(StaySettledAnswer)
export const readDischarged = translatedForm(DischargedAnswer)
