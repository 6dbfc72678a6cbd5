import type { HospitalId, Id } from '../../kernel/id.ts'
import { createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import type { MediaDependencies } from './media.ts'
import { indexOfCanonical, maskMedium } from './medium.ts'
import { canonicalMedium, type MediumKind, type NewMedium, type PersonId } from './person.ts'
import { ofMedium } from './sealed.ts'
import {
  findHolder,
  type HistoryRow,
  listMediumEvents,
  type MediumEventRow,
} from './store-media.ts'
import { listMedia } from './store-people.ts'
import type { MediumStatus } from './tables.ts'

/** Whom media identify, and by which media people are known. */
export function createMediaLookUp(dependencies: MediaDependencies) {
  const { db, clock, seal } = dependencies
  return { resolveMedium, resolveAtDesk, findPersonByMedium, mediaOf, mediumHistory }

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
   * As whom the holder of the medium is read now; null for nobody's, and for one that is lost, replaced or over
   * (resolveMedium says which, and who held it). A hospital_card is looked for at its hospital.
   */
  async function findPersonByMedium(
    kind: MediumKind,
    value: string,
    hospitalId: HospitalId | null = null,
  ): Promise<PersonId | null> {
    const found = await resolveMedium({ kind, value, hospitalId })
    return found?.status === 'active' ? found.currentPersonId : null
  }

  /** The media a person is known by, masked. */
  async function mediaOf(personId: PersonId): Promise<MediumView[]> {
    const media = await listMedia(db, personId)
    return media.map(({ id, kind, value_sealed, hospital_id, status }) => ({
      id,
      kind,
      masked: maskMedium(kind, seal.open(ofMedium(kind, personId, id), value_sealed)),
      hospitalId: hospital_id,
      status,
    }))
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

export type MediumView = {
  id: Id<'Medium'>
  kind: MediumKind
  masked: string
  hospitalId: HospitalId | null
  status: MediumStatus
}

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
