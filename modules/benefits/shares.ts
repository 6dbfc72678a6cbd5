import { addFen, type Fen, fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import {
  planBenefits,
  type PlanEntitlement,
  type PlanLine,
  type PlannedUse,
  wholeShare,
} from './plan.ts'
import type { Programme, ProgrammeId } from './programme.ts'
import type { Use } from './tender-store.ts'

// Pure: how much of each use goes back when lines of a bill do.

/** What a use still pays once lines have gone back. */
export type Stay = Pick<PlannedUse, 'amountFen' | 'items'>

export type Share = { use: Use; backFen: Fen; items: Use['items'] }

/**
 * What each use would pay, by its number, had only these lines been on the bill; never more than it pays now. The terms are
 * those of the programmes at the time, also of one that has ended since.
 */
export function staysOf(
  uses: readonly Use[],
  { programmes, lines, leftFen, on }: Remaining,
): Map<number, Stay> {
  const standing = uses.filter((use) => keptOf(use) > 0)
  const [first] = standing
  if (!first || leftFen <= 0 || lines.length === 0) return new Map()
  const freeFen = new Map<ProgrammeId, Fen>()
  for (const use of standing) {
    freeFen.set(use.programmeId, addFen(freeFen.get(use.programmeId) ?? ZERO, keptOf(use)))
  }
  const { uses: planned } = planBenefits({
    today: on,
    visitNo: '',
    leftFen,
    lines,
    facts: first.grounds.facts,
    programmes: programmes.map((one) => ({ ...one, status: 'active', startsOn: on, endsOn: on })),
    entitlements: standing.flatMap((use) => entitlementOf(use, on)),
    freeFen,
    usedFen: new Map(),
  })
  return new Map(
    standing.flatMap((use) => {
      const again = planned.find((one) => isSame(one, use))
      if (!again) return []
      const amountFen = minFen(again.amountFen, keptOf(use))
      return [[use.no, { amountFen, items: again.items }] as const]
    }),
  )
}

export type Remaining = {
  programmes: readonly Programme[]
  lines: readonly PlanLine[]
  /** What of the lines is left to benefits and those after them. */
  leftFen: Fen
  /** The day of use. */
  on: BusinessDate
}

const keptOf = ({ amountFen, returnedFen }: Use): Fen => subtractFen(amountFen, returnedFen)

const isSame = (planned: PlannedUse, use: Use): boolean =>
  planned.programmeId === use.programmeId && planned.entitlementId === use.entitlementId

/** What the use has of its entitlement is all there is of it; their numbers keep the order in which they were used. */
function entitlementOf(use: Use, on: BusinessDate): PlanEntitlement[] {
  if (use.entitlementId === null) return []
  const items = heldItems(use).map(({ code, count }) => ({ code, most: count, used: 0 }))
  return [
    {
      id: use.entitlementId,
      programmeId: use.programmeId,
      amountFen: use.kind === 'package' ? null : keptOf(use),
      usedFen: ZERO,
      validUntil: addDays(on, use.no),
      document: use.grounds.document ?? '',
      items,
    },
  ]
}

/**
 * What goes back of each use, the last used first: what is not used any more, then as much of the rest as those who return
 * after benefits do not have.
 */
export function sharesOf(
  uses: readonly Use[],
  stays: ReadonlyMap<number, Stay>,
  { mostFen, leastFen }: { mostFen: Fen; leastFen: Fen },
): Share[] {
  const parts = uses.toReversed().map((use) => {
    const stay = stays.get(use.no) ?? { amountFen: ZERO, items: [] }
    return { use, stay, unusedFen: subtractFen(keptOf(use), stay.amountFen) }
  })
  const unusedFen = addFen(ZERO, ...parts.map((part) => part.unusedFen))
  const backFen = minFen(mostFen, fen(Math.max(leastFen, unusedFen)))
  let unusedLeftFen = minFen(backFen, unusedFen)
  let extraFen = subtractFen(backFen, unusedLeftFen)
  const shares: Share[] = []
  for (const { use, stay, unusedFen: mine } of parts) {
    const ofUnused = minFen(unusedLeftFen, mine)
    const ofRest = minFen(extraFen, stay.amountFen)
    unusedLeftFen = subtractFen(unusedLeftFen, ofUnused)
    extraFen = subtractFen(extraFen, ofRest)
    const backOfUse = addFen(ofUnused, ofRest)
    if (backOfUse > 0) {
      shares.push({ use, backFen: backOfUse, items: itemsBack(use, stay, backOfUse) })
    }
  }
  return shares
}

/**
 * The units of a package that are free again: those that the lines which stay do not need; of a sum that follows from no
 * lines, as many whole units as its part of the amount.
 */
export function itemsBack(use: Use, stay: Stay, backFen: Fen): Use['items'] {
  const isPlanned = backFen === subtractFen(keptOf(use), stay.amountFen)
  const goneFen = fen(use.returnedFen + backFen)
  const returned = countsOf(use.itemsReturned)
  const stays = countsOf(stay.items)
  const keeps = ({ code, count }: Use['items'][number]) =>
    isPlanned ? (stays.get(code) ?? 0) : count - wholeShare(count, goneFen, use.amountFen)
  return use.items
    .map((item) => {
      const had = item.count - (returned.get(item.code) ?? 0)
      return { code: item.code, count: had - Math.min(had, keeps(item)) }
    })
    .filter(({ count }) => count > 0)
}

const heldItems = ({ items, itemsReturned }: Use): Use['items'] => {
  const returned = countsOf(itemsReturned)
  return items.map(({ code, count }) => ({ code, count: count - (returned.get(code) ?? 0) }))
}

const countsOf = (items: Use['items']) => new Map(items.map(({ code, count }) => [code, count]))
