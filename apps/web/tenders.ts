import { look } from './look.ts'

/** The parts of a payment in the order in which they stand everywhere. Words: common:parts.<kind>. */
export const PARTS = [
  'pooled',
  'account',
  'commercial',
  'subsidy',
  'voucher',
  'package',
  'deposit',
  'credit',
  'self_pay',
] as const

export type PartKind = (typeof PARTS)[number]

export const COLOR_OF_PART: Record<PartKind, string> = {
  ...look.tender,
}

/** The kinds that a table or chart shows: the usual three, and whatever else occurs. */
export function kindsShown(kinds: readonly PartKind[]): PartKind[] {
  const occurring = new Set<PartKind>(['pooled', 'account', 'self_pay', ...kinds])
  return PARTS.filter((kind) => occurring.has(kind))
}

/** What each kind of part comes to over all tenders; kinds without money are left out. */
export function partsOf(tenders: readonly { parts: readonly Part[] }[]): Part[] {
  return PARTS.map((kind) => ({
    kind,
    amountFen: tenders
      .flatMap((tender) => tender.parts)
      .filter((part) => part.kind === kind)
      .reduce((sum, part) => sum + part.amountFen, 0),
  })).filter((part) => part.amountFen > 0)
}

export type Part = { kind: PartKind; amountFen: number }
