import { addDays, type BusinessDate, instantAt } from '../../../../../kernel/time.ts'
import type { His } from '../../context.ts'
import { dayBook, type DayLine } from '../../day-book.ts'
import { createPatient, findPatient, type PatientView } from '../../patients.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { answerReport, answerReports, type Report, type ReportContent } from '../../reports.ts'
import {
  idCardNo,
  midnight,
  oneOf,
  optional,
  phoneNo,
  text,
  wallClock,
  wholeNumber,
  yuan,
} from '../fields.ts'
import { service, type Service, translated } from '../service.ts'

/** /Client/ICommon: whether the hospital is there, and what its day was. */
export const commonServices: Record<string, Service> = {
  signOrsignUp: service({
    shape: { signType: oneOf('1', '2') },
    operation: 'heartbeat',
    key: (_, { registry }) => String(registry.hospital.id),
    run: ({ clock }, { signType }) => done({ signType, serverTime: wallClock(clock.now()) }),
  }),
  queryTradeList: service({
    shape: { tradeDate: midnight, pageNo: wholeNumber(10_000) },
    operation: 'reconciliation.dayList',
    key: ({ tradeDate }) => tradeDate,
    run: pageOfDay,
  }),
}

/** /Client/HisUser: who somebody is, and what was found. */
export const userServices: Record<string, Service> = {
  queryPatientInfoByIdNO: service({
    shape: { idNo: idCardNo, name: optional(text(50)) },
    operation: 'patients.resolve',
    key: ({ idNo }, his) => findPatient(his, { idCardNo: idNo })?.patientNo ?? 'unknown',
    run(his, { idNo, name }) {
      const patient = findPatient(his, { idCardNo: idNo })
      if (!patient || (name !== null && name !== patient.name)) {
        return refusal('PATIENT_NOT_FOUND', '没有这个患者')
      }
      return done(patientView(patient))
    },
  }),
  doCreatCardInfo: service({
    shape: {
      name: text(50),
      idNo: idCardNo,
      phone: phoneNo,
      sex: optional(oneOf('男', '女')),
      birthday: optional(midnight),
    },
    operation: 'patients.create',
    key: ({ idNo }, his) => findPatient(his, { idCardNo: idNo })?.patientNo ?? 'unknown',
    run: (his, { name, idNo, phone }) =>
      translated(
        createPatient(his, { name, idCardNo: idNo, phone }),
        ({ patient }: { patient: PatientView }) => patientView(patient),
      ),
  }),
  queryExaminationRecordList: service({
    shape: { patientId: text(30) },
    operation: 'reports.list',
    key: ({ patientId }) => patientId,
    run: (his, { patientId }) =>
      translated(
        answerReports(his, { patientNo: patientId }),
        ({ reports }: { reports: Report[] }) => ({ recordList: reports.map(recordView) }),
      ),
  }),
  queryExaminationRecordStatus: service({
    shape: { patientId: text(30), recordId: text(60) },
    operation: 'reports.get',
    key: ({ patientId }) => patientId,
    run: (his, { patientId, recordId }) =>
      translated(
        answerReport(his, { reportNo: recordId, patientNo: patientId }),
        ({ report }: { report: ReportContent }) => ({
          ...recordView(report),
          examSee: report.findings,
          examResult: report.conclusion,
          itemList: report.values.map((value) => ({
            itemName: value.name,
            result: value.value,
            unit: value.unit,
            range: value.reference,
            state: STATES[value.flag],
          })),
        }),
      ),
  }),
}

const STATES = { H: '偏高', L: '偏低', N: '正常', POSITIVE: '阳性' } as const

const patientView = (patient: PatientView) => ({
  patientId: patient.patientNo,
  cardNo: patient.cardNo,
  name: patient.name,
  sex: patient.gender === 'male' ? '男' : '女',
  birthday: `${patient.birthDate} 00:00:00`,
  idNo: patient.idCardNo,
  phone: patient.phone,
})

const recordView = (report: Report) => ({
  recordId: report.reportNo,
  recordName: report.name,
  recordType: report.kind === 'laboratory' ? '检验' : '检查',
  recordStatus: report.status === 'ready' ? '1' : '0',
  applyTime: wallClock(report.orderedAt),
  reportTime: report.status === 'ready' ? wallClock(report.readyAt) : '',
  deptName: report.department.name,
})

const PAGE_ROWS = 100

function pageOfDay(
  his: His,
  { tradeDate, pageNo }: { tradeDate: BusinessDate; pageNo: number },
  lie: boolean,
): Answer {
  if (his.clock.now() < instantAt(addDays(tradeDate, 1), '00:05:00')) {
    return refusal('SYSTEM_BUSY', '当日账目尚未生成')
  }
  const all = dayBook(his, tradeDate)
  const lines = lie ? all.slice(1) : all
  const pages = Math.max(1, Math.ceil(lines.length / PAGE_ROWS))
  if (pageNo < 1 || pageNo > pages) return refusal('INVALID_REQUEST', `pageNo is 1 to ${pages}`)
  return done({
    pageCount: String(pages),
    totalCount: String(lines.length),
    tradeList: lines.slice((pageNo - 1) * PAGE_ROWS, pageNo * PAGE_ROWS).map(rowOf),
  })
}

const POTYPES = { registration: '3', outpatient: '5', deposit: '6', discharge: '6' } as const

/** Money that went back stands below zero. */
const rowOf = (line: DayLine) => ({
  potype: POTYPES[line.scene],
  payNo: line.paymentNo,
  refundNo: line.refundNo ?? '',
  businessNo: line.subjectNo,
  receiptNo: line.receiptNo,
  money: `${line.kind === 'refund' ? '-' : ''}${yuan(line.amountFen)}`,
  medicareMoney: yuan(line.accountFen),
  overMoney: yuan(line.pooledFen),
  tradeTime: wallClock(line.at),
})
