import { type Fen, fen, minFen, ZERO } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import { type TenderPart, totalOf } from '../money.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  FundingSource,
  Move,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../provider.ts'
import { lost, silent, trace, type Trouble } from './trouble.ts'

type Settlement = {
  no: string
  fen: Fen
  accountFen: Fen
  voided: boolean
  at: Date
  voidedAt: Date
}

type Script = {
  trouble: Trouble
  declines: boolean
  available: boolean
  /** What it settles instead of what it quoted. */
  settlesFen: number | null
  /** So much of what it settles comes out of the patient's account, of which its quote said nothing. */
  accountFen: number
  /** What it pays of what remains after a refund, instead of its share. */
  resettlesFen: number | null
  declinesRefunds: string | null
  /** So many queries find nothing of what was settled, as its own reading lags behind. */
  lagsFor: number
}

/** An insurer that pays a fixed share of whatever lines are left, by whole fen. */
export function scriptedInsurer(clock: Clock, sharePercent = 60) {
  const script: Script = {
    trouble: null,
    declines: false,
    available: true,
    settlesFen: null,
    accountFen: 0,
    resettlesFen: null,
    declinesRefunds: null,
    lagsFor: 0,
  }
  const insurer: Insurer = {
    clock,
    script,
    sharePercent,
    settlements: new Map(),
    refunds: new Map(),
    asked: [],
  }
  return {
    source: sourceOf(insurer),
    script,
    /** Every question, as 'charge <number>'. */
    asked: insurer.asked,
    paidFen: () =>
      [...insurer.settlements.values()].flat().reduce((sum, s) => sum + (s.voided ? 0 : s.fen), 0),
  }
}

type Insurer = {
  clock: Clock
  script: Script
  sharePercent: number
  settlements: Map<string, Settlement[]> // by our number, the one that stands last
  refunds: Map<string, Move[]>
  asked: string[]
}

const sourceOf = (insurer: Insurer): FundingSource => ({
  name: 'insurance',
  phase: 'settle',
  place: 'medical_insurance',
  async quote(_call, { payables }) {
    const { script } = insurer
    if (!script.available) return { outcome: 'not_available', code: 'suspended', reason: 'x' }
    const amountFen = shareOf(
      insurer,
      payables.reduce((sum, p) => sum + p.totalFen, 0),
    )
    return { outcome: 'quoted', parts: partsOf(amountFen), quoteReference: 'Q', reasons: [] }
  },
  charge: (call, order) =>
    answer(insurer, call, `charge ${order.tradeNo}`, () => charge(insurer, order)),
  query: (call, { tradeNo }) =>
    answer(insurer, call, `query ${tradeNo}`, () => query(insurer, tradeNo)),
  release: (call, { tradeNo }) =>
    answer(insurer, call, `release ${tradeNo}`, () => known(insurer, tradeNo, 'released')),
  refund: (call, order) =>
    answer(insurer, call, `refund ${order.refundNo}`, () => refund(insurer, order)),
  queryRefund: (call, order) =>
    answer(insurer, call, `query_refund ${order.refundNo}`, () => refund(insurer, order)),
  statement: async () => ({ outcome: 'not_ready', reason: 'not here' }),
})

async function answer<T extends { outcome: string }>(
  { clock, script, asked }: Insurer,
  call: ProviderCall,
  question: string,
  work: () => T,
): Promise<T | { outcome: 'unknown'; reason: string }> {
  asked.push(question)
  if (script.trouble === 'break') throw new Error('the insurer is broken')
  const said = script.trouble === 'refuse_to_say' ? silent : work()
  const isQuery = question.startsWith('query ')
  const heard = script.trouble === 'lose_answer' && !isQuery ? lost : said
  const operation = question.split(' ')[0] ?? ''
  trace(call, clock, { system: 'insurance', operation, outcome: heard.outcome })
  return heard
}

function charge(insurer: Insurer, order: ChargeOrder): ChargeAnswer {
  if (insurer.script.declines) return { outcome: 'declined', code: 'refused', reason: 'no' }
  const { tradeNo, parts } = order
  const amountFen = fen(insurer.script.settlesFen ?? totalOf(parts))
  const settled = standing(insurer, tradeNo) ?? settle(insurer, tradeNo, amountFen)
  return { outcome: 'confirmed', move: moveOf('charge', settled) }
}

function query(insurer: Insurer, tradeNo: string) {
  if (insurer.script.lagsFor === 0) return known(insurer, tradeNo, 'absent')
  insurer.script.lagsFor--
  return { outcome: 'absent' as const }
}

function known<Else extends string>(insurer: Insurer, tradeNo: string, otherwise: Else) {
  const settled = standing(insurer, tradeNo)
  return settled
    ? { outcome: 'confirmed' as const, move: moveOf('charge', settled) }
    : { outcome: otherwise }
}

/** Voids the settlement whole, and settles what remains anew. */
function refund(insurer: Insurer, { charge, refundNo, remaining }: RefundOrder): RefundAnswer {
  const { refunds, script, clock } = insurer
  if (script.declinesRefunds) {
    return { outcome: 'declined', code: script.declinesRefunds, reason: 'no' }
  }
  const moves = refunds.get(refundNo) ?? []
  if (moves.length === 0) {
    const settled = standing(insurer, charge.tradeNo)
    if (!settled) return { outcome: 'declined', code: 'nothing', reason: 'nothing settled' }
    Object.assign(settled, { voided: true, voidedAt: clock.now() })
    moves.push(moveOf('return', settled))
    const left = remaining.reduce((sum, line) => sum + line.amountFen, 0)
    const again = fen(script.resettlesFen ?? shareOf(insurer, left))
    if (again > 0) moves.push(moveOf('charge', settle(insurer, charge.tradeNo, again)))
    refunds.set(refundNo, moves)
  }
  return { outcome: 'confirmed', moves }
}

function settle(
  { settlements, clock, script }: Insurer,
  tradeNo: string,
  amountFen: Fen,
): Settlement {
  const list = settlements.get(tradeNo) ?? []
  const [no, at] = [`S${tradeNo.slice(-12)}${list.length}`, clock.now()]
  const accountFen = minFen(amountFen, fen(script.accountFen))
  const settlement = { no, fen: amountFen, accountFen, voided: false, at, voidedAt: at }
  settlements.set(tradeNo, [...list, settlement])
  return settlement
}

const standing = ({ settlements }: Insurer, tradeNo: string) =>
  settlements.get(tradeNo)?.findLast((settlement) => !settlement.voided)

const shareOf = ({ sharePercent }: Insurer, amountFen: number): Fen =>
  fen(Math.trunc((amountFen * sharePercent) / 100))

const partsOf = (amountFen: Fen, accountFen: Fen = ZERO): TenderPart[] =>
  [
    { kind: 'pooled' as const, amountFen: fen(amountFen - accountFen) },
    { kind: 'account' as const, amountFen: accountFen },
  ].filter((part) => part.amountFen > 0)

const moveOf = (kind: Move['kind'], settlement: Settlement): Move => ({
  kind,
  ourNo: `${kind}-${settlement.no}`,
  providerNo: settlement.no,
  parts: partsOf(settlement.fen, settlement.accountFen),
  at: kind === 'charge' ? settlement.at : settlement.voidedAt,
})
