import { assert } from '../../../kernel/assert.ts'
import { addMs, HOUR_MS } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { inHospital } from '../../../platform/db.ts'
import type { CollectRepayment } from '../built-in-lender.ts'
import type { CollectAnswer, Collector } from '../loan/collector.ts'
import type { CollectionRow } from '../tables.ts'
import type { LenderId } from '../terms.ts'
import type { CollectionDependencies } from './dependencies.ts'
import { endCollection, insertCollection, lockOfRepayment } from './store.ts'

// A bank that only wants the ledger takes its money by its own means. It is told what is to be taken, and says what
// became of each; what it has said nothing of in time is taken back, and may be asked for again by another number.
// Money that it receives all the same is booked as what it is: see report.ts.

/** A debit is answered before the next of the ladder comes; who pays at a counter or by transfer does so soon. */
const DEBIT_WAITS_MS = 23 * HOUR_MS
const PAYER_WAITS_MS = 2 * HOUR_MS

/** For loans: announces the repayment and waits for the lender's word. */
export const createAnnouncingCollector = (deps: CollectionDependencies): Collector => ({
  async take(order) {
    const { lenderId, repaymentNo, loanId, payerId, source, amountFen } = order
    const row = await announce(deps, {
      ...newCollection(deps, lenderId),
      repayment_no: repaymentNo,
      loan_id: loanId,
      visit_id: null,
      payer_id: payerId,
      source,
      scope: order.scope === 'full' ? 'full' : 'partial',
      amount_fen: amountFen,
      expires_at: addMs(deps.clock.now(), source === 'debit' ? DEBIT_WAITS_MS : PAYER_WAITS_MS),
    })
    return answerOf(row)
  },
  async query({ lenderId, repaymentNo }) {
    const row = await lookAt(deps, lenderId, repaymentNo)
    return row ? answerOf(row) : { outcome: 'absent' }
  },
})

/** The same for a visit that is paid before it is settled. */
export const createAnnouncingForVisits = (deps: CollectionDependencies): CollectRepayment => ({
  async take(lenderId, { repaymentNo, holder, about, amountFen }) {
    assert(about && 'visitId' in about, 'a visit is paid early')
    const row = await announce(deps, {
      ...newCollection(deps, lenderId),
      repayment_no: repaymentNo,
      loan_id: null,
      visit_id: about.visitId,
      payer_id: holder.personId,
      source: 'payer',
      scope: 'full',
      amount_fen: amountFen,
      expires_at: addMs(deps.clock.now(), PAYER_WAITS_MS),
    })
    return visitAnswerOf(row)
  },
  async query(lenderId, { repaymentNo }) {
    const row = await lookAt(deps, lenderId, repaymentNo)
    return row ? visitAnswerOf(row) : { outcome: 'none' }
  },
})

/** What every collection begins with. */
export const newCollection = (
  { newId, clock }: CollectionDependencies,
  lenderId: LenderId,
): Begun => ({
  hospital_id: lenderId,
  number: tradeNoOf(lenderId, newId<'Collection'>()),
  status: 'asking',
  refusal: null,
  lender_no: null,
  requested_at: clock.now(),
  ended_at: null,
})

type Begun = Pick<
  CollectionRow,
  'hospital_id' | 'number' | 'status' | 'refusal' | 'lender_no' | 'requested_at' | 'ended_at'
>

/** Once for a repayment: asked again, it is the one that is there. */
export const announce = (
  { db }: CollectionDependencies,
  row: CollectionRow,
): Promise<CollectionRow> =>
  inHospital(db, row.hospital_id, async (tx) => {
    if (await insertCollection(tx, row)) return row
    const known = await lockOfRepayment(tx, row.hospital_id, row.repayment_no)
    assert(known, 'one that could not be inserted is there')
    return known
  })

/** As it stands now: one whose time is over is taken back first. Null when there is none. */
const lookAt = (
  { db, clock }: CollectionDependencies,
  lenderId: LenderId,
  repaymentNo: string,
): Promise<CollectionRow | null> =>
  inHospital(db, lenderId, async (tx) => {
    const row = await lockOfRepayment(tx, lenderId, repaymentNo)
    const now = clock.now()
    const isOver = row?.status === 'asking' && row.expires_at !== null && row.expires_at <= now
    if (!row || !isOver) return row
    const end = { status: 'withdrawn', refusal: null, lender_no: null, ended_at: now } as const
    await endCollection(tx, row, end)
    return { ...row, ...end }
  })

export function answerOf({ status, refusal, lender_no }: CollectionRow): CollectAnswer {
  switch (status) {
    case 'taken':
      assert(lender_no !== null, 'what was taken is named')
      return { outcome: 'taken', providerNo: lender_no }
    case 'refused':
      return { outcome: 'refused', reason: refusal ?? 'refused' }
    case 'withdrawn':
      return { outcome: 'refused', reason: 'not_collected' }
    case 'asking':
      return { outcome: 'unknown', reason: 'it waits for the lender’s word' }
  }
}

function visitAnswerOf(row: CollectionRow): Awaited<ReturnType<CollectRepayment['take']>> {
  const answer = answerOf(row)
  switch (answer.outcome) {
    case 'taken': {
      const { amount_fen: amountFen, ended_at: at } = row
      assert(at !== null, 'what was taken has a moment')
      return { outcome: 'ok', data: { lenderNo: answer.providerNo, amountFen, at } }
    }
    case 'refused':
      return { outcome: 'refused', code: 'other', reason: answer.reason }
    case 'unknown':
      return answer
  }
}
