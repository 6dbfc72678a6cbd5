import { fen } from '../../../kernel/money.ts'
import type {
  Drawn,
  DrawOrder,
  Lender,
  LenderAnswer,
  None,
  ReversalOrder,
  Reversed,
} from '../../../modules/credit/index.ts'
import {
  DrawnData,
  FlushedData,
  momentOf,
  NO_SUCH_NUMBER,
  none,
  ok,
  readEnd,
  refused,
} from './answers.ts'
import type { Ask } from './client.ts'
import { hospCodeOf } from './hospitals.ts'
import { fieldsOf } from './lines.ts'
import type { GatewayParams } from './params.ts'

type DrawVerbs = Pick<Lender, 'draw' | 'queryDraw' | 'reverseDraw' | 'queryReversal'>

/** Consume and flush: what the bank lends for a bill, and what it takes back of it. */
export const createDraws = (ask: Ask, params: GatewayParams): DrawVerbs => ({
  async draw(call, order) {
    const hospCode = hospCodeOf(params, order.careHospitalId)
    // It never is asked for, so that nothing of it can be lent.
    if (hospCode === null) return refused('not_eligible', 'the bank does not serve the hospital')
    return ask<LenderAnswer<Drawn>>(call, {
      service: 'loan.consume',
      ...fieldsOf(order.holder, {
        transNo: order.drawNo,
        hospCode,
        productCode: order.productId,
        scene: order.scene,
        visitNo: order.visitId ?? '',
        cash: String(order.amountFen),
        subject: order.description.slice(0, SUBJECT_LENGTH),
      }),
      read: (data) => readDrawn(data, order),
    })
  },
  queryDraw: (call, order) =>
    ask<LenderAnswer<Drawn> | None>(call, {
      service: 'loan.consume.query',
      fields: { transNo: order.drawNo, closeIfAbsent: '1' },
      read: (data) => readEnd(data) ?? readDrawn(data, order),
    }),
  reverseDraw: (call, order) =>
    ask<LenderAnswer<Reversed>>(call, {
      service: 'loan.consume.flush',
      fields: {
        flushNo: order.reversalNo,
        sFlowId: order.drawLenderNo,
        cash: String(order.amountFen),
      },
      read: (data) => readReversed(data, order),
    }),
  // A reversal that did not come may still be asked for under its number: nothing is closed.
  queryReversal: (call, order) =>
    ask<LenderAnswer<Reversed> | None>(call, {
      service: 'loan.consume.flush.query',
      fields: { flushNo: order.reversalNo },
      read: (data) => readEnd(data) ?? readReversed(data, order),
      onCode: (code) => (code === NO_SUCH_NUMBER ? none : null),
    }),
})

const SUBJECT_LENGTH = 200

/** An answer about another number, or of another amount, is no answer to this order. */
function readDrawn(data: unknown, order: DrawOrder): LenderAnswer<Drawn> | null {
  if (!DrawnData.Check(data) || data.transNo !== order.drawNo) return null
  const at = momentOf(data.transTime)
  if (at === null || data.cash !== order.amountFen) return null
  return ok({ lenderNo: data.sFlowId, amountFen: fen(data.cash), at })
}

function readReversed(data: unknown, order: ReversalOrder): LenderAnswer<Reversed> | null {
  if (!FlushedData.Check(data) || data.flushNo !== order.reversalNo) return null
  const at = momentOf(data.flushTime)
  const isOfOrder = data.sFlowId === order.drawLenderNo && data.cash === order.amountFen
  return at !== null && isOfOrder
    ? ok({ lenderNo: data.flushFlowId, amountFen: fen(data.cash), at })
    : null
}
