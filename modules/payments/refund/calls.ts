import { assert } from '../../../kernel/assert.ts'
import type { Id } from '../../../kernel/id.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Exchange } from '../../../platform/exchange.ts'
import type { DeskAnswer } from '../bill-desk.ts'
import { callContext } from '../calls.ts'
import type { MachineDependencies } from '../dependencies.ts'
import type { PromisedHold } from '../moves.ts'
import type { Tender } from '../payment.ts'
import type { RefundAnswer, RefundOrder } from '../provider.ts'
import type { RefundStep } from './decide.ts'
import { completionOf, refundNoticeOf } from './orders.ts'
import type { Refund } from './refund.ts'
import type { Loaded } from './state.ts'

/** One question to the outside about a refund, its intent written down. */
export type RefundCall = ReturnCall | DeskCall

export type ReturnCall = {
  do: 'return' | 'query_return'
  refund: Refund
  tender: Tender
  partId: Id<'RefundPart'>
  hold: PromisedHold | null
  order: RefundOrder
}

export type DeskCall = DeskStep & { refund: Refund; state: Loaded }

export type DeskStep = Extract<RefundStep, { do: 'approve' | 'complete' | 'void_write_back' }>

/** A question with its answer, to be written down. */
export type RefundAnswered = ReturnAnswered | DeskAnswered

export type ReturnAnswered = {
  of: 'part'
  call: ReturnCall
  answer: RefundAnswer | { outcome: 'absent' }
  exchanges: Exchange[]
}

export type DeskAnswered = {
  of: 'desk'
  call: DeskCall
  answer: DeskAnswer<{ receiptNo?: string }>
  exchanges: Exchange[]
}

/** Asks, outside of any transaction. */
export const askAboutRefund = (
  deps: MachineDependencies,
  call: RefundCall,
): Promise<RefundAnswered> => (isReturn(call) ? askProvider(deps, call) : askHospital(deps, call))

const isReturn = (call: RefundCall): call is ReturnCall =>
  call.do === 'return' || call.do === 'query_return'

async function askProvider(
  { providersOf }: MachineDependencies,
  call: ReturnCall,
): Promise<ReturnAnswered> {
  const { context, exchanges } = callContext(call.refund)
  const provider = (await providersOf(call.refund.hospitalId)).get(call.tender.provider)
  assert(provider, `hospital ${call.refund.hospitalId} has the provider ${call.tender.provider}`)
  const answer =
    call.do === 'return'
      ? await provider.refund(context, call.order)
      : await provider.queryRefund(context, call.order)
  return { of: 'part', call, answer, exchanges }
}

async function askHospital(deps: MachineDependencies, call: DeskCall): Promise<DeskAnswered> {
  const { context, exchanges } = callContext(call.refund)
  const answer = await tell(deps, context, call)
  return { of: 'desk', call, answer, exchanges }
}

async function tell(
  { db, desk }: MachineDependencies,
  context: ReturnType<typeof callContext>['context'],
  call: DeskCall,
): Promise<DeskAnswered['answer']> {
  const { refund, payment } = call.state
  switch (call.do) {
    case 'approve':
      return desk.approveRefund(context, refundNoticeOf(call.state))
    case 'complete': {
      const completion = await inHospital(db, refund.hospitalId, (tx) =>
        completionOf(tx, refund, payment),
      )
      return desk.completeRefund(context, completion)
    }
    case 'void_write_back': {
      const { paymentNo, reason } = refundNoticeOf(call.state)
      return desk.voidWriteBack(context, { paymentNo, billNo: call.billNo, reason })
    }
  }
}
