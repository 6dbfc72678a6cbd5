import { type Fen, fen, subtractFen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { CatalogueIndex, IndexedEntry } from './catalogue-index.ts'
import { type CoverClass, type HospitalLevel, isInForce } from './entry.ts'
import type { LineSplit, PricedLine } from './split.ts'
import { shareHalfUp, splitLine } from './split.ts'

/** What the hospital itself has of an entry, so that nothing is shown that cannot be had here. */
export type OfferedItem = { code: string; name: string; spec: string; unitPriceFen: Fen }

/** Something covered with the same substance in the same form. Shown to doctor and patient, chosen for nobody. */
export type Alternative = {
  entryCode: string
  itemCode: string
  name: string
  spec: string
  coverClass: CoverClass
  unitPriceFen: Fen
  /** Another strength or pack: how many units take the place of one is for the doctor to say. */
  isOfSameSpec: boolean
  /** How much less the person bears at the fund's share that was asked with: per unit, and for the whole line. */
  savingPerUnitFen: Fen
  savingFen: Fen
}

export type AlternativeRules = {
  level: HospitalLevel
  on: BusinessDate
  /** What the fund pays now of what is in scope; 0 while a deductible is open, or where it is not known. */
  sharePpm: number
  offeredOf: (entryCode: string) => readonly OfferedItem[]
}

const MOST = 5

/**
 * The covered entries that the hospital has in place of a line of class C, or of one with a first share: those with less out
 * of scope that cost the person no more, the largest saving first. Compared unit for unit, at the share asked with.
 */
export function alternativesOf(
  index: CatalogueIndex,
  line: PricedLine,
  split: LineSplit,
  rules: AlternativeRules,
): Alternative[] {
  const own = split.entryCode === null ? null : index.byCode(split.entryCode)
  const isWorthLooking = split.coverClass === 'C' || split.firstShareFen > 0
  if (!own || !isWorthLooking || line.quantity <= 0) return []
  return index
    .sameSubstance(own.entry)
    .filter(({ entry }) => entry.code !== own.entry.code && isInForce(entry, rules.on))
    .flatMap((other) => insteadOf(line, split, { own, other, rules }))
    .filter(({ savingFen }) => savingFen >= 0)
    .toSorted((a, b) => b.savingFen - a.savingFen || (a.itemCode < b.itemCode ? -1 : 1))
    .slice(0, MOST)
}

type Pair = { own: IndexedEntry; other: IndexedEntry; rules: AlternativeRules }

function insteadOf(line: PricedLine, split: LineSplit, { own, other, rules }: Pair): Alternative[] {
  const { coverClass } = other.entry
  if (coverClass !== 'A' && coverClass !== 'B') return []
  const sameSpec = own.spec.strength === other.spec.strength && own.spec.pack === other.spec.pack
  return rules.offeredOf(other.entry.code).flatMap((offered) => {
    const { unitPriceFen } = offered
    const amountFen = fen(Math.round(unitPriceFen * line.quantity))
    const instead = splitLine({ ...line, unitPriceFen, amountFen }, other.entry, rules.level)
    if (outOfScope(instead) >= outOfScope(split)) return []
    const savingFen = subtractFen(borneOf(split, rules.sharePpm), borneOf(instead, rules.sharePpm))
    return {
      entryCode: other.entry.code,
      itemCode: offered.code,
      name: offered.name,
      spec: offered.spec,
      coverClass,
      unitPriceFen,
      isOfSameSpec: sameSpec,
      savingPerUnitFen: fen(Math.floor(savingFen / line.quantity)),
      savingFen,
    }
  })
}

const outOfScope = ({ amountFen, inScopeFen }: LineSplit): Fen => subtractFen(amountFen, inScopeFen)

/** What is left of a line to the person when the fund pays its share of what is in scope. */
const borneOf = ({ amountFen, inScopeFen }: LineSplit, sharePpm: number): Fen =>
  subtractFen(amountFen, shareHalfUp(inScopeFen, sharePpm))
