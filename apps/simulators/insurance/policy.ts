import { assert } from '../../../kernel/assert.ts'
import {
  addFen,
  type Fen,
  fen,
  minFen,
  negateFen,
  shareFen,
  subtractFen,
  ZERO,
} from '../../../kernel/money.ts'
import type { Band, HospitalLevel, Scheme } from './bands.ts'
import { defaultStays, stayDeductible, type StayPolicy } from './inpatient/policy.ts'

export type { Band, HospitalLevel, Scheme } from './bands.ts'

// What the funds pay, as a pure function. Source: the public mechanics of 起付线, 支付比例 and
// 封顶线. Every ratio is in parts per million. Rounding: what a fund pays is rounded down to whole
// fen, segment by segment, so that the odd fen stays with the person; what a line's split takes off
// (over the limit, first share) is rounded half up.

export type Policy = {
  /** Whether fund_pay_sumamt contains the account's part: so in Guangdong, not so in Hunan. */
  fundIncludesAccount: boolean
  schemes: Record<Scheme, SchemePolicy>
  /** Of stays in hospital; the default figures unless told. */
  stays?: Record<Scheme, StayPolicy>
}

export type SchemePolicy = {
  /** Once a year, of what is in scope; borne by the person. */
  deductibleFen: Fen
  /** By the year's in-scope amount past the deductible, ascending; the last has no end. */
  bands: readonly Band[]
  /** The most the pooled fund pays for one person in a year. */
  poolCapFen: Fen
  /** 大额: a share of the in-scope amount that the cap cuts off, with a yearly cap of its own. */
  aboveCap: { ratioPpm: number; capFen: Fen } | null
  /** 大病: shares of the year's personal in-scope burden above a threshold; steps count from it. */
  seriousIllness: { thresholdFen: Fen; steps: readonly Step[] } | null
}

export type Step = { upToFen: Fen | null; ratioPpm: number }

/** Illustrative figures of no real region. */
export const defaultPolicy: Policy = {
  fundIncludesAccount: false,
  schemes: {
    '310': {
      deductibleFen: fen(300_00),
      bands: [
        {
          upToFen: fen(10_000_00),
          active: { 1: 800_000, 2: 700_000, 3: 600_000 },
          retired: { 1: 850_000, 2: 750_000, 3: 650_000 },
        },
        {
          upToFen: null,
          active: { 1: 850_000, 2: 800_000, 3: 750_000 },
          retired: { 1: 900_000, 2: 850_000, 3: 800_000 },
        },
      ],
      poolCapFen: fen(20_000_00),
      aboveCap: { ratioPpm: 800_000, capFen: fen(300_000_00) },
      seriousIllness: null,
    },
    '390': {
      deductibleFen: fen(200_00),
      bands: [
        {
          upToFen: null,
          active: { 1: 650_000, 2: 550_000, 3: 500_000 },
          retired: { 1: 650_000, 2: 550_000, 3: 500_000 },
        },
      ],
      poolCapFen: fen(8_000_00),
      aboveCap: null,
      seriousIllness: {
        thresholdFen: fen(15_000_00),
        steps: [
          { upToFen: fen(50_000_00), ratioPpm: 600_000 },
          { upToFen: fen(100_000_00), ratioPpm: 650_000 },
          { upToFen: null, ratioPpm: 700_000 },
        ],
      },
    },
  },
}

/** How one line of a bill divides; the parts add up to its amount. */
export type Split = { ownFen: Fen; overLimitFen: Fen; firstShareFen: Fen; inScopeFen: Fen }

/** What was used up of a year's deductible, bands and caps. */
export type YearUse = {
  deductibleFen: Fen
  coveredFen: Fen // in scope, past the deductible
  poolFen: Fen
  largeFen: Fen
  burdenFen: Fen // in scope, and borne by the person
  illnessFen: Fen
  stayCoveredFen: Fen // of stays, in scope, past their deductibles
}

export const NOTHING_USED: YearUse = {
  deductibleFen: ZERO,
  coveredFen: ZERO,
  poolFen: ZERO,
  largeFen: ZERO,
  burdenFen: ZERO,
  illnessFen: ZERO,
  stayCoveredFen: ZERO,
}

export type Basis = {
  scheme: Scheme
  retired: boolean
  hospitalLevel: HospitalLevel
  split: Split // of all lines of the batch
  used: YearUse // before this settlement
  accountBalanceFen: Fen
  useAccount: boolean
  /** Of a stay in hospital, which has a deductible and bands of its own. */
  stay?: { earlierStays: number } | null
}

type FundRow = {
  fund: string // fund_pay_type
  name: string
  inScopeFen: Fen
  limitFen: Fen // crt_payb_lmt_amt: what the fund could have paid at most
  paidFen: Fen
}

/** One settlement's figures. A refund has the same ones below zero. */
export type Figures = Split & {
  isStay: boolean
  totalFen: Fen
  deductibleFen: Fen
  coveredFen: Fen
  poolFen: Fen
  poolRatioPpm: number // of the band the settlement begins in
  largeFen: Fen
  illnessFen: Fen
  burdenFen: Fen
  fundPaySumFen: Fen // fund_pay_sumamt, with or without the account as the region has it
  fundIncludesAccount: boolean
  personFen: Fen
  accountFen: Fen
  cashFen: Fen
  hospitalFen: Fen
  rows: readonly FundRow[]
}

/** Unit price in 10^-6 yuan and quantity in 10^-4, as the wire has them. */
export function splitLine(line: {
  amountFen: Fen
  unitPrice: bigint
  quantity: bigint
  insuranceClass: 'A' | 'B' | 'C'
  firstSharePpm: number
  priceLimitFen: Fen | null
}): Split {
  const { amountFen, insuranceClass, priceLimitFen } = line
  if (insuranceClass === 'C') {
    return { ownFen: amountFen, overLimitFen: ZERO, firstShareFen: ZERO, inScopeFen: ZERO }
  }
  const limit = priceLimitFen === null ? null : BigInt(priceLimitFen) * 10_000n
  const excess = limit === null || line.unitPrice < limit ? 0n : line.unitPrice - limit
  const overLimitFen = minFen(amountFen, roundHalfUp(excess * line.quantity, 100_000_000n))
  const withinLimit = subtractFen(amountFen, overLimitFen)
  const firstSharePpm = insuranceClass === 'A' ? 0 : line.firstSharePpm
  const firstShareFen = roundHalfUp(BigInt(withinLimit) * BigInt(firstSharePpm), 1_000_000n)
  return {
    ownFen: ZERO,
    overLimitFen,
    firstShareFen,
    inScopeFen: subtractFen(withinLimit, firstShareFen),
  }
}

/** Pure: the pre-settlement and the settlement of the same basis are the same figures. */
export function settleFees(policy: Policy, basis: Basis): Figures {
  const scheme = policy.schemes[basis.scheme]
  const { split, used } = basis
  const totalFen = sumOfSplit(split)
  const terms = termsOf(policy, basis)
  const deductibleFen = minFen(split.inScopeFen, terms.deductibleFen)
  const coveredFen = subtractFen(split.inScopeFen, deductibleFen)
  const pool = payFromPool(scheme, basis, { ...terms, coveredFen })
  const large = payAboveCap(scheme, used, pool.cutOffFen)
  const burdenFen = subtractFen(split.inScopeFen, addFen(pool.row.paidFen, large?.paidFen ?? ZERO))
  const illness = paySeriousIllness(scheme, used, burdenFen)
  const funds = [pool.row, large, illness].filter((row) => row !== null)

  const personFen = subtractFen(totalFen, addFen(...funds.map((row) => row.paidFen)))
  const accountFen = basis.useAccount ? minFen(basis.accountBalanceFen, personFen) : ZERO
  const rows = policy.fundIncludesAccount
    ? [...funds, accountRow(basis.accountBalanceFen, accountFen)]
    : funds
  const figures: Figures = {
    ...split,
    isStay: Boolean(basis.stay),
    totalFen,
    deductibleFen,
    coveredFen,
    poolFen: pool.row.paidFen,
    poolRatioPpm: pool.ratioPpm,
    largeFen: large?.paidFen ?? ZERO,
    illnessFen: illness?.paidFen ?? ZERO,
    burdenFen,
    fundPaySumFen: addFen(...rows.map((row) => row.paidFen)),
    fundIncludesAccount: policy.fundIncludesAccount,
    personFen,
    accountFen,
    cashFen: subtractFen(personFen, accountFen),
    hospitalFen: ZERO,
    rows,
  }
  assertIdentities(figures)
  return figures
}

/** What a settlement uses up of the year, and an undone one gives back. */
export const useOf = (figures: Figures): YearUse => ({
  deductibleFen: figures.isStay ? ZERO : figures.deductibleFen,
  coveredFen: figures.isStay ? ZERO : figures.coveredFen,
  stayCoveredFen: figures.isStay ? figures.coveredFen : ZERO,
  poolFen: figures.poolFen,
  largeFen: figures.largeFen,
  burdenFen: figures.burdenFen,
  illnessFen: figures.illnessFen,
})

/** The figures of the record that takes a settlement back. */
export function negateFigures(figures: Figures): Figures {
  const negated = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      name.endsWith('Fen') ? negateFen(value as Fen) : value,
    ]),
  ) as Figures
  return {
    ...negated,
    rows: figures.rows.map((row) => ({
      ...row,
      inScopeFen: negateFen(row.inScopeFen),
      limitFen: negateFen(row.limitFen),
      paidFen: negateFen(row.paidFen),
    })),
  }
}

/**
 * Asserts what the platform promises of every answer: medfee = fund + psn_part + hosp_part;
 * psn_part = acct + cash; medfee = ownpay + overlmt + preself + inscp_scp; setldetail sums to fund.
 */
export function assertIdentities(figures: Figures): void {
  const accountInFund = figures.fundIncludesAccount ? figures.accountFen : ZERO
  const funds = addFen(figures.poolFen, figures.largeFen, figures.illnessFen)
  assert(figures.totalFen === sumOfSplit(figures), 'the four parts are the total')
  assert(figures.fundPaySumFen === addFen(funds, accountInFund), 'the funds are their sum')
  assert(
    figures.totalFen === addFen(funds, figures.personFen, figures.hospitalFen),
    'fund, person and hospital are the total',
  )
  assert(
    figures.personFen === addFen(figures.accountFen, figures.cashFen),
    'account and cash are what the person bears',
  )
  assert(
    figures.fundPaySumFen === addFen(...figures.rows.map((row) => row.paidFen)),
    'the rows are the fund total',
  )
}

/** What is left of the deductible, and the bands with what the year has used of them. */
function termsOf(policy: Policy, { scheme, stay, used, hospitalLevel }: Basis) {
  const rules = policy.schemes[scheme]
  if (!stay) {
    const deductibleFen = left(rules.deductibleFen, used.deductibleFen)
    return { deductibleFen, bands: rules.bands, usedFen: used.coveredFen }
  }
  const stays = (policy.stays ?? defaultStays)[scheme]
  const deductibleFen = stayDeductible(stays, hospitalLevel, stay.earlierStays)
  return { deductibleFen, bands: stays.bands, usedFen: used.stayCoveredFen }
}

function payFromPool(
  scheme: SchemePolicy,
  basis: Basis,
  { bands, usedFen, coveredFen }: { bands: readonly Band[]; usedFen: Fen; coveredFen: Fen },
) {
  const ratioOf = (band: Band) => (basis.retired ? band.retired : band.active)[basis.hospitalLevel]
  const limitFen = left(scheme.poolCapFen, basis.used.poolFen)
  let paidFen = ZERO
  let cutOffFen = ZERO
  for (const { step, amountFen } of segments(bands, usedFen, coveredFen)) {
    const ratioPpm = ratioOf(step)
    const room = subtractFen(limitFen, paidFen)
    const share = shareFen(amountFen, ratioPpm)
    if (share > room) cutOffFen = addFen(cutOffFen, beyond(amountFen, ratioPpm, room))
    paidFen = addFen(paidFen, minFen(share, room))
  }
  const first = bands.find((band) => isWithin(band, usedFen))
  assert(first !== undefined, 'the last band has no end')
  const [fund, name] = POOL_FUNDS[basis.scheme]
  const row: FundRow = { fund, name, inScopeFen: coveredFen, limitFen, paidFen }
  return { row, cutOffFen, ratioPpm: ratioOf(first) }
}

function payAboveCap(scheme: SchemePolicy, used: YearUse, cutOffFen: Fen): FundRow | null {
  if (!scheme.aboveCap || cutOffFen === 0) return null
  const limitFen = left(scheme.aboveCap.capFen, used.largeFen)
  const paidFen = minFen(limitFen, shareFen(cutOffFen, scheme.aboveCap.ratioPpm))
  return {
    fund: '330100',
    name: '职工大额医疗费用补助基金',
    inScopeFen: cutOffFen,
    limitFen,
    paidFen,
  }
}

/** Looks at the burden of the whole year, so what earlier settlements were paid is not paid again. */
function paySeriousIllness(scheme: SchemePolicy, used: YearUse, burdenFen: Fen): FundRow | null {
  const illness = scheme.seriousIllness
  if (!illness) return null
  const before = left(used.burdenFen, illness.thresholdFen)
  const after = left(addFen(used.burdenFen, burdenFen), illness.thresholdFen)
  const eligibleFen = subtractFen(after, before)
  if (eligibleFen === 0) return null
  const paidFen = addFen(
    ...segments(illness.steps, before, eligibleFen).map(({ step, amountFen }) =>
      shareFen(amountFen, step.ratioPpm),
    ),
  )
  return {
    fund: '390200',
    name: '城乡居民大病保险资金',
    inScopeFen: eligibleFen,
    limitFen: eligibleFen,
    paidFen,
  }
}

const accountRow = (balanceFen: Fen, paidFen: Fen): FundRow => ({
  fund: '310200',
  name: '职工基本医疗保险个人账户基金',
  inScopeFen: ZERO,
  limitFen: balanceFen,
  paidFen,
})

const POOL_FUNDS = {
  '310': ['310100', '职工基本医疗保险统筹基金'],
  '390': ['390100', '城乡居民基本医疗保险统筹基金'],
} as const

/** Cuts the stretch from `from` on, `amount` long, where the steps end. */
function segments<S extends { upToFen: Fen | null }>(
  steps: readonly S[],
  from: Fen,
  amount: Fen,
): { step: S; amountFen: Fen }[] {
  const end = addFen(from, amount)
  let at = from
  return steps.flatMap((step) => {
    const to = step.upToFen === null ? end : minFen(end, step.upToFen)
    if (to <= at) return []
    const amountFen = subtractFen(to, at)
    at = to
    return [{ step, amountFen }]
  })
}

/** The part of a segment whose share no longer finds room: what it takes to fill the room is not. */
function beyond(amountFen: Fen, ratioPpm: number, room: Fen): Fen {
  const fills = (BigInt(room) * 1_000_000n + BigInt(ratioPpm) - 1n) / BigInt(ratioPpm)
  return left(amountFen, fen(Number(fills)))
}

export const sumOfSplit = (split: Split) =>
  addFen(split.ownFen, split.overLimitFen, split.firstShareFen, split.inScopeFen)

const isWithin = (step: { upToFen: Fen | null }, amount: Fen) =>
  step.upToFen === null || amount < step.upToFen

const left = (limit: Fen, used: Fen): Fen => (used >= limit ? ZERO : subtractFen(limit, used))

const roundHalfUp = (value: bigint, unit: bigint): Fen =>
  fen(Number((value * 2n + unit) / (unit * 2n)))
