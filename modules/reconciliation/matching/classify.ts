import { type Fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import {
  amountClassOf,
  duplicateClassOf,
  type MatchingClass,
  missingClassOf,
  onlyClassOf,
} from './classes.ts'
import { absFen, areApart, type Cluster, isWithin, linesOf, rowsOf, sumOf } from './cluster.ts'
import { daysBetween, isNearCutOff, mayWait } from './cut-off.ts'
import { differenceOf, type FoundDifference, matchOf, type Sorted } from './found.ts'
import { valueOf } from './passes.ts'
import { compareRows, type NormalisedColumn, type SideRow } from './row.ts'
import type { MatchingRules, Role, RowsRelation } from './rules.ts'

/** Pure: what became of each cluster: matched after all, carried over to the next day, or a difference by its class. */
export function classify(
  clusters: readonly Cluster[],
  relation: RowsRelation,
  rules: MatchingRules,
  businessDate: BusinessDate,
): Sorted {
  const view: View = {
    relation,
    rules,
    businessDate,
    roleOf: (side) => rules.sides.find(({ name }) => name === side)?.role ?? 'party',
  }
  const sorted: Sorted = { matched: [], carried: [], differences: [] }
  const turned = turnedAround(clusters, relation)
  for (const cluster of clusters) {
    const { kept, repeated } = withoutRepeated(view, cluster)
    sorted.differences.push(...repeated)
    const opposite = turned.get(cluster)
    if (opposite) {
      const isFirst = cluster.kind === 'charge'
      if (isFirst)
        sorted.differences.push(statusOf(view, kept, withoutRepeated(view, opposite).kept))
      continue
    }
    sortCluster(view, kept, sorted)
  }
  return sorted
}

function sortCluster(view: View, cluster: Cluster, sorted: Sorted): void {
  if (isForeign(view, cluster)) {
    sorted.differences.push(whole(view, cluster, 'foreign'))
    return
  }
  const missing = view.relation.sides.filter((side) => !cluster.cells.has(side))
  if (missing.length > 0 && mayWait(rowsOf(cluster), view)) {
    sorted.carried.push(...rowsOf(cluster))
    return
  }
  const found = [...absences(view, cluster, missing), ...amounts(view, cluster)]
  const all = found.length > 0 ? found : unlike(view, cluster)
  all.forEach((difference, i) => sorted.differences.push({ ...difference, isCounted: i === 0 }))
  if (all.length === 0) sorted.matched.push(matchOf(cluster))
}

/** Of several rows with one number, the one that agrees with the others is kept; the others are there again. */
function withoutRepeated(
  view: View,
  cluster: Cluster,
): { kept: Cluster; repeated: FoundDifference[] } {
  const wanted = amountOfMost(cluster)
  const arePartsKnown = view.relation.passes.some(({ form }) => form === 'parts')
  const cells = new Map(cluster.cells)
  const repeated: FoundDifference[] = []
  for (const [side, rows] of cluster.cells) {
    if (linesOf(rows) === 1 || cluster.parts.includes(side)) continue
    const isAgreed = rows.some((row) => row.lines === 1 && row.amountFen === wanted)
    if (!isAgreed && arePartsKnown && cluster.cells.size > 1) continue
    const [kept, ...again] = rows.toSorted(
      (a, b) =>
        Number(b.amountFen === wanted) - Number(a.amountFen === wanted) || compareRows(a, b),
    )
    if (!kept) continue
    cells.set(side, [kept])
    repeated.push(
      differenceOf(cluster, {
        relation: view.relation.id,
        class: duplicateClassOf(view.roleOf(side)),
        atStakeFen: absFen(sumOf(again)),
        sides: [side],
        rows: again,
        isCounted: true,
      }),
    )
  }
  return { kept: { ...cluster, cells }, repeated }
}

/** The amount that most sides have; the smallest where several are as common. */
function amountOfMost({ cells }: Cluster): Fen {
  const sides = new Map<Fen, number>()
  for (const rows of cells.values()) {
    for (const amount of new Set(
      rows.filter((row) => row.lines === 1).map((row) => row.amountFen),
    )) {
      sides.set(amount, (sides.get(amount) ?? 0) + 1)
    }
  }
  const [most] = [...sides].toSorted(([a, m], [b, n]) => n - m || a - b)
  return most?.[0] ?? ZERO
}

/** A charge that some sides have beside a return of the same number that only the others have. */
function turnedAround(clusters: readonly Cluster[], relation: RowsRelation): Map<Cluster, Cluster> {
  const isOpen = ({ cells, key }: Cluster) => key !== null && cells.size < relation.sides.length
  const returns = new Map(
    clusters.filter((c) => c.kind === 'return' && isOpen(c)).map((c) => [c.key, c]),
  )
  const pairs = new Map<Cluster, Cluster>()
  for (const cluster of clusters) {
    const opposite = cluster.kind === 'charge' && isOpen(cluster) && returns.get(cluster.key)
    if (!opposite || !areApart(cluster, opposite)) continue
    pairs.set(cluster, opposite)
    pairs.set(opposite, cluster)
  }
  return pairs
}

/** Of the kind that the first of the sides has it as. */
function statusOf(view: View, charge: Cluster, back: Cluster): FoundDifference {
  const first = view.relation.sides.find((side) => charge.cells.has(side) || back.cells.has(side))
  const kind = first !== undefined && back.cells.has(first) ? 'return' : 'charge'
  const cells = new Map([...charge.cells, ...back.cells])
  return whole(view, { ...charge, kind, cells }, 'status')
}

const isForeign = ({ rules }: View, cluster: Cluster): boolean =>
  rowsOf(cluster).every(({ side, account }) => {
    const accounts = rules.sides.find(({ name }) => name === side)?.accounts
    return accounts !== undefined && account !== null && !accounts.includes(account)
  })

function absences(view: View, cluster: Cluster, missing: readonly string[]): FoundDifference[] {
  if (missing.length === 0) return []
  const [only, ...others] = cluster.cells.keys()
  const isReturn = cluster.kind === 'return'
  if (cluster.key === null && cluster.near?.because === 'several')
    return [whole(view, cluster, 'ambiguous')]
  if (only !== undefined && others.length === 0) {
    const isNamed = rowsOf(cluster).some((row) => row.ourNo !== null || row.providerNo !== null)
    const cls = isNamed ? onlyClassOf(view.roleOf(only), isReturn) : 'unidentified'
    return [whole(view, cluster, cls)]
  }
  return missing.map((side) => whole(view, cluster, missingClassOf(view.roleOf(side), isReturn)))
}

function amounts(view: View, cluster: Cluster): FoundDifference[] {
  const sides = [...cluster.cells].toSorted(([a], [b]) => placeOf(view, a) - placeOf(view, b))
  const [[reference, first] = ['', []], ...others] = sides
  const expected = sumOf(first)
  const off = others.filter(
    ([, rows]) => !isWithin(sumOf(rows), expected, view.relation.toleranceFen),
  )
  const isReferenceOff =
    off.length > 1 &&
    off.length === others.length &&
    new Set(off.map(([, rows]) => sumOf(rows))).size === 1
  const blamed = isReferenceOff ? [[reference, first] as const] : off
  return blamed.map(([side, rows]) => {
    const other = isReferenceOff ? sumOf(off[0]?.[1] ?? []) : expected
    const isParts = rows.length > 1 || first.length > 1
    const cls = isParts ? 'parts' : amountClassOf(view.roleOf(side))
    return { ...whole(view, cluster, cls), atStakeFen: absFen(subtractFen(sumOf(rows), other)) }
  })
}

/** What is written beside the amount, and is not the same. */
function unlike(view: View, cluster: Cluster): FoundDifference[] {
  const found: FoundDifference[] = []
  const rows = rowsOf(cluster)
  const keys = new Set(rows.map(({ key }) => key).filter((key) => key !== null))
  const isOfParts = cluster.parts.length > 0
  if (keys.size > 1 && !isOfParts) found.push(whole(view, cluster, 'our_no'))
  for (const { column, sides } of view.relation.same) {
    if (isOfParts && column !== 'account') continue
    const compared = rows.filter((row) => sides.includes(row.side) && valueOf(row, column) !== null)
    const cls = CLASS_OF_COLUMN[column]
    if (!cls || isSame(view, column, compared)) continue
    const atStakeFen = column === 'fee_fen' ? spreadOfFees(compared) : null
    const difference = whole(view, cluster, cls)
    if (!found.some((other) => other.class === cls)) {
      found.push(atStakeFen === null ? difference : { ...difference, atStakeFen })
    }
  }
  return found.map((difference) =>
    SUMS_AGREE.has(difference.class) ? { ...difference, atStakeFen: ZERO } : difference,
  )
}

const CLASS_OF_COLUMN: Partial<Record<NormalisedColumn, MatchingClass>> = {
  our_no: 'our_no',
  provider_no: 'provider_no',
  fee_fen: 'fee',
  account: 'wrong_account',
  business_date: 'cross_day',
}

const SUMS_AGREE: ReadonlySet<MatchingClass> = new Set(['our_no', 'provider_no', 'cross_day'])

function isSame(view: View, column: NormalisedColumn, rows: readonly SideRow[]): boolean {
  const values = [...new Set(rows.map((row) => valueOf(row, column) ?? ''))].toSorted()
  const [first = '', last = ''] = [values[0], values.at(-1)]
  if (column !== 'business_date' || first === last) return first === last
  const { relation, rules } = view
  const carried = rows.some((row) => isNearCutOff(row, view)) ? rules.carryOver.days : 0
  return daysBetween(first, last) <= Math.max(relation.dateWindowDays, carried)
}

function spreadOfFees(rows: readonly SideRow[]): Fen {
  const fees = rows.map(({ feeFen }) => feeFen ?? ZERO).toSorted((a, b) => a - b)
  return subtractFen(fees.at(-1) ?? ZERO, fees[0] ?? ZERO)
}

function whole(view: View, cluster: Cluster, cls: MatchingClass): FoundDifference {
  const rows = rowsOf(cluster)
  const largest = [...cluster.cells.values()]
    .map((cell) => absFen(sumOf(cell)))
    .toSorted((a, b) => b - a)
  return differenceOf(cluster, {
    relation: view.relation.id,
    class: cls,
    atStakeFen: largest[0] ?? ZERO,
    sides: view.relation.sides,
    rows,
    isCounted: true,
  })
}

const placeOf = ({ relation }: View, side: string) => relation.sides.indexOf(side)

type View = {
  relation: RowsRelation
  rules: MatchingRules
  businessDate: BusinessDate
  roleOf: (side: string) => Role
}
