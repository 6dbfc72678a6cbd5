import type { BusinessDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { type Seal, SealError } from '../../platform/seal.ts'
import type { Gender, IdKind, PersonId, Standing } from './person.ts'
import { ofPerson } from './sealed.ts'
import { listPeople, listPeopleAfter, type PersonRow, samplePeople } from './store-people.ts'

/** What tells people apart, in full: for the index of persons, which gives none of it out unmasked, and for no route. */
export function createFacts({ db, seal }: { db: Db; seal: Seal }) {
  return { factsOf, factsAfter, someNames }

  /** In the order of their ids; those that are not there are left out. At most a thousand are asked for. */
  async function factsOf(personIds: readonly PersonId[]): Promise<PersonFacts[]> {
    return (await listPeople(db, personIds)).map((row) => openFacts(seal, row))
  }

  /** The people after one, in the order of their ids. */
  async function factsAfter(after: PersonId | null, limit: number): Promise<PersonFacts[]> {
    return (await listPeopleAfter(db, after, limit)).map((row) => openFacts(seal, row))
  }

  /** Names of about so many people, taken from all of them by chance; one that does not open is left out. */
  async function someNames(most: number): Promise<string[]> {
    const rows = await samplePeople(db, most)
    return rows.flatMap((row) => {
      try {
        return [seal.open(ofPerson('name', row.person_id), row.name_sealed)]
      } catch (error) {
        if (error instanceof SealError) return []
        throw error
      }
    })
  }
}

const openFacts = (seal: Seal, row: PersonRow): PersonFacts => ({
  personId: row.person_id,
  name: seal.open(ofPerson('name', row.person_id), row.name_sealed),
  idNumber: row.id_card_sealed && seal.open(ofPerson('id_card', row.person_id), row.id_card_sealed),
  idKind: row.id_kind,
  birthDate: seal.open(
    ofPerson('birth_date', row.person_id),
    row.birth_date_sealed,
  ) as BusinessDate,
  gender: seal.open(ofPerson('gender', row.person_id), row.gender_sealed) as Gender,
  phone: row.phone_sealed && seal.open(ofPerson('phone', row.person_id), row.phone_sealed),
  address: row.address_sealed && seal.open(ofPerson('address', row.person_id), row.address_sealed),
  standing: row.standing,
})

export type PersonFacts = {
  personId: PersonId
  name: string
  idNumber: string | null
  idKind: IdKind
  birthDate: BusinessDate
  gender: Gender
  phone: string | null
  address: string | null
  standing: Standing
}
