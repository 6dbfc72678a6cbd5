import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import {
  type Difference,
  DIFFERENCE_CLASSES,
  type DifferenceClass,
  type ListLine,
  type MoveKind,
  type OwnRow,
} from './day.ts'

export type Figure = { count: number; amountFen: Fen }

/**
 * Why theirs is not ours, to the fen, for charges and for returns: ours and every class's gap
 * (theirs less ours, so below zero for what only we have) add up to theirs.
 */
export type Identity = Record<MoveKind, IdentityOfKind> & {
  /** Beside a hospital's list: what was paid here, less what was given back, of bills its system knows nothing of. */
  keptHereFen?: Fen
}

export type IdentityOfKind = {
  ours: Figure
  gaps: Record<DifferenceClass, Figure>
  theirs: Figure
}

type Sized = Pick<
  Difference,
  'class' | 'kind' | 'oursFen' | 'theirsFen' | 'oursLines' | 'theirsLines'
>

/** Errors: throws when the three do not add up. Each is summed by itself, so that none hides another's mistake. */
export function identityOf(
  { own, theirs }: { own: readonly OwnRow[]; theirs: readonly ListLine[] },
  differences: readonly Sized[],
): Identity {
  const identity = {
    charge: ofKind('charge', own, theirs, differences),
    return: ofKind('return', own, theirs, differences),
  }
  assertHolds('charges', identity.charge)
  assertHolds('returns', identity.return)
  return identity
}

/** Ours less what was given back, theirs less the same: one figure for each side of a day. */
export const netFen = ({ charge, return: back }: Identity, side: 'ours' | 'theirs'): Fen =>
  subtractFen(charge[side].amountFen, back[side].amountFen)

function ofKind(
  kind: MoveKind,
  own: readonly OwnRow[],
  theirs: readonly ListLine[],
  differences: readonly Sized[],
): IdentityOfKind {
  const gaps = Object.fromEntries(
    DIFFERENCE_CLASSES.map((cls) => [cls, { count: 0, amountFen: ZERO }]),
  ) as IdentityOfKind['gaps']
  for (const difference of differences) {
    if (difference.kind !== kind) continue
    const { count, amountFen } = gaps[difference.class]
    gaps[difference.class] = {
      count: count + difference.theirsLines - difference.oursLines,
      amountFen: addFen(amountFen, subtractFen(difference.theirsFen, difference.oursFen)),
    }
  }
  return { ours: figureOf(kind, own), gaps, theirs: figureOf(kind, theirs) }
}

function figureOf(kind: MoveKind, rows: readonly { kind: MoveKind; amountFen: Fen }[]): Figure {
  let count = 0
  let amountFen = ZERO
  for (const row of rows) {
    if (row.kind !== kind) continue
    count++
    amountFen = addFen(amountFen, row.amountFen)
  }
  return { count, amountFen }
}

function assertHolds(what: string, { ours, gaps, theirs }: IdentityOfKind): void {
  const all = Object.values(gaps)
  const count = all.reduce((sum, gap) => sum + gap.count, ours.count)
  const amountFen = all.reduce<Fen>((sum, gap) => addFen(sum, gap.amountFen), ours.amountFen)
  assert(
    count === theirs.count && amountFen === theirs.amountFen,
    `the ${what} of a compared day add up: ours and the gaps are ${count} of ${amountFen} fen, ` +
      `theirs ${theirs.count} of ${theirs.amountFen}`,
  )
}
