import { businessDateOf, isBusinessDate, toShanghaiIso } from '../../../../../kernel/time.ts'
import { findBill, isPaid } from '../../bill-rows.ts'
import type { His } from '../../context.ts'
import { coverageOf } from '../../coverage.ts'
import { hasAnswer, remember, repeatedAnswer } from '../../memory.ts'
import { createPatient, type PatientView } from '../../patients.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { receiptOfPayment } from '../../receipts.ts'
import { personOf } from '../../registry.ts'
import { answerReports, findReport, patientOfReport, type Report } from '../../reports.ts'
import { writeBackKey } from '../../write-back.ts'
import { inWords, told } from './visit-codes.ts'

// §2.2 of docs/interface/hospital-standard.md: files, what insurance would pay, payments, reports.

type CreateFile = {
  requestNo: string
  name: string
  idType: 'id_card' | 'passport' | 'permit' | 'residence' | 'none'
  idNo: string | null
  gender: 'male' | 'female' | 'unknown'
  birthDate: string
  phone: string | null
  guardianPatientNo: string | null
}

export function createFile(his: His, body: CreateFile): Answer {
  const { requestNo, name, gender, birthDate, phone } = body
  const repeated = repeatedAnswer(his.store, 'patients.create', requestNo, body)
  if (repeated) return repeated
  const today = businessDateOf(his.clock.now())
  if (!isBusinessDate(birthDate) || birthDate > today) {
    return refusal('INVALID_REQUEST', 'birthDate is not a day up to today')
  }
  const shownNo = shownBy(his, body)
  if (typeof shownNo !== 'string') return shownNo
  const file = { name, idCardNo: shownNo, phone: phone ?? '' }
  if (body.idType !== 'id_card' && gender === 'unknown') {
    return refusal('INVALID_REQUEST', 'gender: a file needs one that no identity card says')
  }
  const shown = { gender: gender === 'male' ? ('male' as const) : ('female' as const), birthDate }
  const made = createPatient(his, body.idType === 'id_card' ? file : { ...file, shown })
  if (made.code !== 'OK') return inWords(made)
  const { patient } = made.data as { patient: PatientView }
  const { patientNo, cardNo } = patient
  const answer = done({ patientNo, name: patient.name, cardNo })
  return remember(his.store, 'patients.create', requestNo, body, answer)
}

/** What stands in the file for the identity: a card's number, another paper's, or the guardian's child. */
function shownBy(his: His, { idType, idNo, name, birthDate, guardianPatientNo }: CreateFile) {
  if (idType !== 'none') {
    if (idNo === null) return refusal('INVALID_REQUEST', 'idNo is missing')
    return idType === 'id_card' ? idNo : `${idType}:${idNo}`
  }
  const guardian = guardianPatientNo === null ? null : personOf(his.registry, guardianPatientNo)
  if (!guardian) return refusal('PATIENT_NOT_FOUND', 'guardianPatientNo is no patient')
  return `child:${guardianPatientNo}/${name}/${birthDate}`
}

type PreSettle = { billNo: string; version: number; insuranceToken: string | null }

/** Without a token nobody is insured; whose token it is, the hospital does not ask here. */
export function preSettleBill(his: His, { billNo, version, insuranceToken }: PreSettle): Answer {
  const bill = findBill(his, billNo)
  const person = bill && personOf(his.registry, bill.patientNo)
  if (!bill || !person) return refusal('BILL_NOT_FOUND', 'no bill has this number')
  if (bill.status === 'void') return refusal('BILL_VOID', 'the hospital withdrew the bill')
  if (isPaid(bill)) {
    const { paymentNo } = bill
    return refusal('BILL_ALREADY_PAID', 'the bill is paid', { paymentNo })
  }
  if (version !== bill.version) {
    const now = { version: bill.version, totalFen: bill.totalFen }
    return refusal('BILL_CHANGED', 'the bill is of another version', now)
  }
  const payer = insuranceToken === null ? { ...person, insurance: null } : person
  const { totalFen, pooledFen, accountFen, selfFen } = coverageOf(his.registry, payer, bill.items)
  return done({ totalFen, pooledFen, accountFen, otherFen: 0, selfPayFen: selfFen })
}

export function getPayment(
  his: His,
  { paymentNo, billNo }: { paymentNo: string; billNo: string },
): Answer {
  const receipt = receiptOfPayment(his.store, paymentNo, billNo)
  if (receipt) {
    const isRefunded = findBill(his, billNo)?.status === 'refunded'
    const { receiptNo } = receipt
    return done({ status: isRefunded ? 'refunded' : 'written_back', receiptNo })
  }
  const key = writeBackKey({ paymentNo, billNo })
  const isVoided = hasAnswer(his.store, 'bills.voidWriteBack', key)
  return done({ status: isVoided ? 'voided' : 'absent', receiptNo: null })
}

type ListReports = { patientNo: string; from: string; to: string }

/** Those ordered from the first day to the last. */
export function listReports(his: His, { patientNo, from, to }: ListReports): Answer {
  if (!isBusinessDate(from) || !isBusinessDate(to)) {
    return refusal('INVALID_REQUEST', 'from and to are days of the calendar')
  }
  return told(answerReports(his, { patientNo }), ({ reports }: { reports: Report[] }) => ({
    reports: reports
      .filter(({ orderedAt }) => from <= orderedAt.slice(0, 10) && orderedAt.slice(0, 10) <= to)
      .slice(0, MOST_REPORTS)
      .map(headOf),
  }))
}

const MOST_REPORTS = 500

export function getReport(his: His, { reportNo }: { reportNo: string }): Answer {
  const patientNo = patientOfReport(his, reportNo)
  const report = patientNo === null ? null : findReport(his, { reportNo, patientNo })
  if (report?.status !== 'ready') {
    return refusal('REPORT_NOT_FOUND', 'no report of this number is ready')
  }
  return done({
    head: headOf(report),
    patientNo: report.patientNo,
    findings: report.values.map((value) => ({
      code: value.code,
      name: value.name,
      value: value.value,
      unit: value.unit,
      reference: value.reference,
      flag: FLAGS[value.flag],
    })),
    conclusion: [report.findings, report.conclusion].filter(Boolean).join('\n'),
    reportedBy: report.kind === 'laboratory' ? '检验科' : '医学影像科',
  })
}

const FLAGS = { H: 'high', L: 'low', N: 'normal', POSITIVE: 'abnormal' } as const

const headOf = (report: Report) => ({
  reportNo: report.reportNo,
  kind: report.kind === 'laboratory' ? 'laboratory' : 'imaging',
  name: report.name,
  visitNo: report.visitNo,
  orderedAt: report.orderedAt,
  status: report.status === 'ready' ? 'ready' : 'in_progress',
  readyAt: report.status === 'ready' ? toShanghaiIso(new Date(report.readyAt)) : null,
})
