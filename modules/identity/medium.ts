import { type DataClass, shown } from '../../platform/classification.ts'
import type { Seal } from '../../platform/seal.ts'
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

/**
 * What is kept of a medium, sealed. Of a bank card its number is not: the digits that say the bank, and the last four; it
 * is found by its digest as before. A token stands for itself.
 */
export const keptValue = (kind: MediumKind, value: string): string =>
  kind === 'bank_card' && /^\d{12,19}$/.test(value) ? maskMedium(kind, value) : value

/** As everybody sees it, its holder too. */
export const maskMedium = (kind: MediumKind, value: string): string =>
  shown(classOf(kind), value, ['others']) ?? ''

function classOf(kind: MediumKind): DataClass {
  if ((ID_KINDS as readonly MediumKind[]).includes(kind)) return 'identityNumber'
  return kind === 'bank_card' ? 'bankAccount' : 'account'
}
