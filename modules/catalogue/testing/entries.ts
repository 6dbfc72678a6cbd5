import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { CatalogueEntry } from '../entry.ts'
import type { HospitalItem } from '../match.ts'
import type { PolicyTerms, YearSoFar } from '../policy.ts'

export const entry = (code: string, changes: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  code,
  name: '阿莫西林胶囊',
  kind: 'drug',
  substance: '阿莫西林',
  atc: null,
  form: '胶囊剂',
  spec: '0.25g×24粒',
  unit: '盒',
  coverClass: 'A',
  priceLimits: {},
  firstSharePpm: 0,
  isLimited: false,
  validFrom: businessDate('2026-01-01'),
  validTo: null,
  ...changes,
})

export const item = (code: string, changes: Partial<HospitalItem> = {}): HospitalItem => ({
  code,
  name: '阿莫西林胶囊',
  spec: '250mg*24粒/盒',
  unit: '盒',
  unitPriceFen: fen(1_200),
  chargeCategory: '09',
  nationalCode: null,
  ...changes,
})

/** The illustrative policy of the worked example: 100.00 a year, then 70 %. */
export const terms = (changes: Partial<PolicyTerms> = {}): PolicyTerms => ({
  deductible: { per: 'year', firstFen: fen(10_000), laterFen: fen(10_000) },
  segments: [
    { fromFen: fen(0), sharePpm: { employed: 700_000, retired: 800_000, resident: 500_000 } },
  ],
  capFen: null,
  largeSum: null,
  accountPays: ['own', 'over_limit', 'first_share', 'in_scope'],
  ...changes,
})

export const year = (changes: Partial<YearSoFar> = {}): YearSoFar => ({
  status: 'employed',
  deductibleUsedFen: fen(0),
  admissions: 0,
  sharedFen: fen(0),
  fundPaidFen: fen(0),
  aboveCapFen: fen(0),
  burdenFen: fen(0),
  largeSumPaidFen: fen(0),
  accountFen: fen(0),
  useAccount: true,
  ...changes,
})
