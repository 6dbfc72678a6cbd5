import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import type { PaymentId, RefundId } from '../payments/index.ts'
import type { Difference, DifferenceClass, ListLine, MoveKind, OwnRow } from './day.ts'
import { identityOf, type Identity } from './identity.ts'

export type Compared = { agreed: number; differences: FoundDifference[]; identity: Identity }

/** A difference as the rows show it, before anybody has done anything about it. */
export type FoundDifference = Pick<
  Difference,
  | 'class'
  | 'kind'
  | 'ourNo'
  | 'providerNo'
  | 'oursFen'
  | 'theirsFen'
  | 'oursLines'
  | 'theirsLines'
  | 'otherDate'
  | 'paymentId'
  | 'refundId'
>

export type ComparedDay = {
  businessDate: BusinessDate
  /** Numbers are unique with their kind. */
  own: readonly OwnRow[]
  theirs: readonly ListLine[]
  /** Rows of ours on the day before and after, and of their lists up to two days away; more do no harm. */
  nearby: { own: readonly Dated<OwnRow>[]; theirs: readonly Dated<ListLine>[] }
  /** What we know of numbers that only they have, by keyOf. */
  known: ReadonlyMap<string, KnownNumber>
}

export type Dated<T> = T & { date: BusinessDate }

/**
 * undone: the payment behind the number came to nothing with us, so they should not have it. foreign: the
 * number is one of another hospital.
 */
export type KnownNumber = {
  standing: 'ours' | 'undone' | 'foreign'
  paymentId: PaymentId | null
  refundId: RefundId | null
}

export const keyOf = ({ kind, ourNo }: { kind: MoveKind; ourNo: string }): string =>
  `${kind} ${ourNo}`

/**
 * Pure: how our rows of a day come out against a party's list, one way or the other exactly one
 * difference for whatever does not agree, whatever the order of the rows.
 *
 * Errors: throws when the figures of both sides and of the differences do not add up, which is a bug.
 */
export function compare(day: ComparedDay): Compared {
  const sides = sidesOf(day)
  const differences: FoundDifference[] = []
  let agreed = 0
  for (const lines of sides.theirs.values()) {
    const [line, ...again] = lines
    if (!line) continue
    const own = sides.own.get(keyOf(line))
    const first = own ? ofBoth(own, line) : ofTheirs(day, sides, line)
    if (!first) agreed++
    else if (first.class !== 'duplicate') differences.push(first)
    const repeated = first?.class === 'duplicate' ? lines : again
    if (repeated.length > 0) differences.push(duplicateOf(repeated, first ?? own))
  }
  for (const own of sides.own.values()) {
    if (!sides.theirs.has(keyOf(own))) differences.push(ofOurs(sides, own))
  }
  differences.sort(byNumber)
  return { agreed, differences, identity: identityOf(day, differences) }
}

/** Numbers that only one side has: what else is to be known of them is worth looking up. */
export function unmatched({ own, theirs }: Pick<ComparedDay, 'own' | 'theirs'>) {
  const ours = new Set(own.map(keyOf))
  const their = new Set(theirs.map(keyOf))
  return {
    ours: own.filter((row) => !their.has(keyOf(row))),
    theirs: theirs.filter((line) => !ours.has(keyOf(line))),
  }
}

const ofBoth = (own: OwnRow, line: ListLine): FoundDifference | null =>
  own.amountFen === line.amountFen ? null : difference('amount', own, line)

function ofTheirs(day: ComparedDay, sides: Sides, line: ListLine): FoundDifference {
  const mirrored = sides.own.get(mirrorKey(line))
  if (mirrored && !sides.theirs.has(keyOf(mirrored))) {
    return { ...difference('status', null, line), ...idsOf(mirrored) }
  }
  const elsewhere = sides.nearbyOwn.get(keyOf(line))
  if (elsewhere) {
    const otherDate = elsewhere.date
    const isSecond = hasBetterPlaced(sides, day.businessDate, line, otherDate)
    const isSame = elsewhere.amountFen === line.amountFen
    const cls = isSecond ? 'duplicate' : isSame ? 'cross_day' : 'amount'
    return { ...difference(cls, null, line), ...idsOf(elsewhere), otherDate }
  }
  const known = day.known.get(keyOf(line))
  if (!known) return difference('theirs_only', null, line)
  return { ...difference(CLASS_OF_STANDING[known.standing], null, line), ...idsOf(known) }
}

const CLASS_OF_STANDING = {
  ours: 'theirs_only',
  undone: 'status',
  foreign: 'foreign',
} as const

function ofOurs(sides: Sides, own: OwnRow): FoundDifference {
  const mirrorLines = sides.theirs.get(mirrorKey(own))
  if (mirrorLines && !sides.own.has(mirrorKey(own))) return difference('status', own, null)
  const elsewhere = sides.nearbyTheirs.get(keyOf(own))?.find((line) => isNextTo(line, sides.date))
  if (!elsewhere) return difference('ours_only', own, null)
  const cls = elsewhere.amountFen === own.amountFen ? 'cross_day' : 'amount'
  return { ...difference(cls, own, null), otherDate: elsewhere.date }
}

/** One row of ours is met by one line of theirs: the one on its own day, or else the earliest next to it. */
function hasBetterPlaced(sides: Sides, date: BusinessDate, line: ListLine, ownDate: BusinessDate) {
  return (sides.nearbyTheirs.get(keyOf(line)) ?? []).some(
    (other) => other.date === ownDate || (other.date < date && isNextTo(other, ownDate)),
  )
}

const isNextTo = ({ date }: { date: BusinessDate }, other: BusinessDate) =>
  date === addDays(other, 1) || date === addDays(other, -1)

function sidesOf(day: ComparedDay): Sides {
  const own = new Map(day.own.map((row) => [keyOf(row), row]))
  const theirs = groupBy(day.theirs)
  for (const [key, lines] of theirs) lines.sort(bestMatchFirst(own.get(key)))
  const nearbyOwn = new Map(
    day.nearby.own.filter((row) => isNextTo(row, day.businessDate)).map((row) => [keyOf(row), row]),
  )
  const nearbyTheirs = groupBy(day.nearby.theirs.filter(({ date }) => date !== day.businessDate))
  for (const [key, lines] of nearbyTheirs) {
    const byMatch = bestMatchFirst(own.get(key))
    lines.sort((a, b) => compareText(a.date, b.date) || byMatch(a, b))
  }
  return { date: day.businessDate, own, theirs, nearbyOwn, nearbyTheirs }
}

function groupBy<T extends { kind: MoveKind; ourNo: string }>(rows: readonly T[]) {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

/** Of several lines with one number, the one that agrees with ours is the match, whatever their order. */
const bestMatchFirst = (own: OwnRow | undefined) => (a: ListLine, b: ListLine) =>
  Number(b.amountFen === own?.amountFen) - Number(a.amountFen === own?.amountFen) ||
  a.amountFen - b.amountFen ||
  compareText(a.providerNo, b.providerNo)

const mirrorKey = ({ kind, ourNo }: { kind: MoveKind; ourNo: string }) =>
  keyOf({ kind: kind === 'charge' ? 'return' : 'charge', ourNo })

function difference(
  cls: DifferenceClass,
  own: OwnRow | null,
  line: ListLine | null,
): FoundDifference {
  const { kind, ourNo } = own ?? line ?? NOBODY
  return {
    class: cls,
    kind,
    ourNo,
    providerNo: line?.providerNo ?? null,
    oursFen: own?.amountFen ?? ZERO,
    theirsFen: line?.amountFen ?? ZERO,
    oursLines: own ? 1 : 0,
    theirsLines: line ? 1 : 0,
    otherDate: null,
    paymentId: own?.paymentId ?? null,
    refundId: own?.refundId ?? null,
  }
}

const NOBODY = { kind: 'charge', ourNo: '' } as const

function duplicateOf(
  lines: readonly ListLine[],
  of: Pick<Difference, 'paymentId' | 'refundId'> | undefined,
): FoundDifference {
  return {
    ...difference('duplicate', null, lines[0] ?? null),
    ...(of ? idsOf(of) : {}),
    theirsFen: lines.reduce<Fen>((sum, line) => addFen(sum, line.amountFen), ZERO),
    theirsLines: lines.length,
  }
}

const idsOf = ({ paymentId, refundId }: Pick<Difference, 'paymentId' | 'refundId'>) => ({
  paymentId,
  refundId,
})

const byNumber = (a: FoundDifference, b: FoundDifference) =>
  compareText(a.ourNo, b.ourNo) || compareText(a.kind, b.kind) || compareText(a.class, b.class)

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

type Sides = {
  date: BusinessDate
  own: Map<string, OwnRow>
  theirs: Map<string, ListLine[]>
  nearbyOwn: Map<string, Dated<OwnRow>>
  nearbyTheirs: Map<string, Dated<ListLine>[]>
}
