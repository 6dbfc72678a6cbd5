import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { CreditDependencies } from './dependencies.ts'
import {
  askedBackFen,
  findReversal,
  insertReversal,
  lockDraw,
  updateDraw,
  updateReversal,
} from './draw-store.ts'
import { type Draw, type Reversal, standingFen } from './draw.ts'
import type { Reversed } from './lender.ts'
import { freeAtHospital, moveUse } from './line-store.ts'
import { oweToPayer } from './owed-store.ts'
import { payersShareOf, postReversal, type ReversalShares } from './posting.ts'
import { lockVisit } from './visit-store.ts'
import type { CreditVisit } from './visit.ts'

// What becomes of a reversal in our own books. A reversal takes from the draw first: the payer gets nothing back while
// the draw is not paid.

export type BegunReversal =
  | { outcome: 'asking' | 'known'; reversal: Reversal }
  | { outcome: 'not_drawn' | 'more_than_drawn' }
  /** The payer is paying the visit at this moment: what comes off what is known when that has ended. */
  | { outcome: 'wait' }

/** Writes the reversal down before the lender is asked. */
export const beginReversal = (
  { db, clock }: CreditDependencies,
  draw: Draw,
  asked: { reversalNo: string; amountFen: Fen },
): Promise<BegunReversal> =>
  inHospital(db, draw.lenderId, async (tx) => {
    const { visit, locked } = await lockBoth(tx, draw)
    const known = await findReversal(tx, draw.lenderId, asked.reversalNo)
    if (known) return { outcome: known.status === 'asking' ? 'asking' : 'known', reversal: known }
    if (locked.status !== 'drawn') return { outcome: 'not_drawn' }
    const asking = await askedBackFen(tx, draw.lenderId, draw.drawNo)
    if (asked.amountFen > subtractFen(standingFen(locked), asking)) {
      return { outcome: 'more_than_drawn' }
    }
    if (visit?.status === 'paying') return { outcome: 'wait' }
    const reversal: Reversal = {
      lenderId: draw.lenderId,
      ...asked,
      drawNo: draw.drawNo,
      careHospitalId: draw.careHospitalId,
      status: 'asking',
      refusal: null,
      lenderNo: null,
      requestedAt: clock.now(),
      doneAt: null,
    }
    await insertReversal(tx, reversal)
    return { outcome: 'asking', reversal }
  })

/** The lender has taken it back. */
export const recordReversed = (
  deps: CreditDependencies,
  draw: Draw,
  asked: Reversal,
  reversed: Reversed,
): Promise<Reversal> =>
  inHospital(deps.db, draw.lenderId, async (tx) => {
    const now = deps.clock.now()
    const { visit, locked } = await lockBoth(tx, draw)
    const reversal = await mustFind(tx, asked)
    if (reversal.status !== 'asking') return reversal
    const { lenderNo, at } = reversed
    const done: Reversal = { ...reversal, status: 'done', lenderNo, doneAt: at }
    const shares = await takeFrom(deps, tx, { draw: locked, visit, reversal: done })
    await postReversal(deps.ledger, tx, done, shares)
    await oweToPayer(tx, {
      lenderId: draw.lenderId,
      personId: draw.personId,
      amountFen: payersShareOf(done, shares),
      cause: `reversal:${done.reversalNo}`,
      at: now,
    })
    const returnedFen = addFen(locked.returnedFen, done.amountFen)
    await updateDraw(tx, { ...locked, returnedFen }, now)
    await updateReversal(tx, done, now)
    const freedFen = addFen(shares.drawsFen, shares.principalFen)
    await moveUse(tx, locked, { drawn: 0 - freedFen }, now)
    await freeAtHospital(tx, locked, freedFen, now)
    return done
  })

/** Of what a reversal takes: the draw while it is not settled, then the loan, and the payer's only what they repaid. */
async function takeFrom(
  { loans }: CreditDependencies,
  tx: Tx,
  { draw, visit, reversal }: { draw: Draw; visit: CreditVisit | null; reversal: Reversal },
): Promise<ReversalShares> {
  const { amountFen, reversalNo, doneAt } = reversal
  assert(doneAt, 'a reversal that is done has a moment')
  if (draw.loanId !== null) {
    const { lenderId, loanId } = draw
    const reduction = { lenderId, loanId, amountFen, at: doneAt, cause: `reversal:${reversalNo}` }
    const { reducedFen, recoveredFen } = await loans.reducePrincipal(tx, reduction)
    return { drawsFen: ZERO, principalFen: reducedFen, recoveredFen }
  }
  const isRepaid = visit?.status === 'repaid'
  return { drawsFen: isRepaid ? ZERO : amountFen, principalFen: ZERO, recoveredFen: ZERO }
}

/** The lender will not take it back. */
export const recordRefusedReversal = (
  { db, clock }: CreditDependencies,
  draw: Draw,
  asked: Reversal,
  refusal: string,
): Promise<Reversal> =>
  inHospital(db, draw.lenderId, async (tx) => {
    await lockBoth(tx, draw)
    const reversal = await mustFind(tx, asked)
    if (reversal.status !== 'asking') return reversal
    const refused: Reversal = { ...reversal, status: 'refused', refusal }
    await updateReversal(tx, refused, clock.now())
    return refused
  })

export const readReversal = (
  { db }: CreditDependencies,
  { lenderId }: Pick<Draw, 'lenderId'>,
  reversalNo: string,
): Promise<Reversal | null> =>
  inHospital(db, lenderId, (tx) => findReversal(tx, lenderId, reversalNo))

async function lockBoth(tx: Tx, { lenderId, drawNo, visitId }: Draw) {
  const visit = visitId && (await lockVisit(tx, lenderId, visitId))
  const locked = await lockDraw(tx, lenderId, drawNo)
  assert(locked, `draw ${drawNo} is there`)
  return { visit, locked }
}

async function mustFind(tx: Tx, { lenderId, reversalNo }: Reversal): Promise<Reversal> {
  const reversal = await findReversal(tx, lenderId, reversalNo)
  assert(reversal, `reversal ${reversalNo} is there`)
  return reversal
}
