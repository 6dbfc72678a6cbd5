import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { NewMedium } from '../identity/index.ts'
import { insertAlert } from './alert-store.ts'
import { consentsBetween } from './consent-store.ts'
import {
  type BreakGlass,
  GLASS_LASTS_MS,
  type GlassId,
  type GlassReason,
  type GlassReview,
  MOST_GLASSES_A_DAY,
  RECORD_KINDS,
  REVIEW_WITHIN_MS,
} from './consent.ts'
import type { RecordSharingDependencies } from './dependencies.ts'
import { recordSharingErrors } from './errors.ts'
import {
  countOpenedBy,
  findGlass,
  insertGlass,
  listGlasses,
  openGlasses,
  review,
} from './glass-store.ts'
import { mayRead } from './may-read.ts'
import { personBy } from './reading.ts'

export type GlassWish = {
  id: GlassId
  readerId: HospitalId
  holderId: HospitalId
  medium: NewMedium
  reason: GlassReason
  words: string
}

/**
 * Without consent, for some hours, by somebody who says why. One that is open already is given again. Errors: throws
 * record_sharing.person_not_found, own_hospital, glass_not_needed, glasses_too_many.
 */
export async function breakGlass(
  deps: RecordSharingDependencies,
  { id, readerId, holderId, medium, reason, words }: GlassWish,
  actor: Actor,
): Promise<BreakGlass> {
  const { db, clock, audit, newId } = deps
  if (holderId === readerId) throw recordSharingErrors.own_hospital()
  await deps.hospitals.mustExist(holderId)
  const { personId, records } = await personBy(deps, medium)
  const now = clock.now()
  // The reader's own hospital has it in its audit, whatever comes of it there.
  const fact = {
    action: 'record_sharing.break_glass',
    subject: `person:${personId}`,
    detail: { holderId, readerId, reason, glassId: id },
  }
  await inHospital(db, readerId, (tx) => audit(tx, readerId, actor, fact))
  return inHospital(db, holderId, async (tx) => {
    const consents = await consentsBetween(tx, records, { holderId, readerId })
    const places = { holderId, readerId, reader: actor.name }
    const isAllowed = RECORD_KINDS.every(
      (kind) => mayRead({ ...places, purpose: 'treatment', kind, now }, consents, []).allowed,
    )
    if (isAllowed) throw recordSharingErrors.glass_not_needed()
    const open = await openGlasses(tx, { holderId, readerId, records, now })
    const own = open.find(({ openedBy }) => openedBy === actor.name)
    if (own) return own
    const since = addMs(now, -DAY_MS)
    if (
      (await countOpenedBy(tx, { holderId, openedBy: actor.name, since })) >= MOST_GLASSES_A_DAY
    ) {
      throw recordSharingErrors.glasses_too_many({ most: MOST_GLASSES_A_DAY })
    }
    const glass: BreakGlass = {
      id,
      personId,
      holderId,
      readerId,
      openedBy: actor.name,
      reason,
      words,
      openedAt: now,
      until: addMs(now, GLASS_LASTS_MS),
      dueAt: addMs(now, REVIEW_WITHIN_MS),
      review: null,
    }
    await insertGlass(tx, glass)
    await insertAlert(tx, { id: newId(), glass })
    await audit(tx, holderId, actor, fact)
    return glass
  })
}

/**
 * Another person's word on it; abuse ends one that is still open. Errors: throws record_sharing.review_not_found,
 * review_done, same_person.
 */
export async function reviewGlass(
  { db, clock, audit }: RecordSharingDependencies,
  key: { hospitalId: HospitalId; id: GlassId },
  { verdict, note }: Pick<GlassReview, 'verdict' | 'note'>,
  actor: Actor,
): Promise<BreakGlass> {
  return inHospital(db, key.hospitalId, async (tx) => {
    const glass = await findGlass(tx, key)
    if (!glass) throw recordSharingErrors.review_not_found({ id: key.id })
    if (glass.openedBy === actor.name) throw recordSharingErrors.same_person()
    const done = { verdict, note, reviewedBy: actor.name, reviewedAt: clock.now() }
    if (!(await review(tx, key, done))) throw recordSharingErrors.review_done({ id: key.id })
    await audit(tx, key.hospitalId, actor, {
      action: 'record_sharing.review_glass',
      subject: `person:${glass.personId}`,
      detail: { glassId: key.id, verdict },
    })
    return { ...glass, review: done }
  })
}

/** With the person's name, for whoever judges. */
export async function glassesAt(
  { db, identity }: RecordSharingDependencies,
  hospitalId: HospitalId,
  page: { isOpen: boolean; after: GlassId | undefined; limit: number },
): Promise<{ items: (BreakGlass & { name: string })[]; next: GlassId | null }> {
  const found = await inHospital(db, hospitalId, (tx) =>
    listGlasses(tx, hospitalId, { ...page, limit: page.limit + 1 }),
  )
  const items = found.slice(0, page.limit)
  const names = await namesOf({ identity }, items)
  return {
    items: items.map((glass) => ({ ...glass, name: names.get(glass.personId) ?? '' })),
    next: found.length > page.limit ? (items.at(-1)?.id ?? null) : null,
  }
}

export async function namesOf(
  { identity }: Pick<RecordSharingDependencies, 'identity'>,
  of: readonly { personId: BreakGlass['personId'] }[],
): Promise<Map<BreakGlass['personId'], string>> {
  const ids = [...new Set(of.map(({ personId }) => personId))]
  const facts = ids.length === 0 ? [] : await identity.factsOf(ids)
  return new Map(facts.map(({ personId, name }) => [personId, name]))
}
