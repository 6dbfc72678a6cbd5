import { createHash } from 'node:crypto'

import { fen, ZERO } from '../../../../kernel/money.ts'
import { addDays, businessDateOf, type Clock, instantAt } from '../../../../kernel/time.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  Move,
  PayerAction,
  PayMethod,
  ProviderCall,
  RawNotice,
  RefundAnswer,
  RefundOrder,
  StatementAnswer,
  StatementRequest,
} from '../../../payments/index.ts'
import {
  type Charge,
  type MemoryProvider,
  Refusal,
  type Return,
  signatureOf,
  Silence,
} from './memory-provider.ts'

export const MERCHANT = 'm-1'

/** A channel to the provider in memory that does all a channel must. Its verbs may be replaced by worse ones. */
export function createMemoryChannel(
  provider: MemoryProvider,
  clock: Clock,
  method: PayMethod,
): { -readonly [Name in keyof Channel]: Channel[Name] } {
  return {
    name: 'memory',
    phase: 'payer',
    methods: [method],
    noticeReply: { status: 200, contentType: 'text/plain', body: 'ok' },
    charge: async (call, order) =>
      traced(clock, call, 'charge', () => orDeclined(() => charge(provider, method, order))),
    query: async (call, order) => traced(clock, call, 'query', () => query(provider, order)),
    release: async (call, order) =>
      traced(clock, call, 'release', () => {
        const found = provider.ask(() => closed(provider, order))
        return found.state === 'paid' ? confirmed(found) : ({ outcome: 'released' } as const)
      }),
    refund: async (call, order) =>
      traced(clock, call, 'refund', () =>
        orDeclined(() => toRefundAnswer(clock, refund(provider, order))),
      ),
    queryRefund: async (call, order) =>
      traced(clock, call, 'refund query', () => {
        const found = provider.ask(() => provider.findReturn(order.refundNo))
        return found ? toRefundAnswer(clock, found) : ({ outcome: 'absent' } as const)
      }),
    statement: async (call, request) =>
      traced(clock, call, 'statement', () => statementOf(provider, clock, request)),
    readNotice: (notice) => readNotice(notice),
  }
}

export type MemoryChannel = ReturnType<typeof createMemoryChannel>

function charge(provider: MemoryProvider, method: PayMethod, order: ChargeOrder): ChargeAnswer {
  if (!['barcode', 'card', 'counter'].includes(method)) {
    const placed = provider.ask(() => provider.place(order.tradeNo, order.amountFen))
    if (placed.state === 'paid') return confirmed(placed)
    return { outcome: 'pending', payerAction: actionOf(method, placed.providerNo) }
  }
  const token = method === 'counter' ? 'cash' : order.presence?.token
  if (!token) return withoutToken(provider, order)
  const paid = provider.ask(() => {
    const placed = provider.place(order.tradeNo, order.amountFen)
    if (placed.state === 'unpaid') provider.pay(placed.providerNo)
    return placed
  })
  return confirmed(paid)
}

/** The payer is gone: either the money was taken then, or it never will be. */
function withoutToken(provider: MemoryProvider, order: ChargeOrder): ChargeAnswer {
  const found = provider.ask(() => closed(provider, order))
  if (found.state === 'paid') return confirmed(found)
  return { outcome: 'declined', code: 'payer_gone', reason: 'the payer showed nothing' }
}

function closed(provider: MemoryProvider, order: ChargeOrder): Charge {
  const found = provider.find(order.tradeNo)
  const charge = found ?? provider.place(order.tradeNo, order.amountFen)
  if (charge.state === 'unpaid') charge.state = 'closed'
  return charge
}

function query(provider: MemoryProvider, order: ChargeOrder): ChargeAnswer | { outcome: 'absent' } {
  const found = provider.ask(() => provider.find(order.tradeNo))
  if (found === null) return { outcome: 'absent' }
  switch (found.state) {
    case 'paid':
      return confirmed(found)
    case 'unpaid':
      return { outcome: 'pending', payerAction: null }
    case 'closed':
      return { outcome: 'declined', code: 'closed', reason: 'closed' }
  }
}

const refund = (provider: MemoryProvider, { charge: of, refundNo, amountFen }: RefundOrder) =>
  provider.ask(() => provider.giveBack(of.tradeNo, refundNo, amountFen))

function toRefundAnswer(clock: Clock, made: Return): RefundAnswer {
  if (clock.now() < made.arrivesAt) return { outcome: 'pending' }
  const parts = [{ kind: 'self_pay', amountFen: fen(made.amountFen) }] as const
  const { refundNo: ourNo, providerNo, at } = made
  return { outcome: 'confirmed', moves: [{ kind: 'return', ourNo, providerNo, parts, at }] }
}

function statementOf(
  provider: MemoryProvider,
  clock: Clock,
  { businessDate }: StatementRequest,
): StatementAnswer {
  if (clock.now() < instantAt(addDays(businessDate, 1), '09:00:00')) {
    return { outcome: 'not_ready', reason: 'the day has not ended' }
  }
  const ofDay = <T extends { at: Date }>(list: readonly T[]) =>
    list.filter(({ at }) => businessDateOf(at) === businessDate)
  const lines = provider.ask(() => [
    ...ofDay(provider.charges.filter((c) => c.state === 'paid')).map((c) => ({
      kind: 'charge' as const,
      ourNo: c.tradeNo,
      providerNo: c.providerNo,
      amountFen: fen(c.amountFen),
      at: c.at,
    })),
    ...ofDay(provider.returns).map((r) => ({
      kind: 'return' as const,
      ourNo: r.refundNo,
      providerNo: r.providerNo,
      amountFen: fen(r.amountFen),
      at: r.at,
    })),
  ])
  const content = lines.map((line) => JSON.stringify(line)).join('\n')
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { outcome: 'lines', lines, feeFen: ZERO, content, sha256 }
}

function readNotice({ headers, body }: RawNotice): ReturnType<Channel['readNotice']> {
  if (headers['x-signature'] !== signatureOf(body)) {
    return { outcome: 'refused', code: 'signature' }
  }
  const said = JSON.parse(body.toString()) as Record<'id' | 'merchant' | 'kind' | 'no', string>
  if (said.merchant !== MERCHANT) return { outcome: 'refused', code: 'foreign' }
  const about =
    said.kind === 'charge'
      ? ({ kind: 'charge', tradeNo: said.no } as const)
      : ({ kind: 'refund', refundNo: said.no } as const)
  return { outcome: 'read', dedupeKey: said.id, about, summary: said.kind }
}

function confirmed(charge: Charge): { outcome: 'confirmed'; move: Move } {
  const parts = [{ kind: 'self_pay', amountFen: fen(charge.amountFen) }] as const
  const { tradeNo: ourNo, providerNo, at } = charge
  return { outcome: 'confirmed', move: { kind: 'charge', ourNo, providerNo, parts, at } }
}

function actionOf(method: PayMethod, providerNo: string): PayerAction {
  switch (method) {
    case 'qr_code':
      return { kind: 'qr_code', content: providerNo }
    case 'page':
      return { kind: 'page', url: `https://pay.example/?no=${providerNo}` }
    case 'app':
      return { kind: 'app', params: { no: providerNo } }
    default:
      return { kind: 'wechat_jsapi', params: { no: providerNo } }
  }
}

/** The answer, or 'unknown' when there was none, with its trace. */
function traced<T extends { outcome: string }>(
  clock: Clock,
  call: ProviderCall,
  operation: string,
  work: () => T,
) {
  const answer = settled(work)
  call.trace({
    system: 'memory',
    operation,
    direction: 'out',
    request: operation,
    response: answer.outcome,
    outcome: answer.outcome,
    startedAt: clock.now(),
    durationMs: 0,
  })
  return answer
}

function settled<T>(work: () => T) {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Silence)) throw error
    return { outcome: 'unknown', reason: error.message } as const
  }
}

function orDeclined<T>(work: () => T) {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { outcome: 'declined', code: error.message, reason: error.message } as const
  }
}
