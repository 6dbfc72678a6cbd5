import { earliest } from '../../../../../kernel/time.ts'
import { findBill, viewOf } from '../../bill-rows.ts'
import { findClinic } from '../../clinics.ts'
import type { His } from '../../context.ts'
import { untold } from '../../outbox.ts'
import { getRegistration } from '../../registrations.ts'
import { findReport, type ReportContent } from '../../reports.ts'
import { findStay } from '../../stays.ts'
import type { Row } from './er7.ts'
import { patientBy } from './merges.ts'
import { stampOf } from './moments.ts'
import {
  chargeRows,
  outpatientRow,
  patientRow,
  registrationRow,
  reportRows,
  resourceRows,
  scheduleRow,
  stayRow,
} from './rows.ts'

/** Something the HIS says of its own accord. `ref` is what it is about, once for each type. */
export type News = { type: string; structure: string; ref: string; rows: Row[] }

/** What happened in the hospital and was not told yet, at most so many of each kind. */
export const findNews = (his: His, limit: number): News[] =>
  SOURCES.flatMap((source) =>
    untold(his, source, limit).flatMap((ref) => {
      const rows = source.rows(his, ref)
      return rows ? [{ type: source.type, structure: source.structure, ref, rows }] : []
    }),
  )

/** When the next report that is waited for will be there. */
export const nextReportAt = (his: His): Date | null =>
  earliest(
    untold(his, REPORTS, MOST_WAITING).map((reportNo) => {
      const readyAt = reportBy(his, reportNo)?.readyAt
      return readyAt === undefined ? null : new Date(readyAt)
    }),
  )

const MOST_WAITING = 1_000

type Source = {
  type: string
  structure: string
  /** What there is to be told about. */
  refs: string
  /** Null where it is not to be told yet. */
  rows: (his: His, ref: string) => Row[] | null
}

const REPORTS: Source = {
  type: 'ORU^R01',
  structure: 'ORU_R01',
  refs: `select 'BG' || printf('%03d', line_no) || bill.bill_no as ref from bill, item
    where item.bill_no = bill.bill_no and charge_category in ('03', '04')
    and bill.status in ('paid', 'part_refunded') and item.status <> 'refunded'`,
  rows: readyReportRows,
}

const SOURCES: readonly Source[] = [
  {
    type: 'ADT^A40',
    structure: 'ADT_A39',
    refs: 'select merged_no as ref from hl7_merge',
    rows: mergeRows,
  },
  {
    type: 'SIU^S12',
    structure: 'SIU_S12',
    refs: `select registration_no as ref from registration where status = 'active'`,
    rows: (his, ref) => placeRows(his, ref),
  },
  {
    type: 'SIU^S14',
    structure: 'SIU_S12',
    refs: `select registration_no as ref from registration
      where status = 'active' and checked_in_at is not null`,
    rows: (his, ref) => placeRows(his, ref),
  },
  {
    type: 'SIU^S15',
    structure: 'SIU_S12',
    refs: `select registration_no as ref from registration where status in ('cancelled', 'lapsed')
      or (status = 'active' and clinic_no in (select clinic_no from clinic_stop))`,
    rows: (his, ref) => placeRows(his, ref, reasonFor(his, ref)),
  },
  {
    type: 'SIU^S23',
    structure: 'SIU_S12',
    refs: 'select clinic_no as ref from clinic_stop',
    rows: stopRows,
  },
  {
    type: 'ADT^A01',
    structure: 'ADT_A01',
    refs: 'select stay_no as ref from stay',
    rows: stayRows,
  },
  {
    type: 'ADT^A16',
    structure: 'ADT_A16',
    refs: `select stay_no as ref from stay where status <> 'in_hospital'`,
    rows: stayRows,
  },
  {
    type: 'ADT^A03',
    structure: 'ADT_A03',
    refs: `select stay_no as ref from stay where status = 'discharged'`,
    rows: stayRows,
  },
  {
    type: 'DFT^P03',
    structure: 'DFT_P03',
    refs: `select bill_no || '/' || version as ref from bill where status = 'open'`,
    rows: billRows,
  },
  REPORTS,
]

function placeRows(his: His, registrationNo: string, reason = ''): Row[] | null {
  const place = getRegistration(his, registrationNo)
  const patient = place && patientBy(his, place.patientNo)
  if (!place || !patient) return null
  return [
    scheduleRow(place, reason),
    patientRow(patient),
    ...resourceRows(place),
    registrationRow(place),
  ]
}

function reasonFor({ store }: His, registrationNo: string): string {
  const row = store.get<{ status: string; reason: string | null }>(
    `select status, (select reason from clinic_stop s where s.clinic_no = r.clinic_no) as reason
    from registration r where registration_no = ?`,
    registrationNo,
  )
  return row?.reason ?? (row?.status === 'lapsed' ? '未按时缴费' : '退号')
}

/** SIU^S23: the whole clinic is blocked. It names no patient. */
function stopRows(his: His, clinicNo: string): Row[] | null {
  const clinic = findClinic(his, clinicNo)
  const sql = 'select reason from clinic_stop where clinic_no = ?'
  const reason = his.store.get<{ reason: string }>(sql, clinicNo)?.reason ?? ''
  if (!clinic) return null
  const { doctor, department } = clinic
  const when = ['', '', '', stampOf(clinic.startAt), stampOf(clinic.endAt)]
  const none = Array.from({ length: 13 }, () => '')
  return [
    ['SCH', '', '', '', '', [clinicNo], ['', reason], '', '', '', '', when, ...none, 'Blocked'],
    ['RGS', '1'],
    ['AIP', '1', '', [doctor.code, doctor.name.slice(0, 1), doctor.name.slice(1)]],
    ['AIL', '1', '', [department.code, department.location, '', department.name]],
  ]
}

function mergeRows(his: His, mergedNo: string): Row[] | null {
  const patient = patientBy(his, mergedNo)
  return patient && [patientRow(patient), ['MRG', [mergedNo, '', '', 'HIS', 'MR']]]
}

function stayRows(his: His, stayNo: string): Row[] | null {
  const stay = findStay(his, stayNo)
  const patient = stay && patientBy(his, stay.patientNo)
  return stay && patient && [patientRow(patient), stayRow(stay)]
}

function billRows(his: His, ref: string): Row[] | null {
  const bill = findBill(his, ref.split('/')[0] ?? '')
  const patient = bill && patientBy(his, bill.patientNo)
  return bill && patient && [patientRow(patient), outpatientRow(bill), ...chargeRows(viewOf(bill))]
}

function readyReportRows(his: His, reportNo: string): Row[] | null {
  const report = reportBy(his, reportNo)
  const patient = report && patientBy(his, report.patientNo)
  const bill = report && findBill(his, report.billNo)
  if (!bill || !patient || report.status !== 'ready') return null
  return [patientRow(patient), outpatientRow(bill), ...reportRows(report)]
}

/** The number of a report is that of a line and its bill: 'BG003ZD0120261121000001'. */
export function reportBy(his: His, reportNo: string): ReportContent | null {
  const bill = findBill(his, reportNo.slice('BG000'.length))
  return bill && findReport(his, { reportNo, patientNo: bill.patientNo })
}
