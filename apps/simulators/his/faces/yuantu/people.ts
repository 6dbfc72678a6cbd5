import type { His } from '../../context.ts'
import { createPatient, findPatient, type PatientView } from '../../patients.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { answerReports, contentOf, type Report, type ReportContent } from '../../reports.ts'
import { day, idCardNo, oneOf, optional, phoneNo, text, wallClock } from '../fields.ts'
import { service, type Service, translated } from '../service.ts'

/** Who somebody is, and what was found. */
export const peopleServices: Record<string, Service> = {
  'query.patient.info': service({
    shape: { cardType: oneOf('1', '2'), cardNo: text(30), patientName: optional(text(50)) },
    operation: 'patients.resolve',
    key: (asked, his) => byCard(his, asked)?.patientNo ?? 'unknown',
    run(his, asked) {
      const patient = byCard(his, asked)
      if (!patient || (asked.patientName !== null && asked.patientName !== patient.name)) {
        return refusal('PATIENT_NOT_FOUND', 'no patient has this card')
      }
      return done([patientView(patient)])
    },
  }),
  'set.patient.info': service({
    shape: {
      name: text(50),
      idNo: idCardNo,
      phone: phoneNo,
      sex: optional(oneOf('1', '2')),
      birthday: optional(day),
      address: optional(text(200)),
    },
    operation: 'patients.create',
    key: ({ idNo }, his) => findPatient(his, { idCardNo: idNo })?.patientNo ?? 'unknown',
    run: (his, { name, idNo, phone }) =>
      translated(
        createPatient(his, { name, idCardNo: idNo, phone }),
        ({ patient }: { patient: PatientView }) => patientView(patient),
      ),
  }),
  'query.lis.report': service({
    shape: { patientId: text(30), startDate: optional(day), endDate: optional(day) },
    operation: 'reports.list',
    key: ({ patientId }) => patientId,
    run: (his, asked) =>
      reportsOf(his, asked, 'laboratory', (report) => ({
        reportId: report.reportNo,
        reportName: report.name,
        reportStatus: report.status === 'ready' ? '1' : '0',
        applyTime: wallClock(report.orderedAt),
        reportTime: report.status === 'ready' ? wallClock(report.readyAt) : null,
        deptName: report.department.name,
        resultItem: report.values.map((value) => ({
          itemCode: value.code,
          itemName: value.name,
          itemValue: value.value,
          itemUnits: value.unit,
          itemRefer: value.reference,
          itemMark: value.flag === 'POSITIVE' ? 'P' : value.flag,
        })),
      })),
  }),
  'query.pacs.check.result': service({
    shape: { patientId: text(30), startDate: optional(day), endDate: optional(day) },
    operation: 'reports.list',
    key: ({ patientId }) => patientId,
    run: (his, asked) =>
      reportsOf(his, asked, 'examination', (report) => ({
        checkId: report.reportNo,
        checkName: report.name,
        checkStatus: report.status === 'ready' ? '1' : '0',
        applyTime: wallClock(report.orderedAt),
        reportTime: report.status === 'ready' ? wallClock(report.readyAt) : null,
        deptName: report.department.name,
        checkDesc: report.findings || null,
        diagnosisDesc: report.conclusion || null,
      })),
  }),
}

type Asked = { patientId: string; startDate: string | null; endDate: string | null }

/** Those ordered from the first day to the last. */
function reportsOf(
  his: His,
  { patientId, startDate, endDate }: Asked,
  kind: Report['kind'],
  view: (report: ReportContent) => object,
): Answer {
  const answer = answerReports(his, { patientNo: patientId })
  return translated(answer, ({ reports }: { reports: Report[] }) =>
    reports
      .filter((report) => report.kind === kind)
      .filter(({ orderedAt }) => (startDate ?? '') <= orderedAt.slice(0, 10))
      .filter(({ orderedAt }) => endDate === null || orderedAt.slice(0, 10) <= endDate)
      .map((report) => view(contentOf(report))),
  )
}

const byCard = (his: His, { cardType, cardNo }: { cardType: '1' | '2'; cardNo: string }) =>
  findPatient(his, cardType === '1' ? { idCardNo: cardNo } : { cardNo })

const patientView = (patient: PatientView) => ({
  patientId: patient.patientNo,
  cardNo: patient.cardNo,
  name: patient.name,
  sex: patient.gender === 'male' ? '1' : '2',
  birthday: patient.birthDate,
  idNo: patient.idCardNo,
  phone: patient.phone,
  accBalance: 0,
})
