import type {
  CreditApplication,
  CreditLine,
  CreditOffer,
  Loan,
  LoanRepayment,
} from '../../../contract/client.ts'

const LENDER = { lenderId: 900_001, lender: { zh: '鹿城商业银行', en: 'Lucheng Bank' } }
const ID = '0193a000-0000-7000-8000-00000000000a'

export const lineOf = (changes: Partial<CreditLine> = {}): CreditLine => ({
  ...LENDER,
  lineId: ID,
  productId: 'visit-1',
  way: 'next_month',
  status: 'active',
  limitFen: 500_000,
  reservedFen: 30_000,
  drawnFen: 120_000,
  freeFen: 350_000,
  ...changes,
})

const example = { principalFen: 50_000, costFen: 0, totalFen: 50_000 }

export const offerOf = (changes: Partial<CreditOffer> = {}): CreditOffer => ({
  ...LENDER,
  productId: 'visit-1',
  kind: 'visit_credit',
  name: { zh: '信用就医', en: 'Visit credit' },
  mostFen: 2_000_000,
  leastFen: 50_000,
  freeDays: 30,
  scenes: ['outpatient', 'inpatient'],
  ways: [
    { way: 'next_month', periods: 1, example, aprPpm: 0, disclosure: 'apr_simple_irr' },
    {
      way: 'flat_fee',
      periods: 12,
      example: { principalFen: 50_000, costFen: 3_600, totalFen: 53_600 },
      aprPpm: 130_290,
      disclosure: 'apr_simple_irr',
    },
  ],
  consent: { version: 'v1', text: { zh: '一、我申请额度。\n二、我会还。', en: 'I apply.' } },
  ...changes,
})

export const applicationOf = (changes: Partial<CreditApplication> = {}): CreditApplication => ({
  lenderId: 900_001,
  id: ID,
  productId: 'visit-1',
  way: 'next_month',
  status: 'refused',
  limitFen: 0,
  refusal: 'by_score',
  score: 460,
  scorecard: 'visit-1',
  reasons: [
    { code: 'base', points: 500, params: {} },
    { code: 'paid_late', points: -40, params: { count: 1 } },
    { code: 'score_below_bands', points: 0, params: { score: 460, least: 500 } },
  ],
  createdAt: '2026-11-22T02:00:00.000Z',
  reviews: [],
  ...changes,
})

const nothing = { principalFen: 0, interestFen: 0, feeFen: 0, penaltyFen: 0 }

type Instalment = Loan['instalments'][number]

export const instalmentOf = (changes: Partial<Instalment> = {}): Instalment => ({
  no: 1,
  dueOn: '2027-01-22',
  status: 'open',
  principalFen: 10_000,
  interestFen: 100,
  feeFen: 0,
  open: { ...nothing, principalFen: 10_000 },
  paid: nothing,
  ...changes,
})

/** 200.00 in two parts: the first is over by a month, with 1.00 of interest and 0.50 of penalty. */
export const loanOf = (changes: Partial<Loan> = {}): Loan => ({
  loanId: ID,
  lenderId: 900_001,
  hospitalId: 1,
  visitNo: null,
  way: 'equal_payment',
  status: 'open',
  stage: 'current',
  principalFen: 20_000,
  openedOn: '2026-09-22',
  freeUntil: '2026-10-22',
  aprPpm: 48_000,
  disclosure: 'apr_simple_irr',
  penaltyRatePpm: 72_000,
  owedNowFen: 10_150,
  owedInFullFen: 20_150,
  repayments: [],
  instalments: [
    instalmentOf({
      dueOn: '2026-10-22',
      open: { principalFen: 10_000, interestFen: 100, feeFen: 0, penaltyFen: 50 },
    }),
    instalmentOf({ no: 2, dueOn: '2026-12-22' }),
  ],
  ...changes,
})

export const repaymentOf = (changes: Partial<LoanRepayment> = {}): LoanRepayment => ({
  repaymentNo: 'R1',
  source: 'payer',
  requestedAt: '2026-11-22T02:00:00.000Z',
  status: 'done',
  amountFen: 10_150,
  paid: { principalFen: 10_000, interestFen: 100, feeFen: 0, penaltyFen: 50 },
  excessFen: 0,
  refusal: null,
  ...changes,
})
