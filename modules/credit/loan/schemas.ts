import Type from 'typebox'

import type { BusinessDate } from '../../../kernel/time.ts'
import { Day } from '../../../platform/http/schemas.ts'
import { REPAYMENT_WAYS } from '../terms.ts'
import type { WayOffer } from './change-way.ts'
import type { Amounts, Instalment, Portfolio } from './loan.ts'
import { owedInFull, owedNow, totalOf } from './loan.ts'
import type { LoanWithInstalments } from './loans.ts'
import type { LenderDayRow, RepaymentRow } from './tables.ts'

const AmountFen = Type.Integer({ minimum: 0, description: 'Fen, 1/100 yuan' })
const WayName = Type.Enum([...REPAYMENT_WAYS, 'flat_fee_up_front'])

export const AmountsView = Type.Object({
  principalFen: AmountFen,
  interestFen: AmountFen,
  feeFen: AmountFen,
  penaltyFen: AmountFen,
})

export const RepaymentView = Type.Object(
  {
    repaymentNo: Type.String(),
    source: Type.Enum(['debit', 'payer', 'family', 'recovery']),
    requestedAt: Type.String({ format: 'date-time' }),
    status: Type.Enum(['asking', 'done', 'refused']),
    amountFen: AmountFen,
    paid: AmountsView,
    excessFen: AmountFen,
    refusal: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'LoanRepayment' },
)

export const LoanView = Type.Object(
  {
    loanId: Type.String({ format: 'uuid' }),
    lenderId: Type.Integer(),
    hospitalId: Type.Integer({ description: 'Where the visit was' }),
    visitNo: Type.Union([Type.String(), Type.Null()]),
    way: WayName,
    status: Type.Enum(['open', 'settled', 'written_off']),
    stage: Type.String({ description: 'current, or a stage of the overdue ladder' }),
    principalFen: AmountFen,
    openedOn: Day,
    freeUntil: Day,
    aprPpm: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The yearly rate as it was agreed, parts per million',
    }),
    disclosure: Type.Union([Type.Enum(['apr_simple_irr', 'apr_compound_irr']), Type.Null()]),
    penaltyRatePpm: Type.Integer({
      description: 'Penalty interest a year on what is overdue, parts per million',
    }),
    owedNowFen: AmountFen,
    owedInFullFen: AmountFen,
    repayments: Type.Array(
      Type.Unsafe<Type.Static<typeof RepaymentView>>(Type.Ref('LoanRepayment')),
      {
        description: 'What was repaid, or tried to, newest first',
      },
    ),
    instalments: Type.Array(
      Type.Object({
        no: Type.Integer(),
        dueOn: Day,
        status: Type.Enum(['open', 'paid', 'written_off']),
        principalFen: AmountFen,
        interestFen: AmountFen,
        feeFen: AmountFen,
        open: AmountsView,
        paid: AmountsView,
      }),
    ),
  },
  { $id: 'Loan' },
)

export const WayOfferView = Type.Object(
  {
    way: WayName,
    periods: Type.Integer(),
    refusedBy: Type.Union([Type.String(), Type.Null()], { description: 'Code of the reason' }),
    aprPpm: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The yearly rate as the lender shows it, parts per million',
    }),
    aprSimplePpm: Type.Union([Type.Integer(), Type.Null()]),
    aprCompoundPpm: Type.Union([Type.Integer(), Type.Null()]),
    disclosure: Type.Union([Type.Enum(['apr_simple_irr', 'apr_compound_irr']), Type.Null()]),
    costFen: AmountFen,
    totalFen: AmountFen,
    schedule: Type.Array(
      Type.Object({
        no: Type.Integer(),
        dueOn: Day,
        principalFen: AmountFen,
        interestFen: AmountFen,
        feeFen: AmountFen,
      }),
    ),
  },
  { $id: 'LoanWayOffer' },
)

export const WayBody = Type.Object(
  {
    way: Type.Enum([...REPAYMENT_WAYS]),
    periods: Type.Integer({ minimum: 1, maximum: 60 }),
    aprPpm: Type.Integer({ minimum: 0, description: 'The yearly rate that was shown' }),
    totalFen: Type.Integer({ minimum: 1, description: 'The total that was shown' }),
  },
  { additionalProperties: false },
)

export const RepaymentBody = Type.Object(
  {
    scope: Type.Enum(['partial', 'due', 'full']),
    amountFen: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000_000,
        description:
          'Fen. Of what is due or all: the amount that was shown, which must still be so',
      }),
    ),
  },
  { additionalProperties: false },
)

export const WriteOffBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)

export const PortfolioFigures = Type.Object({
  openLoans: Type.Integer(),
  principalFen: AmountFen,
  interestFen: AmountFen,
  feeFen: AmountFen,
  penaltyFen: AmountFen,
  buckets: Type.Array(
    Type.Object({ name: Type.String(), loans: Type.Integer(), principalFen: AmountFen }),
  ),
  newLoans: Type.Integer(),
  newPrincipalFen: AmountFen,
  repaidFen: AmountFen,
  recoveredFen: AmountFen,
  writtenOffLoans: Type.Integer(),
  writtenOffFen: AmountFen,
  badDebtPpm: Type.Integer({ description: 'Principal overdue by more than 90 days, of all' }),
})

export const PortfolioView = Type.Object(
  {
    now: PortfolioFigures,
    days: Type.Array(Type.Object({ date: Day, portfolio: PortfolioFigures })),
  },
  { $id: 'LoanPortfolio' },
)

export const viewOfLoan = (
  { loan, instalments, apr, repayments }: LoanWithInstalments,
  today: BusinessDate,
): Type.Static<typeof LoanView> => ({
  loanId: loan.id,
  lenderId: loan.hospital_id,
  hospitalId: loan.care_hospital_id,
  visitNo: loan.visit_no,
  way: loan.way,
  status: loan.status,
  stage: loan.stage,
  principalFen: loan.principal_fen,
  openedOn: loan.opened_on,
  freeUntil: loan.free_until,
  aprPpm: apr?.shownPpm ?? null,
  disclosure: apr?.disclosure ?? null,
  penaltyRatePpm: loan.penalty_rate_ppm,
  owedNowFen: totalOf(owedNow(instalments, today)),
  owedInFullFen: totalOf(owedInFull(instalments)),
  repayments: repayments.map(viewOfRepayment),
  instalments: instalments.map(viewOfInstalment),
})

const viewOfInstalment = ({ no, dueOn, status, scheduled, open, paid }: Instalment) => ({
  no,
  dueOn,
  status,
  ...scheduled,
  open,
  paid,
})

export const viewOfWay = ({
  way,
  periods,
  offer,
  refusedBy,
}: WayOffer): Type.Static<typeof WayOfferView> => ({
  way,
  periods,
  refusedBy,
  aprPpm: offer?.apr.shownPpm ?? null,
  aprSimplePpm: offer?.apr.simplePpm ?? null,
  aprCompoundPpm: offer?.apr.compoundPpm ?? null,
  disclosure: offer?.apr.disclosure ?? null,
  costFen: offer?.costFen ?? 0,
  totalFen: offer?.totalFen ?? 0,
  schedule: offer?.schedule ?? [],
})

export const viewOfRepayment = (row: RepaymentRow): Type.Static<typeof RepaymentView> => ({
  repaymentNo: row.repayment_no,
  source: row.source,
  requestedAt: row.requested_at.toISOString(),
  status: row.status,
  amountFen: row.amount_fen,
  paid: paidBy(row),
  excessFen: row.excess_fen,
  refusal: row.refusal,
})

const paidBy = (row: RepaymentRow): Amounts => ({
  principalFen: row.principal_fen,
  interestFen: row.interest_fen,
  feeFen: row.fee_fen,
  penaltyFen: row.penalty_fen,
})

export const viewOfPortfolio = (
  now: Portfolio,
  days: readonly LenderDayRow[],
): Type.Static<typeof PortfolioView> => ({
  now,
  days: days.flatMap(({ business_date: date, portfolio }) =>
    portfolio ? [{ date, portfolio }] : [],
  ),
})
