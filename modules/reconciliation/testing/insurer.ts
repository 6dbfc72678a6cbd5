import { createHash } from 'node:crypto'

import { type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../../kernel/time.ts'
import type { ReversalAnswer } from '../../insurance/index.ts'
import type {
  ChargeOrder,
  FundingSource,
  Move,
  RefundOrder,
  StatementAnswer,
  StatementLine,
} from '../../payments/index.ts'

type Books = {
  moves: Move[]
  ofCharge: Map<string, Move>
  ofRefund: Map<string, Move[]>
  clock: Clock
}

/** An insurer that pays sixty of a hundred, numbers its messages itself and compares by itself. */
export function scriptedInsurer(clock: Clock) {
  const books: Books = { moves: [], ofCharge: new Map(), ofRefund: new Map(), clock }
  const script: Script = {
    isSilent: false,
    strangers: [],
    forgets: new Set(),
    reversal: { outcome: 'reversed' },
    reversed: [],
  }
  /** 2601 of a settlement that only it has. */
  const reverseUnknown = async (_call: object, msgid: string): Promise<ReversalAnswer> => {
    if (script.reversal.outcome === 'reversed') {
      script.reversed.push(msgid)
      script.strangers = script.strangers.filter(({ ourNo }) => ourNo !== msgid)
    }
    return script.reversal
  }
  return {
    source: sourceOf(books, script),
    script,
    reverseUnknown,
    paidFen: () =>
      books.moves.reduce(
        (total, { kind, parts }) => total + (kind === 'charge' ? sum(parts) : 0 - sum(parts)),
        0,
      ),
  }
}

type Script = {
  /** Does it and does not answer. */
  isSilent: boolean
  /** Settlements that nobody here knows of. */
  strangers: StatementLine[]
  /** Numbers it denies. */
  forgets: Set<string>
  reversal: ReversalAnswer
  reversed: string[]
}

function sourceOf(books: Books, script: Script): FundingSource {
  const { ofCharge } = books
  return {
    name: 'insurance',
    phase: 'settle',
    place: 'medical_insurance',
    async quote(_call, { payables }) {
      const amountFen = share(payables.reduce((total, { totalFen }) => total + totalFen, 0))
      const parts = [{ kind: 'pooled' as const, amountFen }]
      return { outcome: 'quoted', parts, quoteReference: 'Q', reasons: [] }
    },
    async charge(_call, order) {
      const charged = charge(books, order)
      return script.isSilent ? SILENCE : { outcome: 'confirmed', move: charged }
    },
    async query(_call, { tradeNo }) {
      if (script.isSilent) return SILENCE
      const known = ofCharge.get(tradeNo)
      return known ? { outcome: 'confirmed', move: known } : { outcome: 'absent' }
    },
    async release(_call, { tradeNo }) {
      const known = ofCharge.get(tradeNo)
      return known ? { outcome: 'confirmed', move: known } : { outcome: 'released' }
    },
    refund: async (_call, order) => ({ outcome: 'confirmed', moves: giveBack(books, order) }),
    queryRefund: async (_call, order) => ({ outcome: 'confirmed', moves: giveBack(books, order) }),
    statement: async (_call, { businessDate, ownMoves }) =>
      comparison(books, script, businessDate, ownMoves),
  }
}

function move({ moves, clock }: Books, kind: Move['kind'], amountFen: Fen): Move {
  const no = String(moves.length + 1).padStart(4, '0')
  // Looks like the number of some hospital's tender, as real message numbers do.
  const ourNo = `H3702000000120261120103000${no}`
  const parts = [{ kind: 'pooled' as const, amountFen }]
  const made = { kind, ourNo, providerNo: `S${no}`, parts, at: clock.now() }
  moves.push(made)
  return made
}

function charge(books: Books, { tradeNo, parts }: ChargeOrder): Move {
  const known = books.ofCharge.get(tradeNo) ?? move(books, 'charge', fen(sum(parts)))
  books.ofCharge.set(tradeNo, known)
  return known
}

/** The whole settlement goes back, and what remains is settled anew. */
function giveBack(books: Books, { charge: { tradeNo }, refundNo, remaining }: RefundOrder): Move[] {
  const known = books.ofRefund.get(refundNo)
  if (known) return known
  const settled = books.ofCharge.get(tradeNo)
  if (!settled) throw new Error(`nothing is settled under ${tradeNo}`)
  const moved = [move(books, 'return', fen(sum(settled.parts)))]
  const leftFen = share(sum(remaining))
  if (leftFen > 0) {
    const anew = move(books, 'charge', leftFen)
    books.ofCharge.set(tradeNo, anew)
    moved.push(anew)
  }
  books.ofRefund.set(refundNo, moved)
  return moved
}

function comparison(
  { moves }: Books,
  script: Script,
  date: BusinessDate,
  ownMoves: readonly Move[],
): StatementAnswer {
  const has = new Set(moves.map(({ ourNo }) => ourNo).filter((no) => !script.forgets.has(no)))
  const oursOnly = ownMoves
    .filter(({ ourNo }) => !has.has(ourNo))
    .map(({ kind, ourNo }) => ({ kind, ourNo }))
  const theirsOnly = script.strangers.filter(({ at }) => at && businessDateOf(at) === date)
  const agreed = ownMoves.length - oursOnly.length
  const content = JSON.stringify({ agreed, oursOnly, theirsOnly })
  const sha256 = createHash('sha256').update(content).digest('hex')
  return {
    outcome: 'compared',
    agreed,
    theirsOnly,
    oursOnly,
    amountDiffers: [],
    content,
    sha256,
  }
}

const SILENCE = { outcome: 'unknown', reason: 'silent' } as const

const share = (amountFen: number): Fen => fen(Math.trunc((amountFen * 60) / 100))

const sum = (rows: readonly { amountFen: Fen }[]) =>
  rows.reduce((total, { amountFen }) => total + amountFen, 0)
