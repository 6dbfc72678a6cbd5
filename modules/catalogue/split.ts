import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { type CatalogueEntry, type CoverClass, type HospitalLevel, limitOf } from './entry.ts'

/** One line of a bill as it is split: what it is and what it costs. */
export type PricedLine = {
  lineNo: number
  code: string
  name: string
  unitPriceFen: Fen
  quantity: number // up to four decimals
  amountFen: Fen
}

export const LINE_REASONS = [
  'line_unmatched',
  'class_unknown',
  'class_a',
  'class_b',
  'class_c',
  'over_limit',
  'first_share',
  'in_scope',
  'limited_use',
] as const
export type LineReason = {
  code: (typeof LINE_REASONS)[number]
  params: Record<string, string | number>
}

/** The four parts add up to the amount, to the fen, and none is below zero. */
export type LineSplit = {
  lineNo: number
  code: string
  name: string
  entryCode: string | null
  coverClass: CoverClass | null
  amountFen: Fen
  ownFen: Fen
  overLimitFen: Fen
  firstShareFen: Fen
  inScopeFen: Fen
  reasons: readonly LineReason[]
}

/**
 * Splits a line: class C is one's own; of A and B what is above the price limit, and of the rest of B the first share; what
 * remains is in scope. A line that is matched to nothing, or has no class, is one's own: nobody is promised money for it.
 *
 * Units: fen; shares are rounded half up to whole fen.
 * Errors: asserts on an amount, price or quantity below zero, as callers check their input first.
 */
export function splitLine(
  line: PricedLine,
  entry: CatalogueEntry | null,
  level: HospitalLevel,
): LineSplit {
  const { amountFen, unitPriceFen, quantity } = line
  assert(amountFen >= 0 && unitPriceFen >= 0 && quantity >= 0, 'a line is not below zero')
  const cover = entry?.coverClass ?? null
  if (!entry || cover === null || cover === 'C') return ownExpense(line, entry)
  const limit = limitOf(entry, level)
  const overLimitFen = limit === null ? ZERO : overLimitOf(line, limit)
  const belowLimitFen = subtractFen(amountFen, overLimitFen)
  const sharePpm = cover === 'B' ? entry.firstSharePpm : 0
  const firstShareFen = shareHalfUp(belowLimitFen, sharePpm)
  const inScopeFen = subtractFen(belowLimitFen, firstShareFen)
  const amounts = { ownFen: ZERO, overLimitFen, firstShareFen, inScopeFen }
  const reasons: LineReason[] = [
    { code: cover === 'A' ? 'class_a' : 'class_b', params: {} },
    ...reasonIf(overLimitFen, 'over_limit', { limitMicroYuan: limit ?? 0 }),
    ...reasonIf(firstShareFen, 'first_share', { sharePpm }),
    ...reasonIf(inScopeFen, 'in_scope', {}),
    ...(entry.isLimited ? [{ code: 'limited_use', params: {} } as const] : []),
  ]
  return { ...headOf(line, entry), ...amounts, reasons }
}

function ownExpense(line: PricedLine, entry: CatalogueEntry | null): LineSplit {
  const code = !entry ? 'line_unmatched' : entry.coverClass === 'C' ? 'class_c' : 'class_unknown'
  return {
    ...headOf(line, entry),
    ownFen: line.amountFen,
    overLimitFen: ZERO,
    firstShareFen: ZERO,
    inScopeFen: ZERO,
    reasons: [{ code, params: { amountFen: line.amountFen } }],
  }
}

const headOf = ({ lineNo, code, name, amountFen }: PricedLine, entry: CatalogueEntry | null) => ({
  lineNo,
  code,
  name,
  entryCode: entry?.code ?? null,
  coverClass: entry?.coverClass ?? null,
  amountFen,
})

const reasonIf = (
  amountFen: Fen,
  code: LineReason['code'],
  params: LineReason['params'],
): LineReason[] => (amountFen > 0 ? [{ code, params: { ...params, amountFen } }] : [])

// Prices are fen, limits millionths of a yuan, quantities have four decimals: the product needs BigInt.
function overLimitOf({ unitPriceFen, quantity, amountFen }: PricedLine, limitMicro: number): Fen {
  const aboveMicro = unitPriceFen * MICRO_YUAN_PER_FEN - limitMicro
  if (aboveMicro <= 0) return ZERO
  const tenThousandths = BigInt(Math.round(quantity * 10_000))
  const perFen = BigInt(MICRO_YUAN_PER_FEN) * 10_000n
  return minFen(
    fen(Number((BigInt(aboveMicro) * tenThousandths + perFen / 2n) / perFen)),
    amountFen,
  )
}

const MICRO_YUAN_PER_FEN = 10_000

/** The parts-per-million share, half a fen upwards. At most the amount, for a share of at most all of it. */
export const shareHalfUp = (amountFen: Fen, ppm: number): Fen =>
  fen(Number((BigInt(amountFen) * BigInt(ppm) + 500_000n) / 1_000_000n))

export const sumOf = (splits: readonly LineSplit[], part: SplitPart): Fen =>
  addFen(...splits.map((split) => split[part]))

export type SplitPart = 'amountFen' | 'ownFen' | 'overLimitFen' | 'firstShareFen' | 'inScopeFen'
