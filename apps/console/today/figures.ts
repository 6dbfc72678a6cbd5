import type { FinanceDay } from '../../../contract/client.ts'
import type { Flow } from '../../web/amount.ts'
import type { PartKind } from '../../web/tenders.ts'
import { totalOfMoves } from '../list/sums.ts'
import {
  dropCursors,
  type MovesSearch,
  type PaymentsSearch,
  type RefundsSearch,
} from '../search/params.ts'
import { stringifySearch } from '../search/plain-search.ts'

/** Where a figure leads: to exactly the rows that add up to it. */
export type FigureLink =
  | { to: '/moves'; search: MovesSearch }
  | { to: '/payments'; search: PaymentsSearch }
  | { to: '/refunds'; search: RefundsSearch }

/** `amountFen` null: the figure is a count. */
export type Figure = {
  name: 'taken' | 'returned' | 'net' | 'succeeded' | 'refunded' | 'inTransit' | 'attention'
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
    { name: 'refunded', ...day.refunded, link: { to: '/refunds', search: REFUNDED } },
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

/** Out of the hospital's income: what goes back of a payment that came to nothing never was income. */
const REFUNDED: RefundsSearch = { by: 'returned', status: ['succeeded'], ofIncome: true }

/** The figure of the day that a filter of the payments spells out, to be held against its rows. */
export const figureOfList = (day: FinanceDay, search: PaymentsSearch): Figure | null =>
  figureBehind(day, { to: '/payments', search })

/** The same of the refunds. */
export const figureOfRefunds = (day: FinanceDay, search: RefundsSearch): Figure | null =>
  figureBehind(day, { to: '/refunds', search })

function figureBehind(day: FinanceDay, { to, search }: FigureLink): Figure | null {
  const view = stringifySearch(dropCursors(search))
  const isOfList = ({ link }: Figure) => link.to === to && stringifySearch(link.search) === view
  return figuresOf(day).find(isOfList) ?? null
}

const toMoves = (search: MovesSearch): FigureLink => ({ to: '/moves', search })

const toPayments = (search: PaymentsSearch): FigureLink => ({ to: '/payments', search })

/** By whom what was taken is owed to the hospital, or was paid before; in the order of the parts. */
export const PAYERS = {
  patient: ['self_pay'],
  insurance: ['pooled', 'account'],
  commercial: ['commercial'],
  bank: ['credit'],
  deposit: ['deposit'],
  programmes: ['subsidy', 'voucher', 'package'],
} as const satisfies Record<string, readonly PartKind[]>

/** The sub-figures of what was taken: they add up to it, and those without money are left out. */
export const takenByPayer = (day: FinanceDay) =>
  (Object.keys(PAYERS) as (keyof typeof PAYERS)[])
    .map((payer) => ({
      payer,
      amountFen: PAYERS[payer].reduce(
        (sum, part) => sum + totalOfMoves(day.moves, { kind: 'charge', part }).amountFen,
        0,
      ),
    }))
    .filter(({ amountFen }) => amountFen !== 0)
