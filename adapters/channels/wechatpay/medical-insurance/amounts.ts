import { addFen, type Fen, subtractFen } from '../../../../kernel/money.ts'

/** What makes up a mixed payment, in fen. Every amount is zero or more. */
export type MedicalInsuranceAmounts = {
  totalFen: Fen
  /** 统筹: what the fund pays. */
  fundFen: Fen
  /** 个账: what the patient's own insurance account pays. */
  accountFen: Fen
  /** What other subsidies pay. */
  otherFen: Fen
  /** What the insurance leaves to the patient: 医保结算后自费. */
  ownPartFen: Fen
  /** What WeChat takes from the payer: 微信实收. */
  cashFen: Fen
  additions: readonly CashAddition[]
  reductions: readonly CashReduction[]
}

export const ADDITION_TYPES = ['DEFAULT_ADD_TYPE', 'FREIGHT', 'OTHER_MEDICAL_EXPENSES'] as const

export const REDUCTION_TYPES = [
  'DEFAULT_REDUCE_TYPE',
  'HOSPITAL_REDUCE',
  'PHARMACY_DISCOUNT',
  'DISCOUNT',
  'PRE_PAYMENT',
  'DEPOSIT_DEDUCTION',
] as const

export type CashAddition = { type: (typeof ADDITION_TYPES)[number]; amountFen: Fen }
export type CashReduction = { type: (typeof REDUCTION_TYPES)[number]; amountFen: Fen }

/**
 * Which of the three identities the amounts break, by the name WeChat's refusal has for it; null when all hold.
 *
 * total = fund + account + other + cash + Σ reductions
 *       = fund + account + other + own part + Σ additions
 * cash  = own part + Σ additions − Σ reductions
 */
export function brokenIdentity(
  amounts: MedicalInsuranceAmounts,
): 'total' | 'mixed' | 'cash' | null {
  const added = sumOf(amounts.additions)
  const reduced = sumOf(amounts.reductions)
  const insured = insuredFen(amounts)
  if (amounts.totalFen !== addFen(insured, amounts.cashFen, reduced)) return 'total'
  if (amounts.cashFen !== subtractFen(addFen(amounts.ownPartFen, added), reduced)) return 'cash'
  // It follows from the other two; asked all the same, so that none of the three hangs on another.
  return amounts.totalFen === addFen(insured, amounts.ownPartFen, added) ? null : 'mixed'
}

/** What the insurance pays, by whatever purse. */
export const insuredFen = ({ fundFen, accountFen, otherFen }: InsuredParts): Fen =>
  addFen(fundFen, accountFen, otherFen)

export type InsuredParts = Pick<MedicalInsuranceAmounts, 'fundFen' | 'accountFen' | 'otherFen'>

/** The first amount that is not the same in both; null when none differs. */
export function differingAmount(
  one: MedicalInsuranceAmounts,
  other: MedicalInsuranceAmounts,
): string | null {
  const plain = PLAIN.find((name) => one[name] !== other[name])
  if (plain !== undefined) return plain
  if (listText(one.additions) !== listText(other.additions)) return 'additions'
  return listText(one.reductions) === listText(other.reductions) ? null : 'reductions'
}

const PLAIN = [
  'totalFen',
  'fundFen',
  'accountFen',
  'otherFen',
  'ownPartFen',
  'cashFen',
] as const satisfies readonly (keyof MedicalInsuranceAmounts)[]

type Entry = { type: string; amountFen: Fen }

const sumOf = (entries: readonly Entry[]): Fen =>
  addFen(...entries.map(({ amountFen }) => amountFen))

/** The order of the entries is nobody's statement. */
const listText = (entries: readonly Entry[]): string =>
  entries
    .map(({ type, amountFen }) => `${type} ${amountFen}`)
    .toSorted()
    .join(', ')
