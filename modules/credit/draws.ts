import { assert } from '../../kernel/assert.ts'
import { type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { CreditDependencies } from './dependencies.ts'
import { findDraw, insertDraw, lockDraw, updateDraw } from './draw-store.ts'
import type { Draw } from './draw.ts'
import type { Drawn, DrawOrder } from './lender.ts'
import {
  findLine,
  freeAtHospital,
  moveUse,
  promiseAtHospital,
  promiseOnLine,
} from './line-store.ts'
import { postDraw } from './posting.ts'
import { drawOrderIn } from './reference.ts'
import { openLoanOf } from './settle.ts'
import type { LenderId } from './terms.ts'
import { lockVisit, updateVisit } from './visit-store.ts'
import type { CreditVisit } from './visit.ts'

// What becomes of a draw in our own books. Each function is one transaction of the lender's book, and takes its rows in
// one order: visit, draw, line, hospital.

/** A draw as it is asked for: nothing is promised yet. Whose it is, its line says. */
export type NewDraw = Omit<
  Draw,
  | 'personId'
  | 'ofVisitFen'
  | 'status'
  | 'refusal'
  | 'returnedFen'
  | 'lenderNo'
  | 'loanId'
  | 'drawnAt'
  | 'requestedAt'
>

/**
 * Promises the amount: first out of what the visit has promised to it, the rest anew, if both limits have it. The draw's
 * row is there before anything that others wait for is locked. Null when the line is not there.
 */
export const holdDraw = (deps: CreditDependencies, asked: NewDraw): Promise<Draw | null> =>
  inBook(deps, asked.lenderId, async (tx, now) => {
    const draw = await newDraw(tx, asked, 'held', now)
    if (!draw) return null
    if (!(await insertDraw(tx, draw))) return mustLock(tx, draw)
    const refuse = async (refusal: string): Promise<Draw> => {
      const refused: Draw = { ...draw, status: 'refused', refusal }
      await updateDraw(tx, refused, now)
      return refused
    }
    const visit = asked.visitId && (await lockVisit(tx, asked.lenderId, asked.visitId))
    if (asked.visitId && visit?.status !== 'open') return refuse('visit_over')
    const ofVisitFen = visit ? smaller(visit.unusedFen, draw.amountFen) : ZERO
    const anewFen = subtractFen(draw.amountFen, ofVisitFen)
    const refusal = await promiseBoth(tx, draw, anewFen, now)
    if (refusal) return refuse(refusal)
    if (!visit || ofVisitFen === 0) return draw
    const unusedFen = subtractFen(visit.unusedFen, ofVisitFen)
    const held: Draw = { ...draw, ofVisitFen }
    await Promise.all([updateVisit(tx, { ...visit, unusedFen }, now), updateDraw(tx, held, now)])
    return held
  })

async function newDraw(
  tx: Tx,
  asked: NewDraw,
  status: 'held' | 'released',
  now: Date,
): Promise<Draw | null> {
  const line = await findLine(tx, asked.lenderId, { id: asked.lineId })
  return (
    line && {
      ...asked,
      personId: line.personId,
      ofVisitFen: ZERO,
      status,
      refusal: null,
      returnedFen: ZERO,
      lenderNo: null,
      loanId: null,
      drawnAt: null,
      requestedAt: now,
    }
  )
}

const smaller = (a: Fen, b: Fen): Fen => (a < b ? a : b)

/** Both limits hold at once: what one has and the other has not is given up again. Null when both have it. */
export async function promiseBoth(
  tx: Tx,
  place: Pick<Draw, 'lenderId' | 'lineId' | 'careHospitalId'>,
  amountFen: Fen,
  now: Date,
): Promise<'over_limit' | 'line_suspended' | 'hospital_limit' | null> {
  if (!(await promiseOnLine(tx, place, amountFen, now))) {
    const line = await findLine(tx, place.lenderId, { id: place.lineId })
    return line?.status === 'active' ? 'over_limit' : 'line_suspended'
  }
  if (await promiseAtHospital(tx, place, amountFen, now)) return null
  await moveUse(tx, place, { reserved: 0 - amountFen }, now)
  return 'hospital_limit'
}

/**
 * What the lender is asked next is written down before it is asked, and comes with the draw. Null for a draw that is not
 * there. A draw of another amount is left as it is.
 */
export const beginDraw = (
  deps: CreditDependencies,
  { lenderId, drawNo, amountFen }: Pick<Draw, 'lenderId' | 'drawNo' | 'amountFen'>,
): Promise<{ draw: Draw; order: DrawOrder } | null> =>
  inBook(deps, lenderId, async (tx, now) => {
    const draw = await lockDraw(tx, lenderId, drawNo)
    if (!draw) return null
    if (draw.status !== 'held' || draw.amountFen !== amountFen) {
      return { draw, order: await drawOrderIn(tx, draw) }
    }
    const drawing: Draw = { ...draw, status: 'drawing' }
    const [order] = await Promise.all([drawOrderIn(tx, draw), updateDraw(tx, drawing, now)])
    return { draw: drawing, order }
  })

/**
 * The lender has lent it: what was promised is drawn, and a draw without a visit is a loan at once. A visit that is settled
 * meanwhile waits for draws under way, so its row is not locked. What others wait for, the accounts and the line, comes
 * last: it is locked for a round trip and not for all that is written.
 */
export const recordDrawn = (deps: CreditDependencies, asked: Draw, drawn: Drawn): Promise<Draw> =>
  inBook(deps, asked.lenderId, async (tx, now) => {
    const draw = await mustLock(tx, asked)
    if (draw.status !== 'drawing') return draw
    const done: Draw = { ...draw, status: 'drawn', lenderNo: drawn.lenderNo, drawnAt: drawn.at }
    const loan = done.visitId === null ? await openLoanOf(deps, tx, done) : null
    const settled: Draw = { ...done, loanId: loan?.loanId ?? null }
    await Promise.all([updateDraw(tx, settled, now), loan?.post(), postDraw(deps.ledger, tx, done)])
    await moveUse(tx, done, { reserved: 0 - done.amountFen, drawn: done.amountFen }, now)
    return settled
  })

/** It will not be drawn: what was promised is free, or the visit's again while that is open. */
export const giveDrawUp = (
  deps: CreditDependencies,
  asked: Draw,
  end: { status: 'released' } | { status: 'refused'; refusal: string },
): Promise<Draw> =>
  inBook(deps, asked.lenderId, async (tx, now) => {
    const visit = asked.visitId && (await lockVisit(tx, asked.lenderId, asked.visitId))
    const draw = await mustLock(tx, asked)
    if (draw.status !== 'held' && draw.status !== 'drawing') return draw
    const ended: Draw = { ...draw, refusal: null, ofVisitFen: ZERO, ...end }
    const backFen = visit && keepsPromise(visit) ? draw.ofVisitFen : ZERO
    if (visit && backFen > 0) {
      const unusedFen = (visit.unusedFen + backFen) as Fen
      await updateVisit(tx, { ...visit, unusedFen }, now)
    }
    const freedFen = subtractFen(draw.amountFen, backFen)
    await updateDraw(tx, ended, now)
    await moveUse(tx, draw, { reserved: 0 - freedFen }, now)
    await freeAtHospital(tx, draw, freedFen, now)
    return ended
  })

const keepsPromise = ({ status }: CreditVisit) => status === 'open' || status === 'paying'

/** Leaves a row that says that a draw of this number will not be made, where there is none yet. Null without its line. */
export const forbidDraw = (deps: CreditDependencies, asked: NewDraw): Promise<Draw | null> =>
  inBook(deps, asked.lenderId, async (tx, now) => {
    const draw = await newDraw(tx, asked, 'released', now)
    if (!draw) return null
    return (await insertDraw(tx, draw)) ? draw : mustLock(tx, draw)
  })

export const readDraw = (
  deps: CreditDependencies,
  { lenderId, drawNo }: Pick<Draw, 'lenderId' | 'drawNo'>,
): Promise<Draw | null> => inBook(deps, lenderId, (tx) => findDraw(tx, lenderId, drawNo))

async function mustLock(
  tx: Tx,
  { lenderId, drawNo }: Pick<Draw, 'lenderId' | 'drawNo'>,
): Promise<Draw> {
  const draw = await lockDraw(tx, lenderId, drawNo)
  assert(draw, `draw ${drawNo} is there`)
  return draw
}

const inBook = <T>(
  { db, clock }: CreditDependencies,
  lenderId: LenderId,
  work: (tx: Tx, now: Date) => Promise<T>,
): Promise<T> => inHospital(db, lenderId, (tx) => work(tx, clock.now()))
