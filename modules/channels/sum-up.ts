import { type Breaker, CLOSED, stateAt } from './breaker.ts'
import type { ChannelHealth } from './channel-health.ts'
import {
  addCounts,
  availabilityPpm,
  callsOf,
  type Counts,
  noCounts,
  percentileMs,
} from './counts.ts'
import { isOnline, type Operation } from './operation.ts'

/** What was counted of one channel and operation in one minute. */
export type Counted = { channel: string; minute: Date; operation: Operation; counts: Counts }

/** How every channel fares by what was counted from `since` on, and by its breaker. Pure. */
export function sumUp(
  counted: Iterable<Counted>,
  breakers: ReadonlyMap<string, { breaker: Breaker }>,
  since: Date,
  now: Date,
): Map<string, ChannelHealth> {
  const sums = new Map<string, Sums>()
  const sumsOf = (channel: string) => {
    const known = sums.get(channel) ?? { all: noCounts(), charges: noCounts() }
    sums.set(channel, known)
    return known
  }
  for (const channel of breakers.keys()) sumsOf(channel)
  for (const { channel, minute, operation, counts } of counted) {
    if (minute < since || !isOnline(operation)) continue
    const { all, charges } = sumsOf(channel)
    addCounts(all, counts)
    if (operation === 'charge') addCounts(charges, counts)
  }
  return new Map(
    [...sums].map(([channel, sum]) => [
      channel,
      healthOf(sum, breakers.get(channel)?.breaker ?? CLOSED, now),
    ]),
  )
}

type Sums = { all: Counts; charges: Counts }

function healthOf({ all, charges }: Sums, breaker: Breaker, now: Date): ChannelHealth {
  const { answered, declined, unknown, failed } = all
  return {
    state: stateAt(breaker, now),
    openedAt: breaker.openedAt,
    retryAt: breaker.retryAt,
    calls: callsOf(all),
    answered,
    declined,
    unknown,
    failed,
    availabilityPpm: availabilityPpm(all),
    charges: callsOf(charges),
    chargesAnswered: charges.answered,
    chargesDeclined: charges.declined,
    p50Ms: percentileMs(all, 50),
    p99Ms: percentileMs(all, 99),
  }
}
