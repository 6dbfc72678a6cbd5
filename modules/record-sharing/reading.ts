import type { HospitalId } from '../../kernel/id.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BookingSession } from '../booking/index.ts'
import type { HisAnswer, HisCall, HisReport, HisReportHead } from '../hospitals/index.ts'
import type { NewMedium } from '../identity/index.ts'
import { insertAccess } from './access-store.ts'
import type { AccessId } from './access.ts'
import { consentsBetween } from './consent-store.ts'
import type { PersonId, Purpose, RecordKind } from './consent.ts'
import type { RecordSharingDependencies } from './dependencies.ts'
import { recordSharingErrors } from './errors.ts'
import { openGlasses } from './glass-store.ts'
import { type Ground, mayRead } from './may-read.ts'

// A member of staff reads what another hospital has of a person. Whether they may is decided and written down before
// anything is asked of that hospital: a look that was refused is a look that the person sees.

export type ReadingWish = {
  readerId: HospitalId
  holderId: HospitalId
  /** Whatever names the person: a card, a code, a number. */
  medium: NewMedium
  purpose: Purpose
  kind: RecordKind
  /** One report; null for the list. */
  recordNo: string | null
}

export type Read = { personId: PersonId; name: string; ground: Ground } & (
  | { kind: 'report'; heads: HisReportHead[]; report: HisReport | null }
  | { kind: 'visit'; visits: Visit[] }
)

export type Visit = {
  startsAt: Date
  department: string
  doctor: string
  status: string
}

/**
 * Errors: throws record_sharing.person_not_found; not_allowed with `because`; not_a_patient_there, record_not_found,
 * hospital_silent.
 */
export async function readRecords(
  deps: RecordSharingDependencies,
  wish: ReadingWish,
  actor: Actor,
): Promise<Read> {
  const { holderId, kind, recordNo } = wish
  const person = await personBy(deps, wish.medium)
  await deps.hospitals.mustExist(holderId)
  const ground = await decide(deps, wish, person, actor)
  if (!ground.allowed) throw recordSharingErrors.not_allowed({ because: ground.by })
  const found =
    kind === 'visit'
      ? { kind, visits: await visitsOf(deps, holderId, person.records) }
      : { kind, ...(await reportsOf(deps, holderId, person.records, recordNo)) }
  // The hospital may have taken its time: what was taken back meanwhile is not shown.
  const still = await inHospital(deps.db, holderId, (tx) =>
    groundOf(tx, wish, person, actor, deps.clock.now()),
  )
  if (!still.allowed) throw recordSharingErrors.not_allowed({ because: still.by })
  const [facts] = await deps.identity.factsOf([person.personId])
  return { personId: person.personId, name: facts?.name ?? '', ground, ...found }
}

type Person = { personId: PersonId; records: readonly PersonId[] }

/** Errors: throws record_sharing.person_not_found; of a lost card, too. */
export async function personBy(
  { identity }: Pick<RecordSharingDependencies, 'identity'>,
  medium: NewMedium,
): Promise<Person> {
  const found = await identity.resolveMedium(medium)
  if (found?.status !== 'active') throw recordSharingErrors.person_not_found()
  const { currentPersonId: personId } = found
  return { personId, records: await identity.recordsOf(personId) }
}

/** Decides and writes it down, in one transaction. */
async function decide(
  { db, clock, newId, audit }: RecordSharingDependencies,
  wish: ReadingWish,
  person: Person,
  actor: Actor,
): Promise<Ground> {
  const { holderId, readerId, purpose, kind, recordNo } = wish
  const { personId } = person
  const now = clock.now()
  return inHospital(db, holderId, async (tx) => {
    const ground = await groundOf(tx, wish, person, actor, now)
    const id: AccessId = newId()
    const places = { personId, holderId, readerId, reader: actor.name }
    const look = { purpose, kind, recordNo, ground, at: now, question: null }
    await insertAccess(tx, { id, ...places, ...look })
    await audit(tx, holderId, actor, {
      action: 'record_sharing.read',
      subject: `person:${personId}`,
      outcome: ground.allowed ? 'done' : 'refused',
      detail: { readerId, purpose, kind, recordNo, ground: ground.by, groundId: ground.id },
    })
    return ground
  })
}

async function groundOf(
  tx: Tx,
  { holderId, readerId, purpose, kind }: ReadingWish,
  { records }: Person,
  { name: reader }: Actor,
  now: Date,
): Promise<Ground> {
  const consents = await consentsBetween(tx, records, { holderId, readerId })
  const glasses = await openGlasses(tx, { holderId, readerId, records, now })
  return mayRead({ holderId, readerId, reader, purpose, kind, now }, consents, glasses)
}

const MOST_VISITS = 50

async function visitsOf(
  { booking }: RecordSharingDependencies,
  holderId: HospitalId,
  records: readonly PersonId[],
): Promise<Visit[]> {
  const pages = await Promise.all(
    records.map((id) => booking.appointmentsOfPerson(holderId, id, { limit: MOST_VISITS })),
  )
  const found = pages
    .flatMap(({ items }) => items)
    .toSorted((a, b) => b.startsAt.getTime() - a.startsAt.getTime())
    .slice(0, MOST_VISITS)
  const ids = [...new Set(found.map(({ sessionId }) => sessionId))]
  const sessions = new Map<string, BookingSession>()
  for (const id of ids) sessions.set(id, await booking.session(holderId, id))
  return found.map(({ sessionId, startsAt, departmentCode, status }) => ({
    startsAt,
    department: sessions.get(sessionId)?.department.name ?? departmentCode,
    doctor: sessions.get(sessionId)?.doctor.name ?? '',
    status,
  }))
}

const LISTED_DAYS = 366
const QUIET: HisCall = { trace: () => undefined }

/** Nothing of it is kept: it is asked of the hospital each time, and shown as it was answered. */
async function reportsOf(
  { systemOf, patientNoOf, clock }: RecordSharingDependencies,
  holderId: HospitalId,
  records: readonly PersonId[],
  recordNo: string | null,
): Promise<{ heads: HisReportHead[]; report: HisReport | null }> {
  const system = await systemOf(holderId)
  if (!system) throw recordSharingErrors.not_a_patient_there()
  const numbers = new Set<string>()
  for (const personId of records) {
    const patientNo = await patientNoOf(personId, holderId)
    if (patientNo !== null) numbers.add(patientNo)
  }
  if (numbers.size === 0) throw recordSharingErrors.not_a_patient_there()
  if (recordNo !== null) {
    const report = dataOf(await system.report(QUIET, recordNo))
    // The system was asked by the number alone: whose it is, is seen here.
    if (!numbers.has(report.patientNo)) throw recordSharingErrors.record_not_found()
    return { heads: [report.head], report }
  }
  const to = businessDateOf(clock.now())
  const from = addDays(to, -LISTED_DAYS)
  const heads: HisReportHead[] = []
  for (const patientNo of numbers) {
    heads.push(...dataOf(await system.reports(QUIET, { patientNo, from, to })))
  }
  return {
    heads: heads.toSorted((a, b) => b.orderedAt.getTime() - a.orderedAt.getTime()),
    report: null,
  }
}

function dataOf<T>(answer: HisAnswer<T>): T {
  if (answer.outcome === 'ok') return answer.data
  if (answer.outcome === 'refused') throw recordSharingErrors.record_not_found()
  throw recordSharingErrors.hospital_silent()
}
