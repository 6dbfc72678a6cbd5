import { addFen, type Fen, fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import { compareRows, compareText, type RowKind, type SideRow } from './row.ts'

/** Rows of one fact, as far as the rules can tell: of each side one row, or none, or several. */
export type Cluster = {
  kind: RowKind
  key: string | null
  cells: Map<string, SideRow[]>
  /** The rules that brought the rows together, the strongest first. */
  rules: string[]
  /** The sides whose several rows add up to the one row of the others. */
  parts: string[]
  /** A rule by which it nearly matched another one, and what stood against it. */
  near: { rule: string; because: 'amount' | 'several'; rows: SideRow[] } | null
}

/** One cluster for each number and kind; a row without a number is one by itself. */
export function clustersOf(rows: readonly SideRow[], rule: string): Cluster[] {
  const clusters = new Map<string, Cluster>()
  for (const row of rows.toSorted(compareRows)) {
    const name = row.key === null ? `${clusters.size}` : `${row.kind} ${row.key}`
    const cluster = clusters.get(name)
    if (cluster) addRow(cluster, row)
    else clusters.set(name, newCluster(row, rule))
  }
  return [...clusters.values()]
}

export const rowsOf = ({ cells }: Cluster): SideRow[] => [...cells.values()].flat()

/** The smallest row stands for the cluster where clusters are put in order. */
export function compareClusters(a: Cluster, b: Cluster): number {
  const [first, second] = [a, b].map((cluster) => rowsOf(cluster).toSorted(compareRows)[0])
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.key ?? '', b.key ?? '') ||
    (first && second ? compareRows(first, second) : 0)
  )
}

export const isSingle = ({ cells }: Cluster): boolean =>
  [...cells.values()].every((rows) => rows.length === 1 && rows[0]?.lines === 1)

export const areApart = (a: Cluster, b: Cluster): boolean =>
  [...a.cells.keys()].every((side) => !b.cells.has(side))

/** One cluster of both, by a rule. */
export function merged(a: Cluster, b: Cluster, rule: string): Cluster {
  const [first, second] = a.key === null && b.key !== null ? [b, a] : [a, b]
  return {
    ...first,
    cells: new Map([...first.cells, ...second.cells]),
    rules: [...first.rules, rule],
    parts: [...first.parts, ...second.parts],
    near: null,
  }
}

export const sumOf = (rows: readonly SideRow[]): Fen =>
  rows.reduce<Fen>((sum, { amountFen }) => addFen(sum, amountFen), ZERO)

export const absFen = (amount: Fen): Fen => fen(Math.abs(amount))

export const linesOf = (rows: readonly SideRow[]): number =>
  rows.reduce((count, { lines }) => count + lines, 0)

export const isWithin = (a: Fen, b: Fen, toleranceFen: number): boolean =>
  Math.abs(subtractFen(a, b)) <= toleranceFen

function addRow({ cells }: Cluster, row: SideRow): void {
  const rows = cells.get(row.side)
  if (rows) rows.push(row)
  else cells.set(row.side, [row])
}

const newCluster = (row: SideRow, rule: string): Cluster => ({
  kind: row.kind,
  key: row.key,
  cells: new Map([[row.side, [row]]]),
  rules: [rule],
  parts: [],
  near: null,
})
