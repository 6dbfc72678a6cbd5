import {
  areApart,
  type Cluster,
  compareClusters,
  isSingle,
  isWithin,
  merged,
  rowsOf,
  sumOf,
} from './cluster.ts'
import type { NormalisedColumn, SideRow } from './row.ts'
import type { NearPass, NumberPass, RowsRelation, SumPass } from './rules.ts'

/** Of so many equal amounts at one account none is told from the others by its time. */
const MOST_OF_AN_AMOUNT = 200

/**
 * Pure: brings together what the strongest rule left apart, by the weaker ones in their order. A rule joins two
 * clusters only when neither could be joined with a third by the same rule; the order of rows decides nothing.
 */
export function runPasses(clusters: readonly Cluster[], relation: RowsRelation): Cluster[] {
  let current = clusters.toSorted(compareClusters)
  for (const pass of relation.passes) {
    switch (pass.form) {
      case 'number':
        current = joinByNumber(current, relation, pass)
        break
      case 'sum':
        current = joinBySum(current, relation, pass)
        break
      case 'near':
        current = joinByTime(current, relation, pass)
        break
      case 'parts':
        current = current.map((cluster) => withParts(cluster, relation, pass.id))
        break
    }
  }
  return current.toSorted(compareClusters)
}

const isOpen = ({ cells }: Cluster, { sides }: RowsRelation) => cells.size < sides.length

function joinByNumber(clusters: Cluster[], relation: RowsRelation, pass: NumberPass): Cluster[] {
  const byNumber = groupBy(clusters, (cluster) =>
    isOpen(cluster, relation) && isSingle(cluster)
      ? [...new Set(valuesOf(cluster, pass.column, pass.sides))].map(
          (value) => `${cluster.kind} ${value}`,
        )
      : [],
  )
  const joined = new Joined(clusters)
  for (const group of byNumber.values()) {
    const [a, b, ...others] = group.filter((cluster) => joined.isFree(cluster))
    if (!a || !b || others.length > 0 || !areApart(a, b)) continue
    if (isSameAmount([...rowsOf(a), ...rowsOf(b)], relation)) joined.join(a, b, pass.id)
    else markNear(a, b, pass.id, 'amount')
  }
  return joined.all()
}

function joinBySum(clusters: Cluster[], relation: RowsRelation, pass: SumPass): Cluster[] {
  const byNumber = groupBy(clusters, (cluster) =>
    isOpen(cluster, relation) && isSingle(cluster)
      ? valuesOf(cluster, pass.column, [pass.one, pass.many])
          .slice(0, 1)
          .map((value) => `${cluster.kind} ${value}`)
      : [],
  )
  const joined = new Joined(clusters)
  for (const group of byNumber.values()) {
    const free = group.filter((cluster) => joined.isFree(cluster))
    const [one, second] = free.filter(({ cells }) => cells.has(pass.one) && !cells.has(pass.many))
    const many = free.filter(({ cells }) => cells.has(pass.many) && !cells.has(pass.one))
    const [row] = one?.cells.get(pass.one) ?? []
    if (!one || !row || second || many.length < 2) continue
    if (!many.every((cluster) => areApart(cluster, one))) continue
    const cells = together(many)
    const rows = cells.get(pass.many) ?? []
    if (!isWithin(row.amountFen, sumOf(rows), relation.toleranceFen)) {
      one.near = { rule: pass.id, because: 'amount', rows }
      continue
    }
    joined.replace([one, ...many], {
      ...one,
      cells: new Map([...one.cells, ...cells]),
      rules: [...one.rules, pass.id],
      parts: [...one.parts, ...cells.keys()],
      near: null,
    })
  }
  return joined.all()
}

/** The rows of several clusters side by side. */
function together(clusters: readonly Cluster[]): Cluster['cells'] {
  const cells: Cluster['cells'] = new Map()
  for (const row of clusters.flatMap(rowsOf)) {
    const rows = cells.get(row.side)
    if (rows) rows.push(row)
    else cells.set(row.side, [row])
  }
  return cells
}

/** Only where a number is unknown: two numbers that differ are two facts, whatever the amounts. */
function joinByTime(clusters: Cluster[], relation: RowsRelation, pass: NearPass): Cluster[] {
  const byAmount = groupBy(clusters, (cluster) => {
    const rows = rowsOf(cluster)
    const [row] = rows
    const account = rows.find((each) => each.account !== null)?.account ?? ''
    const isFit = isOpen(cluster, relation) && isSingle(cluster) && timeOf(cluster) !== null
    const areSides = [...cluster.cells.keys()].every((side) => pass.sides.includes(side))
    return row && isFit && areSides ? [`${cluster.kind} ${row.amountFen} ${account}`] : []
  })
  const joined = new Joined(clusters)
  for (const group of byAmount.values()) {
    if (!group.some(({ key }) => key === null)) continue
    const fits = (a: Cluster) =>
      group.length > MOST_OF_AN_AMOUNT
        ? group.filter((b) => b !== a).slice(0, 2)
        : group.filter((b) => b !== a && isNear(a, b, pass.windowSeconds))
    const candidates = new Map(group.map((cluster) => [cluster, fits(cluster)]))
    for (const [a, [b, ...others]] of candidates) {
      if (!b || !joined.isFree(a)) continue
      const back = candidates.get(b) ?? []
      if (others.length === 0 && back.length === 1) {
        if (joined.isFree(b)) joined.join(a, b, pass.id)
      } else if (a.key === null) markNear(a, b, pass.id, 'several')
    }
  }
  return joined.all()
}

const isNear = (a: Cluster, b: Cluster, windowSeconds: number): boolean =>
  areApart(a, b) &&
  (a.key === null || b.key === null) &&
  Math.abs((timeOf(a) ?? 0) - (timeOf(b) ?? 0)) <= windowSeconds * 1_000

function timeOf(cluster: Cluster): number | null {
  const [row] = rowsOf(cluster)
  const time = row?.occurredAt ? Date.parse(row.occurredAt) : Number.NaN
  return Number.isNaN(time) ? null : time
}

/** Several rows of one side that add up to what each other side has in one row, or in several that do the same. */
function withParts(cluster: Cluster, relation: RowsRelation, rule: string): Cluster {
  if (isSingle(cluster)) return cluster
  const cells = [...cluster.cells]
  const [[, single] = ['', []]] = cells.filter(
    ([, rows]) => rows.length === 1 && rows[0]?.lines === 1,
  )
  const target = single[0]?.amountFen
  if (target === undefined) return cluster
  const addUp = cells.every(([, rows]) => isWithin(sumOf(rows), target, relation.toleranceFen))
  if (!addUp) return cluster
  const parts = cells.filter(([, rows]) => rows.length > 1).map(([side]) => side)
  return { ...cluster, parts, rules: [...cluster.rules, rule] }
}

function isSameAmount(rows: readonly SideRow[], { toleranceFen }: RowsRelation): boolean {
  const [first] = rows
  return !first || rows.every((row) => isWithin(row.amountFen, first.amountFen, toleranceFen))
}

function markNear(a: Cluster, b: Cluster, rule: string, because: 'amount' | 'several'): void {
  a.near ??= { rule, because, rows: rowsOf(b) }
  b.near ??= { rule, because, rows: rowsOf(a) }
}

const valuesOf = (cluster: Cluster, column: NormalisedColumn, sides: readonly string[]): string[] =>
  rowsOf(cluster)
    .filter((row) => sides.includes(row.side))
    .map((row) => valueOf(row, column))
    .filter((value) => value !== null)

export function valueOf(row: SideRow, column: NormalisedColumn): string | null {
  switch (column) {
    case 'line_no':
      return String(row.lineNo)
    case 'kind':
      return row.kind
    case 'our_no':
      return row.ourNo
    case 'provider_no':
      return row.providerNo
    case 'amount_fen':
      return String(row.amountFen)
    case 'fee_fen':
      return row.feeFen === null ? null : String(row.feeFen)
    case 'occurred_at':
      return row.occurredAt
    case 'business_date':
      return row.businessDate
    case 'account':
      return row.account
    case 'memo':
      return row.memo
  }
}

function groupBy(clusters: readonly Cluster[], namesOf: (cluster: Cluster) => string[]) {
  const groups = new Map<string, Cluster[]>()
  for (const cluster of clusters) {
    for (const name of namesOf(cluster)) {
      const group = groups.get(name)
      if (group) group.push(cluster)
      else groups.set(name, [cluster])
    }
  }
  return groups
}

/** The clusters while some of them are joined: each may be joined once by a rule. */
class Joined {
  readonly #clusters: readonly Cluster[]
  readonly #gone = new Set<Cluster>()
  readonly #added: Cluster[] = []

  constructor(clusters: readonly Cluster[]) {
    this.#clusters = clusters
  }

  isFree(cluster: Cluster): boolean {
    return !this.#gone.has(cluster)
  }

  join(a: Cluster, b: Cluster, rule: string): void {
    this.replace([a, b], merged(a, b, rule))
  }

  replace(old: readonly Cluster[], by: Cluster): void {
    for (const cluster of old) this.#gone.add(cluster)
    this.#added.push(by)
  }

  all(): Cluster[] {
    return [...this.#clusters.filter((cluster) => this.isFree(cluster)), ...this.#added]
  }
}
