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
type Refund = { refundNo: string; amountFen: Fen; isDone: boolean; askedAt: Date; at: Date }
type Books = { orders: Map<string, Order>; refunds: Map<string, Refund> }

/** A wallet with books of its own, from which it makes a list of each day. */
export function scriptedWallet(clock: Clock) {
  const books: Books = { orders: new Map(), refunds: new Map() }
  const { orders, refunds } = books
  const script: Script = {
    refundsWait: false,
    declinesRefunds: null,
    statement: null,
    relist: (lines) => lines,
    statementsAsked: 0,
  }
  return {
    channel: channelOf(clock, books, script),
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
        if (!refund.isDone) Object.assign(refund, { isDone: true, at: clock.now() })
      }
    },
    balanceFen: () =>
      sum([...orders.values()].filter(({ state }) => state === 'paid').map(({ order }) => order)) -
      sum([...refunds.values()].filter(({ isDone }) => isDone)),
  }
}

type Script = {
  refundsWait: boolean
  /** The code with which it says no to every refund; null to give back. */
  declinesRefunds: string | null
  /** Answers in place of the list; null for the list. */
  statement: StatementAnswer | null
  /** Changes the list it made. */
  relist: (lines: StatementLine[], date: BusinessDate) => StatementLine[]
  statementsAsked: number
}

function channelOf(clock: Clock, books: Books, script: Script): Channel {
  const { orders, refunds } = books
  return {
    name: 'wechat',
    phase: 'payer',
    methods: ['account'],
    noticeReply: { status: 204, contentType: 'application/json', body: '' },
    async charge(_call, order) {
      const known = orders.get(order.tradeNo)
      if (!known) orders.set(order.tradeNo, { order, state: 'open', at: clock.now() })
      return chargeState(books, order.tradeNo) as ChargeAnswer
    },
    query: async (_call, { tradeNo }) => chargeState(books, tradeNo),
    async release(_call, { tradeNo }) {
      const found = orders.get(tradeNo)
      if (found?.state === 'paid') return { outcome: 'confirmed', move: moveOf(found) }
      if (found) found.state = 'closed'
      return { outcome: 'released' }
    },
    async refund(_call, { refundNo, amountFen }) {
      const code = script.declinesRefunds
      if (code !== null) return { outcome: 'declined', code, reason: code }
      const at = clock.now()
      const isDone = !script.refundsWait
      const known = refunds.get(refundNo)
      if (!known) refunds.set(refundNo, { refundNo, amountFen, isDone, askedAt: at, at })
      return refundState(books, refundNo) as RefundAnswer
    },
    queryRefund: async (_call, { refundNo }) => refundState(books, refundNo),
    async statement(_call, { businessDate }) {
      script.statementsAsked++
      const list = () => answerOf(script.relist(linesOf(books, businessDate), businessDate))
      return script.statement ?? list()
    },
    readNotice: () => ({ outcome: 'refused', code: 'signature' }),
  }
}

function chargeState({ orders }: Books, tradeNo: string): ChargeAnswer | { outcome: 'absent' } {
  const found = orders.get(tradeNo)
  switch (found?.state) {
    case undefined:
      return { outcome: 'absent' }
    case 'paid':
      return { outcome: 'confirmed', move: moveOf(found) }
    case 'closed':
      return { outcome: 'declined', code: 'closed', reason: 'closed' }
    case 'open':
      return { outcome: 'pending', payerAction: { kind: 'qr_code', content: tradeNo } }
  }
}

function refundState({ refunds }: Books, refundNo: string): RefundAnswer | { outcome: 'absent' } {
  const found = refunds.get(refundNo)
  if (!found) return { outcome: 'absent' }
  return found.isDone ? { outcome: 'confirmed', moves: [returnOf(found)] } : { outcome: 'pending' }
}

/** A refund stands on the day it was accepted, whenever the money arrives. */
function linesOf({ orders, refunds }: Books, date: BusinessDate): StatementLine[] {
  const paid = [...orders.values()].filter(({ state }) => state === 'paid')
  return [
    ...paid.map((order) => lineOf(moveOf(order), order.at)),
    ...[...refunds.values()].map((refund) => lineOf(returnOf(refund), refund.askedAt)),
  ].filter(({ at }) => at && businessDateOf(at) === date)
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
  amountFen: fen(sum(parts)),
  at,
})

export function answerOf(lines: StatementLine[]): StatementAnswer {
  const content = lines.map((line) => JSON.stringify(line)).join('\n')
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { outcome: 'lines', lines, feeFen: fen(0), content, sha256 }
}

const sum = (rows: readonly { amountFen: Fen }[]) =>
  rows.reduce((total, { amountFen }) => total + amountFen, 0)
