import { type Fen, fen, ZERO } from '../../kernel/money.ts'

/** What we recorded of a provider's day for one kind of part. */
export type OwnPart = { part: string; chargeFen: Fen; returnFen: Fen }

/**
 * A provider's sums by kind of part, as its list knows amounts and not who paid them: as we recorded them, and what its
 * list has beyond that, or less, with the largest part. Of a provider of which we recorded nothing, all is `usual`.
 */
export function partsByOwn(
  list: { chargeFen: Fen; returnFen: Fen },
  own: readonly OwnPart[],
  usual = 'self_pay',
): OwnPart[] {
  const known = own.length > 0 ? own : [{ part: usual, chargeFen: ZERO, returnFen: ZERO }]
  const largest = known.reduce((a, b) =>
    b.chargeFen + b.returnFen > a.chargeFen + a.returnFen ? b : a,
  )
  const more = (side: 'chargeFen' | 'returnFen') =>
    known.reduce((left, part) => left - part[side], list[side] as number)
  const [chargeMore, returnMore] = [more('chargeFen'), more('returnFen')]
  return known.map((part) =>
    part === largest
      ? {
          part: part.part,
          chargeFen: fen(part.chargeFen + chargeMore),
          returnFen: fen(part.returnFen + returnMore),
        }
      : part,
  )
}
