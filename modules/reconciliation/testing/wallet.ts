import { createHash } from 'node:crypto'

import { type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  Move,
  RefundAnswer,
  StatementAnswer,
  StatementLine,
} from '../../payments/index.ts'

type Order = { order: ChargeOrder; state: 'open' | 'closed' | 'paid'; at: Date }
type Refund = {
  refundNo: string
  amountFen: Fen
  state: 'pending' | 'done'
  askedAt: Date
  at: Date
}

/** A wallet with books of its own, from which it makes a list of each day. */
export function scriptedWallet(clock: Clock) {
  const orders = new Map<string, Order>()
  const refunds = new Map<string, Refund>()
  const script = {
    refundsWait: false,
    /** Answers in place of the list; null for the list. */
    statement: null as StatementAnswer | null,
    /** Changes the list it made. */
    relist: (lines: StatementLine[], _date: BusinessDate): StatementLine[] => lines,
    statementsAsked: 0,
  }

  const stateOf = (tradeNo: string): ChargeAnswer | { outcome: 'absent' } => {
    const found = orders.get(tradeNo)
    if (!found) return { outcome: 'absent' }
    if (found.state === 'paid') return { outcome: 'confirmed', move: moveOf(found) }
    if (found.state === 'closed') return { outcome: 'declined', code: 'closed', reason: 'closed' }
    return { outcome: 'pending', payerAction: { kind: 'qr_code', content: tradeNo } }
  }
  const refundState = (refundNo: string): RefundAnswer | { outcome: 'absent' } => {
    const found = refunds.get(refundNo)
    if (!found) return { outcome: 'absent' }
    return found.state === 'pending'
      ? { outcome: 'pending' }
      : { outcome: 'confirmed', moves: [returnOf(found)] }
  }

  const channel: Channel = {
    name: 'wechat',
    phase: 'payer',
    async charge(_call, order) {
      const known = orders.get(order.tradeNo)
      if (!known) orders.set(order.tradeNo, { order, state: 'open', at: clock.now() })
      return stateOf(order.tradeNo) as ChargeAnswer
    },
    query: async (_call, { tradeNo }) => stateOf(tradeNo),
    async release(_call, { tradeNo }) {
      const found = orders.get(tradeNo)
      if (found?.state === 'paid') return { outcome: 'confirmed', move: moveOf(found) }
      if (found) found.state = 'closed'
      return { outcome: 'released' }
    },
    async refund(_call, { refundNo, amountFen }) {
      const [state, at] = [script.refundsWait ? 'pending' : 'done', clock.now()] as const
      const known = refunds.get(refundNo)
      if (!known) refunds.set(refundNo, { refundNo, amountFen, state, askedAt: at, at })
      return refundState(refundNo) as RefundAnswer
    },
    queryRefund: async (_call, { refundNo }) => refundState(refundNo),
    async statement(_call, { businessDate }) {
      script.statementsAsked++
      return script.statement ?? listOf(businessDate)
    },
    readNotice: () => ({ outcome: 'refused', code: 'signature' }),
  }

  function listOf(date: BusinessDate): StatementAnswer {
    const paid = [...orders.values()].filter(({ state }) => state === 'paid')
    const all: StatementLine[] = [
      ...paid.map((order) => lineOf(moveOf(order), order.at)),
      // A refund stands on the day it was accepted, whenever the money arrives.
      ...[...refunds.values()].map((refund) => lineOf(returnOf(refund), refund.askedAt)),
    ]
    const today = all.filter(({ at }) => at && businessDateOf(at) === date)
    return answerOf(script.relist(today, date))
  }

  return {
    channel,
    script,
    /** The payer pays every open order, or the ones that were closed too. */
    payAll(evenClosed = false) {
      for (const found of orders.values()) {
        if (found.state === 'open' || (evenClosed && found.state === 'closed')) {
          Object.assign(found, { state: 'paid', at: clock.now() })
        }
      }
    },
    finishRefunds() {
      for (const refund of refunds.values()) {
        if (refund.state === 'pending') Object.assign(refund, { state: 'done', at: clock.now() })
      }
    },
    tradeNos: () => [...orders.keys()],
    balanceFen: () =>
      [...orders.values()].reduce(
        (sum, o) => sum + (o.state === 'paid' ? o.order.amountFen : 0),
        0,
      ) - [...refunds.values()].reduce((sum, r) => sum + (r.state === 'done' ? r.amountFen : 0), 0),
  }
}

const moveOf = ({ order, at }: Order): Move => ({
  kind: 'charge',
  ourNo: order.tradeNo,
  providerNo: `W-${order.tradeNo}`,
  parts: [{ kind: 'self_pay', amountFen: order.amountFen }],
  at,
})

const returnOf = ({ refundNo, amountFen, at }: Refund): Move => ({
  kind: 'return',
  ourNo: refundNo,
  providerNo: `R-${refundNo}`,
  parts: [{ kind: 'self_pay', amountFen }],
  at,
})

const lineOf = ({ kind, ourNo, providerNo, parts }: Move, at: Date): StatementLine => ({
  kind,
  ourNo,
  providerNo,
  amountFen: fen(parts.reduce((sum, part) => sum + part.amountFen, 0)),
  at,
})

export function answerOf(lines: StatementLine[]): StatementAnswer {
  const content = lines.map((line) => JSON.stringify(line)).join('\n')
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { outcome: 'lines', lines, feeFen: fen(0), content, sha256 }
}
