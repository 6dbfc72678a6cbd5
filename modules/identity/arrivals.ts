import { AppError } from '../../kernel/error.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { identityErrors } from './errors.ts'
import { readIdNumber } from './id-number.ts'
import { bind, type Desk, type MediaDependencies } from './media.ts'
import { mediumIndexOf } from './medium.ts'
import {
  canonicalMedium,
  canonicalPerson,
  type Gender,
  type IdKind,
  type NewMedium,
  type PersonId,
  type Standing,
} from './person.ts'
import { personRow } from './registration.ts'
import { ofPerson } from './sealed.ts'
import { findHolder } from './store-media.ts'
import { getPerson, insertPeople, lockPersonRow, updatePerson } from './store-people.ts'

/** People who are treated before anybody can say who they are: newborns, and those who come in unconscious. */
export function createArrivals(dependencies: MediaDependencies) {
  const { db, clock, seal } = dependencies
  return { registerNewborn, registerUnidentified, identifyPerson }

  /** Known by the mother, the birth and the order in it: told twice, it is the same child. Errors: person_not_found. */
  async function registerNewborn(child: Newborn, by: Desk): Promise<PersonId> {
    const { motherId, birthDate, birthOrder, gender } = child
    const mother = await getPerson(db, motherId)
    const value = `${motherId}:${birthDate}:${birthOrder}`
    const medium: NewMedium = { kind: 'newborn', value }
    const place = { kind: 'newborn' as const, value_index: mediumIndexOf(seal, medium) }
    const known = await findHolder(db, place)
    if (known) return known.person_id
    const motherName = seal.open(ofPerson('name', motherId), mother.name_sealed)
    const order = birthOrder === 1 ? '' : String(birthOrder)
    const name = `${motherName}之${CHILD_OF[gender]}${order}`
    const arrival: Arrival = { name, gender, birthDate, standing: 'newborn', medium }
    try {
      return await enter(dependencies, arrival, by)
    } catch (error) {
      // Another desk told of the same child at the same moment, and was first.
      const first = isTaken(error) ? await findHolder(db, place) : null
      if (!first) throw error
      return first.person_id
    }
  }

  /** Known by a wristband of the hospital until somebody can say more. Errors: medium_taken. */
  async function registerUnidentified(
    { wristbandNo, gender }: Unidentified,
    by: Desk,
  ): Promise<PersonId> {
    const medium: NewMedium = {
      kind: 'emergency',
      value: wristbandNo,
      hospitalId: by.hospitalId,
    }
    const birthDate = businessDateOf(clock.now())
    const name = `无名氏${canonicalMedium(medium).value}`
    return enter(dependencies, { name, gender, birthDate, standing: 'unidentified', medium }, by)
  }

  /**
   * Says who somebody is who was not known: from then on a person like others. Where the number is somebody's already,
   * the two records are to be linked instead.
   * Errors: throws identity.person_not_found, already_identified, person_invalid, id_number_wrong, medium_taken.
   */
  async function identifyPerson(
    personId: PersonId,
    facts: Identification,
    by: Desk,
  ): Promise<void> {
    const { idKind = 'id_card' } = facts
    const read = idKind === 'id_card' ? readIdNumber(facts.idCardNo) : null
    if (read && 'fault' in read) throw identityErrors.id_number_wrong({ fault: read.fault })
    const person = canonicalPerson({ ...facts, idKind, media: [] })
    await inHospital(db, by.hospitalId, async (tx) => {
      const row = await lockPersonRow(tx, personId)
      if (row.standing === 'identified') throw identityErrors.already_identified({ personId })
      const number = { kind: idKind, value: person.idCardNo }
      await bind(dependencies, tx, personId, number, by)
      await updatePerson(tx, personRow(seal, personId, person, row.created_at))
      await note(dependencies, tx, 'identity.identify_person', personId, by)
    })
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'identity.medium_taken'

async function enter(
  dependencies: MediaDependencies,
  { medium, ...person }: Arrival,
  by: Desk,
): Promise<PersonId> {
  const { db, clock, newId, seal } = dependencies
  const personId = newId<'Person'>()
  const row = {
    person_id: personId,
    name_sealed: seal.seal(ofPerson('name', personId), person.name),
    id_card_sealed: null,
    id_card_index: null,
    id_kind: 'id_card' as const,
    phone_sealed: null,
    phone_index: null,
    gender_sealed: seal.seal(ofPerson('gender', personId), person.gender),
    birth_date_sealed: seal.seal(ofPerson('birth_date', personId), person.birthDate),
    address_sealed: null,
    standing: person.standing,
    created_at: clock.now(),
  }
  await inHospital(db, by.hospitalId, async (tx) => {
    await insertPeople(tx, [row], [])
    await bind(dependencies, tx, personId, medium, by)
    await note(dependencies, tx, `identity.register_${person.standing}`, personId, by)
  })
  return personId
}

async function note(
  dependencies: MediaDependencies,
  tx: Tx,
  action: string,
  personId: PersonId,
  { hospitalId, actor, reason }: Desk,
): Promise<void> {
  const fact = { action, subject: `person:${personId}`, detail: { reason } }
  await createAudit(dependencies)(tx, hospitalId, actor, fact)
}

const CHILD_OF: Record<Gender, string> = { male: '子', female: '女', unknown: '婴' }

export type Newborn = {
  motherId: PersonId
  birthDate: BusinessDate
  /** 1 for the first of twins, 2 for the second. */
  birthOrder: number
  gender: Gender
}

export type Unidentified = { wristbandNo: string; gender: Gender }

export type Identification = {
  name: string
  idCardNo: string
  idKind?: IdKind
  phone: string | null
  gender: Gender
  birthDate: BusinessDate
  address?: string | null
}

type Arrival = {
  name: string
  gender: Gender
  birthDate: BusinessDate
  standing: Standing
  medium: NewMedium
}
