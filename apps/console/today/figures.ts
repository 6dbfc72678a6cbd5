import type { FinanceDay } from '../../../contract/client.ts'
import type { Flow } from '../../web/amount.ts'
import { totalOfMoves } from '../list/sums.ts'
import type { MovesSearch, PaymentsSearch } from '../search/params.ts'

/** Where a figure leads: to exactly the rows that add up to it. */
export type FigureLink =
  | { to: '/moves'; search: MovesSearch }
  | { to: '/payments'; search: PaymentsSearch }

/** `amountFen` null: the figure is a count. */
export type Figure = {
  name: 'taken' | 'returned' | 'net' | 'succeeded' | 'inTransit' | 'attention'
  amountFen: number | null
  count: number
  flow?: Flow
  link: FigureLink
}

/** The strip at the top of the day. In transit and attention are of now, whatever the date. */
export function figuresOf(day: FinanceDay): Figure[] {
  const taken = totalOfMoves(day.moves, { kind: 'charge' })
  const returned = totalOfMoves(day.moves, { kind: 'return' })
  const net = totalOfMoves(day.moves, {})
  return [
    { name: 'taken', ...taken, link: toMoves({ kind: 'charge' }) },
    { name: 'returned', ...returned, link: toMoves({ kind: 'return' }) },
    { name: 'net', ...net, link: toMoves({}) },
    { name: 'succeeded', ...day.succeeded, link: toPayments(LISTS.succeeded) },
    { name: 'inTransit', ...day.inTransit, link: toPayments(LISTS.inTransit) },
    { name: 'attention', amountFen: null, ...day.attention, link: toPayments(LISTS.attention) },
  ]
}

/** The filters of the payments whose rows a figure counts. */
const LISTS = {
  succeeded: { by: 'paid', status: ['succeeded'] },
  inTransit: { inTransit: true },
  attention: { attention: true },
} as const satisfies Record<string, Frozen<PaymentsSearch>>

/** The figure of the day that a filter of the payments spells out, to be held against its rows. */
export function figureOfList(day: FinanceDay, search: PaymentsSearch): Figure | null {
  const { before: _before, ...view } = search
  return figuresOf(day).find(({ link }) => link.to === '/payments' && isSame(link.search, view)) ?? null
}

const toMoves = (search: MovesSearch): FigureLink => ({ to: '/moves', search })

const toPayments = ({ ...search }: Frozen<PaymentsSearch>): FigureLink => ({
  to: '/payments',
  search: search.status ? { ...search, status: [...search.status] } : (search as PaymentsSearch),
})

const isSame = (a: object, b: object) => canonical(a) === canonical(b)

const canonical = (search: object) =>
  JSON.stringify(
    Object.entries(search)
      .filter(([name]) => name !== 'date')
      .map(([name, value]) => [name, Array.isArray(value) ? value.toSorted() : value])
      .toSorted(),
  )

type Frozen<T> = { readonly [K in keyof T]: T[K] extends (infer Item)[] | undefined ? readonly Item[] : T[K] }
