import { createHash } from 'node:crypto'

import { type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { FundingSource, Move, PaymentId } from '../../../modules/payments/index.ts'
import { scriptedInsurer } from '../../../modules/reconciliation/testing/insurer.ts'

export type InsurerBook = ReturnType<typeof createInsurerBook>

/** An insurer that compares by itself, and what it has otherwise than it settled. */
export function createInsurerBook(clock: Clock) {
  const insurer = scriptedInsurer(clock)
  const { script } = insurer
  const moves = new Map<string, Move>()
  const chargeNos = new Map<PaymentId, string>()
  const amounts = new Map<string, Fen>()
  const keep = (move: Move) => void moves.set(move.ourNo, move)
  const source: FundingSource = {
    ...insurer.source,
    phase: 'settle',
    async charge(call, order) {
      const answer = await insurer.source.charge(call, order)
      if (answer.outcome === 'confirmed') {
        keep(answer.move)
        chargeNos.set(order.paymentId, answer.move.ourNo)
      }
      return answer
    },
    async refund(call, order) {
      const answer = await insurer.source.refund(call, order)
      if (answer.outcome === 'confirmed') answer.moves.forEach(keep)
      return answer
    },
    async statement(call, request) {
      const answer = await insurer.source.statement(call, request)
      if (answer.outcome !== 'compared') return answer
      const amountDiffers = request.ownMoves.flatMap(({ kind, ourNo }) => {
        const theirsFen = amounts.get(ourNo)
        return theirsFen === undefined ? [] : [{ kind, ourNo, theirsFen }]
      })
      const agreed = answer.agreed - amountDiffers.length
      const content = JSON.stringify([answer.content, amountDiffers])
      const sha256 = createHash('sha256').update(content).digest('hex')
      return { ...answer, agreed, amountDiffers, content, sha256 }
    },
  }
  return {
    source,
    reverseUnknown: insurer.reverseUnknown,
    script,
    chargeNo(id: PaymentId): string {
      const no = chargeNos.get(id)
      if (no === undefined) throw new Error('it was settled by the insurer')
      return no
    },
    amountOf: (no: string): Fen => sumOf(moves.get(no)),
    /** It has another amount in its books than it told when it settled. */
    setAmount: (no: string, amountFen: Fen) => void amounts.set(no, amountFen),
    forget: (no: string) => void script.forgets.add(no),
    /** What it owes for a date, by its own books. */
    netFen(date: BusinessDate): Fen {
      const ofDate = [...moves.values()].filter(
        ({ ourNo, at }) => businessDateOf(at) === date && !script.forgets.has(ourNo),
      )
      const strangers = script.strangers.filter(({ at }) => at && businessDateOf(at) === date)
      const settled = ofDate.map((move) => {
        const amountFen = amounts.get(move.ourNo) ?? sumOf(move)
        return move.kind === 'charge' ? amountFen : 0 - amountFen
      })
      return fen(
        [...settled, ...strangers.map(({ amountFen }) => amountFen)].reduce((a, b) => a + b, 0),
      )
    },
  }
}

const sumOf = (move: Move | undefined): Fen =>
  fen((move?.parts ?? []).reduce((total, { amountFen }) => total + amountFen, 0))
