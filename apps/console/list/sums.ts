import { addFen, type Fen, fen } from '../../../kernel/money.ts'

/** The sum of one amount over the rows, in fen. Asserts on anything that is not whole fen. */
export const sumFen = <Row>(rows: readonly Row[], amountOf: (row: Row) => number): Fen =>
  addFen(...rows.map((row) => fen(amountOf(row))))

/** What a movement does to the hospital's money: a charge adds, a return takes away. */
export const signedFen = ({ kind, amountFen }: { kind: 'charge' | 'return'; amountFen: number }) =>
  kind === 'charge' ? amountFen : 0 - amountFen

type Total = {
  provider: string
  kind: 'charge' | 'return'
  part: string
  count: number
  amountFen: number
}
type Filter = { provider?: string; kind?: 'charge' | 'return'; part?: string }

/**
 * What the day's totals say of the movements that pass a filter: the same filter over the list of movements
 * must give rows with this count and this signed sum.
 */
export function totalOfMoves(totals: readonly Total[], { provider, kind, part }: Filter) {
  const matching = totals.filter(
    (total) =>
      (provider === undefined || total.provider === provider) &&
      (kind === undefined || total.kind === kind) &&
      (part === undefined || total.part === part),
  )
  return {
    count: matching.reduce((sum, total) => sum + total.count, 0),
    amountFen: sumFen(matching, signedFen),
  }
}
