import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { MatchingClass } from './classes.ts'
import { linesOf, sumOf } from './cluster.ts'
import type { Sorted } from './found.ts'
import { compareText, ROW_KINDS, type RowKind, type SideRow } from './row.ts'

export type Figure = { lines: number; amountFen: Fen }

/** matched: several rows against one, or within the tolerance; carried: in transit between two cut-offs. */
export type GapCause = MatchingClass | 'matched' | 'carried'

/** Why theirs is not ours, to the fen: ours and the gap of every cause are theirs. For one kind and two sides. */
export type Closure = {
  relation: string
  ours: string
  theirs: string
  kind: RowKind
  oursTotal: Figure
  gaps: Partial<Record<GapCause, Figure>>
  theirsTotal: Figure
}

/** What agreed at once: as much on each side. */
export type AgreedTotals = Partial<Record<RowKind, { groups: number; amountFen: Fen }>>

/**
 * The identity of every pair of sides. The totals are of the rows as they were read, the gaps of what became of them:
 * a row that got lost, or was counted twice, shows.
 *
 * Errors: throws when they do not add up, which is a bug.
 */
export function closuresOf(
  relation: string,
  sides: readonly string[],
  agreed: AgreedTotals,
  rows: readonly SideRow[],
  sorted: Sorted,
): Closure[] {
  const attributed = attribute(sorted)
  const pairs = sides.flatMap((ours, i) => sides.slice(i + 1).map((theirs) => ({ ours, theirs })))
  const kinds = ROW_KINDS.filter(
    (kind) => (agreed[kind]?.groups ?? 0) > 0 || rows.some((row) => row.kind === kind),
  )
  const totals = new Map(
    kinds.flatMap((kind) =>
      sides.map((side) => [`${kind} ${side}`, totalOf(agreed, rows, kind, side)] as const),
    ),
  )
  return kinds.flatMap((kind) =>
    pairs.map(({ ours, theirs }) => {
      const closure: Closure = {
        relation,
        ours,
        theirs,
        kind,
        oursTotal: totals.get(`${kind} ${ours}`) ?? NOTHING,
        gaps: gapsOf(attributed, kind, ours, theirs),
        theirsTotal: totals.get(`${kind} ${theirs}`) ?? NOTHING,
      }
      assertHolds(closure)
      return closure
    }),
  )
}

const NOTHING: Figure = { lines: 0, amountFen: ZERO }

type Attributed = Map<string, { cause: GapCause; figure: Figure }>

const nameOf = (cause: GapCause, kind: RowKind, side: string) => `${cause} ${kind} ${side}`

function attribute({ matched, carried, differences }: Sorted): Attributed {
  const attributed: Attributed = new Map()
  const add = (cause: GapCause, rows: readonly SideRow[]) => {
    for (const row of rows) {
      const name = nameOf(cause, row.kind, row.side)
      const { figure } = attributed.get(name) ?? { figure: NOTHING }
      attributed.set(name, {
        cause,
        figure: {
          lines: figure.lines + row.lines,
          amountFen: addFen(figure.amountFen, row.amountFen),
        },
      })
    }
  }
  for (const { rows } of matched) add('matched', rows)
  add('carried', carried)
  for (const { class: cls, rows, isCounted } of differences) if (isCounted) add(cls, rows)
  return attributed
}

function gapsOf(attributed: Attributed, kind: RowKind, ours: string, theirs: string) {
  const gaps: Closure['gaps'] = {}
  const causes = [...new Set([...attributed.values()].map(({ cause }) => cause))]
  for (const cause of causes.toSorted(compareText)) {
    const of = (side: string) => attributed.get(nameOf(cause, kind, side))?.figure ?? NOTHING
    const gap = {
      lines: of(theirs).lines - of(ours).lines,
      amountFen: subtractFen(of(theirs).amountFen, of(ours).amountFen),
    }
    if (gap.lines !== 0 || gap.amountFen !== 0) gaps[cause] = gap
  }
  return gaps
}

function totalOf(
  agreed: AgreedTotals,
  rows: readonly SideRow[],
  kind: RowKind,
  side: string,
): Figure {
  const own = rows.filter((row) => row.side === side && row.kind === kind)
  return {
    lines: (agreed[kind]?.groups ?? 0) + linesOf(own),
    amountFen: addFen(agreed[kind]?.amountFen ?? ZERO, sumOf(own)),
  }
}

function assertHolds({
  relation,
  kind,
  ours,
  theirs,
  oursTotal,
  gaps,
  theirsTotal,
}: Closure): void {
  const all = Object.values(gaps)
  const lines = all.reduce((sum, gap) => sum + gap.lines, oursTotal.lines)
  const amountFen = all.reduce<Fen>((sum, gap) => addFen(sum, gap.amountFen), oursTotal.amountFen)
  assert(
    lines === theirsTotal.lines && amountFen === theirsTotal.amountFen,
    `${relation}: ${kind}s of ${ours} and the gaps are ${lines} of ${amountFen} fen, ` +
      `${theirs} has ${theirsTotal.lines} of ${theirsTotal.amountFen}`,
  )
}
