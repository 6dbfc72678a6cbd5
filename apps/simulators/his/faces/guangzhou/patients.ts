import type { His } from '../../context.ts'
import { createPatient, findPatient, type PatientView } from '../../patients.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { answerReports, contentOf, type Report } from '../../reports.ts'
import { day, idCardNo, oneOf, optional, phoneNo, text, wallClock } from '../fields.ts'
import { service, type Service, translated } from '../service.ts'

/** One of the two has to be there. */
export const PATIENT_FIELDS = {
  userIdType: optional(oneOf('01')),
  userIdCard: optional(idCardNo),
  medicalCard: optional(text(30)),
}

/** Who somebody is, and what was found. */
export const patientServices: Record<string, Service> = {
  medicalCardQuery: service({
    shape: { hospitalId: text(20), userName: optional(text(50)), ...PATIENT_FIELDS },
    operation: 'patients.resolve',
    key: patientKey,
    run(his, asked) {
      const patient = patientBy(his, asked)
      if (!patient || (asked.userName !== null && asked.userName !== patient.name)) return NOBODY
      return done(cardOf(patient))
    },
  }),
  confirmUser: service({
    shape: {
      hospitalId: text(20),
      userIdType: oneOf('01'),
      userIdCard: idCardNo,
      userName: text(50),
      userMobile: phoneNo,
      userGender: optional(oneOf('1', '2')),
      userBirthday: optional(day),
    },
    operation: 'patients.create',
    key: patientKey,
    run(his, { userIdCard, userName, userMobile }) {
      const wasHere = findPatient(his, { idCardNo: userIdCard }) !== null
      const wish = { name: userName, idCardNo: userIdCard, phone: userMobile }
      return translated(createPatient(his, wish), ({ patient }: { patient: PatientView }) => ({
        userFlag: wasHere ? '0' : '1',
        ...cardOf(patient),
      }))
    },
  }),
  getMedicalResults: service({
    shape: {
      hospitalId: text(20),
      ...PATIENT_FIELDS,
      resultType: optional(oneOf('1', '2')),
      resultId: optional(text(60)),
    },
    operation: 'reports.list',
    key: patientKey,
    run(his, asked) {
      const patient = patientBy(his, asked)
      if (!patient) return NOBODY
      const wanted = asked.resultType && KINDS[asked.resultType]
      return translated(answerReports(his, patient), ({ reports }: { reports: Report[] }) => ({
        resultInfo: reports
          .filter(({ kind }) => !wanted || kind === wanted)
          .filter(({ reportNo }) => asked.resultId === null || reportNo === asked.resultId)
          .map(resultOf),
      }))
    },
  }),
}

type Named = { userIdCard?: string | null; medicalCard?: string | null }

export const patientBy = (his: His, { userIdCard, medicalCard }: Named): PatientView | null =>
  findPatient(his, {
    ...(userIdCard && { idCardNo: userIdCard }),
    ...(medicalCard && { cardNo: medicalCard }),
  })

export const NOBODY: Answer = refusal('PATIENT_NOT_FOUND', 'no patient has this number')

export function patientKey(named: Named, his: His): string {
  return patientBy(his, named)?.patientNo ?? 'unknown'
}

const KINDS = { '1': 'laboratory', '2': 'examination' } as const

const cardOf = (patient: PatientView) => ({
  patientId: patient.patientNo,
  medicalCard: patient.cardNo,
  cardType: '1',
  userName: patient.name,
  userGender: patient.gender === 'male' ? '1' : '2',
  userBirthday: patient.birthDate,
  userMobile: patient.phone,
})

function resultOf(report: Report) {
  const content = contentOf(report)
  return {
    resultId: report.reportNo,
    resultType: report.kind === 'laboratory' ? '1' : '2',
    resultName: report.name,
    resultStatus: report.status === 'ready' ? '1' : '0',
    applyTime: wallClock(report.orderedAt),
    resultTime: report.status === 'ready' ? wallClock(report.readyAt) : null,
    deptName: report.department.name,
    resultSee: content.findings || null,
    resultConclusion: content.conclusion || null,
    resultItem: content.values.map((value) => ({
      itemCode: value.code,
      itemName: value.name,
      itemValue: value.value,
      itemUnit: value.unit,
      itemRange: value.reference,
      itemFlag: ITEM_FLAGS[value.flag],
    })),
  }
}

const ITEM_FLAGS = { H: '↑', L: '↓', N: '', POSITIVE: '阳性' } as const
