import type { Fen } from '../../../../../kernel/money.ts'
import { toYuanText } from '../../../../../kernel/money.ts'
import type { PatientView } from '../../patients.ts'
import type { Bill, Named } from '../../protocol.ts'
import type { Registration, RegistrationStatus } from '../../registrations.ts'
import type { ReportContent } from '../../reports.ts'
import type { Stay } from '../../stays.ts'
import type { Row } from './er7.ts'
import { dayOf, stampOf } from './moments.ts'

// The segments that several messages have.

/** PID of a patient the hospital has a file of. */
export const patientRow = (patient: PatientView, setId = '1'): Row => [
  'PID',
  setId,
  '',
  [
    [patient.patientNo, '', '', 'HIS', 'MR'],
    [patient.cardNo, '', '', 'HIS', 'HC'],
    [patient.idCardNo, '', '', 'CHN', 'NI'],
  ],
  '',
  [...nameOf(patient.name), '', '', '', '', 'L'],
  '',
  dayOf(patient.birthDate),
  patient.gender === 'male' ? 'M' : 'F',
  '',
  '',
  '',
  '',
  ['', 'PRN', 'CP', '', '', '', '', '', '', '', '', patient.phone],
]

const doctorOf = ({ code, name }: Named) => [code, ...nameOf(name)]

/** The first character, which may be two code units, and the rest. */
const nameOf = (name: string): [family: string, rest: string] => {
  const [family = ''] = name
  return [family, name.slice(family.length)]
}

/** SCH of a place at a clinic; its status in SCH-25, by table 0278. */
export const scheduleRow = (place: Registration, reason = ''): Row => [
  'SCH',
  [place.orderNo],
  [place.registrationNo],
  '',
  '',
  [place.clinicNo],
  ['', reason],
  '',
  ['NORMAL', '普通'],
  '',
  '',
  ['', '', '', stampOf(place.startAt), stampOf(place.endAt)],
  '',
  '',
  '',
  '',
  doctorOf(place.doctor),
  '',
  '',
  '',
  doctorOf(place.doctor),
  '',
  '',
  '',
  '',
  FILLER_STATUSES[place.status],
]

const FILLER_STATUSES: Record<RegistrationStatus, string> = {
  booked: 'Pending',
  confirmed: 'Booked',
  checked_in: 'Started',
  seen: 'Complete',
  missed: 'Noshow',
  cancelled: 'Cancelled',
  lapsed: 'Cancelled',
}

/** RGS and what belongs to it: the service, the doctor and the place. */
export const resourceRows = (place: Registration): Row[] => [
  ['RGS', '1'],
  ['AIS', '1', '', [String(place.number), '号序'], stampOf(place.startAt), '', '', '12', 'min'],
  ['AIP', '1', '', doctorOf(place.doctor)],
  ['AIL', '1', '', [place.department.code, place.location, '', place.department.name]],
]

/** ZRG: the visit, the bill of the fee, the fee in yuan and until when it is to be paid. */
export const registrationRow = (place: Registration): Row => [
  'ZRG',
  place.visitNo,
  place.billNo ?? '',
  toYuanText(place.feeFen as Fen),
  stampOf(place.payBefore),
  place.queueNo === null ? '' : String(place.queueNo),
]

export const outpatientRow = (bill: Bill): Row => [
  'PV1',
  '1',
  'O',
  [bill.department.code, '', '', bill.department.name],
  '',
  '',
  '',
  doctorOf(bill.doctor),
  ...Array.from({ length: 11 }, () => ''),
  bill.visitNo,
]

export const stayRow = (stay: Stay): Row => [
  'PV1',
  '1',
  'I',
  [stay.department.code, '', stay.bed, stay.department.name],
  '',
  '',
  '',
  doctorOf(stay.doctor),
  ...Array.from({ length: 11 }, () => ''),
  stay.stayNo,
  ...Array.from({ length: 24 }, () => ''),
  stampOf(stay.admittedAt),
  stay.leftAt === null ? '' : stampOf(stay.leftAt),
]

/** FT1 of each line of a bill, and ZBL, which says what bill they are. */
export const chargeRows = (bill: Bill): Row[] => [
  ...bill.items.map((item): Row => [
    'FT1',
    String(item.lineNo),
    `${bill.billNo}-${item.lineNo}`,
    '',
    stampOf(bill.createdAt),
    '',
    'CG',
    [item.code, item.name, 'HIS', item.nationalCode, item.name, 'YB'],
    item.spec,
    '',
    String(item.quantity),
    toYuanText(item.amountFen),
    toYuanText(item.unitPriceFen),
    [bill.department.code, bill.department.name],
  ]),
  [
    'ZBL',
    bill.billNo,
    String(bill.version),
    bill.kind === 'registration' ? 'R' : 'O',
    toYuanText(bill.totalFen),
    bill.status,
  ],
]

/** OBR of a report and OBX of what was found. */
export const reportRows = (report: ReportContent): Row[] => [
  [
    'OBR',
    '1',
    report.billNo,
    report.reportNo,
    [report.kind === 'laboratory' ? 'LAB' : 'RAD', report.name, 'HIS'],
    '',
    stampOf(report.orderedAt),
    ...Array.from({ length: 15 }, () => ''),
    stampOf(report.readyAt),
    '',
    report.kind === 'laboratory' ? 'LAB' : 'RAD',
    'F',
  ],
  ...report.values.map((value, i): Row => [
    'OBX',
    String(i + 1),
    /^-?\d+(\.\d+)?$/.test(value.value) ? 'NM' : 'ST',
    [value.code, value.name, 'HIS'],
    '',
    value.value,
    value.unit,
    value.reference,
    value.flag === 'POSITIVE' ? 'A' : value.flag,
    '',
    '',
    'F',
  ]),
  ...[
    ['FINDINGS', '所见', report.findings] as const,
    ['CONCLUSION', '结论', report.conclusion] as const,
  ]
    .filter(([, , text]) => text !== '')
    .map(([code, name, text], i): Row => [
      'OBX',
      String(report.values.length + i + 1),
      'TX',
      [code, name, 'HIS'],
      '',
      text,
      '',
      '',
      'N',
      '',
      '',
      'F',
    ]),
]
