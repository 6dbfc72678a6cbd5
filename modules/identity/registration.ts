import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import { loginIndexOf } from './login-name.ts'
import { indexOfCanonical, keptValue, mediumIndexOf } from './medium.ts'
import { checkPassword, checkPasswordHash, hashPassword } from './password.ts'
import {
  canonicalMedium,
  canonicalPerson,
  type NewMedium,
  type NewPerson,
  type PersonId,
} from './person.ts'
import { ofMedium, ofPerson } from './sealed.ts'
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
  const number: NewMedium = { kind: person.idKind ?? 'id_card', value: person.idCardNo }
  const media = [number, ...person.media.filter(({ kind }) => kind !== number.kind)]
  return {
    person: personRow(seal, person_id, person, created_at),
    media: media.map((medium) => mediumRow(seal, { person_id, id: newId(), created_at }, medium)),
    credentials: await credentialsOf(dependencies, person_id, person),
  }
}

export function mediumRow(
  seal: Seal,
  of: Pick<MediumRow, 'person_id' | 'id' | 'created_at'>,
  medium: NewMedium,
): MediumRow {
  const canonical = canonicalMedium(medium)
  return {
    ...of,
    kind: canonical.kind,
    value_sealed: seal.seal(
      ofMedium(canonical.kind, of.person_id, of.id),
      keptValue(canonical.kind, canonical.value),
    ),
    value_index: indexOfCanonical(seal, canonical),
    hospital_id: canonical.hospitalId,
    status: 'active',
  }
}

export const personRow = (
  seal: Seal,
  person_id: PersonId,
  person: NewPerson,
  created_at: Date,
): PersonRow => ({
  person_id,
  name_sealed: seal.seal(ofPerson('name', person_id), person.name),
  id_card_sealed: seal.seal(ofPerson('id_card', person_id), person.idCardNo),
  id_card_index: mediumIndexOf(seal, { kind: person.idKind ?? 'id_card', value: person.idCardNo }),
  id_kind: person.idKind ?? 'id_card',
  phone_sealed: person.phone && seal.seal(ofPerson('phone', person_id), person.phone),
  phone_index: person.phone && seal.blindIndex('identity.phone', person.phone),
  gender_sealed: seal.seal(ofPerson('gender', person_id), person.gender),
  birth_date_sealed: seal.seal(ofPerson('birth_date', person_id), person.birthDate),
  address_sealed: person.address ? seal.seal(ofPerson('address', person_id), person.address) : null,
  standing: 'identified',
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
