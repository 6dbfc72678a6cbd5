import { createHash } from 'node:crypto'

import { fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { ReversalAnswer } from '../../insurance/index.ts'
import type {
  ChargeOrder,
  FundingSource,
  Move,
  RefundAnswer,
  StatementAnswer,
  StatementLine,
} from '../../payments/index.ts'

/** An insurer that pays sixty of a hundred, numbers its messages itself and compares by itself. */
export function scriptedInsurer(clock: Clock) {
  const moves: Move[] = []
  const ofCharge = new Map<string, Move>()
  const ofRefund = new Map<string, Move[]>()
  const script = {
    /** Settlements that nobody here knows of. */
    strangers: [] as StatementLine[],
    /** Numbers it denies. */
    forgets: new Set<string>(),
    reversal: { outcome: 'reversed' } as ReversalAnswer,
    reversed: [] as string[],
  }
  const move = (kind: Move['kind'], amountFen: number): Move => {
    const no = String(moves.length + 1).padStart(4, '0')
    const parts = [{ kind: 'pooled' as const, amountFen: fen(amountFen) }]
    // Looks like a number of some hospital, as real message numbers do.
    const ourNo = `H3702000000120261120103000${no}`
    const made: Move = { kind, ourNo, providerNo: `S${no}`, parts, at: clock.now() }
    moves.push(made)
    return made
  }
  const share = (amountFen: number) => Math.trunc((amountFen * 60) / 100)
  const charged = ({ tradeNo, parts }: ChargeOrder): Move => {
    const amountFen = parts.reduce((sum, part) => sum + part.amountFen, 0)
    const known = ofCharge.get(tradeNo) ?? move('charge', amountFen)
    ofCharge.set(tradeNo, known)
    return known
  }

  const source: FundingSource = {
    name: 'insurance',
    phase: 'settle',
    async quote(_call, { payables }) {
      const amountFen = fen(share(payables.reduce((sum, p) => sum + p.totalFen, 0)))
      const parts = [{ kind: 'pooled' as const, amountFen }]
      return { outcome: 'quoted', parts, quoteReference: 'Q', reasons: [] }
    },
    charge: async (_call, order) => ({ outcome: 'confirmed', move: charged(order) }),
    async query(_call, { tradeNo }) {
      const known = ofCharge.get(tradeNo)
      return known ? { outcome: 'confirmed', move: known } : { outcome: 'absent' }
    },
    async release(_call, { tradeNo }) {
      const known = ofCharge.get(tradeNo)
      return known ? { outcome: 'confirmed', move: known } : { outcome: 'released' }
    },
    async refund(_call, { charge, refundNo, remaining }): Promise<RefundAnswer> {
      const known = ofRefund.get(refundNo)
      if (known) return { outcome: 'confirmed', moves: known }
      const settled = ofCharge.get(charge.tradeNo)
      if (!settled) return { outcome: 'declined', code: 'nothing', reason: 'nothing settled' }
      const back = [
        move(
          'return',
          settled.parts.reduce((sum, part) => sum + part.amountFen, 0),
        ),
      ]
      const left = share(remaining.reduce((sum, line) => sum + line.amountFen, 0))
      if (left > 0) {
        const anew = move('charge', left)
        ofCharge.set(charge.tradeNo, anew)
        back.push(anew)
      }
      ofRefund.set(refundNo, back)
      return { outcome: 'confirmed', moves: back }
    },
    queryRefund: (call, order) => source.refund(call, order),
    statement: async (_call, { businessDate, ownMoves }) => comparison(businessDate, ownMoves),
  }

  function comparison(date: BusinessDate, ownMoves: readonly Move[]): StatementAnswer {
    const has = new Set(moves.map(({ ourNo }) => ourNo).filter((no) => !script.forgets.has(no)))
    const own = new Set(ownMoves.map(({ ourNo }) => ourNo))
    const oursOnly = ownMoves
      .filter(({ ourNo }) => !has.has(ourNo))
      .map(({ kind, ourNo }) => ({ kind, ourNo }))
    const theirsOnly = script.strangers.filter(({ at }) => at && businessDateOf(at) === date)
    const agreed = own.size - oursOnly.length
    const content = JSON.stringify({ agreed, oursOnly, theirsOnly })
    const sha256 = createHash('sha256').update(content).digest('hex')
    const amountDiffers: never[] = []
    return { outcome: 'compared', agreed, theirsOnly, oursOnly, amountDiffers, content, sha256 }
  }

  return {
    source,
    script,
    /** 2601 of a settlement that only it has. */
    async reverseUnknown(_call: object, msgid: string): Promise<ReversalAnswer> {
      if (script.reversal.outcome === 'reversed') {
        script.reversed.push(msgid)
        script.strangers = script.strangers.filter(({ ourNo }) => ourNo !== msgid)
      }
      return script.reversal
    },
    paidFen: () =>
      moves.reduce(
        (sum, { kind, parts }) =>
          parts.reduce((s, p) => s + (kind === 'charge' ? p.amountFen : -p.amountFen), sum),
        0,
      ),
  }
}
