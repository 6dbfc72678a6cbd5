import type { HospitalId } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { PersonFacts, PersonId } from '../identity/index.ts'
import type { CandidateField } from './act.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import { digestsOf } from './entries.ts'
import type { Frequencies } from './matching/frequencies.ts'
import { type Match, matchPair } from './matching/match.ts'
import { type MatchFacts, readRecord } from './matching/records.ts'
import { USUAL_MODEL } from './matching/weights.ts'
import { findByDigests } from './store.ts'

/** A key that so many share says nothing of one person: a default birth date, the phone of a call centre. */
const LARGEST_BLOCK = 200
/** Those with the most keys in common are compared. */
const MOST_COMPARED = 200

/** Who among all people somebody might be. */
export function createFind(dependencies: PersonIndexDependencies, names: NameFrequencies) {
  const { db, seal, identity, population } = dependencies
  return { match, matchForStaff }

  /** Graded, the surest first, without those that are surely others and without the person itself. */
  async function match(facts: MatchFacts, itself: PersonId | null = null): Promise<Found[]> {
    const record = readRecord(facts)
    const ids = await placesOf(db, digestsOf(seal, record), itself)
    const weighing = { model: USUAL_MODEL, frequencies: await names.frequencies(), population }
    const candidates = await identity.factsOf(ids)
    return candidates
      .map((candidate) => ({ candidate, ...matchPair(record, readRecord(candidate), weighing) }))
      .filter(({ grade }) => grade !== 'certainly-not')
      .toSorted((a, b) => b.bits - a.bits)
  }

  /** The same for somebody at a desk; that they asked, and how many they saw, is in the audit of their hospital. */
  async function matchForStaff(
    hospitalId: HospitalId,
    facts: MatchFacts,
    actor: Actor,
  ): Promise<Found[]> {
    const found = await match(facts)
    await inHospital(db, hospitalId, (tx) =>
      dependencies.audit(tx, hospitalId, actor, {
        action: 'person_index.match',
        subject: 'persons',
        detail: { found: found.length },
      }),
    )
    return found
  }
}

/** Those with the most keys in common first; a key of too many people says nothing. */
async function placesOf(db: Db, digests: readonly number[], itself: PersonId | null) {
  const rows = await findByDigests(db, digests)
  const sizes = new Map<number, number>()
  for (const { digest } of rows) sizes.set(digest, (sizes.get(digest) ?? 0) + 1)
  const shared = new Map<PersonId, number>()
  for (const { digest, person_id } of rows) {
    if (person_id === itself || (sizes.get(digest) ?? 0) > LARGEST_BLOCK) continue
    shared.set(person_id, (shared.get(person_id) ?? 0) + 1)
  }
  const ranked = [...shared].toSorted(([, a], [, b]) => b - a).slice(0, MOST_COMPARED)
  return ranked.map(([personId]) => personId)
}

export const inOrder = (a: PersonId, b: PersonId): [PersonId, PersonId] => (a < b ? [a, b] : [b, a])

export const millibitsOf = ({ bits }: Match): number => Math.round(bits * 1_000)

export const fieldsOf = ({ fields }: Match): CandidateField[] =>
  fields.map(({ field, level, bits }) => ({ field, level, millibits: Math.round(bits * 1_000) }))

type NameFrequencies = { frequencies(): Promise<Frequencies> }

export type Found = Match & { candidate: PersonFacts }
