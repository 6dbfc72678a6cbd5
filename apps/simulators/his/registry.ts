import { assert } from '../../../kernel/assert.ts'
import type { CatalogueItem, WorldDepartment, WorldHospital, WorldPerson } from '../world/index.ts'
import { hisErrors } from './errors.ts'

/** What the hospital knows before any visit: its departments, its price list and the people. */
export type Registry = {
  hospital: WorldHospital
  catalogue: CatalogueItem[]
  personByNo: Map<number, WorldPerson>
  personByIdCardNo: Map<string, WorldPerson>
  itemByCode: ReadonlyMap<string, CatalogueItem>
  itemByName: ReadonlyMap<string, CatalogueItem>
}

export type Doctor = WorldDepartment['doctors'][number]

export const createRegistry = (
  hospital: WorldHospital,
  people: WorldPerson[],
  catalogue: CatalogueItem[],
): Registry => ({
  hospital,
  catalogue,
  personByNo: new Map(people.map((p) => [p.no, p])),
  personByIdCardNo: new Map(people.map((p) => [p.idCardNo, p])),
  itemByCode: new Map(catalogue.map((i) => [i.code, i])),
  itemByName: new Map(catalogue.map((i) => [i.name, i])),
})

export function getPerson({ personByNo }: Registry, personNo: number): WorldPerson {
  const person = personByNo.get(personNo)
  if (!person) throw hisErrors.person_unknown({ personNo })
  return person
}

export const patientNoOf = ({ hospital }: Registry, { no }: WorldPerson): string =>
  `P${hospitalDigits(hospital)}${personDigits(no)}`

/** The person behind a patient number; null for a number that is not one of this hospital's. */
export function personOf(registry: Registry, patientNo: string): WorldPerson | null {
  const person = registry.personByNo.get(Number(patientNo.slice(-PERSON_DIGITS)))
  return person && patientNoOf(registry, person) === patientNo ? person : null
}

/** The card the world gave them; null for who has none here. */
export const cardNoOf = ({ hospital }: Registry, { media }: WorldPerson): string | null =>
  media.hospitalCards.find((card) => card.hospitalId === hospital.id)?.cardNo ?? null

/** The card who comes for the first time is given at the desk. */
export const deskCardNoOf = ({ hospital }: Registry, { no }: WorldPerson): string =>
  `N${hospitalDigits(hospital)}${personDigits(no)}`

export function getDepartment({ hospital }: Registry, code: string): WorldDepartment {
  const department = hospital.departments.find((d) => d.code === code)
  if (!department) throw hisErrors.department_unknown({ departmentCode: code })
  return department
}

/** The department's first doctor where none is named. */
export function getDoctor(department: WorldDepartment, doctorCode: string | undefined): Doctor {
  const { code, doctors } = department
  const doctor = doctorCode === undefined ? doctors[0] : doctors.find((d) => d.code === doctorCode)
  if (doctor) return doctor
  throw hisErrors.doctor_unknown({ departmentCode: code, doctorCode: doctorCode ?? '' })
}

export function getItem({ itemByCode }: Registry, code: string): CatalogueItem {
  const item = itemByCode.get(code)
  if (!item) throw hisErrors.item_unknown({ code })
  return item
}

/** The consultation of the price list that costs what the doctor takes. */
export function consultationOf(registry: Registry, { registrationFeeFen }: Doctor): CatalogueItem {
  const item = registry.catalogue.find(
    (i) => i.chargeCategory === CONSULTATION && i.priceFen === registrationFeeFen,
  )
  assert(item, `a consultation costs ${registrationFeeFen} fen`)
  return item
}

/** '01': the hospital in every number it gives. */
export const hospitalDigits = ({ id }: WorldHospital): string => String(id).padStart(2, '0')

const personDigits = (no: number) => String(no).padStart(PERSON_DIGITS, '0')

const PERSON_DIGITS = 8
const CONSULTATION = '02'
