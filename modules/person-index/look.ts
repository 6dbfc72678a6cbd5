import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { type Actor, systemActor } from '../../platform/principal.ts'
import { identityErrors, type PersonId } from '../identity/index.ts'
import { insertAct, insertCandidate, listActs } from './act-store.ts'
import type { ActFacts } from './act.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import type { createEntries } from './entries.ts'
import { type createFind, fieldsOf, type Found, inOrder, millibitsOf } from './find.ts'
import { separateFrom } from './store.ts'

/** What comes of looking for the other records of one person. */
export function createLook(dependencies: PersonIndexDependencies, parts: Parts) {
  const { db, identity } = dependencies
  const { enter, match } = parts
  return { lookAt }

  /**
   * Looks for other records of a person: those that are certain are linked at once, by the system, and what might be goes
   * to the hospital's work list. Both are in the audit. Errors: throws identity.person_not_found, and what
   * linkPeople throws of a record that was linked in between.
   */
  async function lookAt(personId: PersonId, hospitalId: HospitalId, actor: Actor): Promise<Looked> {
    await enter([personId])
    const [facts] = await identity.factsOf([personId])
    if (!facts) throw identityErrors.person_not_found({ personId })
    const [separate, records] = await Promise.all([
      separateFrom(db, personId),
      identity.recordsOf(personId),
    ])
    const others = (await match(facts, personId)).filter(
      ({ candidate }) => !separate.has(candidate.personId) && !records.includes(candidate.personId),
    )
    const certain = others.filter(({ grade }) => grade === 'certain')
    const survivors = new Set<PersonId>()
    for (const { candidate } of certain) {
      survivors.add(await identity.currentPersonOf(candidate.personId))
    }
    const [survivorId] = survivors
    // Two people who are both certain are a contradiction, for somebody to look at.
    const isLinked = survivorId !== undefined && survivors.size === 1 && records.length === 1
    const first = certain[0]
    if (isLinked && first)
      await linkCertain(dependencies, { personId, survivorId, hospitalId, found: first })
    const toRaise = isLinked ? others.filter(({ grade }) => grade !== 'certain') : others
    const raised = await raise(dependencies, personId, toRaise, { hospitalId, actor })
    return { linkedTo: isLinked ? survivorId : null, raised }
  }
}

/** In the hospital's books as an act of the system, which two persons can end like any other. */
async function linkCertain(
  { db, clock, newId, identity, audit, publish }: PersonIndexDependencies,
  { personId, survivorId, hospitalId, found }: Certain,
): Promise<void> {
  const actor = systemActor('person-index')
  const now = clock.now()
  await inHospital(db, hospitalId, async (tx) => {
    const undone = await listActs(tx, hospitalId, [personId])
    // What two persons have parted, the system does not join again.
    if (undone.some(({ kind, status }) => kind === 'unlink' && status === 'agreed')) return
    const actId = newId<'PersonAct'>()
    await insertAct(tx, {
      hospital_id: hospitalId,
      id: actId,
      kind: 'link',
      person_id: personId,
      survivor_id: survivorId,
      reason: 'certain',
      facts: JSON.stringify(factsOf(found)),
      reassign: '[]',
      status: 'agreed',
      proposed_by: actor.name,
      proposed_at: now,
      decided_by: actor.name,
      decided_at: now,
      decision_reason: null,
    })
    await identity.linkPeople(tx, { personId, survivorId, actId })
    await audit(tx, hospitalId, actor, {
      action: 'person_index.link',
      subject: `person:${personId}`,
      detail: { survivorId, actId, millibits: millibitsOf(found) },
    })
    await publish(tx, 'persons.linked', { hospitalId, actId, personId, survivorId })
  })
}

function raise(
  { db, clock, newId }: PersonIndexDependencies,
  personId: PersonId,
  others: readonly Found[],
  { hospitalId, actor }: { hospitalId: HospitalId; actor: Actor },
): Promise<number> {
  return inHospital(db, hospitalId, async (tx) => {
    let raised = 0
    for (const found of others) {
      const { grade, candidate, doubts } = found
      if (grade === 'certainly-not') continue
      const [low_id, high_id] = inOrder(personId, candidate.personId)
      const isNew = await insertCandidate(tx, {
        hospital_id: hospitalId,
        id: newId(),
        low_id,
        high_id,
        millibits: millibitsOf(found),
        grade,
        doubts,
        fields: JSON.stringify(fieldsOf(found)),
        status: 'open',
        raised_by: actor.name,
        raised_at: clock.now(),
      })
      raised += Number(isNew)
    }
    return raised
  })
}

const factsOf = (found: Found): ActFacts => ({
  millibits: millibitsOf(found),
  grade: found.grade,
  doubts: found.doubts,
  openRefunds: null,
  payments: null,
})

export type Looked = { linkedTo: PersonId | null; raised: number }
type Certain = { personId: PersonId; survivorId: PersonId; hospitalId: HospitalId; found: Found }
type Parts = Pick<ReturnType<typeof createEntries>, 'enter'> &
  Pick<ReturnType<typeof createFind>, 'match'>
