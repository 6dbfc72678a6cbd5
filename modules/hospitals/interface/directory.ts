import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import type { HisDepartment } from './data.ts'
import { agreeUnique, amountFen, form, instant, number, text, toInstant } from './reading.ts'

// Whether it is there, and who works in it.

export const HeartbeatAnswer = Type.Object({ at: instant })

const Doctor = Type.Object({
  code: number(30),
  name: text(100),
  title: text(100),
  registrationFeeFen: amountFen,
})

export const DepartmentsAnswer = Type.Object({
  departments: Type.Array(
    Type.Object({
      code: number(30),
      name: text(100),
      /** 诊疗科目 code: what the department is, in the words of the state. Empty where the hospital has none. */
      subjectCode: text(30),
      location: text(200),
      doctors: Type.Array(Doctor, { maxItems: 2_000 }),
    }),
    { maxItems: 2_000 },
  ),
})

export const readHeartbeat = form(HeartbeatAnswer)(({ at }) => ({ at: toInstant(at) }))

export const readDepartments = form(DepartmentsAnswer)(({ departments }): HisDepartment[] => {
  agreeUnique(
    departments.map((d) => d.code),
    'a department',
  )
  return departments.map(({ code, name, subjectCode, location, doctors }) => {
    agreeUnique(
      doctors.map((d) => d.code),
      `a doctor of department ${code}`,
    )
    return { code, name, subjectCode, location, doctors: doctors.map(toDoctor) }
  })
})

const toDoctor = ({ code, name, title, registrationFeeFen }: Type.Static<typeof Doctor>) => ({
  code,
  name,
  title,
  registrationFeeFen: fen(registrationFeeFen),
})
