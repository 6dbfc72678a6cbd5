import type { FinanceDay } from '../../../contract/client.ts'
import { PARTS } from '../../web/tenders.ts'
import { totalOfMoves } from '../list/sums.ts'

export type FlowNode =
  | { kind: 'part'; name: (typeof PARTS)[number] }
  | { kind: 'provider'; name: string }
  | { kind: 'end'; name: 'kept' | 'returned' }

export type FlowLink = { from: FlowNode; to: FlowNode; amountFen: number }

/**
 * The day's money from who bears it through who collects it to where it stays: the hospital, or back with the payer.
 * Null where there is nothing to draw, or where a provider gave back more than it took that day, which no stream
 * from left to right can show; the table beside it shows every day.
 */
export function moneyFlowOf(moves: FinanceDay['moves']): FlowLink[] | null {
  const links: FlowLink[] = []
  for (const name of [...new Set(moves.map(({ provider }) => provider))].toSorted()) {
    const provider = { kind: 'provider', name } as const
    for (const part of PARTS) {
      const filter = { provider: name, part, kind: 'charge' } as const
      const { amountFen } = totalOfMoves(moves, filter)
      links.push({ from: { kind: 'part', name: part }, to: provider, amountFen })
    }
    const returnedFen = 0 - totalOfMoves(moves, { provider: name, kind: 'return' }).amountFen
    const keptFen = totalOfMoves(moves, { provider: name }).amountFen
    if (keptFen < 0) return null
    links.push({ from: provider, to: { kind: 'end', name: 'kept' }, amountFen: keptFen })
    links.push({ from: provider, to: { kind: 'end', name: 'returned' }, amountFen: returnedFen })
  }
  const drawn = links.filter(({ amountFen }) => amountFen > 0)
  return drawn.length > 0 ? drawn : null
}
