import { type Fen, fen } from '../../../kernel/money.ts'
import type { BusinessDate, Clock } from '../../../kernel/time.ts'
import type {
  Channel,
  PaymentId,
  RefundId,
  StatementAnswer,
  StatementLine,
} from '../../../modules/payments/index.ts'
import { answerOf, scriptedWallet } from '../../../modules/reconciliation/testing/wallet.ts'

/** A line of a channel's list, with the fee it billed. */
export type ListedLine = StatementLine & { feeFen: Fen }

/** How a list is made otherwise than the channel's own books have it; `until`: it gives out a better one from then on. */
type Edit = {
  date: BusinessDate
  change: (lines: readonly ListedLine[]) => ListedLine[]
  until: Date | null
}

/** Until `until` there is no list but this; null for ever. */
type Trouble = {
  until: Date | null
  answer: Extract<StatementAnswer, { outcome: 'not_ready' | 'unknown' | 'refused' }>
}

export type ChannelBook = ReturnType<typeof createChannelBook>

/** A channel with its own orders and refunds, its own reckoning of fees, and the errors of its lists. */
export function createChannelBook(clock: Clock, name: string, feePpm: number) {
  const wallet = scriptedWallet(clock)
  const edits: Edit[] = []
  const troubles = new Map<BusinessDate, Trouble>()
  const chargeNos = new Map<PaymentId, string>()
  const refundNos = new Map<RefundId, string>()
  const channel: Channel = {
    ...wallet.channel,
    name,
    charge(call, order) {
      chargeNos.set(order.paymentId, order.tradeNo)
      return wallet.channel.charge(call, order)
    },
    refund(call, order) {
      refundNos.set(order.refundId, order.refundNo)
      return wallet.channel.refund(call, order)
    },
    statement: async (_call, { businessDate }) => {
      const trouble = troubles.get(businessDate)
      if (trouble && (trouble.until === null || clock.now() < trouble.until)) return trouble.answer
      const lines = await linesOf(businessDate, (until) => until === null || clock.now() < until)
      return { ...answerOf(lines), feeFen: feesOf(lines) }
    },
  }

  /** Its books of a date. */
  async function ownLines(date: BusinessDate): Promise<ListedLine[]> {
    const answer = await wallet.channel.statement(NO_CALL, {
      ...NO_CALL,
      businessDate: date,
      ownMoves: [],
    })
    if (answer.outcome !== 'lines') throw new Error('a scripted wallet has its list')
    return answer.lines.map((line) => withFee(line, feePpm))
  }

  /** With its mistakes that stand. */
  const linesOf = async (
    date: BusinessDate,
    stands: (until: Date | null) => boolean,
  ): Promise<ListedLine[]> =>
    edits
      .filter((edit) => edit.date === date && stands(edit.until))
      .reduce((lines, { change }) => change(lines), await ownLines(date))

  return {
    wallet,
    channel,
    chargeNo: (id: PaymentId) => known(chargeNos.get(id)),
    refundNo: (id: RefundId) => known(refundNos.get(id)),
    withFee: (line: StatementLine) => withFee(line, feePpm),
    edit: (date: BusinessDate, change: Edit['change'], until: Date | null = null) =>
      void edits.push({ date, change, until }),
    trouble: (date: BusinessDate, trouble: Trouble) => void troubles.set(date, trouble),
    ownLines,
    /** The list as it stands when all corrections are made. */
    finalLines: (date: BusinessDate) => linesOf(date, (until) => until === null),
  }
}

const NO_CALL = { hospitalId: 0 as never, trace: () => undefined }

/** Half a fen goes up, and a fee goes back with the money: as the contract of the hospital says. */
function withFee(line: StatementLine, feePpm: number): ListedLine {
  const feeFen = fen(Math.floor((line.amountFen * feePpm + 500_000) / 1_000_000))
  return { ...line, feeFen: fen(line.kind === 'charge' ? feeFen : 0 - feeFen) }
}

export const feesOf = (lines: readonly ListedLine[]): Fen =>
  fen(lines.reduce((total, { feeFen }) => total + feeFen, 0))

export const netOf = (lines: readonly StatementLine[]): Fen =>
  fen(
    lines.reduce(
      (total, { kind, amountFen }) => total + (kind === 'charge' ? amountFen : 0 - amountFen),
      0,
    ),
  )

function known(no: string | undefined): string {
  if (no === undefined) throw new Error('it came to this channel')
  return no
}
