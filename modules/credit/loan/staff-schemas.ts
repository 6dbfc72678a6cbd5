import Type from 'typebox'

import { Day, Instant, nullable } from '../../../platform/http/schemas.ts'
import { AccountEnd, Limit } from '../staff-schemas.ts'
import { REPAYMENT_WAYS } from '../terms.ts'
import { BUCKET_NAMES, type DeskLoan, type eventsOf, type writeOffOf } from './desk-store.ts'
import { AmountsView, PortfolioFigures, type RepaymentView } from './schemas.ts'
import type { LenderDayRow } from './tables.ts'

// What a lender's staff are shown of its loans: accounts, hospitals and amounts, and nothing of anybody's illness.

const AmountFen = Type.Integer({ minimum: 0, description: 'Fen, 1/100 yuan' })
const LoanStatus = Type.Enum(['open', 'settled', 'written_off'])

export const LoansQuery = Type.Object({
  status: Type.Optional(LoanStatus),
  bucket: Type.Optional(
    Type.Enum([...BUCKET_NAMES], { description: 'Open loans by days overdue, as the portfolio' }),
  ),
  accountNo: Type.Optional(AccountEnd),
  proposed: Type.Optional(
    Type.Boolean({ description: 'Only those whose write-off waits for a second person' }),
  ),
  before: Type.Optional(Type.String({ format: 'uuid', description: 'The last loan seen' })),
  limit: Type.Optional(Limit),
})

export const DaysQuery = Type.Object({
  before: Type.Optional(Type.String({ format: 'date', description: 'The last day seen' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 62, default: 31 })),
})

export const DeskLoanView = Type.Object(
  {
    loanId: Type.String({ format: 'uuid' }),
    lineId: nullable(Type.String({ format: 'uuid' })),
    accountNo: nullable(Type.String({ description: 'The lender’s own number of the account' })),
    hospitalId: Type.Integer({ description: 'Which hospital it was lent to pay' }),
    productId: Type.String(),
    way: Type.Enum([...REPAYMENT_WAYS, 'flat_fee_up_front']),
    periods: Type.Integer(),
    yearlyRatePpm: Type.Integer(),
    feePpm: Type.Integer(),
    penaltyRatePpm: Type.Integer({ description: 'A year, on what is overdue' }),
    principalFen: AmountFen,
    openedOn: Day,
    freeUntil: Day,
    status: LoanStatus,
    stage: Type.String({ description: 'current, or a stage of the overdue ladder' }),
    overdueSince: nullable(Day),
    endedAt: nullable(Instant),
    owedFen: Type.Integer({ minimum: 0, description: 'Fen. Accrued and not paid' }),
    dueFen: Type.Integer({ minimum: 0, description: 'Fen. Of it, due today or before' }),
    nextDueOn: nullable(Day),
    writeOff: nullable(Type.Enum(['proposed', 'approved'])),
  },
  { $id: 'LenderLoan' },
)

const Instalment = Type.Object({
  no: Type.Integer(),
  dueOn: Day,
  status: Type.Enum(['open', 'paid', 'written_off']),
  principalFen: AmountFen,
  interestFen: AmountFen,
  feeFen: AmountFen,
  open: AmountsView,
  paid: AmountsView,
})

const Event = Type.Object({
  date: Day,
  at: Instant,
  kind: Type.String({ examples: ['stage', 'reminder:3', 'way_changed', 'written_off'] }),
  from: nullable(Type.String()),
  to: nullable(Type.String()),
})

const WriteOff = Type.Object({
  reason: Type.String(),
  proposedBy: Type.String({ examples: ['staff:0190b3a0-0000-7000-8000-00000000000f'] }),
  proposedAt: Instant,
  approvedBy: nullable(Type.String()),
  approvedAt: nullable(Instant),
  amountFen: nullable(Type.Integer({ description: 'Fen. What was given up' })),
})

export const LoanRecordView = Type.Object(
  {
    loan: Type.Unsafe<Type.Static<typeof DeskLoanView>>(Type.Ref('LenderLoan')),
    owedTodayFen: Type.Integer({
      minimum: 0,
      description: 'Fen. To repay it in whole today; what a write-off gives up',
    }),
    aprPpm: nullable(Type.Integer({ description: 'As it was agreed' })),
    disclosure: nullable(Type.Enum(['apr_simple_irr', 'apr_compound_irr'])),
    instalments: Type.Array(Instalment),
    repayments: Type.Array(
      Type.Unsafe<Type.Static<typeof RepaymentView>>(Type.Ref('LoanRepayment')),
      { description: 'The newest first, at most 500' },
    ),
    events: Type.Array(Event, { description: 'The newest first, at most 500' }),
    ladder: Type.Array(
      Type.Object({
        stage: Type.String(),
        fromDay: Type.Integer({ description: 'Days after the due day' }),
        suspends: Type.Boolean({ description: 'Nothing more is lent while a loan is in it' }),
      }),
    ),
    writeOff: nullable(WriteOff),
    recoveredFen: Type.Integer({ description: 'Fen. What came after it was written off' }),
  },
  { $id: 'LenderLoanRecord' },
)

const CloseParts = {
  date: Day,
  status: Type.Enum(['running', 'closed']),
  batches: Type.Integer(),
  loans: Type.Integer({ description: 'Done so far' }),
  interestFen: AmountFen,
  feeFen: AmountFen,
  penaltyFen: AmountFen,
  startedAt: Instant,
  closedAt: nullable(Instant),
}

export const LenderDayView = Type.Object(
  { ...CloseParts, portfolio: nullable(PortfolioFigures) },
  { $id: 'LenderDay' },
)

export const DayCountsView = Type.Object(
  {
    stages: Type.Array(Type.Object({ stage: Type.String(), loans: Type.Integer() })),
    reminders: Type.Integer(),
    dueLoans: Type.Integer({ description: 'With something due on the day itself' }),
  },
  { $id: 'LenderDayCounts' },
)

const DueParts = { instalments: Type.Integer(), amountFen: AmountFen }

export const LoanFiguresView = Type.Object(
  {
    earned: Type.Array(
      Type.Object({
        kind: Type.Enum(['interest', 'fee', 'penalty']),
        accruedFen: AmountFen,
        receivedFen: AmountFen,
        writtenOffFen: AmountFen,
        receivableFen: AmountFen,
      }),
      { description: 'Since the beginning. Accrued is received, written off, or receivable' },
    ),
    dueNow: Type.Object(DueParts, { description: 'Due today or before, and not paid' }),
    coming: Type.Array(Type.Object({ dueOn: Day, ...DueParts }), {
      description: 'The next fourteen days on which something falls due',
    }),
  },
  { $id: 'LoanFigures' },
)

export const viewOfDeskLoan = (loan: DeskLoan): Type.Static<typeof DeskLoanView> => ({
  ...loan,
  endedAt: loan.endedAt?.toISOString() ?? null,
})

/** Only what names a stage: a detail may name a repayment or a schedule, which have their own place. */
export const viewOfEvent = (event: Awaited<ReturnType<typeof eventsOf>>[number]) => {
  const { from, to } = event.detail as { from?: unknown; to?: unknown }
  return {
    date: event.business_date,
    at: event.at.toISOString(),
    kind: event.kind,
    from: typeof from === 'string' ? from : null,
    to: typeof to === 'string' ? to : null,
  }
}

export const viewOfWriteOff = (row: Awaited<ReturnType<typeof writeOffOf>>) =>
  row
    ? {
        reason: row.reason,
        proposedBy: row.proposed_by,
        proposedAt: row.proposed_at.toISOString(),
        approvedBy: row.approved_by,
        approvedAt: row.approved_at?.toISOString() ?? null,
        amountFen: row.amount_fen,
      }
    : null

export const viewOfDay = (row: LenderDayRow): Type.Static<typeof LenderDayView> => ({
  date: row.business_date,
  status: row.status,
  batches: row.batches,
  loans: row.loans,
  interestFen: row.interest_fen,
  feeFen: row.fee_fen,
  penaltyFen: row.penalty_fen,
  startedAt: row.started_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
  portfolio: row.portfolio,
})
