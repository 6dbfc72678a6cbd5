import type { HospitalId, Id, NewId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { addMs, type Clock, MINUTE_MS } from '../../../kernel/time.ts'
import type { ManualClock } from '../../../platform/testing/clock.ts'
import type { Channel, ChargeOrder, PayMethod, RefundOrder } from '../../payments/index.ts'

export type Script = {
  /** What every call is answered with; 'throws' as an adapter with a bug does. */
  answer: 'ok' | 'unknown' | 'declined' | 'throws'
  /** How long an answer takes, by the clock. */
  takesMs: number
  /** What was asked, in order. */
  asked: string[]
}

/** A channel that answers as the test says; whatever stands in between is real. */
export function scriptedChannel(
  name: string,
  clock: ManualClock,
  methods: readonly PayMethod[] = ['qr_code'],
): { channel: Channel; script: Script } {
  const script: Script = { answer: 'ok', takesMs: 100, asked: [] }
  async function answer<Answer extends { outcome: string }>(verb: string, ok: Answer) {
    script.asked.push(verb)
    clock.advance(script.takesMs)
    switch (script.answer) {
      case 'ok':
        return ok
      case 'unknown':
        return { outcome: 'unknown' as const, reason: 'no answer' }
      case 'declined':
        return { outcome: 'declined' as const, code: 'not_enough', reason: 'too little money' }
      case 'throws':
        throw new Error('the adapter has a bug')
    }
  }
  const pending = { outcome: 'pending' as const, payerAction: null }
  const channel = {
    name,
    phase: 'payer' as const,
    methods,
    noticeReply: { status: 204 as const, contentType: 'text/plain', body: '' },
    charge: () => answer('charge', pending),
    query: () => answer('query', { outcome: 'absent' as const }),
    release: () => answer('release', { outcome: 'released' as const }),
    refund: () => answer('refund', { outcome: 'pending' as const }),
    queryRefund: () => answer('queryRefund', { outcome: 'absent' as const }),
    statement: () => answer('statement', { outcome: 'not_ready' as const, reason: 'too early' }),
    readNotice: () => ({ outcome: 'refused' as const, code: 'signature' as const }),
  } as Channel
  return { channel, script }
}

/** An order that the payer's device stands behind, under a number of its own. */
export function newOrder(
  hospitalId: HospitalId,
  { newId, clock }: { newId: NewId; clock: Clock },
  changes: Partial<ChargeOrder> = {},
): ChargeOrder {
  const tenderId: Id<'Tender'> = newId()
  return {
    hospitalId,
    paymentId: newId(),
    tenderId,
    tradeNo: tenderId.replaceAll('-', '').toUpperCase().slice(-30),
    amountFen: fen(10_000),
    parts: [{ kind: 'self_pay', amountFen: fen(10_000) }],
    quoteReference: null,
    description: '门诊缴费',
    payerAccount: null,
    method: 'qr_code',
    presence: { token: null, ip: '192.0.2.1', returnUrl: null },
    createdAt: clock.now(),
    expiresAt: addMs(clock.now(), 15 * MINUTE_MS),
    ...changes,
  }
}

export const refundOf = (charge: ChargeOrder, newId: NewId): RefundOrder => ({
  charge,
  chargeProviderNo: 'P1',
  refundId: newId(),
  refundNo: 'R1',
  amountFen: charge.amountFen,
  remaining: [],
  reason: '退费',
  requestedAt: charge.createdAt,
})
