import { seededRandom } from '../../../kernel/random.ts'
import { addMs, HOUR_MS, MINUTE_MS, toShanghaiIso } from '../../../kernel/time.ts'
import { measure, readPicture, type ReportValue } from './analytes.ts'
import { findBill, isPaid, listBills } from './bill-rows.ts'
import { isPatient } from './bills.ts'
import type { His } from './context.ts'
import { type Answer, type Bill, type BillItem, done, type Named, refusal } from './protocol.ts'
import { personOf } from './registry.ts'

/** What becomes of a paid laboratory test or examination: it is there some time after the payment. */
export type Report = {
  reportNo: string
  kind: 'laboratory' | 'examination'
  name: string
  patientNo: string
  billNo: string
  visitNo: string
  department: Named
  orderedAt: string
  status: 'pending' | 'ready'
  readyAt: string
}

export type ReportContent = Report & {
  values: ReportValue[]
  findings: string
  conclusion: string
}

/** `reports.list`: of the patient's last bills, the newest first. */
export function answerReports(his: His, { patientNo }: { patientNo: string }): Answer {
  const person = personOf(his.registry, patientNo)
  if (!person || !isPatient(his, person)) {
    return refusal('PATIENT_NOT_FOUND', 'no patient has this number')
  }
  return done({ reports: listReports(his, patientNo) })
}

export function listReports(his: His, patientNo: string): Report[] {
  const person = personOf(his.registry, patientNo)
  if (!person) return []
  const bills = listBills(his, { personNo: person.no, newestFirst: true, limit: RECENT_BILLS })
  return bills.filter(isPaid).flatMap((bill) =>
    bill.items.flatMap((item) => {
      const report = reportOf(his, bill, item)
      return report ? [report] : []
    }),
  )
}

/** `reports.get`: pending ones without content. Values are the same at every reading. */
export function answerReport(his: His, { reportNo, patientNo }: ReportKey): Answer {
  const report = findReport(his, { reportNo, patientNo })
  return report ? done({ report }) : refusal('REPORT_NOT_FOUND', 'no report has this number')
}

export type ReportKey = { reportNo: string; patientNo: string }

export function findReport(his: His, { reportNo, patientNo }: ReportKey): ReportContent | null {
  const report = listReports(his, patientNo).find((r) => r.reportNo === reportNo)
  return report ? contentOf(report) : null
}

/** What a report says; nothing while it is pending. Pure: the same report says the same. */
export function contentOf(report: Report): ReportContent {
  const nothing = { values: [], findings: '', conclusion: '' }
  if (report.status === 'pending') return { ...report, ...nothing }
  const random = seededRandom(report.reportNo)
  return report.kind === 'laboratory'
    ? { ...report, ...nothing, values: measure(random, report.name) }
    : { ...report, ...nothing, ...readPicture(random, report.name) }
}

/** Whose report a number is; null for a number that is none. */
export function patientOfReport(his: His, reportNo: string): string | null {
  const bill = /^BG\d{3}./.test(reportNo) ? findBill(his, reportNo.slice(5)) : null
  return bill?.patientNo ?? null
}

const RECENT_BILLS = 50

function reportOf({ store, clock }: His, bill: Bill, item: BillItem): Report | null {
  const kind = KINDS[item.chargeCategory]
  if (!kind || item.status === 'refunded' || bill.receiptNo === null) return null
  const sql = 'select at from receipt where receipt_no = ?'
  const paidAt = store.get<{ at: string }>(sql, bill.receiptNo)?.at
  if (paidAt === undefined) return null
  const readyAt = addMs(new Date(paidAt), READY_AFTER_MS[kind])
  return {
    reportNo: `BG${String(item.lineNo).padStart(3, '0')}${bill.billNo}`,
    kind,
    name: item.name,
    patientNo: bill.patientNo,
    billNo: bill.billNo,
    visitNo: bill.visitNo,
    department: bill.department,
    orderedAt: bill.createdAt,
    status: readyAt <= clock.now() ? 'ready' : 'pending',
    readyAt: toShanghaiIso(readyAt),
  }
}

// By charge category (med_chrgitm_type): 检查费, 化验费.
const KINDS: Record<string, Report['kind']> = { '03': 'examination', '04': 'laboratory' }

const READY_AFTER_MS = { laboratory: 45 * MINUTE_MS, examination: 2 * HOUR_MS } as const
