import { type Fen, fen, negateFen, ZERO } from '../../../kernel/money.ts'
import { addMs, type BusinessDate, businessDateOf, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { type Actor, systemActor } from '../../../platform/principal.ts'
import { COLLECTED, OWED_TO_PAYERS, RECOVERED } from '../books.ts'
import { oweToPayer } from '../owed-store.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import { collected, moving } from './books.ts'
import { bringUp } from './bring-up.ts'
import type { CollectAnswer, CollectOrder } from './collector.ts'
import type { LoanDependencies, OnError } from './dependencies.ts'
import { loanErrors } from './errors.ts'
import {
  allocate,
  type Amounts,
  type Instalment,
  NOTHING,
  owedInFull,
  owedNow,
  type RepaymentScope,
  type RepaymentSource,
  sumOf,
  totalOf,
} from './loan.ts'
import { payDown, tidyUp } from './pay-down.ts'
import {
  addPaid,
  findRepayment,
  insertLoanEntry,
  insertLoanEvent,
  insertRepayment,
  instalmentRows,
  toInstalment,
  updateRepayment,
} from './store.ts'
import type { LoanRow, RepaymentRow } from './tables.ts'
import { takeUnansweredRepayments } from './unanswered.ts'

export type RepaymentRequest = {
  lenderId: LenderId
  loanId: LoanId
  /** Chosen by whoever asks: the same number is one repayment. */
  repaymentNo: string
  payerId: PersonId
  source: RepaymentSource
  scope: RepaymentScope
  /** Of a partial repayment; of the others what the payer was shown, which must be what is owed. */
  amountFen?: Fen
}

/**
 * Repays a loan in part, what is due of it, or in whole. The row is there before the collector is asked; an unknown
 * answer leaves it 'asking', to be asked about. Errors: throws repayment_running while another one of the loan has no
 * answer, repayment_reused for a number with other content, nothing_owed, repayment_changed and repayment_too_much.
 */
export async function repay(
  deps: LoanDependencies,
  request: RepaymentRequest,
): Promise<RepaymentRow> {
  const row = await intend(deps, request)
  if (row.status !== 'asking') return row
  return record(deps, row, await deps.collector.take(orderOf(row)))
}

/** Writes down that a repayment is wanted, and what it comes to today. */
async function intend(deps: LoanDependencies, request: RepaymentRequest): Promise<RepaymentRow> {
  const { lenderId, loanId, repaymentNo, scope, amountFen } = request
  return inHospital(deps.db, lenderId, async (tx) => {
    const now = deps.clock.now()
    const on = businessDateOf(now)
    const loan = await bringUp(deps, tx, lenderId, loanId, on)
    const known = await findRepayment(tx, lenderId, repaymentNo)
    if (known) return sameOrRefuse(known, request)
    const owed = owedFor(await instalmentsOf(tx, loan), loan, request, on)
    if (owed.mostFen === 0) throw loanErrors.nothing_owed({ loanId })
    const wanted = scope === 'partial' ? (amountFen ?? ZERO) : owed.wantedFen
    if (wanted < 1) throw loanErrors.nothing_owed({ loanId })
    if (amountFen !== undefined && amountFen !== wanted) {
      throw loanErrors.repayment_changed({ amountFen: wanted })
    }
    if (wanted > owed.mostFen) {
      // What somebody owes is not told to whoever helps.
      throw loanErrors.repayment_too_much(request.source === 'family' ? {} : owed)
    }
    const row = newRow(request, wanted, on, now)
    if (!(await insertRepayment(tx, row))) throw loanErrors.repayment_running({ loanId })
    return row
  })
}

/** Takes an answer for a repayment, whichever way it came, and once. */
async function record(
  deps: LoanDependencies,
  asked: RepaymentRow,
  answer: CollectAnswer,
): Promise<RepaymentRow> {
  if (answer.outcome === 'unknown') return asked
  const { hospital_id: lenderId, repayment_no: repaymentNo } = asked
  return inHospital(deps.db, lenderId, async (tx) => {
    const now = deps.clock.now()
    const on = businessDateOf(now)
    const loan = await bringUp(deps, tx, lenderId, asked.loan_id, on)
    const row = await findRepayment(tx, lenderId, repaymentNo)
    if (!row) throw loanErrors.repayment_not_found({ repaymentNo })
    if (row.status !== 'asking') return row
    const change: Partial<RepaymentRow> =
      answer.outcome === 'refused'
        ? { status: 'refused', refusal: answer.reason.slice(0, 200), ended_at: now }
        : {
            ...(await settle(deps, tx, loan, row, on)),
            status: 'done',
            provider_no: answer.providerNo,
            business_date: on,
            ended_at: now,
          }
    await updateRepayment(tx, row, change)
    const kind = `repayment:${change.status}:${row.source}`
    const detail = { repaymentNo, amountFen: row.amount_fen }
    await insertLoanEvent(tx, loan, { on, kind, about: repaymentNo, detail, at: now })
    await deps.audit(tx, lenderId, payerOf(row), {
      action: 'credit.repaid',
      subject: `loan:${row.loan_id}`,
      outcome: change.status ?? row.status,
      detail,
    })
    return { ...row, ...change }
  })
}

/**
 * Asks about every repayment without an answer that is due; one that was never taken is asked for again. Returns how many
 * ended; `onError` hears of one that failed, which keeps no other waiting.
 */
export async function resolveRepayments(
  deps: LoanDependencies,
  lenderId: LenderId,
  onError: OnError,
): Promise<number> {
  const now = deps.clock.now()
  let ended = 0
  for (;;) {
    const rows = await inHospital(deps.db, lenderId, (tx) =>
      takeUnansweredRepayments(tx, lenderId, now, PAGE),
    )
    for (const row of rows) {
      try {
        if ((await resolve(deps, row)).status !== 'asking') ended += 1
      } catch (error) {
        onError(error, `repayment:${row.repayment_no}`)
      }
    }
    if (rows.length < PAGE) return ended
  }
}

const PAGE = 100

/** The same for one of them, at once: its collector is known to have an answer. Nothing for one that has ended. */
export async function resolveRepayment(
  deps: LoanDependencies,
  { lenderId, repaymentNo }: { lenderId: LenderId; repaymentNo: string },
): Promise<void> {
  const row = await inHospital(deps.db, lenderId, (tx) => findRepayment(tx, lenderId, repaymentNo))
  if (row?.status === 'asking') await resolve(deps, row)
}

async function resolve(deps: LoanDependencies, row: RepaymentRow): Promise<RepaymentRow> {
  const order = orderOf(row)
  const found = await deps.collector.query(order)
  const answer = found.outcome === 'absent' ? await deps.collector.take(order) : found
  return record(deps, row, answer)
}

/** The money is there: what it pays, and the entry of the lender's book. What is too much is the payer's. */
export async function settle(
  deps: LoanDependencies,
  tx: Tx,
  loan: LoanRow,
  row: RepaymentRow,
  on: BusinessDate,
): Promise<Pick<RepaymentRow, PaidColumns>> {
  const { order } = await deps.rulesOf(loan.hospital_id)
  const cause = `repay:${row.repayment_no}`
  const isOpen = loan.status === 'open'
  const { taken, excessFen } = isOpen
    ? await payDown(tx, loan, row.amount_fen, on, order)
    : await recover(tx, loan, row.amount_fen, order)
  const transfers = isOpen ? collected(taken) : moving([[COLLECTED, RECOVERED, totalOf(taken)]])
  await deps.ledger.post(tx, {
    hospitalId: loan.hospital_id,
    businessDate: on,
    cause,
    subject: `loan:${loan.id}`,
    memo: row.source,
    transfers: [...transfers, ...moving([[COLLECTED, OWED_TO_PAYERS, excessFen]])],
  })
  if (isOpen) await ownBooks(deps, tx, loan, taken, { cause, businessDate: on })
  await oweToPayer(tx, {
    lenderId: loan.hospital_id,
    personId: row.payer_id,
    amountFen: excessFen,
    cause,
    at: deps.clock.now(),
  })
  return {
    principal_fen: taken.principalFen,
    interest_fen: taken.interestFen,
    fee_fen: taken.feeFen,
    penalty_fen: taken.penaltyFen,
    excess_fen: excessFen,
  }
}

/** What changes around the entry: the sub-ledger, the loan's state and the line it was drawn on. */
async function ownBooks(
  deps: LoanDependencies,
  tx: Tx,
  loan: LoanRow,
  taken: Amounts,
  fact: { cause: string; businessDate: BusinessDate },
): Promise<void> {
  if (totalOf(taken) > 0) await insertLoanEntry(tx, loan, fact, negated(taken))
  await tidyUp(deps, tx, loan, fact.businessDate)
  if (taken.principalFen === 0) return
  await deps.onRepaid(tx, {
    lenderId: loan.hospital_id,
    personId: loan.person_id,
    hospitalId: loan.care_hospital_id,
    amountFen: taken.principalFen,
  })
}

/** Of a loan that was given up: what comes is noted on its instalments, and income. Of a settled one all is too much. */
async function recover(
  tx: Tx,
  loan: LoanRow,
  amountFen: Fen,
  order: Parameters<typeof allocate>[2],
): Promise<{ taken: Amounts; excessFen: Fen }> {
  const all = (await instalmentsOf(tx, loan)).filter(({ status }) => status === 'written_off')
  const { parts, leftFen } = allocate(amountFen, all, order)
  for (const { no, amounts } of parts) await addPaid(tx, loan, no, amounts)
  return { taken: sumOf(parts.map(({ amounts }) => amounts)), excessFen: leftFen }
}

export const negated = (amounts: Amounts): Amounts => ({
  principalFen: negateFen(amounts.principalFen),
  interestFen: negateFen(amounts.interestFen),
  feeFen: negateFen(amounts.feeFen),
  penaltyFen: negateFen(amounts.penaltyFen),
})

const instalmentsOf = async (tx: Tx, loan: LoanRow): Promise<Instalment[]> =>
  (await instalmentRows(tx, loan.hospital_id, loan.id)).map(toInstalment)

function owedFor(
  instalments: readonly Instalment[],
  loan: LoanRow,
  { scope }: RepaymentRequest,
  on: BusinessDate,
): { wantedFen: Fen; mostFen: Fen } {
  const mostFen = totalOf(loan.status === 'settled' ? NOTHING : owedInFull(instalments))
  const dueFen = totalOf(owedNow(instalments, on))
  return { wantedFen: scope === 'due' ? dueFen : mostFen, mostFen }
}

function sameOrRefuse(known: RepaymentRow, request: RepaymentRequest): RepaymentRow {
  const isSame =
    known.loan_id === request.loanId &&
    known.payer_id === request.payerId &&
    known.scope === request.scope &&
    (request.scope !== 'partial' || known.amount_fen === request.amountFen)
  if (!isSame) throw loanErrors.repayment_reused({ repaymentNo: request.repaymentNo })
  return known
}

export const newRow = (
  { lenderId, loanId, repaymentNo, payerId, source, scope }: RepaymentRequest,
  amountFen: number,
  on: BusinessDate,
  now: Date,
): RepaymentRow => ({
  hospital_id: lenderId,
  repayment_no: repaymentNo,
  loan_id: loanId,
  source,
  payer_id: payerId,
  scope,
  amount_fen: fen(amountFen),
  status: 'asking',
  due_at: addMs(now, MINUTE_MS),
  asked_times: 0,
  refusal: null,
  provider_no: null,
  principal_fen: ZERO,
  interest_fen: ZERO,
  fee_fen: ZERO,
  penalty_fen: ZERO,
  excess_fen: ZERO,
  business_date: on,
  requested_at: now,
  ended_at: null,
})

/** A debit is ours; whatever else came, came of who paid. */
const payerOf = ({ source, payer_id: payerId }: RepaymentRow): Actor =>
  source === 'debit' ? systemActor('credit') : { name: `person:${payerId}`, requestId: null }

const orderOf = (row: RepaymentRow): CollectOrder => ({
  repaymentNo: row.repayment_no,
  lenderId: row.hospital_id,
  loanId: row.loan_id,
  payerId: row.payer_id,
  source: row.source,
  scope: row.scope,
  amountFen: row.amount_fen,
})

type PaidColumns = 'principal_fen' | 'interest_fen' | 'fee_fen' | 'penalty_fen' | 'excess_fen'
