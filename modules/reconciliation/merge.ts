import { type FoundDifference, keyOf } from './compare.ts'
import { type Difference, isOpen } from './day.ts'

/** What a new comparison changes about the differences that are known. */
export type Merge = {
  added: FoundDifference[]
  /** Known ones as they are from now on; those that stay as they were are left out. */
  changed: Difference[]
}

/**
 * Pure: takes a comparison's differences over. One that is known stays what it has become; one that is
 * gone has been repaired, or shows itself under another class now; one that comes again, or with other
 * amounts, is found anew. The same comparison again changes nothing.
 */
export function mergeDifferences(
  known: readonly Difference[],
  found: readonly FoundDifference[],
  now: Date,
): Merge {
  const left = new Map(known.map((difference) => [identityKey(difference), difference]))
  const classOfNumber = new Map(found.map((difference) => [keyOf(difference), difference.class]))
  const added: FoundDifference[] = []
  const changed: Difference[] = []
  for (const difference of found) {
    const before = left.get(identityKey(difference))
    left.delete(identityKey(difference))
    if (!before) added.push(difference)
    else if (!before.present || !isSame(before, difference)) {
      changed.push({ ...before, ...foundAnew(difference, now) })
    }
  }
  for (const before of left.values()) {
    if (before.present) changed.push(gone(before, classOfNumber.get(keyOf(before)), now))
  }
  return { added, changed }
}

/** How a difference begins: a counterpart on the day before or after explains it, the rest is to be worked on. */
export function foundAnew(found: FoundDifference, now: Date) {
  const isExplained = found.class === 'cross_day'
  return {
    ...found,
    present: true,
    status: isExplained ? ('explained' as const) : ('found' as const),
    repair: null,
    repairOutcome: null,
    repairDetail: null,
    tries: 0,
    nextTryAt: null,
    caseId: null,
    resolvedAt: isExplained ? now : null,
  }
}

function gone(
  before: Difference,
  nowOfClass: Difference['class'] | undefined,
  now: Date,
): Difference {
  const difference = { ...before, present: false, nextTryAt: null }
  if (!isOpen(before) && before.status !== 'in_case') return difference
  // The hospital has given the bill free, so that it is on no list any more; the money is still to come back.
  if (before.repair === 'give_back' && before.repairOutcome === 'running') {
    return { ...before, present: false }
  }
  return { ...difference, status: nowOfClass ? 'explained' : 'repaired', resolvedAt: now }
}

const identityKey = (difference: Pick<Difference, 'class' | 'kind' | 'ourNo'>) =>
  `${difference.class} ${keyOf(difference)}`

const isSame = (before: Difference, found: FoundDifference): boolean =>
  before.oursFen === found.oursFen &&
  before.theirsFen === found.theirsFen &&
  before.oursLines === found.oursLines &&
  before.theirsLines === found.theirsLines &&
  before.otherDate === found.otherDate
