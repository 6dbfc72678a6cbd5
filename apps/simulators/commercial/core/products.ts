import { type Fen, fen } from '../../../../kernel/money.ts'
import { pick, randomBelow, seededRandom } from '../../../../kernel/random.ts'
import { addDays, type BusinessDate } from '../../../../kernel/time.ts'

export type VisitKind = 'registration' | 'outpatient' | 'online'

/** What an insurer sells. A policy is one year of it; deductible and cap are of that year. */
export type Product = {
  code: string
  name: string
  visitKinds: readonly VisitKind[]
  /** Borne by the insured once in the policy's year. */
  deductibleFen: Fen
  /** Of what is in the public catalogue and left by medical insurance, parts per million. */
  ratioPpm: number
  /** The same of what is outside the catalogue (丙); zero where it is not covered. */
  outsideRatioPpm: number
  /** The most of the policy's year, and of one claim; null without one. */
  capFen: Fen
  claimCapFen: Fen | null
  /** Days from the beginning in which nothing is paid. */
  waitingDays: number
  /** med_chrgitm_type of lines that are not paid for, and beginnings of ICD-10 codes that exclude the whole visit. */
  excludedCategories: readonly string[]
  excludedDiagnoses: readonly string[]
}

/** One policy as it is sold. */
export type PolicyGrant = {
  policyNo: string
  product: string
  idCardNo: string
  holderName: string
  beginsOn: BusinessDate
  endsOn: BusinessDate
}

/** Illustrative figures of no real insurer. */
export const DIRECT_PRODUCTS: readonly Product[] = [
  {
    code: 'HMB-2026',
    name: '城市惠民补充医疗保险',
    visitKinds: ['outpatient'],
    deductibleFen: fen(200_00),
    ratioPpm: 800_000,
    outsideRatioPpm: 500_000,
    capFen: fen(20_000_00),
    claimCapFen: null,
    waitingDays: 0,
    excludedCategories: ['14'],
    excludedDiagnoses: ['O', 'Z41'],
  },
  {
    code: 'MZ-100',
    name: '门诊百元医疗保险',
    visitKinds: ['outpatient', 'registration'],
    deductibleFen: fen(0),
    ratioPpm: 900_000,
    outsideRatioPpm: 0,
    capFen: fen(3_000_00),
    claimCapFen: fen(500_00),
    waitingDays: 30,
    excludedCategories: ['10', '14'],
    excludedDiagnoses: ['O', 'Z41', 'K08'],
  },
  {
    code: 'ZXWZ-1',
    name: '线上问诊与药品保险',
    visitKinds: ['online'],
    deductibleFen: fen(0),
    ratioPpm: 1_000_000,
    outsideRatioPpm: 800_000,
    capFen: fen(1_000_00),
    claimCapFen: fen(300_00),
    waitingDays: 7,
    excludedCategories: [],
    excludedDiagnoses: [],
  },
]

export const FHIR_PRODUCTS: readonly Product[] = [
  {
    code: 'MEDPLUS-GOLD',
    name: '安心中端医疗保险',
    visitKinds: ['registration', 'outpatient', 'online'],
    deductibleFen: fen(500_00),
    ratioPpm: 900_000,
    outsideRatioPpm: 900_000,
    capFen: fen(100_000_00),
    claimCapFen: fen(10_000_00),
    waitingDays: 30,
    excludedCategories: ['14'],
    excludedDiagnoses: ['O', 'Z41'],
  },
  {
    code: 'CHRONIC-1',
    name: '慢病管理年度保险',
    visitKinds: ['outpatient', 'online'],
    deductibleFen: fen(0),
    ratioPpm: 600_000,
    outsideRatioPpm: 0,
    capFen: fen(2_400_00),
    claimCapFen: fen(200_00),
    waitingDays: 0,
    excludedCategories: ['03', '04', '06', '14'],
    excludedDiagnoses: [],
  },
]

/**
 * Sells policies to a share of the people. A person's draw depends on the seed and their identity number alone, so
 * it is the same whoever else is there.
 *
 * Shape: of a hundred sold, about eighty are in force and past their waiting period on `today`, twelve have just begun
 * and eight have ended.
 */
export function grantPolicies(
  people: readonly { idCardNo: string; name: string }[],
  sale: { seed: string; sharePpm: number; products: readonly Product[]; today: BusinessDate },
): PolicyGrant[] {
  return people.flatMap(({ idCardNo, name }) => {
    const random = seededRandom(`${sale.seed}/policy/${idCardNo}`)
    if (randomBelow(random, 1_000_000) >= sale.sharePpm) return []
    const { code } = pick(random, sale.products)
    const beginsOn = addDays(sale.today, 0 - daysSinceBeginning(randomBelow(random, 100)))
    return {
      policyNo: `P${String(randomBelow(random, 1_000_000_000)).padStart(9, '0')}${idCardNo.slice(-4)}`,
      product: code,
      idCardNo,
      holderName: name,
      beginsOn,
      endsOn: addDays(beginsOn, DAYS_OF_COVER - 1),
    }
  })
}

const DAYS_OF_COVER = 365

function daysSinceBeginning(draw: number): number {
  if (draw < 80) return 60 + draw * 3
  return draw < 92 ? draw - 80 : DAYS_OF_COVER + 5
}
