import {
  addFen,
  allocateFen,
  type Fen,
  minFen,
  shareFen,
  subtractFen,
  ZERO,
} from '../../../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../../../kernel/time.ts'
import type { Product, VisitKind } from './products.ts'

// What a policy pays, as a pure function. Whatever it pays is rounded down to whole fen, so that the odd fen stays
// with the insured.

/** A visit's fees, and what of each others have not paid. */
export type Loss = {
  visitKind: VisitKind
  visitOn: BusinessDate
  diagnoses: readonly string[]
  totalFen: Fen
  lines: readonly LossLine[]
}

export type LossLine = {
  lineNo: string
  code: string
  name: string
  category: string
  /** 甲 乙 丙 */
  catalogueClass: 'A' | 'B' | 'C'
  amountFen: Fen
  /** Neither medical insurance nor another policy paid it. */
  leftFen: Fen
}

/** What is sold, and what of its year is used up or promised. */
export type Cover = {
  product: Product
  beginsOn: BusinessDate
  endsOn: BusinessDate
  state: 'in_force' | 'suspended' | 'lapsed'
  deductibleUsedFen: Fen
  benefitUsedFen: Fen
}

/** A covered loss may still bring nothing: `remark` says why then. */
export type Benefit =
  | { outcome: 'covered'; figures: Figures }
  | { outcome: 'not_covered'; reason: NoCover }

export type NoCover =
  | 'not_in_force'
  | 'waiting_period'
  | 'visit_kind_not_covered'
  | 'diagnosis_excluded'
  | 'cap_used_up'

export type Figures = {
  eligibleFen: Fen // in the catalogue
  outsideFen: Fen // outside it, and covered
  deductibleFen: Fen
  ratioPpm: number
  outsideRatioPpm: number
  benefitFen: Fen
  lines: readonly FigureLine[]
  remark: 'nothing_eligible' | 'below_deductible' | 'limited' | null
}

/** `eligibleFen` of a line is what is left of it and covered; `reason` says why it is not. */
export type FigureLine = {
  lineNo: string
  category: string
  eligibleFen: Fen
  benefitFen: Fen
  reason: 'covered' | 'category_excluded' | 'outside_catalogue' | 'paid_by_others'
}

/** Pure: the same cover and loss give the same benefit. */
export function benefitOf(cover: Cover, loss: Loss): Benefit {
  const refusal = refusalOf(cover, loss)
  return refusal === null
    ? { outcome: 'covered', figures: figuresOf(cover, loss) }
    : { outcome: 'not_covered', reason: refusal }
}

/** The first day on which the policy pays. */
export const paysFrom = (beginsOn: BusinessDate, { waitingDays }: Product): BusinessDate =>
  addDays(beginsOn, waitingDays)

function refusalOf(cover: Cover, loss: Loss): NoCover | null {
  const { product, beginsOn, endsOn } = cover
  const isInForce = cover.state === 'in_force' && beginsOn <= loss.visitOn && loss.visitOn <= endsOn
  if (!isInForce) return 'not_in_force'
  if (loss.visitOn < paysFrom(beginsOn, product)) return 'waiting_period'
  if (!product.visitKinds.includes(loss.visitKind)) return 'visit_kind_not_covered'
  const isExcluded = loss.diagnoses.some((code) =>
    product.excludedDiagnoses.some((beginning) => code.startsWith(beginning)),
  )
  if (isExcluded) return 'diagnosis_excluded'
  return cover.benefitUsedFen >= product.capFen ? 'cap_used_up' : null
}

function figuresOf({ product, deductibleUsedFen, benefitUsedFen }: Cover, loss: Loss): Figures {
  const { ratioPpm, outsideRatioPpm } = product
  const lines = loss.lines.map((line) => ({ line, reason: reasonOf(product, line) }))
  const eligible = (outside: boolean) =>
    addFen(
      ...lines
        .filter(({ reason, line }) => reason === 'covered' && isOutside(line) === outside)
        .map(({ line }) => line.leftFen),
    )
  const [eligibleFen, outsideFen] = [eligible(false), eligible(true)]
  const deductibleLeftFen = left(product.deductibleFen, deductibleUsedFen)
  const deductibleFen = minFen(deductibleLeftFen, addFen(eligibleFen, outsideFen))
  const fromEligibleFen = minFen(deductibleFen, eligibleFen)
  const fromOutsideFen = subtractFen(deductibleFen, fromEligibleFen)
  const shareOfLossFen = addFen(
    shareFen(subtractFen(eligibleFen, fromEligibleFen), ratioPpm),
    shareFen(subtractFen(outsideFen, fromOutsideFen), outsideRatioPpm),
  )
  const capFen = left(product.capFen, benefitUsedFen)
  const benefitFen = [capFen, product.claimCapFen ?? capFen].reduce(minFen, shareOfLossFen)
  return {
    eligibleFen,
    outsideFen,
    deductibleFen,
    ratioPpm,
    outsideRatioPpm,
    benefitFen,
    lines: spread(product, lines, benefitFen),
    remark: remarkOf(addFen(eligibleFen, outsideFen), shareOfLossFen, benefitFen),
  }
}

/** The benefit by line, in proportion to what is covered of each. */
function spread(product: Product, lines: readonly ReasonedLine[], benefitFen: Fen): FigureLine[] {
  const weights = lines.map(({ line, reason }) => {
    const ratioPpm = isOutside(line) ? product.outsideRatioPpm : product.ratioPpm
    return reason === 'covered' ? line.leftFen * Math.trunc(ratioPpm / 1_000) : 0
  })
  const parts = benefitFen === 0 ? [] : allocateFen(benefitFen, weights)
  return lines.map(({ line, reason }, index) => ({
    lineNo: line.lineNo,
    category: line.category,
    eligibleFen: reason === 'covered' ? line.leftFen : ZERO,
    benefitFen: parts[index] ?? ZERO,
    reason,
  }))
}

function reasonOf(product: Product, line: LossLine): FigureLine['reason'] {
  if (product.excludedCategories.includes(line.category)) return 'category_excluded'
  if (isOutside(line) && product.outsideRatioPpm === 0) return 'outside_catalogue'
  return line.leftFen === 0 ? 'paid_by_others' : 'covered'
}

function remarkOf(coveredFen: Fen, shareOfLossFen: Fen, benefitFen: Fen): Figures['remark'] {
  if (coveredFen === 0) return 'nothing_eligible'
  if (shareOfLossFen === 0) return 'below_deductible'
  return benefitFen < shareOfLossFen ? 'limited' : null
}

const isOutside = (line: LossLine) => line.catalogueClass === 'C'

const left = (limit: Fen, used: Fen): Fen => (used >= limit ? ZERO : subtractFen(limit, used))

type ReasonedLine = { line: LossLine; reason: FigureLine['reason'] }
