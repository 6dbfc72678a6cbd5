import type { Seal } from '../../platform/seal.ts'
import { maskAccount, maskBankCard, maskIdCard } from './mask.ts'
import { canonicalMedium, ID_KINDS, type MediumKind, type NewMedium } from './person.ts'

/** Each kind is sealed and found under keys of its own. */
export const mediumPurpose = (kind: MediumKind) => `identity.medium.${kind}`

/** The digest by which a medium is found, however it is written. Errors: throws identity.person_invalid. */
export function mediumIndexOf(seal: Seal, medium: NewMedium): string {
  return indexOfCanonical(seal, canonicalMedium(medium))
}

/** The same of a medium that is in its one form already. */
export function indexOfCanonical(
  seal: Seal,
  { kind, value, hospitalId }: ReturnType<typeof canonicalMedium>,
): string {
  // Two hospitals give out the same card numbers.
  return seal.blindIndex(
    mediumPurpose(kind),
    hospitalId === null ? value : `${hospitalId}:${value}`,
  )
}

export function maskMedium(kind: MediumKind, value: string): string {
  if ((ID_KINDS as readonly MediumKind[]).includes(kind)) return maskIdCard(value)
  return kind === 'bank_card' ? maskBankCard(value) : maskAccount(value)
}
