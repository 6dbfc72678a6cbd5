import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { addMs, type BusinessDate, MINUTE_MS } from '../../../kernel/time.ts'
import type { HisDayRow } from '../../../modules/hospitals/index.ts'
import type { PaymentId } from '../../../modules/payments/index.ts'
import type { BankBook } from './bank-book.ts'
import type { ListedLine } from './channel-book.ts'
import type { ChannelName } from './contracts.ts'
import type { Deal } from './deck.ts'
import type { Hub } from './hub.ts'
import type { Paid, Payers } from './payers.ts'
import type { Payouts } from './payouts.ts'
import type { Planted } from './planted.ts'

export type Planter = (day: PlantingDay, deal: Deal) => Promise<Planted>

export type PlantingDay = ReturnType<typeof createPlantingDay>

/** An order that nobody paid is given up by then. */
const GIVEN_UP_AFTER_MS = 40 * MINUTE_MS

/** What whoever makes things go wrong has at hand on one day of a hospital. */
export function createPlantingDay(parts: DayParts, date: BusinessDate) {
  const { hub, payers, random, nextNo, awaiting } = parts
  const { his, insurer } = hub.parties
  const bookOf = (channel: ChannelName) => hub.parties.channelOf(channel)
  const aBill = () => [2_000 + randomBelow(random, 3_000)]

  /** One more bill that is paid, with nothing but the channel. */
  async function payOne(channel: ChannelName, isInsured = false) {
    const paid = await payers.pay({ channel, lines: aBill(), isInsured })
    return { ...lineOf(paid), paid }
  }

  async function refundOne(channel: ChannelName) {
    const { paid, paymentId, line } = await payOne(channel)
    const refundId = await payers.refund(paid)
    const refundNo = bookOf(channel).refundNo(refundId)
    return { paid, paymentId, refundId, refundNo, amountFen: line.amountFen }
  }

  function lineOf({ id, no, lines }: Paid) {
    const amountFen: Fen = fen(lines.reduce((sum, line) => sum + line, 0))
    const line = { kind: 'charge' as const, ourNo: no, providerNo: `W-${no}`, amountFen, at: null }
    return { line, paymentId: id }
  }

  return {
    ...parts,
    date,
    his,
    insurer,
    bookOf,
    nextNo,
    payOne,
    refundOne,
    /** Given up by us, and paid all the same. */
    async payLate(channel: ChannelName) {
      const order = await payers.order({ channel, lines: aBill() })
      await hub.passUntil(addMs(hub.clock.now(), GIVEN_UP_AFTER_MS))
      bookOf(channel).wallet.payAll(true)
      return lineOf(order)
    },
    /** More or less by some fen. */
    someFen: () => pick(random, [-1, 1]) * (100 + randomBelow(random, 900)),
    /** A list on which one number stands otherwise. */
    changed:
      (channel: ChannelName, no: string, change: Partial<ListedLine>) =>
      (lines: readonly ListedLine[]): ListedLine[] =>
        lines.map((line) =>
          line.ourNo === no ? bookOf(channel).withFee({ ...line, ...change }) : line,
        ),
    editHis: (change: HisEdit['change']) => void parts.hisEdits.push({ date, change }),
    payOutLess: (provider: string, by: number | 'all') => parts.payouts.less(provider, date, by),
    payOutTwice: (provider: string) => parts.payouts.twice(provider, date),
    /** The provider has said that it will give its list out again: nobody decides before. */
    awaitCorrection: (id: PaymentId) => void awaiting.add(`payment:${id}`),
  }
}

export type DayParts = {
  hub: Hub
  payers: Payers
  bank: BankBook
  random: Random
  /** Another hospital that the same channels serve. */
  neighbour: HospitalId
  nextNo: () => number
  awaiting: Set<string>
  payouts: Payouts
  hisEdits: HisEdit[]
}

/** How the hospital's list of a date is made otherwise than its books have it. */
export type HisEdit = { date: BusinessDate; change: (rows: HisDayRow[]) => HisDayRow[] }
