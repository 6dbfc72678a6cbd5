import type { HospitalId } from '../../kernel/id.ts'
import { shown } from '../../platform/classification.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor, Role } from '../../platform/principal.ts'
import type { PersonFacts, PersonId } from '../identity/index.ts'
import { type CandidateRow, findCandidate, listCandidates } from './act-store.ts'
import type { CandidateField } from './act.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import type { CandidateId } from './tables.ts'

/** Pairs that staff is to look at, with what each role may see of them. */
export function createWorkList({ db, identity, audit }: PersonIndexDependencies) {
  return { candidates, candidate, peopleOf, namesOf }

  /** The surest first. */
  async function candidates(
    hospitalId: HospitalId,
    page: { after: CandidateId | undefined; limit: number },
  ): Promise<CandidateRow[]> {
    return inHospital(db, hospitalId, (tx) => listCandidates(tx, hospitalId, page))
  }

  /** Two records beside each other; that somebody looked is in the audit. Errors: throws candidate_not_found. */
  async function candidate(
    hospitalId: HospitalId,
    id: CandidateId,
    viewer: { actor: Actor; roles: readonly Role[] },
  ): Promise<SideBySide> {
    const row = await inHospital(db, hospitalId, async (tx) => {
      const found = await findCandidate(tx, hospitalId, id)
      const subject = `person_candidate:${id}`
      await audit(tx, hospitalId, viewer.actor, { action: 'person_index.look', subject })
      return found
    })
    const facts = await identity.factsOf([row.low_id, row.high_id])
    const sides = facts.map((one) => maskedFacts(one, viewer.roles))
    return { candidate: row, sides, fields: row.fields }
  }

  /** The records of a person as the viewer may see them; that somebody looked is in the audit. */
  async function peopleOf(
    hospitalId: HospitalId,
    ids: readonly PersonId[],
    viewer: { actor: Actor; roles: readonly Role[] },
  ): Promise<MaskedFacts[]> {
    const subject = `person:${ids[0] ?? ''}`
    await inHospital(db, hospitalId, (tx) =>
      audit(tx, hospitalId, viewer.actor, { action: 'person_index.look', subject }),
    )
    const facts = await identity.factsOf(ids)
    return facts.map((one) => maskedFacts(one, viewer.roles))
  }

  /** So that a line of a list can be told from the next: names as on a shared screen, whoever looks. */
  async function namesOf(ids: readonly PersonId[]): Promise<Map<PersonId, string>> {
    const facts = await identity.factsOf([...new Set(ids)])
    return new Map(
      facts.map(({ personId, name }) => [personId, shown('name', name, ['others']) ?? '']),
    )
  }
}

/** What a role may see of somebody, class by class. */
export function maskedFacts(facts: PersonFacts, roles: readonly Role[]): MaskedFacts {
  const { personId, idKind, gender, standing, name, idNumber, birthDate, phone, address } = facts
  return {
    personId,
    name: shown('name', name, roles) ?? '',
    idNumber: idNumber && shown('identityNumber', idNumber, roles),
    idKind,
    birthDate: shown('birthDate', birthDate, roles) ?? '',
    gender,
    phone: phone && shown('phone', phone, roles),
    address: address && shown('address', address, roles),
    standing,
  }
}

export type MaskedFacts = {
  personId: PersonId
  name: string
  idNumber: string | null
  idKind: PersonFacts['idKind']
  birthDate: string
  gender: PersonFacts['gender']
  phone: string | null
  address: string | null
  standing: PersonFacts['standing']
}

export type SideBySide = {
  candidate: CandidateRow
  /** In the order of their ids, as in the candidate. */
  sides: MaskedFacts[]
  fields: CandidateField[]
}
