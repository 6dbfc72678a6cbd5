import Type from 'typebox'

import { agree, form, number, type Reader, text } from './reading.ts'

// Whom the hospital knows by which number.

export const ResolvePatient = Type.Object({ idCardNo: number(18), name: number(50) })

export const CreatePatient = Type.Object({
  requestNo: number(32),
  name: number(50),
  idType: Type.Enum(['id_card', 'passport', 'permit', 'residence', 'none']),
  idNo: Type.Union([number(40), Type.Null()]),
  gender: Type.Enum(['male', 'female', 'unknown']),
  birthDate: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  phone: Type.Union([number(20), Type.Null()]),
  /** Of a child, who has no number of its own yet. */
  guardianPatientNo: Type.Union([number(30), Type.Null()]),
})

export type HisNewPatient = Type.Static<typeof CreatePatient>

export const PatientAnswer = Type.Object({
  patientNo: number(30),
  name: text(100),
  cardNo: text(64),
})

/** Somebody else's number would show their bills, so the name that comes back must be the one asked for. */
export const patientNamed = (asked: string): Reader<{ patientNo: string; cardNo: string }> =>
  readPatient(({ patientNo, name, cardNo }) => {
    agree(plain(name) === plain(asked), 'the patient that came back has another name')
    return { patientNo, cardNo }
  })

const readPatient = form(PatientAnswer)

const plain = (name: string) => name.normalize('NFKC').replaceAll(/\s/g, '')
