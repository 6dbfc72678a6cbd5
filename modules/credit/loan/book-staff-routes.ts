import Type from 'typebox'

import { addFen } from '../../../kernel/money.ts'
import { addDays, businessDate, businessDateOf } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { problems } from '../../../platform/http/problem.ts'
import { lenderOfStaff } from '../book-staff-routes.ts'
import { LenderParam, OfLender, OfLenderAndId } from '../schemas.ts'
import type { LenderId, LoanId } from '../terms.ts'
import { aprOfLoan } from './apr.ts'
import {
  countsOfDay,
  daysOfLender,
  dueUntil,
  earnedBy,
  eventsOf,
  loanOfLender,
  loansOfLender,
  owedOn,
  writeOffOf,
} from './desk-store.ts'
import { loanErrors } from './errors.ts'
import type { LoanRules } from './loan.ts'
import type { LoanRouteContext, LoanRoutesApp } from './route-parts.ts'
import { viewOfRepayment } from './schemas.ts'
import {
  DayCountsView,
  DaysQuery,
  DeskLoanView,
  LenderDayView,
  LoanFiguresView,
  LoanRecordView,
  LoansQuery,
  viewOfDay,
  viewOfDeskLoan,
  viewOfEvent,
  viewOfWriteOff,
} from './staff-schemas.ts'
import { instalmentRows, readLoan, repaymentsOf, toInstalment } from './store.ts'
import type { RepaymentRow } from './tables.ts'

const READERS = ['staff:finance', 'staff:auditor'] as const
const ROWS = 50
const DAYS = 31
const COMING_DAYS = 14
const MOST_REPAYMENTS = 500

const Loan = Type.Unsafe<Type.Static<typeof DeskLoanView>>(Type.Ref('LenderLoan'))
const LoanRecord = Type.Unsafe<Type.Static<typeof LoanRecordView>>(Type.Ref('LenderLoanRecord'))
const LenderDay = Type.Unsafe<Type.Static<typeof LenderDayView>>(Type.Ref('LenderDay'))
const DayCounts = Type.Unsafe<Type.Static<typeof DayCountsView>>(Type.Ref('LenderDayCounts'))
const Figures = Type.Unsafe<Type.Static<typeof LoanFiguresView>>(Type.Ref('LoanFigures'))

/** What a lender's own staff read of its loans and of the close of its days. */
export function loanBookStaffRoutes(app: LoanRoutesApp, context: LoanRouteContext): void {
  const views = [DeskLoanView, LoanRecordView, LenderDayView, DayCountsView, LoanFiguresView]
  for (const view of views) app.addSchema(view)
  loansRoute(app, context)
  recordRoute(app, context)
  figuresRoute(app, context)
  daysRoute(app, context)
  dayCountsRoute(app, context)
}

function loansRoute(app: LoanRoutesApp, { platform }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/loans',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderLoans',
        summary: 'Loans by the number of their account, the newest first',
        tags: ['credit'],
        params: OfLender,
        querystring: LoansQuery,
        response: { 200: Type.Object({ items: Type.Array(Loan) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const { before, limit = ROWS, ...filter } = request.query
      const wanted = { ...filter, ...(before ? { before: before as LoanId } : {}), limit }
      const today = businessDateOf(platform.clock.now())
      const loans = await inHospital(platform.db, lenderId, (tx) =>
        loansOfLender(tx, lenderId, today, wanted),
      )
      return { items: loans.map(viewOfDeskLoan) }
    },
  )
}

function recordRoute(app: LoanRoutesApp, { platform, loans }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/loans/:id/record',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLenderLoan',
        summary: 'One loan: its schedule, what was repaid, its way along the overdue ladder',
        tags: ['credit'],
        params: OfLenderAndId,
        response: { 200: LoanRecord, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const loanId = request.params.id as LoanId
      const rules = await loans.rulesOf(lenderId)
      return inHospital(platform.db, lenderId, async (tx) => {
        const today = businessDateOf(platform.clock.now())
        const loan = await loanOfLender(tx, lenderId, today, loanId)
        if (!loan) throw loanErrors.loan_not_found({ loanId })
        const owedTodayFen = await owedOn(tx, lenderId, loanId, today)
        return {
          loan: viewOfDeskLoan(loan),
          owedTodayFen,
          ...(await recordOf(tx, lenderId, loanId, rules)),
        }
      })
    },
  )
}

/** All there is to a loan besides what the list says of it. */
async function recordOf(tx: Tx, lenderId: LenderId, loanId: LoanId, rules: LoanRules) {
  const row = await readLoan(tx, lenderId, loanId)
  const instalments = (await instalmentRows(tx, lenderId, loanId)).map(toInstalment)
  const repayments = await repaymentsOf(tx, row, MOST_REPAYMENTS)
  const writeOff = await writeOffOf(tx, lenderId, loanId)
  const apr = aprOfLoan(row, rules)
  return {
    aprPpm: apr?.shownPpm ?? null,
    disclosure: apr?.disclosure ?? null,
    instalments: instalments.map(({ no, dueOn, status, scheduled, open, paid }) => ({
      no,
      dueOn,
      status,
      ...scheduled,
      open,
      paid,
    })),
    repayments: repayments.map(viewOfRepayment),
    events: (await eventsOf(tx, lenderId, loanId)).map(viewOfEvent),
    ladder: rules.stages.map(({ name: stage, fromDay, suspends }) => ({
      stage,
      fromDay,
      suspends,
    })),
    writeOff: viewOfWriteOff(writeOff),
    recoveredFen: addFen(...recovered(repayments, writeOff?.approved_at ?? null)),
  }
}

/** Whoever paid it: what came after the loan was given up. */
const recovered = (repayments: readonly RepaymentRow[], since: Date | null) =>
  since === null
    ? []
    : repayments
        .filter(
          ({ status, ended_at }) => status === 'done' && ended_at !== null && ended_at > since,
        )
        .map(({ principal_fen, interest_fen, fee_fen, penalty_fen }) =>
          addFen(principal_fen, interest_fen, fee_fen, penalty_fen),
        )

function figuresRoute(app: LoanRoutesApp, { platform }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/loan-figures',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLoanFigures',
        summary: 'Interest, fees and penalty accrued and received; what is due, and when',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Figures, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const today = businessDateOf(platform.clock.now())
      return inHospital(platform.db, lenderId, async (tx) => {
        const earned = await earnedBy(tx, lenderId)
        const due = await dueUntil(tx, lenderId, today, addDays(today, COMING_DAYS))
        return { earned, dueNow: due.now, coming: due.coming }
      })
    },
  )
}

function daysRoute(app: LoanRoutesApp, { platform }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/days',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderDays',
        summary: 'Business dates that were closed or are being closed, the newest first',
        tags: ['credit'],
        params: OfLender,
        querystring: DaysQuery,
        response: { 200: Type.Object({ items: Type.Array(LenderDay) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const { before, limit = DAYS } = request.query
      const wanted = { ...(before ? { before: businessDate(before) } : {}), limit }
      const days = await inHospital(platform.db, lenderId, (tx) =>
        daysOfLender(tx, lenderId, wanted),
      )
      return { items: days.map(viewOfDay) }
    },
  )
}

function dayCountsRoute(app: LoanRoutesApp, { platform }: LoanRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/days/:date/counts',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLenderDayCounts',
        summary: 'How many loans fell due, were reminded or came into another stage on a day',
        tags: ['credit'],
        params: Type.Object({ lenderId: LenderParam, date: Type.String({ format: 'date' }) }),
        response: { 200: DayCounts, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const date = businessDate(request.params.date)
      return inHospital(platform.db, lenderId, (tx) => countsOfDay(tx, lenderId, date))
    },
  )
}
