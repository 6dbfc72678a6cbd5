import type { components, operations } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type Portfolio = Schemas['LoanPortfolio']
export type PortfolioFigures = Portfolio['now']
export type LoanFigures = Schemas['LoanFigures']
export type LineUse = Schemas['LenderLineUse']
export type LenderLine = Schemas['LenderLine']
export type LenderLoan = Schemas['LenderLoan']
export type LoanRecord = Schemas['LenderLoanRecord']
export type LenderApplication = Schemas['LenderApplication']
export type LenderReview = Schemas['CreditReview']
export type LenderHospital = Schemas['LenderHospitalLimit']
export type LenderProduct = Schemas['LenderProduct']
export type LenderDay = Schemas['LenderDay']
export type Collection = Schemas['CreditCollection']
export type Received = Schemas['CreditReceived']
export type Payout = Schemas['CreditPayout']
export type Owed = operations['getOwedByLender']['responses'][200]['content']['application/json']

/** As the hub counts them, the least overdue first. */
export const BUCKETS = [
  'current',
  '1-30',
  '31-60',
  '61-90',
  '91-180',
  '181-360',
  'over-360',
] as const
export type Bucket = (typeof BUCKETS)[number]

export const LOAN_STATUSES = [
  'open',
  'settled',
  'written_off',
] as const satisfies readonly LenderLoan['status'][]
export const LINE_STATUSES = [
  'active',
  'suspended',
  'ended',
] as const satisfies readonly LenderLine['status'][]
export const APPLICATION_STATUSES = [
  'asking',
  'granted',
  'refused',
] as const satisfies readonly LenderApplication['status'][]
export const REVIEW_VIEWS = ['open', 'decided', 'applications'] as const

/** The bad-debt ratio that such credit is expected to stay under: 1 %. */
export const BAD_DEBT_THRESHOLD_PPM = 10_000

/** From this day on a loan's principal counts as bad. */
export const BAD_BUCKETS: ReadonlySet<string> = new Set(['91-180', '181-360', 'over-360'])

/** A part of a whole in parts per million, rounded down; 0 of nothing. */
export const ppmOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Number((BigInt(part) * 1_000_000n) / BigInt(whole))

/** Days of an open loan after its oldest unpaid due day. */
export const daysBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000))
