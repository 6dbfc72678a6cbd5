import type { HospitalId } from '../../kernel/id.ts'
import type { BreakGlass, Consent, ConsentId, GlassId, Purpose, RecordKind } from './consent.ts'

/** Who would read what of whose hospital, and when. */
export type Reading = {
  holderId: HospitalId
  readerId: HospitalId
  /** 'staff:<id>' */
  reader: string
  purpose: Purpose
  kind: RecordKind
  now: Date
}

export type Ground =
  | { allowed: true; by: 'own_hospital'; id: null }
  | { allowed: true; by: 'consent'; id: ConsentId }
  | { allowed: true; by: 'break_glass'; id: GlassId }
  | { allowed: false; by: Refusal; id: null }

type OwnGlass = Pick<BreakGlass, 'id' | 'holderId' | 'readerId' | 'openedBy' | 'openedAt' | 'until'>

/** The nearest miss is told, so that staff can say to the patient what is lacking. */
const MISSES = ['withdrawn', 'expired', 'other_kind', 'other_purpose'] as const
export type Refusal = (typeof MISSES)[number] | 'none'

/**
 * Pure: by what a person's records may be read. One hospital reads its own; another by a consent that names both, the
 * purpose and the kind, and stands; or to treat, by a glass that the reader broke themself and that has not run out.
 */
export function mayRead(
  reading: Reading,
  consents: readonly Consent[],
  glasses: readonly OwnGlass[],
): Ground {
  const { holderId, readerId, purpose, now } = reading
  if (holderId === readerId) return { allowed: true, by: 'own_hospital', id: null }
  const misses = new Set<Refusal>()
  for (const consent of consents) {
    if (consent.readerId !== readerId || consent.holderId !== holderId) continue
    const miss = missOf(consent, reading)
    if (miss === null) return { allowed: true, by: 'consent', id: consent.id }
    misses.add(miss)
  }
  const glass = glasses.find(
    (each) =>
      purpose === 'treatment' &&
      each.holderId === holderId &&
      each.readerId === readerId &&
      each.openedBy === reading.reader &&
      each.openedAt <= now &&
      now < each.until,
  )
  if (glass) return { allowed: true, by: 'break_glass', id: glass.id }
  return { allowed: false, by: MISSES.find((miss) => misses.has(miss)) ?? 'none', id: null }
}

function missOf(consent: Consent, { purpose, kind, now }: Reading): Refusal | null {
  if (consent.purpose !== purpose) return 'other_purpose'
  if (!consent.kinds.includes(kind)) return 'other_kind'
  if (consent.withdrawnAt !== null && consent.withdrawnAt <= now) return 'withdrawn'
  return consent.givenAt <= now && now < consent.expiresAt ? null : 'expired'
}
