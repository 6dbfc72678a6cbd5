import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import { readIdNumber } from './id-number.ts'
import { ID_KINDS, type MediumKind, type NewMedium, type PersonId } from './person.ts'
import { mediumRow } from './registration.ts'
import {
  blockMedium,
  claimMedium,
  findActive,
  freeMedium,
  insertMediumEvent,
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
  const { db } = dependencies
  return {
    bindMedium,
    unbindMedium,
    giveUpMedium,
    reportLost,
    replaceMedium,
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

  /** The medium is nobody's from now on. Errors: throws identity.medium_not_found, medium_not_active, medium_of_another. */
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
}

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
  // Anybody may say that it is lost; what becomes of it is its hospital's to say.
  const isOthers = medium.hospital_id !== null && medium.hospital_id !== by.hospitalId
  if (isOthers && event !== 'lost') throw identityErrors.medium_of_another({ mediumId })
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

export type MediaDependencies = { db: Db; clock: Clock; newId: NewId; seal: Seal }
