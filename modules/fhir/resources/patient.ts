import type { HospitalId } from '../../../kernel/id.ts'
import type { MaskedFacts } from '../../person-index/index.ts'
import { maskedValue, patientReference, SYSTEMS } from '../elements.ts'
import { written } from '../search/dates.ts'
import { date, type Parameter, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** A person as the reader may see them, and as whom they are read now. */
export type PatientSource = {
  hospitalId: HospitalId
  person: Omit<MaskedFacts, 'birthDate'> & { birthDate: string | null }
  /** The number the hospital has for the person; null where it has none, and for readers who are not told. */
  patientNo: string | null
  currentPersonId: string
}

export const toPatient = ({ hospitalId, person, patientNo, currentPersonId }: PatientSource) => {
  const isReplaced = currentPersonId !== person.personId
  // Who registers nobody is told the year alone: '1984-**-**' is '1984'.
  const birthDate = person.birthDate?.split('-*')[0]
  const identifier = identifiersOf(hospitalId, person, patientNo)
  return {
    resourceType: 'Patient' as const,
    id: person.personId,
    ...(identifier.length === 0 ? {} : { identifier }),
    active: !isReplaced,
    name: [{ use: 'usual', text: person.name }],
    ...(person.phone === null
      ? {}
      : { telecom: [{ system: 'phone', _value: maskedValue(person.phone) }] }),
    gender: person.gender,
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(person.address === null ? {} : { address: [{ use: 'home', text: person.address }] }),
    ...(isReplaced
      ? { link: [{ other: patientReference(currentPersonId), type: 'replaced-by' }] }
      : {}),
  }
}

function identifiersOf(
  hospitalId: HospitalId,
  { idNumber, idKind }: Pick<PatientSource['person'], 'idNumber' | 'idKind'>,
  patientNo: string | null,
) {
  return [
    ...(idNumber === null
      ? []
      : [{ use: 'official', system: SYSTEMS.medium(idKind), _value: maskedValue(idNumber) }]),
    ...(patientNo === null
      ? []
      : [{ use: 'usual', system: SYSTEMS.ofHospital(hospitalId, 'patient-no'), value: patientNo }]),
  ]
}

type Patient = ReturnType<typeof toPatient>

const parameters: Parameter<Patient>[] = [
  {
    name: 'identifier',
    type: 'token',
    documentation:
      'A card, code or number: urn:yiqiao:medium:<kind>|<value>. In the body of POST _search alone',
    values: null,
    isSecret: true,
    isNeeded: true,
  },
  token('gender', 'male, female, unknown', (patient) => [patient.gender]),
  date('birthdate', 'Of readers who are told the year alone, the year', (patient) =>
    written(patient.birthDate),
  ),
  token('active', 'false of a record that is read as another', (patient) => [patient.active]),
]

export const patientType: FhirType<PatientSource, Patient> = {
  type: 'Patient',
  documentation:
    'A person of the region, masked by who asks. Looked for by a card or code; by name and birth date with $match',
  toResource: toPatient,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    person: {
      personId: '0190b3a0-0000-7000-8000-000000000001' as MaskedFacts['personId'],
      name: '*晓峰',
      idNumber: '1****************X',
      idKind: 'id_card',
      birthDate: '1984-**-**',
      gender: 'male',
      phone: '139******78',
      address: '海岳市和平区***',
      standing: 'identified',
    },
    patientNo: 'P000123',
    currentPersonId: '0190b3a0-0000-7000-8000-000000000001',
  },
}
