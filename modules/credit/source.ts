import { assert } from '../../kernel/assert.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  HoldAnswer,
  HoldingSource,
  ProviderCall,
  ReleaseAnswer,
} from '../payments/index.ts'
import type { CreditDependencies } from './dependencies.ts'
import type { Draw } from './draw.ts'
import {
  beginDraw,
  forbidDraw,
  giveDrawUp,
  holdDraw,
  type NewDraw,
  readDraw,
  recordDrawn,
} from './draws.ts'
import type { Drawn, LenderAnswer, None } from './lender.ts'
import { createQuote } from './quote.ts'
import { drawOrderOf, moveOf, readReference } from './reference.ts'
import { createRefunding } from './refund.ts'
import { createStatement } from './statement.ts'

type Absent = { outcome: 'absent' }

const CREDIT = 'credit'

/**
 * A line of credit as a source of a payment's money. Which line, and for which visit, is in the quote's reference. The
 * draw is promised in our books, then asked of the lender; a draw in doubt is asked for again under the same number.
 */
export const createSource = (deps: CreditDependencies): HoldingSource => ({
  name: CREDIT,
  phase: 'hold',
  place: 'credit',
  quote: createQuote(deps),
  ...createCharging(deps),
  ...createRefunding(deps),
  statement: createStatement(deps),
})

function createCharging(deps: CreditDependencies) {
  return { hold, charge, query, release }

  async function hold(_call: ProviderCall, order: ChargeOrder): Promise<HoldAnswer> {
    const asked = newDrawOf(order)
    if (!asked) return declined('not_quoted', 'the reference is none of ours')
    const draw = await holdDraw(deps, asked)
    if (!draw) return declined('not_quoted', 'the line is not there any more')
    if (draw.amountFen !== order.amountFen) return declined('reused', 'held with another amount')
    return draw.status === 'refused' || draw.status === 'released'
      ? declinedDraw(draw)
      : { outcome: 'held' }
  }

  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const asked = newDrawOf(order)
    if (!asked) return declined('not_quoted', 'the reference is none of ours')
    const begun = await beginDraw(deps, asked)
    if (!begun) {
      const held = await hold(call, order)
      return held.outcome === 'held' ? charge(call, order) : held
    }
    const { draw } = begun
    if (draw.amountFen !== order.amountFen) return declined('reused', 'held with another amount')
    if (draw.status !== 'drawing') return answerOf(draw)
    const lender = await deps.lenderOf(draw.lenderId)
    if (!lender) return unknown('the lender is not connected')
    return chargeAnswerOf(await record(deps, draw, await lender.draw(call, begun.order)))
  }

  async function query(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer | Absent> {
    const key = readReference(order)
    const draw = key && (await readDraw(deps, keyOf(order)))
    if (!draw) return { outcome: 'absent' }
    const known = draw.status === 'drawing' ? await drawAgain(deps, call, draw) : draw
    if ('outcome' in known) return known
    // What is held only has not been charged.
    return known.status === 'held' ? { outcome: 'absent' } : answerOf(known)
  }

  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const asked = newDrawOf(order)
    const draw = asked && (await forbidDraw(deps, asked))
    if (!draw) return { outcome: 'released' }
    const known = draw.status === 'drawing' ? await resolve(deps, call, draw) : draw
    if ('outcome' in known) return known
    const ended =
      known.status === 'held' ? await giveDrawUp(deps, known, { status: 'released' }) : known
    if (ended.status === 'drawn') return { outcome: 'confirmed', move: moveOf(ended) }
    // A charge was begun in the moment since: the next look finds what became of it.
    return ended.status === 'drawing' ? unknown('the draw has begun') : { outcome: 'released' }
  }
}

/**
 * Asks for a draw in doubt once more, under its number: it is made once. To ask what became of it would not do: of a
 * request that was lost the lender knows nothing, and its number would be given up while the payer waits for it.
 */
async function drawAgain(
  deps: CreditDependencies,
  call: ProviderCall,
  draw: Draw,
): Promise<Draw | Unknown> {
  const lender = await deps.lenderOf(draw.lenderId)
  if (!lender) return unknown('the lender is not connected')
  return record(deps, draw, await lender.draw(call, await drawOrderOf(deps, draw)))
}

/** Closes a draw that is not wanted any more: what became of it, and none will be made of one the lender has not made. */
async function resolve(
  deps: CreditDependencies,
  call: ProviderCall,
  draw: Draw,
): Promise<Draw | Unknown> {
  const lender = await deps.lenderOf(draw.lenderId)
  if (!lender) return unknown('the lender is not connected')
  return record(deps, draw, await lender.queryDraw(call, await drawOrderOf(deps, draw)))
}

async function record(
  deps: CreditDependencies,
  draw: Draw,
  answer: LenderAnswer<Drawn> | None,
): Promise<Draw | Unknown> {
  switch (answer.outcome) {
    case 'unknown':
      return unknown(answer.reason)
    case 'none':
      return giveDrawUp(deps, draw, { status: 'released' })
    case 'refused':
      return giveDrawUp(deps, draw, { status: 'refused', refusal: answer.code })
    case 'ok':
      if (answer.data.amountFen !== draw.amountFen) return unknown('another amount was drawn')
      return recordDrawn(deps, draw, answer.data)
  }
}

const keyOf = (order: ChargeOrder) => {
  const reference = readReference(order)
  assert(reference, `the reference of ${order.tradeNo} is one of ours`)
  return { lenderId: reference.lenderId, drawNo: order.tradeNo }
}

/** Null when the reference is none of ours. */
function newDrawOf(order: ChargeOrder): NewDraw | null {
  const reference = readReference(order)
  if (!reference) return null
  const { lenderId, lineId, visitId, scene } = reference
  return {
    lenderId,
    drawNo: order.tradeNo,
    lineId,
    visitId,
    careHospitalId: order.hospitalId,
    paymentId: order.paymentId,
    scene,
    description: order.description,
    amountFen: order.amountFen,
  }
}

const chargeAnswerOf = (known: Draw | Unknown): Answered =>
  'outcome' in known ? known : answerOf(known)

function answerOf(draw: Draw): Answered {
  switch (draw.status) {
    case 'drawn':
      return { outcome: 'confirmed', move: moveOf(draw) }
    case 'refused':
    case 'released':
      return declinedDraw(draw)
    case 'held':
    case 'drawing':
      return unknown('the draw is under way')
  }
}

const declinedDraw = (draw: Draw) =>
  declined(draw.refusal ?? 'released', `the draw is ${draw.status}`)

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

type Unknown = { outcome: 'unknown'; reason: string }
type Answered = Exclude<ChargeAnswer, { outcome: 'pending' }>
