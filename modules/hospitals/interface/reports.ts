import Type from 'typebox'

import { anInstant, day, number, orNull, text, translatedForm } from './reading.ts'

// What the laboratory and the imaging rooms found.

export const ListReports = Type.Object({ patientNo: number(30), from: day, to: day })

const ReportHead = Type.Object({
  reportNo: number(40),
  kind: Type.Enum(['laboratory', 'imaging', 'pathology', 'other']),
  name: text(200),
  visitNo: orNull(number(30)),
  orderedAt: anInstant,
  status: Type.Enum(['ordered', 'in_progress', 'ready', 'withdrawn']),
  readyAt: orNull(anInstant),
})

export const ReportsAnswer = Type.Object({ reports: Type.Array(ReportHead, { maxItems: 500 }) })

export const GetReport = Type.Object({ reportNo: number(40) })

const Finding = Type.Object({
  code: text(60),
  name: text(200),
  value: text(500),
  unit: text(60),
  /** As printed: "3.5-9.5", "阴性". */
  reference: text(200),
  flag: Type.Enum(['normal', 'high', 'low', 'abnormal', 'critical', 'none']),
})

export const ReportAnswer = Type.Object({
  head: ReportHead,
  patientNo: number(30),
  findings: Type.Array(Finding, { maxItems: 500 }),
  conclusion: text(5_000),
  reportedBy: text(100),
})

export type HisReportHead = Type.StaticDecode<typeof ReportHead>
export type HisReport = Type.StaticDecode<typeof ReportAnswer>

export const readReports = translatedForm(ReportsAnswer)
export const readReport = translatedForm(ReportAnswer)
