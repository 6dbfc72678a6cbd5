import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { type Alternative, alternativesOf, type OfferedItem } from './alternatives.ts'
import type { CatalogueIndex } from './catalogue-index.ts'
import { type HospitalLevel, isInForce } from './entry.ts'
import { type HospitalItem, matchItem } from './match.ts'
import { type LineSplit, splitLine } from './split.ts'

/** A line of a bill with what it takes to find it in the catalogue. */
export type BillLine = HospitalItem & { lineNo: number; quantity: number; amountFen: Fen }

export type ExplainRules = {
  level: HospitalLevel
  on: BusinessDate
  acceptFrom: number
  /** What the hospital's items are, by code: matched or decided. Null: a person has yet to say, or said none. */
  known: ReadonlyMap<string, string | null>
}

/** Each line split by what it is in the catalogue. An item that nobody has placed is matched here, by the same rules. */
export function splitLines(
  index: CatalogueIndex,
  lines: readonly BillLine[],
  { level, on, acceptFrom, known }: ExplainRules,
): LineSplit[] {
  return lines.map((line) => {
    const placed = known.get(line.code)
    const entryCode =
      placed === undefined ? matchItem(index, line, { level, acceptFrom, on }).entryCode : placed
    const entry = entryCode === null ? null : (index.byCode(entryCode)?.entry ?? null)
    return splitLine(line, entry && isInForce(entry, on) ? entry : null, level)
  })
}

export type ExplainedLine = LineSplit & { alternatives: readonly Alternative[] }

/** The same lines with what is covered in their place. `sharePpm`: the fund's share now of what is in scope. */
export const withAlternatives = (
  index: CatalogueIndex,
  lines: readonly BillLine[],
  splits: readonly LineSplit[],
  rules: Pick<ExplainRules, 'level' | 'on'> & {
    sharePpm: number
    offeredOf: (entryCode: string) => readonly OfferedItem[]
  },
): ExplainedLine[] =>
  splits.map((split, i) => {
    const line = lines[i]
    return { ...split, alternatives: line ? alternativesOf(index, line, split, rules) : [] }
  })

/** The entries that might stand in for lines that are not covered in full: what to ask the hospital's items for. */
export const entriesInstead = (index: CatalogueIndex, splits: readonly LineSplit[]): string[] => [
  ...new Set(
    splits.flatMap(({ entryCode, coverClass, firstShareFen }) => {
      const own = entryCode === null ? null : index.byCode(entryCode)
      if (!own || (coverClass !== 'C' && firstShareFen === 0)) return []
      return index.sameSubstance(own.entry).map(({ entry }) => entry.code)
    }),
  ),
]
