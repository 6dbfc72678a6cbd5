import { inHospital } from '../../../platform/db.ts'
import type { Lender, LenderAnswer, None, Repaid, RepaymentOrder } from '../lender.ts'
import { findLine } from '../line-store.ts'
import type { CollectAnswer, Collector, CollectOrder } from '../loan/collector.ts'
import type { CollectionRow } from '../tables.ts'
import { announce, answerOf, newCollection } from './announce.ts'
import type { CollectionDependencies } from './dependencies.ts'
import { endCollection, findOfRepayment, lockCollection, originOfLoan } from './store.ts'

const CALL = { trace: () => undefined }

/**
 * For a bank with an interface of its own: a loan's repayment becomes one of the bank's, about the bill of the visit or
 * draw that the loan came of, and debits the borrower's account there. Our number for it is kept before the bank is
 * asked. A number under which nothing was taken is closed by asking about it: the repayment is then refused, and whoever
 * wants it asks by a new one. Somebody of the family pays at the bank itself, which reports it.
 */
export const createBankCollector = (deps: CollectionDependencies): Collector => ({
  async take(order) {
    const row = await announce(deps, rowOf(deps, order))
    if (row.status !== 'asking') return answerOf(row)
    if (row.source === 'family') return end(deps, row, refused('family_pays_at_the_bank'))
    const asked = await askedOf(deps, row)
    if (!asked) return end(deps, row, refused('no_bill'))
    const lender = await deps.lenderOf(order.lenderId)
    if (!lender) return { outcome: 'unknown', reason: 'the lender is not connected' }
    return end(
      deps,
      row,
      (await announced(lender, asked)) ?? (await lender.payRepayment(CALL, asked)),
    )
  },
  async query({ lenderId, repaymentNo }) {
    const row = await inHospital(deps.db, lenderId, (tx) =>
      findOfRepayment(tx, lenderId, repaymentNo),
    )
    if (!row) return { outcome: 'absent' }
    if (row.status !== 'asking') return answerOf(row)
    const lender = await deps.lenderOf(lenderId)
    const asked = await askedOf(deps, row)
    if (!lender || !asked) return { outcome: 'unknown', reason: 'the lender is not connected' }
    return end(deps, row, await lender.queryRepayment(CALL, asked))
  },
})

const rowOf = (deps: CollectionDependencies, order: CollectOrder): CollectionRow => ({
  ...newCollection(deps, order.lenderId),
  repayment_no: order.repaymentNo,
  loan_id: order.loanId,
  visit_id: null,
  payer_id: order.payerId,
  source: order.source,
  scope: order.scope === 'full' ? 'full' : 'partial',
  amount_fen: order.amountFen,
  expires_at: null,
})

/** The same however often it is asked: all of it is in the row, or never changes. Null when nothing was drawn for it. */
const askedOf = (
  { db, loans }: CollectionDependencies,
  row: CollectionRow,
): Promise<RepaymentOrder | null> =>
  inHospital(db, row.hospital_id, async (tx) => {
    const { hospital_id: lenderId, loan_id: loanId } = row
    const about = loanId && (await originOfLoan(tx, lenderId, loanId))
    const personId = loanId && (await loans().personOf(tx, lenderId, loanId))
    const line = personId && (await findLine(tx, lenderId, { personId }))
    if (!about || !line) return null
    return {
      repaymentNo: row.number,
      holder: { personId: line.personId, accountNo: line.accountNo },
      scope: row.scope,
      about,
      amountFen: row.amount_fen,
      requestedAt: row.requested_at,
    }
  })

/** Null when the bank takes it for the amount that it comes to by our book. */
async function announced(lender: Lender, asked: RepaymentOrder): Promise<Ended | null> {
  const created = await lender.createRepayment(CALL, asked)
  if (created.outcome !== 'ok') return created
  return created.data.amountFen === asked.amountFen ? null : refused('amount_wrong')
}

/** Keeps what the bank said, once; what it said before stands. */
async function end(
  { db, clock }: CollectionDependencies,
  asked: CollectionRow,
  answer: Ended,
): Promise<CollectAnswer> {
  if (answer.outcome === 'unknown') return answer
  if (answer.outcome === 'ok' && answer.data.amountFen !== asked.amount_fen) {
    return { outcome: 'unknown', reason: 'another amount was taken' }
  }
  return inHospital(db, asked.hospital_id, async (tx) => {
    const row = await lockCollection(tx, asked.hospital_id, asked.number)
    if (row?.status !== 'asking') return answerOf(row ?? asked)
    const ended = { ...row, ...endOf(answer), ended_at: clock.now() }
    await endCollection(tx, row, ended)
    return answerOf(ended)
  })
}

function endOf(answer: Exclude<Ended, { outcome: 'unknown' }>) {
  switch (answer.outcome) {
    case 'ok':
      return { status: 'taken', refusal: null, lender_no: answer.data.lenderNo } as const
    case 'refused':
      return { status: 'refused', refusal: answer.code, lender_no: null } as const
    case 'none':
      return { status: 'refused', refusal: 'not_taken', lender_no: null } as const
  }
}

const refused = (code: string) => ({ outcome: 'refused', code, reason: code }) as const

type Ended =
  | Exclude<LenderAnswer<Repaid>, { outcome: 'refused' }>
  | None
  | { outcome: 'refused'; code: string; reason: string }
