import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import { readIdNumber } from './id-number.ts'
import { indexOfCanonical, maskMedium } from './medium.ts'
import {
  canonicalMedium,
  ID_KINDS,
  type MediumKind,
  type NewMedium,
  type PersonId,
} from './person.ts'
import { mediumRow } from './registration.ts'
import { ofMedium } from './sealed.ts'
import {
  blockMedium,
  claimMedium,
  findActive,
  findHolder,
  freeMedium,
  type HistoryRow,
  insertMediumEvent,
  listMediumEvents,
  lockMedium,
  type MediumEventRow,
  saveMedium,
  setMediumStatus,
} from './store-media.ts'
import { getPerson, type MediumRow } from './store-people.ts'

/** By these a person is known to the state, or to those who treat them. */
const KEPT_KINDS = [...ID_KINDS, 'newborn', 'emergency'] as const

/** A code made for minutes is asked of its maker again; a region that says otherwise binds it with its own end. */
const DYNAMIC_CODE_MS = 5 * MINUTE_MS

/** What becomes of a medium: bound, ended, lost, replaced. Each act is kept in order, and in the audit of the hospital. */
export function createMedia(dependencies: MediaDependencies) {
  const { db, clock, seal } = dependencies
  return {
    resolveMedium,
    resolveAtDesk,
    bindMedium,
    unbindMedium,
    giveUpMedium,
    reportLost,
    replaceMedium,
    mediumHistory,
  }

  /**
   * Whom a medium identifies, in one look-up: who held it when it was bound, and as whom that person is read now that
   * records may be linked. Null for nobody's. Errors: throws identity.person_invalid.
   */
  async function resolveMedium(medium: NewMedium): Promise<ResolvedMedium | null> {
    const canonical = canonicalMedium(medium)
    const value_index = indexOfCanonical(seal, canonical)
    const row = await findHolder(db, { kind: canonical.kind, value_index })
    if (!row) return null
    const isOver = row.valid_until !== null && row.valid_until <= clock.now()
    return {
      personId: row.person_id,
      currentPersonId: row.root_id ?? row.person_id,
      status: isOver && row.status === 'active' ? 'expired' : row.status,
    }
  }

  /** The same for somebody at a desk; that they asked is in the audit of their hospital. Errors: as resolveMedium. */
  async function resolveAtDesk(
    medium: NewMedium,
    hospitalId: HospitalId,
    actor: Actor,
  ): Promise<ResolvedMedium | null> {
    const found = await resolveMedium(medium)
    await inHospital(db, hospitalId, (tx) =>
      createAudit(dependencies)(tx, hospitalId, actor, {
        action: 'identity.resolve_medium',
        subject: `person:${found?.personId ?? 'none'}`,
        detail: { kind: medium.kind },
      }),
    )
    return found
  }

  /**
   * Makes a medium a person's; repeating it changes nothing, and binding a lost one that was found makes it active.
   * Errors: throws identity.person_not_found, person_invalid, medium_taken, and id_number_wrong with its fault.
   */
  async function bindMedium(
    personId: PersonId,
    medium: NewMedium & { validUntil?: Date },
    by: Desk,
  ): Promise<Id<'Medium'>> {
    await getPerson(db, personId)
    return inHospital(db, by.hospitalId, (tx) => bind(dependencies, tx, personId, medium, by))
  }

  /** The medium is nobody's from now on. Errors: throws identity.medium_not_found, medium_not_active. */
  async function unbindMedium(personId: PersonId, mediumId: Id<'Medium'>, by: Desk): Promise<void> {
    const ending: Ending = { personId, mediumId, event: 'ended' }
    await inHospital(db, by.hospitalId, (tx) => end(dependencies, tx, ending, by))
  }

  /** As unbindMedium, by its holder: an identity document is given up at a desk alone. Errors: throws identity.medium_kept too. */
  async function giveUpMedium(personId: PersonId, mediumId: Id<'Medium'>, by: Desk): Promise<void> {
    const ending: Ending = { personId, mediumId, event: 'ended' }
    await inHospital(db, by.hospitalId, async (tx) => {
      const { kind } = await end(dependencies, tx, ending, by)
      if ((KEPT_KINDS as readonly MediumKind[]).includes(kind)) {
        throw identityErrors.medium_kept({ kind })
      }
    })
  }

  /** It finds nobody until its holder binds it again, and nobody else may. Errors: as unbindMedium. */
  async function reportLost(personId: PersonId, mediumId: Id<'Medium'>, by: Desk): Promise<void> {
    const ending: Ending = { personId, mediumId, event: 'lost' }
    await inHospital(db, by.hospitalId, (tx) => end(dependencies, tx, ending, by))
  }

  /** Another of the same kind in its place, in one step. Errors: as unbindMedium and bindMedium. */
  async function replaceMedium(
    personId: PersonId,
    mediumId: Id<'Medium'>,
    value: string,
    by: Desk,
  ): Promise<Id<'Medium'>> {
    return inHospital(db, by.hospitalId, async (tx) => {
      const old = await end(dependencies, tx, { personId, mediumId, event: 'replaced' }, by)
      const medium = { kind: old.kind, value, hospitalId: old.hospital_id }
      return bind(dependencies, tx, personId, medium, by)
    })
  }

  /** All that happened to a person's media, in order, numbers masked. */
  async function mediumHistory(personId: PersonId): Promise<MediumHistory[]> {
    const rows = await listMediumEvents(db, personId)
    return rows.map((row) => historyOf(seal, row))
  }
}

const historyOf = (seal: Seal, row: HistoryRow): MediumHistory => ({
  mediumId: row.medium_id,
  kind: row.kind,
  masked: maskMedium(
    row.kind,
    seal.open(ofMedium(row.kind, row.person_id, row.medium_id), row.value_sealed),
  ),
  event: row.event,
  hospitalId: row.hospital_id,
  actor: row.actor,
  reason: row.reason,
  at: row.at,
})

/** Binds within a transaction of the hospital. Errors: as bindMedium, but for the person. */
export async function bind(
  { clock, newId, seal }: MediaDependencies,
  tx: Tx,
  personId: PersonId,
  medium: NewMedium & { validUntil?: Date },
  by: Desk,
): Promise<Id<'Medium'>> {
  checkNumber(medium)
  const created_at = clock.now()
  const row = mediumRow(seal, { person_id: personId, id: newId(), created_at }, medium)
  const known = await findActive(tx, row)
  if (known && row.kind !== 'health_code_dynamic') return known
  const { kind, value_index } = row
  const valid_until =
    medium.validUntil ??
    (kind === 'health_code_dynamic' ? addMs(created_at, DYNAMIC_CODE_MS) : null)
  const entry = { kind, value_index, person_id: personId, status: 'active' as const, valid_until }
  await claimMedium(tx, entry, created_at)
  const id = await saveMedium(tx, row)
  await noteMedium({ clock, newId }, tx, { ...row, id, event: 'bound' }, by)
  return id
}

async function end(
  dependencies: MediaDependencies,
  tx: Tx,
  { personId, mediumId, event }: Ending,
  by: Desk,
): Promise<MediumRow> {
  const medium = await lockMedium(tx, personId, mediumId)
  // A lost one may be replaced, or given up for good.
  const isOpen = medium.status === 'active' || (medium.status === 'lost' && event !== 'lost')
  if (!isOpen) throw identityErrors.medium_not_active({ mediumId, status: medium.status })
  if (event === 'ended') await freeMedium(tx, medium)
  else await blockMedium(tx, medium, event)
  await setMediumStatus(tx, medium, event)
  await noteMedium(dependencies, tx, { ...medium, event }, by)
  return medium
}

/** An identity card's number that cannot be anybody's is refused by name, before it is somebody's. */
function checkNumber({ kind, value }: NewMedium): void {
  if (kind !== 'id_card') return
  const read = readIdNumber(value)
  if ('fault' in read) throw identityErrors.id_number_wrong({ fault: read.fault })
}

async function noteMedium(
  { clock, newId }: Pick<MediaDependencies, 'clock' | 'newId'>,
  tx: Tx,
  { person_id, id, kind, event }: Pick<MediumRow, 'person_id' | 'id' | 'kind'> & Event,
  { hospitalId, actor, reason }: Desk,
): Promise<void> {
  await insertMediumEvent(tx, {
    person_id,
    id: newId(),
    medium_id: id,
    event,
    hospital_id: hospitalId,
    actor: actor.name,
    reason,
    at: clock.now(),
  })
  await createAudit({ clock, newId })(tx, hospitalId, actor, {
    action: `identity.medium_${event}`,
    subject: `person:${person_id}`,
    detail: { mediumId: id, kind },
  })
}

type Event = Pick<MediumEventRow, 'event'>
type Ending = {
  personId: PersonId
  mediumId: Id<'Medium'>
  event: 'ended' | 'lost' | 'replaced'
}

/** At whose desk or in whose application something is done, by whom, and why. */
export type Desk = { hospitalId: HospitalId; actor: Actor; reason: string }

export type ResolvedMedium = {
  /** Who held it when it was bound: what is written now is written with this person. */
  personId: PersonId
  /** As whom that person is read: the same, unless records were linked. */
  currentPersonId: PersonId
  status: 'active' | 'lost' | 'replaced' | 'expired'
}

export type MediumHistory = {
  mediumId: Id<'Medium'>
  kind: MediumKind
  masked: string
  event: MediumEventRow['event']
  hospitalId: HospitalId
  actor: string
  reason: string
  at: Date
}

export type MediaDependencies = { db: Db; clock: Clock; newId: NewId; seal: Seal }
