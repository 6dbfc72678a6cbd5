import { assert } from '../../../kernel/assert.ts'
import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import type { Gender, IdKind } from '../../identity/index.ts'
import { viewOfMatch } from '../../person-index/index.ts'
import type { Viewer } from '../access.ts'
import type { FhirDependencies } from '../dependencies.ts'
import { OWN } from '../elements.ts'
import { fhirErrors } from '../errors.ts'
import { toPatient } from '../resources/patient.ts'
import type { Found } from '../search/bundle.ts'
import { type Fields, fieldsIn, type Given, isFields, textIn, wrong } from './parameters.ts'

const USUAL_COUNT = 10
const MOST_COUNT = 50
const ID_KINDS: readonly IdKind[] = [
  'id_card',
  'passport',
  'hk_macao_permit',
  'taiwan_permit',
  'foreign_residence',
]

/**
 * Patient/$match (IHE ITI-119): who of the region somebody might be, the surest first, each with a score between 0 and
 * 1 and its grade. Errors: throws fhir.parameter_missing, body_wrong, parameter_wrong.
 */
export async function matchPatients(
  { personIndex, identity }: FhirDependencies,
  viewer: Viewer,
  given: Given,
): Promise<Found[]> {
  assert(viewer.kind === 'staff', 'the route is for who registers people')
  const { hospitalId, roles, actor } = viewer
  const patient = given.resources.get('resource')
  if (!patient) throw fhirErrors.parameter_missing({ parameter: 'resource' })
  const { onlyCertain, count } = optionsIn(given)
  const found = await personIndex.matchForStaff(hospitalId, factsIn(patient), actor)
  const wanted = found.filter(({ grade }) => !onlyCertain || grade === 'certain').slice(0, count)
  return Promise.all(
    wanted.map(async (one) => {
      const { person, grade, score } = viewOfMatch(one, roles)
      const currentPersonId = await identity.currentPersonOf(person.personId)
      return {
        resource: toPatient({ hospitalId, person, patientNo: null, currentPersonId }),
        search: {
          score,
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/match-grade',
              valueCode: grade,
            },
          ],
        },
      }
    }),
  )
}

function optionsIn({ pairs }: Given): { onlyCertain: boolean; count: number } {
  const options = new Map(pairs)
  const [onlyCertain, count] = [options.get('onlyCertainMatches'), options.get('count')]
  if (onlyCertain !== undefined && !/^(true|false)$/.test(onlyCertain)) {
    throw fhirErrors.parameter_wrong({ parameter: 'onlyCertainMatches', rule: 'boolean' })
  }
  if (count !== undefined && !/^[1-9]\d{0,5}$/.test(count)) {
    throw fhirErrors.parameter_wrong({ parameter: 'count', rule: 'count' })
  }
  return {
    onlyCertain: onlyCertain === 'true',
    count: Math.min(Number(count ?? USUAL_COUNT), MOST_COUNT),
  }
}

/** What tells people apart, out of a Patient. A name and a birth date are needed. */
function factsIn(patient: Fields) {
  if (patient['resourceType'] !== 'Patient') throw wrong('resource')
  const name = nameIn(patient)
  const birthDate = textIn(patient, 'birthDate') ?? ''
  if (!isBusinessDate(birthDate)) throw wrong('Patient.birthDate')
  const { idNumber, idKind } = idNumberIn(patient)
  return {
    name,
    idNumber,
    idKind,
    birthDate: birthDate as BusinessDate,
    gender: genderOf(textIn(patient, 'gender')),
    phone: phoneIn(patient),
    address: textOf(fieldsIn(patient['address'])[0]?.['text'], 'Patient.address', MOST_ADDRESS),
    standing: 'identified' as const,
  }
}

const MOST_NAME = 50
const MOST_ADDRESS = 200
const MOST_NUMBER = 30

function nameIn(patient: Fields): string {
  const [name] = fieldsIn(patient['name'])
  const given = Array.isArray(name?.['given']) ? name['given'].join('') : ''
  const text = name?.['text'] ?? `${name ? (textIn(name, 'family') ?? '') : ''}${given}`
  const known = textOf(text, 'Patient.name', MOST_NAME)
  if (known === null || known === '') throw wrong('Patient.name')
  return known
}

function idNumberIn(patient: Fields): { idNumber: string | null; idKind: IdKind } {
  for (const identifier of fieldsIn(patient['identifier'])) {
    const kind = ID_KINDS.find((one) => identifier['system'] === `${OWN}:medium:${one}`)
    if (!kind) continue
    return {
      idNumber: textOf(identifier['value'], 'Patient.identifier', MOST_NUMBER),
      idKind: kind,
    }
  }
  return { idNumber: null, idKind: 'id_card' }
}

function phoneIn(patient: Fields): string | null {
  const phone = fieldsIn(patient['telecom']).find((one) => one['system'] === 'phone')
  return phone && isFields(phone) ? textOf(phone['value'], 'Patient.telecom', MOST_NUMBER) : null
}

function textOf(value: unknown, field: string, most: number): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string' || value.length > most) throw wrong(field)
  return value.trim()
}

function genderOf(text: string | undefined): Gender {
  if (text === 'male' || text === 'female') return text
  if (text === undefined || text === 'unknown' || text === 'other') return 'unknown'
  throw wrong('Patient.gender')
}
