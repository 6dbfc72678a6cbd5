import { addFen, type Fen, fen, minFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  HoldAnswer,
  HoldingSource,
  Move,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../provider.ts'
import { lost, silent, trace, type Trouble } from './trouble.ts'

type Draw = { amountFen: Fen; state: 'held' | 'taken' | 'released'; backFen: Fen; at: Date }

type Lender = {
  clock: Clock
  script: { trouble: Trouble; limitFen: number; forgetsHolds: boolean }
  draws: Map<string, Draw>
  refunds: Map<string, Move[]>
  asked: string[]
}

/** A line of credit of one person: promises, takes and gives back within its limit. */
export function scriptedLender(clock: Clock, limitFen: number) {
  const lender: Lender = {
    clock,
    script: { trouble: null, limitFen, forgetsHolds: false },
    draws: new Map(),
    refunds: new Map(),
    asked: [],
  }
  const sum = (state: Draw['state']) =>
    [...lender.draws.values()]
      .filter((draw) => draw.state === state)
      .reduce((total, { amountFen, backFen }) => total + amountFen - backFen, 0)
  return {
    source: sourceOf(lender),
    script: lender.script,
    /** Every question, as 'hold <number>'. */
    asked: lender.asked,
    heldFen: () => sum('held'),
    lentFen: () => sum('taken'),
  }
}

const sourceOf = (lender: Lender): HoldingSource => ({
  name: 'credit',
  phase: 'hold',
  place: 'credit',
  async quote(_call, { wanted, left }) {
    const amountFen = minFen((await left).leftFen, freeFen(lender))
    if (!wanted || amountFen === 0) {
      return { outcome: 'not_available', code: 'not_asked_for', reason: 'nobody wants it' }
    }
    const parts = [{ kind: 'credit' as const, amountFen }]
    return { outcome: 'quoted', parts, quoteReference: 'L', reasons: [] }
  },
  hold: (call, order) => answer(lender, call, `hold ${order.tradeNo}`, () => hold(lender, order)),
  charge: (call, order) =>
    answer(lender, call, `charge ${order.tradeNo}`, () => charge(lender, order)),
  query: (call, order) =>
    answer(lender, call, `query ${order.tradeNo}`, () => found(lender, order, 'absent')),
  release: (call, order) =>
    answer(lender, call, `release ${order.tradeNo}`, () => release(lender, order)),
  refund: (call, order) =>
    answer(lender, call, `refund ${order.refundNo}`, () => refund(lender, order)),
  queryRefund: (call, order) =>
    answer(lender, call, `query_refund ${order.refundNo}`, () => refund(lender, order)),
  statement: async () => ({ outcome: 'not_ready', reason: 'not here' }),
})

async function answer<T extends { outcome: string }>(
  { clock, script, asked }: Lender,
  call: ProviderCall,
  question: string,
  work: () => T,
): Promise<T | { outcome: 'unknown'; reason: string }> {
  asked.push(question)
  const said = script.trouble === 'refuse_to_say' ? silent : work()
  const isQuery = question.startsWith('query ')
  const heard = script.trouble === 'lose_answer' && !isQuery ? lost : said
  const operation = question.split(' ')[0] ?? ''
  trace(call, clock, { system: 'credit', operation, outcome: heard.outcome })
  return heard
}

function hold(lender: Lender, { tradeNo, amountFen }: ChargeOrder): HoldAnswer {
  const known = lender.draws.get(tradeNo)
  if (!known && amountFen > freeFen(lender)) {
    return { outcome: 'declined', code: 'limit_used_up', reason: 'no' }
  }
  const at = lender.clock.now()
  lender.draws.set(tradeNo, known ?? { amountFen, state: 'held', backFen: ZERO, at })
  return { outcome: 'held' }
}

function charge(lender: Lender, order: ChargeOrder): ChargeAnswer {
  const { draws, script, clock } = lender
  if (script.forgetsHolds && draws.get(order.tradeNo)?.state === 'held') draws.delete(order.tradeNo)
  const promised = hold(lender, order)
  if (promised.outcome === 'declined') return promised
  const draw = draws.get(order.tradeNo)
  if (draw?.state === 'held') draws.set(order.tradeNo, { ...draw, state: 'taken', at: clock.now() })
  return found(lender, order, 'unknown')
}

function release({ draws }: Lender, order: ChargeOrder) {
  const draw = draws.get(order.tradeNo)
  if (draw?.state === 'taken') return confirmed(order, draw)
  if (draw) draws.set(order.tradeNo, { ...draw, state: 'released' })
  return { outcome: 'released' as const }
}

function found<Else extends 'absent' | 'unknown'>(
  { draws }: Lender,
  order: ChargeOrder,
  otherwise: Else,
) {
  const draw = draws.get(order.tradeNo)
  if (draw?.state === 'taken') return confirmed(order, draw)
  return { outcome: otherwise, reason: 'nothing was taken' }
}

function refund({ draws, refunds, clock }: Lender, order: RefundOrder): RefundAnswer {
  const { charge, refundNo, amountFen } = order
  const draw = draws.get(charge.tradeNo)
  if (!draw || addFen(draw.backFen, amountFen) > draw.amountFen) {
    return { outcome: 'declined', code: 'too_much', reason: 'more than was lent' }
  }
  const known = refunds.get(refundNo)
  if (known) return { outcome: 'confirmed', moves: known }
  draws.set(charge.tradeNo, { ...draw, backFen: addFen(draw.backFen, amountFen) })
  const moves = [moveOf('return', refundNo, amountFen, clock.now())]
  refunds.set(refundNo, moves)
  return { outcome: 'confirmed', moves }
}

const confirmed = ({ tradeNo }: ChargeOrder, { amountFen, at }: Draw) => ({
  outcome: 'confirmed' as const,
  move: moveOf('charge', tradeNo, amountFen, at),
})

const moveOf = (kind: Move['kind'], no: string, amountFen: Fen, at: Date): Move => ({
  kind,
  ourNo: no,
  providerNo: `L${no}`,
  parts: [{ kind: 'credit', amountFen }],
  at,
})

function freeFen({ script, draws }: Lender): Fen {
  const used = [...draws.values()]
    .filter(({ state }) => state !== 'released')
    .map(({ amountFen, backFen }) => subtractFen(amountFen, backFen))
  return fen(Math.max(script.limitFen - addFen(ZERO, ...used), 0))
}
