import { fen } from '../../../kernel/money.ts'
import { randomBelow } from '../../../kernel/random.ts'
import { addDays, instantAt } from '../../../kernel/time.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import type { ListedLine } from './channel-book.ts'
import type { Kind } from './deck.ts'
import { type ExpectedCase, type ExpectedDifference, planted } from './planted.ts'
import type { Planter, PlantingDay } from './planting-day.ts'

// What channels have otherwise than we, in their lists or in their books.

export const CHANNEL_PLANTERS = {
  async channel_only(day, { channel }) {
    const ourNo = `X${day.nextNo()}`
    const line = strangeLine(day, 'charge', ourNo)
    day.bookOf(channel).edit(day.date, (lines) => [...lines, day.bookOf(channel).withFee(line)])
    const found = { ...about(day, channel, 'theirs_only', line), oursFen: 0 }
    return planted('channel_only', day.date, ofLine(found, 'adjusted'))
  },

  async hub_only(day, { channel }) {
    const { line, paymentId } = await day.payOne(channel)
    day.bookOf(channel).edit(day.date, without(line.ourNo))
    const found = { ...about(day, channel, 'ours_only', line), theirsFen: 0 }
    return planted('hub_only', day.date, ofPayment(found, paymentId, 'adjusted'))
  },

  async channel_amount(day, { channel }) {
    const { line, paymentId } = await day.payOne(channel)
    const theirsFen = fen(line.amountFen + day.someFen())
    day.bookOf(channel).edit(day.date, day.changed(channel, line.ourNo, { amountFen: theirsFen }))
    const found = { ...about(day, channel, 'amount', line), theirsFen }
    return planted('channel_amount', day.date, ofPayment(found, paymentId, 'adjusted'))
  },

  /** Two lines of it are wrong, each by the whole; the case is of the payment. */
  async channel_status(day, { channel }) {
    const { line, paymentId } = await day.payOne(channel)
    day.bookOf(channel).edit(day.date, day.changed(channel, line.ourNo, { kind: 'return' }))
    const ours = { ...about(day, channel, 'status', line), theirsFen: 0 }
    const theirs = { ...about(day, channel, 'status', line), kind: 'return' as const, oursFen: 0 }
    const what = ofPayment(ours, paymentId, 'corrected_by_provider')
    return planted('channel_status', day.date, {
      ...what,
      differences: [...what.differences, { ...theirs, status: 'explained' }],
      leftFen: [{ provider: channel, amountFen: 2 * line.amountFen }],
    })
  },

  async channel_duplicate(day, { channel }) {
    const { line, paymentId } = await day.payOne(channel)
    day
      .bookOf(channel)
      .edit(day.date, (lines) => [...lines, ...lines.filter(({ ourNo }) => ourNo === line.ourNo)])
    const found = { ...about(day, channel, 'duplicate', line), oursFen: 0 }
    return planted('channel_duplicate', day.date, ofPayment(found, paymentId, 'adjusted'))
  },

  async foreign_line(day, { channel }) {
    const ourNo = tradeNoOf(day.neighbour, day.hub.newId())
    const line = strangeLine(day, 'charge', ourNo)
    day.bookOf(channel).edit(day.date, (lines) => [...lines, day.bookOf(channel).withFee(line)])
    const found = { ...about(day, channel, 'foreign', line), oursFen: 0 }
    return planted('foreign_line', day.date, ofLine(found, 'adjusted'))
  },

  async refund_missing(day, { channel }) {
    const { paymentId, refundNo, amountFen } = await day.refundOne(channel)
    const line = { kind: 'return' as const, ourNo: refundNo, amountFen }
    day.bookOf(channel).edit(day.date, without(refundNo))
    const found = { ...about(day, channel, 'ours_only', line), theirsFen: 0 }
    return planted('refund_missing', day.date, {
      ...ofPayment(found, paymentId, 'corrected_by_provider'),
      leftFen: [{ provider: channel, amountFen: 0 - amountFen }],
    })
  },

  async refund_unknown(day, { channel }) {
    const line = strangeLine(day, 'return', `Y${day.nextNo()}`)
    day.bookOf(channel).edit(day.date, (lines) => [...lines, day.bookOf(channel).withFee(line)])
    const found = { ...about(day, channel, 'theirs_only', line), oursFen: 0 }
    return planted('refund_unknown', day.date, {
      ...ofLine(found, 'corrected_by_provider'),
      leftFen: [{ provider: channel, amountFen: line.amountFen }],
    })
  },

  async fee_line(day, { channel }) {
    const { line } = await day.payOne(channel)
    const { ourNo } = line
    const contractFen = day.bookOf(channel).withFee(line).feeFen
    const billedFen = fen(contractFen + 1 + randomBelow(day.random, 40))
    day
      .bookOf(channel)
      .edit(day.date, (lines) =>
        lines.map((one) => (one.ourNo === ourNo ? { ...one, feeFen: billedFen } : one)),
      )
    const fee = { provider: channel, date: day.date, ourNo, billedFen, contractFen }
    return planted('fee_line', day.date, { fees: [fee] })
  },

  /** Paid a moment before midnight by our clock, and a moment after by theirs. */
  async cross_day(day, { channel }) {
    await day.hub.passUntil(instantAt(day.date, '23:59:20'))
    const { line } = await day.payOne(channel)
    const book = day.bookOf(channel)
    const next = addDays(day.date, 1)
    const at = instantAt(next, '00:00:05')
    book.edit(day.date, without(line.ourNo))
    book.edit(next, (lines) => [...lines, { ...book.withFee(line), at }])
    const here = { ...about(day, channel, 'cross_day', line), theirsFen: 0 }
    const there = { ...about(day, channel, 'cross_day', line), date: next, oursFen: 0 }
    const before = { ...here, class: 'ours_only' }
    return planted('cross_day', day.date, {
      differences: [before, here, there].map((one) => ({ ...one, status: 'explained' as const })),
    })
  },

  /** They pay an order that we had given up, and nobody tells us: the list does. */
  async paid_unknown(day, { channel }) {
    const { line } = await day.payLate(channel)
    const found = { ...about(day, channel, 'theirs_only', line), oursFen: 0 }
    return planted('paid_unknown', day.date, { differences: [{ ...found, status: 'repaired' }] })
  },
} satisfies Partial<Record<Kind, Planter>>

export const LIST_PLANTERS = {
  async list_late(day, { channel }) {
    const until = instantAt(addDays(day.date, 1), '12:30:00')
    const answer = { outcome: 'not_ready', reason: 'not made yet' } as const
    day.bookOf(channel).trouble(day.date, { until, answer })
    return planted('list_late', day.date, {})
  },

  async list_overdue(day, { channel }) {
    const until = instantAt(addDays(day.date, 1), '18:30:00')
    const answer = { outcome: 'unknown', reason: 'no line' } as const
    day.bookOf(channel).trouble(day.date, { until, answer })
    return planted('list_overdue', day.date, {
      cases: [await ofList(day, channel, 'statement_missing', 'statement_arrived')],
    })
  },

  async list_broken(day, { channel }) {
    const until = instantAt(addDays(day.date, 1), '11:30:00')
    const answer = { outcome: 'refused', code: 'sums', reason: 'other sums' } as const
    day.bookOf(channel).trouble(day.date, { until, answer })
    return planted('list_broken', day.date, {
      cases: [await ofList(day, channel, 'statement_refused', 'statement_arrived')],
    })
  },

  /** Wrong by an amount, and given out again when the day has been closed. */
  async list_reissued(day, { channel }) {
    const { line, paymentId } = await day.payOne(channel)
    const theirsFen = fen(line.amountFen + day.someFen())
    const until = instantAt(addDays(day.date, 3), '09:00:00')
    const change = day.changed(channel, line.ourNo, { amountFen: theirsFen })
    day.bookOf(channel).edit(day.date, change, until)
    day.awaitCorrection(paymentId)
    const found = { ...about(day, channel, 'amount', line), theirsFen }
    const { cases } = ofPayment(found, paymentId, 'counterpart_arrived')
    const { withFee } = day.bookOf(channel)
    const [wrong, right] = [withFee({ ...line, amountFen: theirsFen }), withFee(line)]
    const openFen = theirsFen - wrong.feeFen - (line.amountFen - right.feeFen)
    return planted('list_reissued', day.date, {
      differences: [{ ...found, status: 'repaired' }],
      cases,
      closedAgain: [day.date],
      corrected: [
        {
          provider: channel,
          date: day.date,
          at: instantAt(addDays(day.date, 3), '10:40:00'),
          openFen,
        },
      ],
    })
  },

  async list_never(day, { channel }) {
    const answer = { outcome: 'unknown', reason: 'no line' } as const
    day.bookOf(channel).trouble(day.date, { until: null, answer })
    return planted('list_never', day.date, {
      cases: [await ofList(day, channel, 'statement_missing', null)],
      neverClosed: [day.date],
    })
  },
} satisfies Partial<Record<Kind, Planter>>

type Line = Pick<ListedLine, 'kind' | 'ourNo' | 'amountFen'>

function strangeLine(day: PlantingDay, kind: Line['kind'], ourNo: string) {
  const amountFen = fen(2_000 + randomBelow(day.random, 3_000))
  return { kind, ourNo, providerNo: `W-${ourNo}`, amountFen, at: day.hub.clock.now() }
}

const without = (no: string) => (lines: readonly ListedLine[]) =>
  lines.filter(({ ourNo }) => ourNo !== no)

type Found = Omit<ExpectedDifference, 'status'>

const about = (
  { date }: PlantingDay,
  source: string,
  cls: string,
  { kind, ourNo, amountFen }: Line,
): Found => {
  return { date, source, class: cls, kind, ourNo, oursFen: amountFen, theirsFen: amountFen }
}

const ofPayment = (found: Found, paymentId: string, resolution: string) =>
  withCase(found, `payment:${paymentId}`, resolution)

const ofLine = (found: Found, resolution: string) =>
  withCase(found, `line:${found.source}:${found.kind}:${found.ourNo}`, resolution)

function withCase(found: Found, subject: string, resolution: string) {
  const { date, source, class: cls, oursFen, theirsFen } = found
  const amountFen = Math.abs(oursFen - theirsFen)
  const differences: ExpectedDifference[] = [{ ...found, status: 'explained' }]
  return { differences, cases: [{ date, source, class: cls, subject, amountFen, resolution }] }
}

/** At stake is all that was taken by then, which is known at the end of the day. */
const ofList = async (
  { date }: PlantingDay,
  source: string,
  cls: string,
  resolution: string | null,
): Promise<ExpectedCase> => {
  return {
    date,
    source,
    class: cls,
    subject: `statement:${date}:${source}`,
    amountFen: OF_THE_DAY,
    resolution,
  }
}

/** Filled in when the day is over. */
export const OF_THE_DAY = -1
