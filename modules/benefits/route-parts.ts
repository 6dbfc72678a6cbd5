import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Identity } from '../identity/index.ts'
import type { Benefits } from './benefits.ts'
import type { PersonId } from './programme.ts'

/** What the routes of benefits share. */
export type BenefitRouteContext = {
  benefits: Benefits
  platform: { db: Db; clock: Clock; newId: NewId }
  /** Who people are; without it nobody is found by a card, and lists show numbers in place of names. */
  people?: PeopleDirectory
}

/** What the hub knows of people, for a hospital's staff: found by a whole number, shown masked. */
export type PeopleDirectory = {
  findPersonByMedium: (
    kind: 'id_card' | 'hospital_card',
    value: string,
    hospitalId: HospitalId | null,
  ) => Promise<PersonId | null>
  personView: (
    personId: PersonId,
    viewer: 'others',
  ) => Promise<Pick<Awaited<ReturnType<Identity['personView']>>, 'name' | 'idCardNo'>>
}
