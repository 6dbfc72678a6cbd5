import { createHash } from 'node:crypto'

import { fen, ZERO } from '../../../../kernel/money.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  Move,
  ProviderCall,
  RefundOrder,
  StatementAnswer,
} from '../../../payments/index.ts'
import type { Defect } from './memory-bench.ts'

// What bad channels do with the verbs. Each takes the good one's place, or stands before it.

export const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

type Query = Awaited<ReturnType<Channel['query']>>

export const charging =
  (answer: ChargeAnswer): Defect =>
  ({ channel }) => {
    channel.charge = () => Promise.resolve(answer)
  }

/** The order is changed before it is sent. */
export const charged =
  (change: (order: ChargeOrder) => Partial<ChargeOrder>): Defect =>
  ({ channel }) => {
    const good = channel.charge
    channel.charge = (call, order) => good(call, { ...order, ...change(order) })
  }

export const refused =
  (isRefused: (order: ChargeOrder) => boolean): Defect =>
  ({ channel }) => {
    const good = channel.charge
    channel.charge = async (call, order) => (isRefused(order) ? declined : good(call, order))
  }

export const queried =
  (change: (answer: Query) => Query): Defect =>
  ({ channel }) => {
    const good = channel.query
    channel.query = async (call, order) => change(await good(call, order))
  }

export const moved = (change: (move: Move) => Partial<Move>): Defect =>
  queried((answer) =>
    answer.outcome === 'confirmed'
      ? { ...answer, move: { ...answer.move, ...change(answer.move) } }
      : answer,
  )

export const moreBy = (more: number) =>
  moved(({ parts }) => ({
    parts: parts.map((part) => ({ ...part, amountFen: fen(part.amountFen + more) })),
  }))

export const renumbered: Defect = (bench) => {
  let count = 0
  moved(() => ({ providerNo: `N${++count}` }))(bench)
}

export const releasing =
  (answer: Awaited<ReturnType<Channel['release']>>): Defect =>
  ({ channel }) => {
    channel.release = () => Promise.resolve(answer)
  }

export const releaseOfMoney: Defect = ({ channel, provider }) => {
  const good = channel.release
  channel.release = async (call, order) => {
    const answer = await good(call, order)
    if (answer.outcome !== 'confirmed') return answer
    provider.giveBack(order.tradeNo, `R${order.tradeNo}`, order.amountFen)
    return answer
  }
}

export const refunded =
  (change: (order: RefundOrder) => number): Defect =>
  ({ channel }) => {
    const good = channel.refund
    channel.refund = (call, order) => good(call, { ...order, amountFen: fen(change(order)) })
  }

export const refundsFrom =
  (smallest: number): Defect =>
  ({ channel }) => {
    const good = channel.refund
    channel.refund = async (call, order) =>
      order.amountFen < smallest ? declined : good(call, order)
  }

/** Says that it was done, and does nothing. */
export const refundForShow: Defect = ({ channel, clock }) => {
  channel.refund = (_call, { refundNo, amountFen }) => {
    const parts = [{ kind: 'self_pay', amountFen }] as const
    const numbers = { ourNo: refundNo, providerNo: 'P1' }
    const move = { kind: 'return', ...numbers, parts, at: clock.now() } as const
    return Promise.resolve({ outcome: 'confirmed', moves: [move] })
  }
}

export const refundQueryIs =
  (outcome: 'pending' | 'absent'): Defect =>
  ({ channel }) => {
    channel.queryRefund = () => Promise.resolve({ outcome })
  }

/** Takes silence for an answer. */
export const blind =
  (verb: 'charge' | 'query' | 'release' | 'refund' | 'queryRefund', outcome: string): Defect =>
  ({ channel }) => {
    const good = channel[verb] as Verb
    const verbs = channel as unknown as Record<string, Verb>
    verbs[verb] = async (call, order) => {
      const answer = await good(call, order)
      return answer.outcome === 'unknown' ? { outcome, code: 'no', reason: 'no' } : answer
    }
  }

type Verb = (call: ProviderCall, order: unknown) => Promise<{ outcome: string }>

export const stated =
  (change: (answer: StatementAnswer) => StatementAnswer): Defect =>
  ({ channel }) => {
    const good = channel.statement
    channel.statement = async (call, request) => change(await good(call, request))
  }

export const onLines = (
  change: (answer: Extract<StatementAnswer, { outcome: 'lines' }>) => Partial<typeof answer>,
): Defect =>
  stated((answer) => (answer.outcome === 'lines' ? { ...answer, ...change(answer) } : answer))

export const emptyStatement: StatementAnswer = {
  outcome: 'lines',
  lines: [],
  feeFen: ZERO,
  content: '',
  sha256: createHash('sha256').update('').digest('hex'),
}

/** What is told of each exchange is changed, or with null left out. */
export const traced =
  (change: ((text: string) => { system?: string; request?: string }) | null): Defect =>
  ({ channel }) => {
    const verbs = channel as unknown as Record<string, Verb>
    for (const verb of ['charge', 'query', 'release', 'refund', 'queryRefund', 'statement']) {
      const good = verbs[verb]
      if (good === undefined) continue
      verbs[verb] = (call, order) =>
        good(
          {
            ...call,
            trace: (exchange) => change && call.trace({ ...exchange, ...change(exchange.request) }),
          },
          order,
        )
    }
  }

const declined = { outcome: 'declined', code: 'no', reason: 'no' } as const
