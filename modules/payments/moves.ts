import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { HoldId, Ledger } from '../ledger/index.ts'
import { entryOfMove } from './books.ts'
import { totalOf } from './money.ts'
import { insertMove } from './moves-store.ts'
import type { Payment, Tender } from './payment.ts'
import type { Move } from './provider.ts'
import type { RefundId } from './refund/refund.ts'
import { updateTender } from './store.ts'

/**
 * Writes down money that a provider says it moved: the fact, the books and the tender's totals, in the
 * caller's transaction. Whatever the amount: money that moved is never refused, and what does not fit
 * the plan is seen and given back afterwards. The same move told again changes nothing.
 *
 * `holdId`: the promise in the books that this return fulfils.
 */
export async function recordMove(
  tx: Tx,
  { ledger, now }: { ledger: Ledger; now: Date },
  payment: Payment,
  tender: Tender,
  move: Move,
  back?: { refundId: RefundId; holdId: HoldId | null },
): Promise<void> {
  const isNew = await insertMove(tx, payment, tender, move, back?.refundId ?? null, now)
  if (!isNew) return
  if (back?.holdId) await fulfilHold(tx, ledger, payment, tender, move, back.holdId)
  else await post(tx, ledger, payment, tender, move)
  await updateTender(tx, payment, tender.tenderNo, totalsAfter(tender, move))
}

async function post(tx: Tx, ledger: Ledger, payment: Payment, tender: Tender, move: Move) {
  const posted = await ledger.post(tx, entryOfMove(payment, tender.provider, move))
  assert(posted.outcome !== 'exists_with_different', `${move.ourNo} moved one amount, not two`)
}

async function fulfilHold(
  tx: Tx,
  ledger: Ledger,
  payment: Payment,
  tender: Tender,
  move: Move,
  holdId: HoldId,
) {
  const { cause, memo } = entryOfMove(payment, tender.provider, move)
  const fact = { businessDate: businessDateOf(move.at), cause, memo }
  const ended = await ledger.postHold(tx, payment.hospitalId, holdId, fact)
  assert(ended.outcome === 'ended', `the hold of ${move.ourNo} ends once`)
}

/** A charge after a return replaces it: the source settled a smaller bill anew. */
function totalsAfter(tender: Tender, move: Move) {
  const amountFen: Fen = totalOf(move.parts)
  if (move.kind === 'return') return { returned_fen: addFen(tender.returnedFen, amountFen) }
  return {
    status: 'taken' as const,
    taken_fen: addFen(tender.takenFen, amountFen),
    charge_our_no: move.ourNo,
    charge_provider_no: move.providerNo,
    taken_at: move.at,
  }
}

/** What came back on balance: returns less what was charged anew. */
export const netReturned = (moves: readonly Move[]): Fen =>
  fen(
    moves.reduce(
      (sum, move) => sum + (move.kind === 'return' ? totalOf(move.parts) : 0 - totalOf(move.parts)),
      0,
    ),
  )
