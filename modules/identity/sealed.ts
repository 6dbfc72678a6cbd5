import type { HospitalId } from '../../kernel/id.ts'
import type { SealedColumn } from '../../platform/reseal.ts'
import type { SealPlace } from '../../platform/seal.ts'
import { mediumPurpose } from './medium.ts'
import type { MediumKind, PersonId } from './person.ts'
import type { StaffId } from './tables.ts'

// Where sealed texts of this module stand. People are the region's, and no hospital's; what a hospital calls them is its own.

type PersonField = 'name' | 'id_card' | 'phone' | 'gender' | 'birth_date' | 'address'

export const ofPerson = (field: PersonField, personId: PersonId): SealPlace => ({
  purpose: `identity.${field}`,
  owner: 'region',
  row: personId,
})

export const ofMedium = (kind: MediumKind, personId: PersonId, id: string): SealPlace => ({
  purpose: mediumPurpose(kind),
  owner: 'region',
  row: `${personId}/${id}`,
})

/** The card of a person at one hospital. */
export const ofCard = (personId: PersonId, hospitalId: HospitalId): SealPlace => ({
  purpose: 'identity.card_no',
  owner: hospitalId,
  row: `${personId}/${hospitalId}`,
})

export const ofStaff = (staffId: StaffId, hospitalId: HospitalId): SealPlace => ({
  purpose: 'identity.staff_name',
  owner: hospitalId,
  row: staffId,
})

const personColumn = (field: PersonField): SealedColumn => ({
  table: 'identity.person',
  column: `${field}_sealed`,
  key: ['person_id'],
  rowsOf: 'region',
  place: ({ person_id }) => ofPerson(field, person_id as PersonId),
})

/** All of the module, to be put under another key. */
export const sealedIdentity: readonly SealedColumn[] = [
  ...(['name', 'id_card', 'phone', 'gender', 'birth_date', 'address'] as const).map(personColumn),
  {
    table: 'identity.medium',
    column: 'value_sealed',
    key: ['person_id', 'id'],
    also: ['kind'],
    rowsOf: 'region',
    place: ({ kind, person_id, id = '' }) =>
      ofMedium(kind as MediumKind, person_id as PersonId, id),
  },
  {
    table: 'identity.person_hospital',
    column: 'card_no_sealed',
    key: ['person_id', 'hospital_id'],
    rowsOf: 'region',
    place: ({ person_id, hospital_id }) =>
      ofCard(person_id as PersonId, Number(hospital_id) as HospitalId),
  },
  {
    table: 'identity.staff',
    column: 'name_sealed',
    key: ['staff_id'],
    also: ['hospital_id'],
    rowsOf: 'region',
    place: ({ staff_id, hospital_id }) =>
      ofStaff(staff_id as StaffId, Number(hospital_id) as HospitalId),
  },
]
