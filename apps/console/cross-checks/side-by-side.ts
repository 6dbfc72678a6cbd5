import type { Closure, Difference, Plan, Row } from './model.ts'

// A difference as columns, a side or a row of one each: what its rows say, and which of them say otherwise.

/** `row` null: the side has none. */
export type SideColumn = { side: string; no: number; row: Row | null }

/** Pure: every row of every side concerned, in the order of the plan; one that lacks it has an empty column. */
export function columnsOf(
  difference: Pick<Difference, 'sides' | 'rows'>,
  plan: Plan | undefined,
): SideColumn[] {
  return sidesOf([difference], plan).flatMap((side): SideColumn[] => {
    const own = difference.rows.filter((row) => row.side === side)
    if (own.length === 0) return [{ side, no: 1, row: null }]
    return own.map((row, i) => ({ side, no: i + 1, row }))
  })
}

/** What a row may say, by the column of a list that it is of. Times and memos differ anywhere, and are compared nowhere. */
export const FIELDS = {
  ourNo: 'our_no',
  providerNo: 'provider_no',
  amountFen: 'amount_fen',
  feeFen: 'fee_fen',
  occurredAt: 'occurred_at',
  businessDate: 'business_date',
  account: 'account',
  memo: 'memo',
} as const satisfies Partial<Record<keyof Row, string>>

export type Field = keyof typeof FIELDS

/** Pure: the sides whose values of a field are held against each other, by the rules of the plan. */
export function comparedSides(
  plan: Plan | undefined,
  relationId: string,
  field: Field,
): readonly string[] {
  const relation = plan?.rules.relations.find(({ id }) => id === relationId)
  if (!relation) return []
  if (relation.form === 'payout') {
    return field === 'amountFen' ? [relation.provider, relation.bank] : []
  }
  if (field === 'amountFen') return relation.sides
  const column = FIELDS[field]
  const keyed = Object.entries(relation.key.columns).flatMap(([side, of]) =>
    of === column ? [side] : [],
  )
  const same = relation.same.filter((each) => each.column === column)
  const passes = relation.passes.flatMap((pass) =>
    pass.form === 'number' && pass.column === column ? [pass] : [],
  )
  return [...new Set([...keyed, ...[...same, ...passes].flatMap(({ sides }) => sides)])]
}

/**
 * Pure: which columns say otherwise. Of several values the most frequent is taken for right, so that the one that differs is
 * marked and not the others; where none is, all are marked. What is not known says nothing.
 */
export function oddOf(
  columns: readonly SideColumn[],
  field: Field,
  compared: readonly string[],
): ReadonlySet<SideColumn> {
  const known = columns.filter(
    ({ side, row }) => compared.includes(side) && row !== null && row[field] !== null,
  )
  const counts = new Map<unknown, number>()
  for (const { row } of known) counts.set(row?.[field], (counts.get(row?.[field]) ?? 0) + 1)
  if (counts.size < 2) return new Set()
  const most = Math.max(...counts.values())
  const usual = [...counts].filter(([, count]) => count === most).map(([value]) => value)
  return new Set(known.filter(({ row }) => usual.length > 1 || row?.[field] !== usual[0]))
}

/** Pure: of a list of differences, the sides that any of them is about, in the order of the plan. */
export function sidesOf(
  differences: readonly Pick<Difference, 'sides'>[],
  plan: Plan | undefined,
): string[] {
  const order = plan?.rules.sides.map(({ name }) => name) ?? []
  const place = (side: string) => (order.includes(side) ? order.indexOf(side) : order.length)
  const sides = new Set(differences.flatMap((each) => each.sides.map(({ side }) => side)))
  return [...sides].toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

/** Pure: the sides whose figure is not the usual one of a difference: one that has nothing, or another amount. */
export function oddSides({ sides }: Pick<Difference, 'sides'>): ReadonlySet<string> {
  const lacking = sides.filter(({ lines }) => lines === 0)
  if (lacking.length > 0 && lacking.length < sides.length) {
    return new Set(lacking.map(({ side }) => side))
  }
  const of = (figure: { lines: number; amountFen: number }) => `${figure.lines} ${figure.amountFen}`
  const counts = new Map<string, number>()
  for (const each of sides) counts.set(of(each), (counts.get(of(each)) ?? 0) + 1)
  if (counts.size < 2) return new Set()
  const most = Math.max(...counts.values())
  const isTied = [...counts.values()].filter((count) => count === most).length > 1
  return new Set(
    sides.filter((each) => isTied || counts.get(of(each)) !== most).map(({ side }) => side),
  )
}

/** One bar of a waterfall, from one running sum to the next. Fen. */
export type ClosureStep = {
  name: string
  lines: number
  amountFen: number
  fromFen: number
  toFen: number
  isSum: boolean
}

/** Pure: ours to theirs, cause by cause. */
export function stepsOfClosure({ oursTotal, gaps, theirsTotal }: Closure): ClosureStep[] {
  let sumFen = oursTotal.amountFen
  const sum = (name: string, figure: Closure['oursTotal']) => ({
    name,
    lines: figure.lines,
    amountFen: figure.amountFen,
    fromFen: 0,
    toFen: figure.amountFen,
    isSum: true,
  })
  const steps = gaps.map(({ cause, lines, amountFen }) => {
    const fromFen = sumFen
    sumFen += amountFen
    return { name: cause, lines, amountFen, fromFen, toFen: sumFen, isSum: false }
  })
  return [sum('ours', oursTotal), ...steps, sum('theirs', theirsTotal)]
}

export type SideTotal = { side: string; kind: Closure['kind']; lines: number; amountFen: number }

/** Pure: what each side has of each kind, once: closures name a side as often as it has another to be held against. */
export function totalsOf(closures: readonly Closure[]): SideTotal[] {
  const totals = new Map<string, SideTotal>()
  for (const { ours, theirs, kind, oursTotal, theirsTotal } of closures) {
    totals.set(`${ours} ${kind}`, { side: ours, kind, ...oursTotal })
    totals.set(`${theirs} ${kind}`, { side: theirs, kind, ...theirsTotal })
  }
  return [...totals.values()]
}
