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
import type { TenderChanges } from './store.ts'

/** What a move belongs to when it is part of a refund, and the promise in the books that it fulfils. */
export type Back = { refundId: RefundId; hold: PromisedHold | null }

export type PromisedHold = { id: HoldId; amountFen: Fen }

/**
 * Writes down money that a provider says it moved: the fact and the books, in the
 * caller's transaction. Whatever the amount: money that moved is never refused, and what does not fit
 * the plan is seen and given back afterwards. The same move told again changes nothing. Returns the tender's new
 * totals for the caller to write; null when nothing is new.
 */
export async function recordMove(
  tx: Tx,
  { ledger, now }: { ledger: Ledger; now: Date },
  { payment, tender, move, back }: Told,
): Promise<TenderChanges | null> {
  // A settlement of nothing moves nothing, and is known all the same.
  if (move.parts.length === 0) return totalsAfter(tender, move)
  const isNew = await insertMove(tx, payment, tender, move, back?.refundId ?? null, now)
  if (!isNew) return null
  const promised = back?.hold ?? null
  if (!promised || !(await fulfil(tx, ledger, payment, tender, move, promised))) {
    const posted = await ledger.post(tx, entryOfMove(payment, tender.provider, move))
    assert(posted.outcome !== 'exists_with_different', `${move.ourNo} moved one amount, not two`)
    // Another amount than was promised has gone, so that the promise is void.
    if (promised) await ledger.voidHold(tx, payment.hospitalId, promised.id)
  }
  return totalsAfter(tender, move)
}

/** `tender` as it is now: since the question was asked, another answer may have changed its totals. */
type Told = { payment: Payment; tender: Tender; move: Move; back?: Back }

/** Posts the move by its promise. False when it is not what was promised, or the promise has ended before. */
async function fulfil(
  tx: Tx,
  ledger: Ledger,
  payment: Payment,
  tender: Tender,
  move: Move,
  promised: PromisedHold,
): Promise<boolean> {
  const [part, ...others] = move.parts
  const asPromised = part?.kind === tender.parts[0]?.kind && part?.amountFen === promised.amountFen
  if (move.kind !== 'return' || !asPromised || others.length > 0) return false
  const { cause, memo } = entryOfMove(payment, tender.provider, move)
  const fact = { businessDate: businessDateOf(move.at), cause, memo }
  const ended = await ledger.postHold(tx, payment.hospitalId, promised.id, fact)
  return ended.outcome === 'ended'
}

/** A charge after a return replaces it: the source settled a smaller bill anew. */
function totalsAfter(tender: Tender, move: Move): TenderChanges {
  const amountFen: Fen = totalOf(move.parts)
  if (move.kind === 'return') return { returned_fen: addFen(tender.returnedFen, amountFen) }
  return {
    status: 'taken',
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
