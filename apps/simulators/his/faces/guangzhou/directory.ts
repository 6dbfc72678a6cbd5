import { addDays, type BusinessDate } from '../../../../../kernel/time.ts'
import { type Clinic, listClinics, type Slot, slotsOf, viewClinic } from '../../clinics.ts'
import type { His } from '../../context.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { departmentQueue } from '../../queue.ts'
import { clockTime, day, oneOf, optional, text } from '../fields.ts'
import { service, type Service } from '../service.ts'
import { halfDayOf, regStatusOf, TIME_FLAGS } from './codes.ts'

/** How the product names a clinic: it has no number for one. */
export const CLINIC_FIELDS = {
  deptId: text(20),
  doctorId: text(20),
  regDate: day,
  timeFlag: oneOf('1', '2', '3', '4'),
}

/** Departments, doctors and when they sit. The hospital's number has been looked at before. */
export const directoryServices: Record<string, Service> = {
  getDeptInfo: service({
    shape: { hospitalId: text(20) },
    operation: 'departments.list',
    key: hospitalKey,
    run: ({ registry }) =>
      done({
        deptInfo: registry.hospital.departments.map((department) => ({
          deptId: department.code,
          deptName: department.name,
          parentDeptId: null,
          deptSubject: department.subjectCode,
          deptAddress: department.location,
        })),
      }),
  }),
  getDoctorInfo: service({
    shape: { hospitalId: text(20), deptId: optional(text(20)) },
    operation: 'departments.list',
    key: hospitalKey,
    run: ({ registry }, { deptId }) =>
      done({
        doctorInfo: registry.hospital.departments
          .filter(({ code }) => deptId === null || code === deptId)
          .flatMap(({ code, doctors }) =>
            doctors.map((doctor) => ({
              doctorId: doctor.code,
              doctorName: doctor.name,
              doctorTitle: doctor.title,
              deptId: code,
              regFee: 0,
              treatFee: doctor.registrationFeeFen,
            })),
          ),
      }),
  }),
  getRegInfo: service({
    shape: {
      hospitalId: text(20),
      deptId: text(20),
      doctorId: optional(text(20)),
      startDate: day,
      endDate: day,
    },
    operation: 'schedules.list',
    key: ({ deptId }) => deptId,
    run: (his, asked) => listRegInfo(his, asked),
  }),
  getTimeRegInfo: service({
    shape: { hospitalId: text(20), ...CLINIC_FIELDS },
    operation: 'slots.list',
    key: ({ doctorId, regDate }) => `${doctorId}/${regDate}`,
    run(his, asked) {
      const clinic = clinicBy(his, asked)
      if (!clinic) return refusal('CLINIC_NOT_FOUND', 'the doctor does not sit then')
      return done({
        timeRegInfo: rangesOf(slotsOf(his, clinic)).map((range) => ({
          startTime: range.startTime,
          endTime: range.endTime,
          regTotalCount: range.slots.length,
          regleaveCount: viewClinic(his, clinic).stopped ? 0 : freeOf(range.slots).length,
        })),
      })
    },
  }),
  getDaptQueueInfo: service({
    shape: { hospitalId: text(20), deptId: text(20) },
    operation: 'queue.department',
    key: ({ deptId }) => deptId,
    run: (his, { deptId }) =>
      done({
        queueInfo: departmentQueue(his, deptId).map(({ clinic, callingNo, waiting }) => ({
          queueId: clinic.clinicNo,
          queueName: `${clinic.department.name} ${clinic.doctor.name}`,
          doctorId: clinic.doctor.code,
          timeFlag: TIME_FLAGS[clinic.halfDay],
          callNum: callingNo,
          waitingNum: waiting,
        })),
      }),
  }),
}

export function clinicBy(
  his: His,
  { deptId, doctorId, regDate, timeFlag }: ClinicName,
): Clinic | undefined {
  const halfDay = halfDayOf(timeFlag)
  return listClinics(his, {
    departmentCode: deptId,
    doctorCode: doctorId,
    from: regDate,
    to: regDate,
  }).find((clinic) => clinic.halfDay === halfDay)
}

export type ClinicName = { deptId: string; doctorId: string; regDate: string; timeFlag: string }

/** Slots by the hour: the product offers ranges of time, and gives the number away itself. */
export function rangesOf(slots: readonly Slot[]): Range[] {
  const ranges: Range[] = []
  for (const slot of slots) {
    const last = ranges.at(-1)
    if (last && last.slots.length < SLOTS_A_RANGE) {
      last.slots.push(slot)
      last.endTime = clockTime(slot.endAt)
    } else {
      const [startTime, endTime] = [clockTime(slot.startAt), clockTime(slot.endAt)]
      ranges.push({ startTime, endTime, slots: [slot] })
    }
  }
  return ranges
}

export type Range = { startTime: string; endTime: string; slots: Slot[] }

export const freeOf = (slots: readonly Slot[]): Slot[] => slots.filter((s) => s.state === 'free')

const SLOTS_A_RANGE = 5

function listRegInfo(
  his: His,
  asked: {
    deptId: string
    doctorId: string | null
    startDate: BusinessDate
    endDate: BusinessDate
  },
): Answer {
  const { deptId, doctorId, startDate, endDate } = asked
  if (startDate > endDate || endDate > addDays(startDate, MOST_DAYS - 1)) {
    return refusal('INVALID_REQUEST', `startDate to endDate are at most ${MOST_DAYS} days`)
  }
  const clinics = listClinics(his, {
    departmentCode: deptId,
    ...(doctorId !== null && { doctorCode: doctorId }),
    from: startDate,
    to: endDate,
  })
  return done({
    regInfo: clinics.map((clinic) => {
      const { left, stopped } = viewClinic(his, clinic)
      return {
        deptId,
        doctorId: clinic.doctor.code,
        doctorName: clinic.doctor.name,
        doctorTitle: clinic.doctor.title,
        regDate: clinic.date,
        timeFlag: TIME_FLAGS[clinic.halfDay],
        regStatus: regStatusOf(stopped),
        regTotalCount: clinic.total,
        regleaveCount: left,
        regFee: 0,
        treatFee: clinic.feeFen,
        isTimeReg: 1,
      }
    }),
  })
}

const MOST_DAYS = 31

function hospitalKey(_: object, { registry }: His): string {
  return String(registry.hospital.id)
}
