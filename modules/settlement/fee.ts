import { addFen, type Fen, fen, negateFen, ZERO } from '../../kernel/money.ts'
import type { FeeTerms } from './contract.ts'

/** A line of a provider's list. `feeFen` as billed, below zero when given back; null where the list does not say it. */
export type FeeLine = {
  kind: 'charge' | 'return'
  ourNo: string
  amountFen: Fen
  feeFen: Fen | null
}

export type FeeDifference = {
  lineNo: number
  kind: FeeLine['kind']
  ourNo: string
  amountFen: Fen
  billedFen: Fen
  contractFen: Fen
}

/** What the contract has a batch cost: an expectation, which is never booked. */
export function contractFee(terms: FeeTerms, lines: readonly FeeLine[]): Fen {
  if (terms.roundedPer === 'transaction') {
    return addFen(ZERO, ...lines.map((line) => feeOfLine(terms, line)))
  }
  const parts = lines.map((line) => signOf(terms, line) * exactFee(terms, line.amountFen))
  const sum = parts.reduce((total, part) => total + part, 0n)
  return within(terms, rounded(terms, sum))
}

/** The transactions that were billed otherwise than the contract has it; none where it rounds by the batch. */
export function feeDifferences(terms: FeeTerms, lines: readonly FeeLine[]): FeeDifference[] {
  if (terms.roundedPer === 'batch') return []
  return lines.flatMap((line, i) => {
    const { kind, ourNo, amountFen, feeFen: billedFen } = line
    const contractFen = feeOfLine(terms, line)
    if (billedFen === null || billedFen === contractFen) return []
    return [{ lineNo: i + 1, kind, ourNo, amountFen, billedFen, contractFen }]
  })
}

function feeOfLine(terms: FeeTerms, line: FeeLine): Fen {
  const feeFen = rounded(terms, exactFee(terms, line.amountFen))
  if (line.kind === 'charge') return within(terms, feeFen)
  return terms.onReturn === 'given_back' ? negateFen(feeFen) : ZERO
}

const signOf = (terms: FeeTerms, { kind }: FeeLine): bigint => {
  if (kind === 'charge') return 1n
  return terms.onReturn === 'given_back' ? -1n : 0n
}

const PPM = 1_000_000n

/** In millionths of a fen, of an amount at the rate of its tier. */
function exactFee({ tiers }: FeeTerms, amountFen: Fen): bigint {
  const tier = tiers.findLast(({ fromFen }) => fromFen <= amountFen)
  return BigInt(amountFen) * BigInt(tier?.ratePpm ?? 0)
}

/** Millionths of a fen as whole fen; what is below zero is rounded like what is above it. */
function rounded({ rounding }: FeeTerms, millionths: bigint): Fen {
  const isNegative = millionths < 0n
  const size = isNegative ? -millionths : millionths
  const extra = { half_up: PPM / 2n, down: 0n, up: PPM - 1n }[rounding]
  const whole = Number((size + extra) / PPM)
  return fen(isNegative ? 0 - whole : whole)
}

function within({ minFen, maxFen }: FeeTerms, feeFen: Fen): Fen {
  if (feeFen < 0) return feeFen
  const most = maxFen ?? feeFen
  return fen(Math.min(Math.max(feeFen, minFen), Math.max(most, minFen)))
}
