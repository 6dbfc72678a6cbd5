import type { Fen } from '../../../kernel/money.ts'
import type { MatchingClass } from './classes.ts'
import { type Cluster, linesOf, rowsOf, sumOf } from './cluster.ts'
import type { RowKind, SideRow } from './row.ts'

/** What a comparison came to for rows that did not agree at once. Every one of them is in exactly one counted place. */
export type Sorted = {
  matched: { rule: string; rows: SideRow[] }[]
  carried: SideRow[]
  differences: FoundDifference[]
}

export type FoundDifference = {
  relation: string
  class: MatchingClass
  kind: RowKind
  key: string | null
  /** The sides concerned; one that lacks it has no lines. */
  sides: Record<string, { lines: number; amountFen: Fen }>
  atStakeFen: Fen
  /** By which rule its rows were brought together, or nearly matched with others: then `near` says what was against it. */
  rule: string
  near: { because: 'amount' | 'several'; rows: SideRow[] } | null
  rows: SideRow[]
  /** False when these rows are counted in another difference already: they differ in more than one way. */
  isCounted: boolean
}

type About = {
  relation: string
  class: MatchingClass
  atStakeFen: Fen
  sides: readonly string[]
  rows: SideRow[]
  isCounted: boolean
}

export function differenceOf(cluster: Cluster, about: About): FoundDifference {
  const { near } = cluster
  return {
    relation: about.relation,
    class: about.class,
    kind: cluster.kind,
    key: cluster.key,
    sides: Object.fromEntries(
      about.sides.map((side) => {
        const rows = about.rows.filter((row) => row.side === side)
        return [side, { lines: linesOf(rows), amountFen: sumOf(rows) }]
      }),
    ),
    atStakeFen: about.atStakeFen,
    rule: near?.rule ?? cluster.rules.at(-1) ?? '',
    near: near && { because: near.because, rows: near.rows },
    rows: about.rows,
    isCounted: about.isCounted,
  }
}

export const matchOf = (cluster: Cluster) => ({
  rule: cluster.rules.at(-1) ?? '',
  rows: rowsOf(cluster),
})
