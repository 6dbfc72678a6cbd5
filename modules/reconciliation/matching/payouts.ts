import { subtractFen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { MatchingClass } from './classes.ts'
import { absFen, type Cluster, clustersOf, isWithin, rowsOf, sumOf } from './cluster.ts'
import { isYoung } from './cut-off.ts'
import { differenceOf, type FoundDifference, matchOf, type Sorted } from './found.ts'
import type { SideRow } from './row.ts'
import type { MatchingRules, PayoutRelation } from './rules.ts'

/**
 * Pure: each batch of a provider, as one row with what it comes to after returns and fees, against what the bank
 * received for it. A batch that has not arrived waits as long as the rules let it.
 */
export function classifyPayouts(
  rows: readonly SideRow[],
  relation: PayoutRelation,
  rules: MatchingRules,
  businessDate: BusinessDate,
): Sorted {
  const sorted: Sorted = { matched: [], carried: [], differences: [] }
  for (const cluster of clustersOf(rows, relation.id)) {
    const [batch] = cluster.cells.get(relation.provider) ?? []
    const received = cluster.cells.get(relation.bank) ?? []
    if (!batch) {
      const each = received.map((row) => found(relation, cluster, 'receipt_unexplained', [row]))
      sorted.differences.push(...each)
    } else if (received.length > 0) sortReceived(relation, cluster, batch, received, sorted)
    else if (batch.amountFen === 0) sorted.matched.push(matchOf(cluster))
    else if (isYoung(batch, { rules, businessDate })) sorted.carried.push(batch)
    else sorted.differences.push(found(relation, cluster, 'payout_missing', [batch]))
  }
  return sorted
}

function sortReceived(
  relation: PayoutRelation,
  cluster: Cluster,
  batch: SideRow,
  received: SideRow[],
  sorted: Sorted,
): void {
  const isWhole = (rows: readonly SideRow[]) =>
    isWithin(sumOf(rows), batch.amountFen, relation.toleranceFen)
  const exact = received.find((row) => isWhole([row]))
  const again = exact ? received.filter((row) => row !== exact) : []
  if (exact || isWhole(received)) {
    sorted.matched.push({ rule: relation.id, rows: [batch, ...(exact ? [exact] : received)] })
  } else {
    const cls = sumOf(received) < batch.amountFen ? 'payout_short' : 'payout_over'
    sorted.differences.push(found(relation, cluster, cls, rowsOf(cluster)))
  }
  if (again.length > 0)
    sorted.differences.push(found(relation, cluster, 'receipt_duplicate', again))
}

function found(
  { id, provider, bank }: PayoutRelation,
  cluster: Cluster,
  cls: MatchingClass,
  rows: SideRow[],
): FoundDifference {
  const of = (side: string) => sumOf(rows.filter((row) => row.side === side))
  return differenceOf(cluster, {
    relation: id,
    class: cls,
    atStakeFen: absFen(subtractFen(of(provider), of(bank))),
    sides: [provider, bank],
    rows,
    isCounted: true,
  })
}
