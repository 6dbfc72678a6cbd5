import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { NewMedium } from '../identity/index.ts'
import type { FamilyDependencies } from './dependencies.ts'
import { familyErrors } from './errors.ts'
import {
  type Decision,
  type Ending,
  type END_REASONS,
  type Evidence,
  type Link,
  type LinkId,
  type PersonId,
  settles,
  standingOf,
} from './link.ts'
import {
  lockLink,
  openLinksOfCarer,
  openLinksOfMember,
  saveDecision,
  saveEnding,
  textInForce,
} from './store.ts'

// Who says yes or no: the member on their own phone, or a desk with the member or documents before it.

type MemberAct = { memberId: PersonId; id: LinkId }

/** The member's own word. Errors: throws family.link_not_found, not_waiting, text_outdated, only_at_a_desk. */
export async function decideAsMember(
  deps: FamilyDependencies,
  { memberId, id }: MemberAct,
  { verdict, textVersion }: { verdict: Decision['verdict']; textVersion: string },
): Promise<void> {
  const { db, clock, identity } = deps
  const members = await identity.recordsOf(memberId)
  await db.transaction().execute(async (tx) => {
    const link = await lockLink(tx, id)
    if (!link || !members.includes(link.memberId)) throw familyErrors.link_not_found({ id })
    if (link.ground === 'proof' && verdict === 'agreed') throw familyErrors.only_at_a_desk()
    const text = await textInForce(tx, clock.now())
    if (verdict === 'agreed' && text?.version !== textVersion) {
      throw familyErrors.text_outdated({ version: text?.version ?? '' })
    }
    await decide(tx, deps, link, { verdict, desk: null })
  })
}

type DeskAct = { hospitalId: HospitalId; id: LinkId; actor: Actor }

/**
 * What a desk has seen, in the hospital's audit. Errors: throws family.link_not_found, not_waiting, evidence_wrong.
 */
export async function decideAtDesk(
  deps: FamilyDependencies,
  { hospitalId, id, actor }: DeskAct,
  { verdict, evidence }: { verdict: Decision['verdict']; evidence: Evidence },
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const link = await lockLink(tx, id)
    if (!link) throw familyErrors.link_not_found({ id })
    if (!settles(link.ground, evidence)) throw familyErrors.evidence_wrong({ ground: link.ground })
    await decide(tx, deps, link, { verdict, desk: { hospitalId, evidence } })
    await deps.audit(tx, hospitalId, actor, {
      action: 'family.decide',
      subject: `person:${link.memberId}`,
      detail: { linkId: id, carerId: link.carerId, verdict, evidence },
    })
  })
}

async function decide(
  tx: Tx,
  { identity, clock }: FamilyDependencies,
  link: Link,
  decision: Omit<Decision, 'at'>,
): Promise<void> {
  const at = clock.now()
  const [member] = await identity.factsOf([link.memberId])
  const standing = standingOf(link, member?.birthDate ?? null, at)
  if (standing !== 'waiting') throw familyErrors.not_waiting({ standing })
  await saveDecision(tx, link, { ...decision, at })
}

/** From this moment on nothing is done by it. Errors: throws family.link_not_found, not_standing, only_at_a_desk. */
export async function endByPerson(
  { db, clock, identity }: FamilyDependencies,
  personId: PersonId,
  id: LinkId,
): Promise<void> {
  const people = await identity.recordsOf(personId)
  await db.transaction().execute(async (tx) => {
    const link = await lockLink(tx, id)
    const isCarer = link !== null && people.includes(link.carerId)
    if (!link || !(isCarer || people.includes(link.memberId))) {
      throw familyErrors.link_not_found({ id })
    }
    // A child does not dismiss the parents; somebody grown does, whatever the documents said.
    const now = clock.now()
    const [member] = isCarer ? [] : await identity.factsOf([link.memberId])
    if (!isCarer && link.ground === 'proof' && link.decision?.verdict === 'agreed') {
      const standing = standingOf(link, member?.birthDate ?? null, now)
      if (standing === 'in_force') throw familyErrors.only_at_a_desk()
    }
    await end(tx, link, { at: now, by: isCarer ? 'carer' : 'member' })
  })
}

/** For what stands by documents, and for people without a phone. Errors: throws family.link_not_found, not_standing. */
export async function endAtDesk(
  { db, clock, audit }: FamilyDependencies,
  { hospitalId, id, actor }: DeskAct,
  reason: (typeof END_REASONS)[number],
): Promise<void> {
  await inHospital(db, hospitalId, async (tx) => {
    const link = await lockLink(tx, id)
    if (!link) throw familyErrors.link_not_found({ id })
    await end(tx, link, { at: clock.now(), by: 'desk' })
    await audit(tx, hospitalId, actor, {
      action: 'family.end',
      subject: `person:${link.memberId}`,
      detail: { linkId: id, carerId: link.carerId, reason },
    })
  })
}

async function end(tx: Tx, link: Link, ending: Ending): Promise<void> {
  if (link.ending || link.decision?.verdict === 'refused') throw familyErrors.not_standing()
  await saveEnding(tx, link, ending)
}

/** What waits or stands for somebody at a desk, as carer or as member; that they were looked up is in the audit. */
export async function linksAtDesk(
  deps: FamilyDependencies,
  { hospitalId, medium, actor }: { hospitalId: HospitalId; medium: NewMedium; actor: Actor },
): Promise<Link[]> {
  const { db, identity } = deps
  const found = await identity.resolveAtDesk(medium, hospitalId, actor)
  if (!found) return []
  const people = await identity.recordsOf(found.currentPersonId)
  return db
    .transaction()
    .execute(async (tx) => [
      ...(await openLinksOfMember(tx, people)),
      ...(await openLinksOfCarer(tx, people)),
    ])
}
