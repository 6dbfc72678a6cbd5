import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import { loginIndexOf } from './login-name.ts'
import { mediumIndexOf, mediumPurpose } from './medium.ts'
import { checkPassword, checkPasswordHash, hashPassword } from './password.ts'
import { canonicalPerson, type NewMedium, type NewPerson, type PersonId } from './person.ts'
import { insertCredentials, insertPeople, type MediumRow, type PersonRow } from './store-people.ts'

export function createRegistration(dependencies: Dependencies) {
  const { db } = dependencies
  return { registerPerson, registerPeople }

  /** Errors: throws identity.person_invalid, medium_taken, login_taken, password_unacceptable. */
  async function registerPerson(person: NewPerson): Promise<PersonId> {
    const [personId] = await registerPeople([person])
    return personId as PersonId
  }

  /** All of them or none, in their order. Errors: as registerPerson. */
  async function registerPeople(list: readonly NewPerson[]): Promise<PersonId[]> {
    const rows = await Promise.all(list.map((person) => rowsOf(dependencies, person)))
    await db.transaction().execute(async (tx) => {
      await insertPeople(
        tx,
        rows.map((row) => row.person),
        rows.flatMap((row) => row.media),
      )
      await insertCredentials(
        tx,
        rows.flatMap((row) => row.credentials),
      )
    })
    return rows.map((row) => row.person.person_id)
  }
}

async function rowsOf(dependencies: Dependencies, newPerson: NewPerson) {
  const { clock, newId, seal } = dependencies
  const person = canonicalPerson(newPerson)
  const person_id = newId<'Person'>()
  const created_at = clock.now()
  const idCard: NewMedium = { kind: 'id_card', value: person.idCardNo }
  const media = [idCard, ...person.media.filter(({ kind }) => kind !== 'id_card')]
  return {
    person: personRow(seal, person_id, person, created_at),
    media: media.map((medium): MediumRow => ({
      person_id,
      id: newId(),
      kind: medium.kind,
      value_sealed: seal.seal(mediumPurpose(medium.kind), medium.value),
      value_index: mediumIndexOf(seal, medium),
      hospital_id: medium.hospitalId ?? null,
      status: 'active',
      created_at,
    })),
    credentials: await credentialsOf(dependencies, person_id, person),
  }
}

const personRow = (
  seal: Seal,
  person_id: PersonId,
  person: NewPerson,
  created_at: Date,
): PersonRow => ({
  person_id,
  name_sealed: seal.seal('identity.name', person.name),
  id_card_sealed: seal.seal('identity.id_card', person.idCardNo),
  id_card_index: mediumIndexOf(seal, { kind: 'id_card', value: person.idCardNo }),
  phone_sealed: person.phone && seal.seal('identity.phone', person.phone),
  phone_index: person.phone && seal.blindIndex('identity.phone', person.phone),
  gender_sealed: seal.seal('identity.gender', person.gender),
  birth_date_sealed: seal.seal('identity.birth_date', person.birthDate),
  created_at,
})

async function credentialsOf(
  { clock, random, seal }: Dependencies,
  person_id: PersonId,
  { login, phone, idCardNo, password, passwordHash }: NewPerson,
) {
  if (password === undefined && passwordHash === undefined) return []
  const name = login ?? phone
  if (!name) throw identityErrors.person_invalid({ field: 'login' })
  const password_hash = passwordHash ?? (await newHash(random, password ?? '', [name, idCardNo]))
  checkPasswordHash(password_hash)
  const login_index = loginIndexOf(seal, 'patient', name)
  const updated_at = clock.now()
  return [{ app: 'patient' as const, login_index, password_hash, person_id, updated_at }]
}

async function newHash(random: Random, password: string, context: string[]): Promise<string> {
  checkPassword(password, context)
  return hashPassword(random, password)
}

type Dependencies = { db: Db; clock: Clock; random: Random; newId: NewId; seal: Seal }
