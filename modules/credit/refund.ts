import { assert } from '../../kernel/assert.ts'
import type { ProviderCall, RefundAnswer, RefundOrder } from '../payments/index.ts'
import type { CreditDependencies } from './dependencies.ts'
import type { Draw, Reversal } from './draw.ts'
import { readDraw } from './draws.ts'
import type { LenderAnswer, None, ReversalOrder, Reversed } from './lender.ts'
import { drawOrderOf, readReference, returnOf } from './reference.ts'
import { beginReversal, readReversal, recordRefusedReversal, recordReversed } from './reversals.ts'

type Absent = { outcome: 'absent' }

/** Gives back what was drawn, in whole or in part: the draw is reduced, no cash goes to the payer. */
export function createRefunding(deps: CreditDependencies) {
  return { refund, queryRefund }

  async function refund(call: ProviderCall, order: RefundOrder): Promise<RefundAnswer> {
    const draw = await drawOf(order)
    if (!draw) return declined('not_charged', 'there is no such draw')
    const asked = { reversalNo: order.refundNo, amountFen: order.amountFen }
    const begun = await beginReversal(deps, draw, asked)
    switch (begun.outcome) {
      case 'not_drawn':
        return declined('not_charged', `the draw is ${draw.status}`)
      case 'more_than_drawn':
        return declined('over_charge', 'more than was drawn and not yet returned')
      case 'wait':
        return { outcome: 'pending' }
      case 'known':
        return answerOf(begun.reversal)
      case 'asking':
        return reverse(call, draw, begun.reversal)
    }
  }

  async function reverse(
    call: ProviderCall,
    draw: Draw,
    reversal: Reversal,
  ): Promise<RefundAnswer> {
    const lender = await deps.lenderOf(draw.lenderId)
    if (!lender) return unknown('the lender is not connected')
    const answer = await lender.reverseDraw(call, await orderOf(deps, draw, reversal))
    const known = await record(deps, draw, reversal, answer)
    return 'outcome' in known ? known : answerOf(known)
  }

  async function queryRefund(
    call: ProviderCall,
    order: RefundOrder,
  ): Promise<RefundAnswer | Absent> {
    const draw = await drawOf(order)
    const reversal = draw && (await readReversal(deps, draw, order.refundNo))
    if (!draw || !reversal) return { outcome: 'absent' }
    if (reversal.status !== 'asking') return answerOf(reversal)
    const lender = await deps.lenderOf(draw.lenderId)
    if (!lender) return unknown('the lender is not connected')
    const answer = await lender.queryReversal(call, await orderOf(deps, draw, reversal))
    if (answer.outcome === 'none') return { outcome: 'absent' }
    const known = await record(deps, draw, reversal, answer)
    return 'outcome' in known ? known : answerOf(known)
  }

  async function drawOf({ charge }: RefundOrder): Promise<Draw | null> {
    const reference = readReference(charge)
    if (!reference) return null
    return readDraw(deps, { lenderId: reference.lenderId, drawNo: charge.tradeNo })
  }
}

async function record(
  deps: CreditDependencies,
  draw: Draw,
  reversal: Reversal,
  answer: LenderAnswer<Reversed> | None,
): Promise<Reversal | Unknown> {
  switch (answer.outcome) {
    case 'unknown':
      return unknown(answer.reason)
    case 'none':
      return unknown('the lender knows of no such reversal')
    case 'refused':
      return recordRefusedReversal(deps, draw, reversal, answer.code)
    case 'ok':
      if (answer.data.amountFen !== reversal.amountFen) return unknown('another amount came back')
      return recordReversed(deps, draw, reversal, answer.data)
  }
}

async function orderOf(
  deps: CreditDependencies,
  draw: Draw,
  { reversalNo, amountFen, requestedAt }: Reversal,
): Promise<ReversalOrder> {
  assert(draw.lenderNo !== null, 'what is reversed was drawn')
  const order = await drawOrderOf(deps, draw)
  return { reversalNo, draw: order, drawLenderNo: draw.lenderNo, amountFen, requestedAt }
}

function answerOf(reversal: Reversal): RefundAnswer {
  switch (reversal.status) {
    case 'done':
      return { outcome: 'confirmed', moves: [returnOf(reversal)] }
    case 'refused':
      return declined(reversal.refusal ?? 'refused', 'the lender does not take it back')
    case 'asking':
      return unknown('the reversal is under way')
  }
}

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

type Unknown = { outcome: 'unknown'; reason: string }
