import { type Fen, fen, shareFen } from '../../../../kernel/money.ts'
import type { Band, HospitalLevel, Scheme } from '../bands.ts'

/** What the funds pay of a stay in hospital. The yearly caps are those of the scheme. */
export type StayPolicy = {
  /** 起付线 of each admission, by the hospital's level; borne by the person. */
  deductibleFen: Record<HospitalLevel, Fen>
  /** The share of the deductible that the second and later admissions of a year still bear. */
  laterStayPpm: number
  /** By the year's in-scope amount of stays past their deductibles, ascending; the last has no end. */
  bands: readonly Band[]
}

/** Illustrative figures of no real region. */
export const defaultStays: Record<Scheme, StayPolicy> = {
  '310': {
    deductibleFen: { 1: fen(200_00), 2: fen(500_00), 3: fen(900_00) },
    laterStayPpm: 500_000,
    bands: [
      {
        upToFen: fen(30_000_00),
        active: { 1: 900_000, 2: 870_000, 3: 850_000 },
        retired: { 1: 930_000, 2: 910_000, 3: 900_000 },
      },
      {
        upToFen: null,
        active: { 1: 950_000, 2: 920_000, 3: 900_000 },
        retired: { 1: 970_000, 2: 950_000, 3: 930_000 },
      },
    ],
  },
  '390': {
    deductibleFen: { 1: fen(150_00), 2: fen(400_00), 3: fen(800_00) },
    laterStayPpm: 500_000,
    bands: [
      {
        upToFen: null,
        active: { 1: 850_000, 2: 750_000, 3: 650_000 },
        retired: { 1: 850_000, 2: 750_000, 3: 650_000 },
      },
    ],
  },
}

/** The deductible of one admission; `earlierStays` are those of the year that were settled. */
export function stayDeductible(
  policy: StayPolicy,
  level: HospitalLevel,
  earlierStays: number,
): Fen {
  const whole = policy.deductibleFen[level]
  return earlierStays === 0 ? whole : shareFen(whole, policy.laterStayPpm)
}
