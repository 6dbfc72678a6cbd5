import type { FinanceDay } from '../../../contract/client.ts'
import type { Flow } from '../../web/amount.ts'
import { totalOfMoves } from '../list/sums.ts'
import { dropCursors, type MovesSearch, type PaymentsSearch } from '../search/params.ts'
import { stringifySearch } from '../search/plain-search.ts'

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
} satisfies Record<string, PaymentsSearch>

/** The figure of the day that a filter of the payments spells out, to be held against its rows. */
export function figureOfList(day: FinanceDay, search: PaymentsSearch): Figure | null {
  const view = stringifySearch(dropCursors(search))
  const isOfList = ({ link }: Figure) =>
    link.to === '/payments' && stringifySearch(link.search) === view
  return figuresOf(day).find(isOfList) ?? null
}

const toMoves = (search: MovesSearch): FigureLink => ({ to: '/moves', search })

const toPayments = (search: PaymentsSearch): FigureLink => ({ to: '/payments', search })
