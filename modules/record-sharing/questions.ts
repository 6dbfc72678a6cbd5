import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { answer, ask, findAccess, listAccesses, listQuestions } from './access-store.ts'
import type { Access, AccessId, OpenQuestion } from './access.ts'
import { type Alert, markSeen, unseenAlerts } from './alert-store.ts'
import { type AlertId, type PersonId, REVIEW_WITHIN_MS } from './consent.ts'
import type { RecordSharingDependencies } from './dependencies.ts'
import { recordSharingErrors } from './errors.ts'
import { namesOf } from './glasses.ts'

/** Who looked at a person's records, refused looks included, the newest first. */
export async function accessesOf(
  { db, identity }: RecordSharingDependencies,
  personId: PersonId,
  { after, limit }: { after: AccessId | undefined; limit: number },
): Promise<{ items: Access[]; next: AccessId | null }> {
  const records = await identity.recordsOf(personId)
  const found = await listAccesses(db, records, { after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Glasses broken over a person's records that they have not seen word of yet. */
export async function alertsOf(
  { db, identity }: RecordSharingDependencies,
  personId: PersonId,
): Promise<Alert[]> {
  return unseenAlerts(db, await identity.recordsOf(personId))
}

export async function seeAlert(
  { db, identity, clock }: RecordSharingDependencies,
  { personId, id }: { personId: PersonId; id: AlertId },
): Promise<void> {
  await markSeen(db, { records: await identity.recordsOf(personId), id }, clock.now())
}

/**
 * The person asks what a look was for; the hospital whose records they are has three days to say. Errors: throws
 * record_sharing.access_not_found, asked_already.
 */
export async function askAbout(
  { db, clock, audit, identity }: RecordSharingDependencies,
  { personId, id, words }: { personId: PersonId; id: AccessId; words: string },
  actor: Actor,
): Promise<Access> {
  const records = await identity.recordsOf(personId)
  const access = await findAccess(db, { records, id })
  if (!access) throw recordSharingErrors.access_not_found({ id })
  const { holderId } = access
  const askedAt = clock.now()
  await inHospital(db, holderId, async (tx) => {
    const dueAt = addMs(askedAt, REVIEW_WITHIN_MS)
    if (!(await ask(tx, access, { words, askedAt, dueAt }))) {
      throw recordSharingErrors.asked_already({ id })
    }
    await audit(tx, holderId, actor, {
      action: 'record_sharing.ask_about',
      subject: `person:${access.personId}`,
      detail: { accessId: id },
    })
  })
  return { ...access, question: { askedAt, answer: null, answeredAt: null } }
}

/** Errors: throws record_sharing.review_not_found for none that is open. */
export async function answerQuestion(
  { db, clock, audit }: RecordSharingDependencies,
  key: { hospitalId: HospitalId; id: AccessId },
  text: string,
  actor: Actor,
): Promise<void> {
  await inHospital(db, key.hospitalId, async (tx) => {
    const personId = await answer(tx, key, { text, by: actor.name, at: clock.now() })
    if (personId === null) throw recordSharingErrors.review_not_found({ id: key.id })
    await audit(tx, key.hospitalId, actor, {
      action: 'record_sharing.answer',
      subject: `person:${personId}`,
      detail: { accessId: key.id },
    })
  })
}

/** With the look each is about, and the person's name. */
export async function questionsAt(
  { db, identity }: RecordSharingDependencies,
  hospitalId: HospitalId,
  page: { isOpen: boolean; after: AccessId | undefined; limit: number },
): Promise<{
  items: (OpenQuestion & { name: string; access: Access | null })[]
  next: AccessId | null
}> {
  const found = await inHospital(db, hospitalId, (tx) =>
    listQuestions(tx, hospitalId, { ...page, limit: page.limit + 1 }),
  )
  const questions = found.slice(0, page.limit)
  const names = await namesOf({ identity }, questions)
  const items = []
  for (const question of questions) {
    const { personId, id } = question
    const access = await findAccess(db, { records: [personId], id })
    items.push({ ...question, name: names.get(personId) ?? '', access })
  }
  return { items, next: found.length > page.limit ? (questions.at(-1)?.id ?? null) : null }
}
