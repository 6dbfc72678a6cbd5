import { pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { type ChannelName, CHANNELS, INSURER, payDayOf } from './contracts.ts'

/** What can go wrong, each by its name. */
export const KINDS = [
  'channel_only', // 1 长款
  'hub_only', // 2 短款
  'channel_amount', // 3
  'channel_status', // 4 a charge as a return
  'channel_duplicate', // 5
  'foreign_line', // 6
  'refund_missing', // 7
  'refund_unknown', // 8
  'fee_line', // 9
  'cross_day', // 10
  'his_lacks', // 11 and takes it when it is told again
  'his_only', // 12
  'his_amount', // 13
  'his_duplicate', // 14
  'his_lacks_refund', // 15 and takes it when it is told again
  'his_refund_denied', // 15 and never takes it
  'insurer_amount', // 16
  'insurer_only', // 16 voided there
  'insurer_lacks', // 16
  'payout_short', // 17
  'payout_missing', // 17
  'receipt_unknown', // 18
  'receipt_twice', // 18
  'paid_unknown', // money of an order that we had given up
  'list_late',
  'list_overdue',
  'list_broken',
  'list_reissued',
  'list_never',
] as const

export type Kind = (typeof KINDS)[number]

/** `provider`: whose list or payout it is, where that is one's. */
export type Deal = { kind: Kind; channel: ChannelName; provider: string }

export type MonthPlan = ReadonlyMap<BusinessDate, readonly Deal[]>

/**
 * Deals what goes wrong over the days of all hospitals: each kind as often as any other, as far as two of them on one
 * list or one payout can be told apart. Each hospital that `lacksList` names has a day of which a list never comes.
 */
export function dealMonths(
  random: Random,
  {
    hospitals,
    dates,
    perDay,
    lacksList,
  }: {
    hospitals: number
    dates: readonly BusinessDate[]
    perDay: number
    lacksList: (hospital: number) => boolean
  },
): MonthPlan[] {
  const tables = Array.from({ length: hospitals }, (_, i) => layTable(random, dates, lacksList(i)))
  let deck: Kind[] = []
  for (const date of dates) {
    for (const table of tables) {
      if (date === table.never) continue
      for (let i = 0; i < perDay; i++) {
        if (deck.length < KINDS.length) deck = [...deck, ...shuffled(random, DEALT)]
        const found = firstThatFits(random, table, date, deck)
        if (!found) continue
        deck.splice(found.at, 1)
        table.deals.set(date, [...(table.deals.get(date) ?? []), found.deal])
        for (const place of placesOf(found.deal, date)) table.taken.add(place)
      }
    }
  }
  return tables.map(({ deals }) => deals)
}

const DEALT = KINDS.filter((kind) => kind !== 'list_never')

type Table = {
  deals: Map<BusinessDate, Deal[]>
  /** Lists and payouts that have their share. */
  taken: Set<string>
  never: BusinessDate | null
  last: BusinessDate
}

function layTable(random: Random, dates: readonly BusinessDate[], lacksList: boolean): Table {
  const last = dates.at(-1)
  if (!last) throw new Error('a month has days')
  const never = lacksList ? pick(random, dates.slice(1, -2)) : null
  const table: Table = { deals: new Map(), taken: new Set(), never, last }
  if (!never) return table
  const deal = dealOf(random, 'list_never')
  table.deals.set(never, [deal])
  // Of a day that is not closed nothing is expected: each of its payouts comes and is nobody's.
  for (const { name } of [...CHANNELS, INSURER]) {
    table.taken.add(payoutPlace(name, never)).add(`list ${name} ${never}`)
  }
  return table
}

function firstThatFits(random: Random, table: Table, date: BusinessDate, deck: readonly Kind[]) {
  for (const [at, kind] of deck.entries()) {
    const deal = dealOf(random, kind)
    const isFree = placesOf(deal, date).every((place) => !table.taken.has(place))
    // Given back the day after, it would be all there is on that day's list.
    const isTooLate = kind === 'paid_unknown' && date === table.last
    if (isFree && !isTooLate) return { at, deal }
  }
  return null
}

function dealOf(random: Random, kind: Kind): Deal {
  const channel = pick(random, CHANNELS).name
  const provider = randomBelow(random, 4) === 0 ? INSURER.name : channel
  return { kind, channel, provider }
}

/** What a deal needs for itself, so that each shows in its own way. */
function placesOf({ kind, channel, provider }: Deal, date: BusinessDate): string[] {
  switch (kind) {
    case 'payout_short':
    case 'payout_missing':
    case 'receipt_twice':
      return [payoutPlace(provider, date)]
    case 'list_late':
    case 'list_overdue':
    case 'list_broken':
    case 'list_never':
    case 'paid_unknown':
      return [`list ${channel} ${date}`]
    case 'cross_day':
      // Whoever waits for a list that comes too late takes what should stand on it for missing.
      return [`list ${channel} ${addDays(date, 1)}`]
    case 'list_reissued':
      return [`list ${channel} ${date}`, payoutPlace(channel, date)]
    default:
      return []
  }
}

const payoutPlace = (provider: string, date: BusinessDate) =>
  `payout ${provider} ${payDayOf(provider, date)}`

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items]
  return items.map(() => left.splice(randomBelow(random, left.length), 1)[0] as T)
}
