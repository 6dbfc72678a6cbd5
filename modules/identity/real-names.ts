import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import type { PersonId } from './person.ts'
import { ofPerson } from './sealed.ts'
import { insertRealNameCheck, lastRealNameCheck } from './store-media.ts'
import { getPerson } from './store-people.ts'

/** A port to whoever says whether a name and a number belong together: the police's register, a bank, the 医保 portal. */
export type RealNameRegister = {
  /** 'police', 'insurance': written down with each answer. */
  name: string
  /** Must answer, or throw; what it throws is an answer that is not known. */
  check(person: { name: string; idNumber: string }): Promise<RealNameAnswer>
}

export type RealNameAnswer = {
  outcome: 'match' | 'mismatch' | 'unknown'
  /** The register's own number for its answer. */
  reference: string | null
}

export type RealNameStanding = RealNameAnswer & { register: string; checkedAt: Date }

/** Whether people are who they say, as registers say it. Each answer is kept with its date. */
export function createRealNames({ db, clock, newId, seal }: Dependencies) {
  return { checkRealName, realNameStanding }

  /** Asks a register and keeps what it says. Errors: throws identity.person_not_found, not_identified. */
  async function checkRealName(
    personId: PersonId,
    register: RealNameRegister,
  ): Promise<RealNameStanding> {
    const row = await getPerson(db, personId)
    if (row.id_card_sealed === null) throw identityErrors.not_identified({ personId })
    const idNumber = seal.open(ofPerson('id_card', personId), row.id_card_sealed)
    const name = seal.open(ofPerson('name', personId), row.name_sealed)
    const { outcome, reference } = await register.check({ name, idNumber }).catch(notKnown)
    const checkedAt = clock.now()
    const answer = { register: register.name, outcome, reference }
    await insertRealNameCheck(db, {
      person_id: personId,
      id: newId(),
      ...answer,
      checked_at: checkedAt,
    })
    return { ...answer, checkedAt }
  }

  /** What was said last; null for somebody who was never asked about. */
  async function realNameStanding(personId: PersonId): Promise<RealNameStanding | null> {
    const row = await lastRealNameCheck(db, personId)
    if (!row) return null
    const { register, outcome, reference, checked_at } = row
    return { register, outcome, reference, checkedAt: checked_at }
  }
}

/** Silence of a register says nothing about a person. */
const notKnown = (): RealNameAnswer => ({ outcome: 'unknown', reference: null })

type Dependencies = { db: Db; clock: Clock; newId: NewId; seal: Seal }
