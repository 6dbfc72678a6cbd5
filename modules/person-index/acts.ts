import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { identityErrors, type PersonId } from '../identity/index.ts'
import {
  type ActRow,
  decideAct,
  endCandidate,
  insertAct,
  insertAttributions,
  listActs,
  lockAct,
} from './act-store.ts'
import type { ActFacts, ActId, ActKind, Reassignment } from './act.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import { personIndexErrors } from './errors.ts'
import { inOrder } from './find.ts'
import { unknownFrequencies } from './matching/frequencies.ts'
import { matchPair } from './matching/match.ts'
import { readRecord } from './matching/records.ts'
import { USUAL_MODEL } from './matching/weights.ts'
import { insertSeparate, separateFrom } from './store.ts'

/** What one member of staff proposes and another decides about two records. Nothing happens before both have. */
export function createActs(dependencies: PersonIndexDependencies) {
  const { db } = dependencies
  return { propose: proposeAct, decide, openActs }

  /**
   * Errors: throws person_index.act_proposed, known_as_separate, payment_not_of_link, payments_unknown, and what the link
   * would throw: identity.person_not_found, link_to_itself, link_circular, already_linked, not_linked.
   */
  async function proposeAct(hospitalId: HospitalId, act: NewAct, actor: Actor): Promise<ActId> {
    return inHospital(db, hospitalId, (tx) => propose(dependencies, tx, hospitalId, act, actor))
  }

  /** Errors: throws person_index.act_not_found, act_decided, decided_by_same_person, and what the link throws. */
  async function decide(
    { hospitalId, id }: { hospitalId: HospitalId; id: ActId },
    { agrees, reason }: { agrees: boolean; reason: string },
    actor: Actor,
  ): Promise<void> {
    await inHospital(db, hospitalId, async (tx) => {
      const row = await lockAct(tx, hospitalId, id)
      if (row.status !== 'proposed') throw personIndexErrors.act_decided({ id })
      if (row.proposed_by === actor.name) throw personIndexErrors.decided_by_same_person()
      if (agrees) await carryOut(dependencies, tx, row, actor)
      await decideAct(tx, hospitalId, id, {
        status: agrees ? 'agreed' : 'refused',
        decided_by: actor.name,
        decided_at: dependencies.clock.now(),
        decision_reason: reason,
      })
      await dependencies.audit(tx, hospitalId, actor, {
        action: `person_index.${agrees ? 'agree' : 'refuse'}_${row.kind}`,
        subject: `person:${row.person_id}`,
        detail: { actId: id, survivorId: row.survivor_id, reason },
      })
    })
  }

  /** Those that wait for a decision at the hospital, newest first. */
  async function openActs(hospitalId: HospitalId): Promise<ActRow[]> {
    return inHospital(db, hospitalId, (tx) => listActs(tx, hospitalId, null))
  }
}

async function propose(
  dependencies: PersonIndexDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { kind, reason, reassign = [], ...pair }: NewAct,
  actor: Actor,
): Promise<ActId> {
  const { clock, newId, audit } = dependencies
  const people = await checkedPair(dependencies, kind, pair)
  const id = newId<'PersonAct'>()
  const facts = await factsNow(dependencies, tx, hospitalId, people)
  await checkReassigned(dependencies, tx, hospitalId, people, reassign)
  await insertAct(tx, {
    hospital_id: hospitalId,
    id,
    kind,
    person_id: people.personId,
    survivor_id: people.survivorId,
    reason,
    facts: JSON.stringify(facts),
    reassign: JSON.stringify(reassign),
    status: 'proposed',
    proposed_by: actor.name,
    proposed_at: clock.now(),
    decided_by: null,
    decided_at: null,
    decision_reason: null,
  })
  await audit(tx, hospitalId, actor, {
    action: `person_index.propose_${kind}`,
    subject: `person:${people.personId}`,
    detail: { actId: id, survivorId: people.survivorId, openRefunds: facts.openRefunds },
  })
  return id
}

/** What would be refused at the decision is refused now; the decision looks again. */
async function checkedPair(
  { db, identity }: PersonIndexDependencies,
  kind: ActKind,
  { personId, survivorId }: Pair,
): Promise<Pair> {
  if (personId === survivorId) throw identityErrors.link_to_itself({ personId })
  const found = await identity.factsOf([personId, survivorId])
  const missing = [personId, survivorId].find((id) => !found.some((one) => one.personId === id))
  if (missing) throw identityErrors.person_not_found({ personId: missing })
  const root = await identity.currentPersonOf(personId)
  const survivorRoot = await identity.currentPersonOf(survivorId)
  if (kind === 'unlink') {
    if (root === personId || root !== survivorRoot) throw identityErrors.not_linked({ personId })
    return { personId, survivorId }
  }
  if (survivorRoot === personId && kind === 'link') {
    throw identityErrors.link_circular({ personId, survivorId })
  }
  if (root === survivorRoot || (kind === 'link' && root !== personId)) {
    throw identityErrors.already_linked({ personId })
  }
  if (kind === 'separate') return { personId, survivorId }
  if ((await separateFrom(db, personId)).has(survivorId))
    throw personIndexErrors.known_as_separate()
  // What is read as another is joined with that other.
  return { personId, survivorId: survivorRoot }
}

/** Both charts and both money trails stay; an open refund goes on under the record it was asked for, and is named. */
async function factsNow(
  { identity, trail, population }: PersonIndexDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { personId, survivorId }: Pair,
): Promise<ActFacts> {
  const facts = await identity.factsOf([personId, survivorId])
  const [a, b] = [personId, survivorId].map((id) => facts.find((one) => one.personId === id))
  const weighing = { model: USUAL_MODEL, frequencies: unknownFrequencies, population }
  const found = a && b && matchPair(readRecord(a), readRecord(b), weighing)
  const payments = trail && (await trail.paymentsOf(tx, hospitalId, [personId, survivorId]))
  return {
    millibits: found ? Math.round(found.bits * 1_000) : null,
    grade: found?.grade ?? null,
    doubts: found?.doubts ?? [],
    openRefunds: payments && payments.reduce((sum, { openRefunds }) => sum + openRefunds, 0),
    payments: payments && payments.length,
  }
}

/** Only a payment of one of the records that are parted may be shown with another of them. */
async function checkReassigned(
  { identity, trail }: PersonIndexDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { personId }: Pair,
  reassign: readonly Reassignment[],
): Promise<void> {
  if (reassign.length === 0) return
  if (!trail) throw personIndexErrors.payments_unknown()
  const records = await identity.recordsOf(personId)
  const payments = await trail.paymentsOf(tx, hospitalId, records)
  for (const { paymentId, toPersonId } of reassign) {
    const isTheirs = payments.some((payment) => payment.paymentId === paymentId)
    if (!isTheirs || !records.includes(toPersonId)) {
      throw personIndexErrors.payment_not_of_link({ paymentId })
    }
  }
}

async function carryOut(
  dependencies: PersonIndexDependencies,
  tx: Tx,
  row: ActRow,
  actor: Actor,
): Promise<void> {
  const { identity, publish } = dependencies
  const { hospital_id: hospitalId, id: actId, person_id: personId, survivor_id: survivorId } = row
  const pair = inOrder(personId, survivorId)
  await checkStillSo(identity, row)
  switch (row.kind) {
    case 'link':
      await identity.linkPeople(tx, { personId, survivorId, actId })
      await endCandidate(tx, hospitalId, pair, 'linked')
      await publish(tx, 'persons.linked', { hospitalId, actId, personId, survivorId })
      return
    case 'separate':
      await insertSeparate(tx, { low_id: pair[0], high_id: pair[1], act_id: actId })
      await endCandidate(tx, hospitalId, pair, 'separate')
      return
    case 'unlink':
      await reassignPayments(dependencies, tx, row, actor)
      await identity.unlinkPeople(tx, personId)
      await publish(tx, 'persons.unlinked', { hospitalId, actId, personId, survivorId })
      return
  }
}

/** What is to be ended may have ended since it was proposed, and what is to be kept apart may have been linked. */
async function checkStillSo(
  identity: PersonIndexDependencies['identity'],
  { kind, person_id, survivor_id }: ActRow,
): Promise<void> {
  const root = await identity.currentPersonOf(person_id)
  const isOne = root === (await identity.currentPersonOf(survivor_id))
  if (kind === 'unlink' && !isOne) throw identityErrors.not_linked({ personId: person_id })
  if (kind === 'separate' && isOne) throw identityErrors.already_linked({ personId: person_id })
}

async function reassignPayments(
  { clock, newId, identity, trail }: PersonIndexDependencies,
  tx: Tx,
  { hospital_id, id, person_id, reassign }: ActRow,
  actor: Actor,
): Promise<void> {
  if (reassign.length === 0) return
  if (!trail) throw personIndexErrors.payments_unknown()
  const payments = await trail.paymentsOf(tx, hospital_id, await identity.recordsOf(person_id))
  const rows = reassign.map(({ paymentId, toPersonId }) => {
    const payment = payments.find((one) => one.paymentId === paymentId)
    if (!payment) throw personIndexErrors.payment_not_of_link({ paymentId })
    return {
      hospital_id,
      id: newId<'Attribution'>(),
      payment_id: paymentId,
      from_person_id: payment.personId,
      person_id: toPersonId,
      act_id: id,
      actor: actor.name,
      at: clock.now(),
    }
  })
  await insertAttributions(tx, rows)
}

type Pair = { personId: PersonId; survivorId: PersonId }

export type NewAct = Pair & {
  kind: ActKind
  reason: string
  /** With the end of a link alone. */
  reassign?: readonly Reassignment[]
}
