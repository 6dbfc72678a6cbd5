import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  type Clock,
  HOUR_MS,
  SECOND_MS,
} from '../../kernel/time.ts'
import type { Volume, VolumesOf } from './dependencies.ts'
import type { Rules } from './rules.ts'

/** What a channel took by the books, for people who look: today, and in the days over which its share is measured. */
export type Takings = { todayFen: Fen; todayCount: number; windowFen: Fen; windowCount: number }

export const NO_TAKINGS: Takings = {
  todayFen: ZERO,
  todayCount: 0,
  windowFen: ZERO,
  windowCount: 0,
}

// Pages ask again every few seconds. What they show may be as old as what the choice goes by.
const READ_AGAIN_MS = 30 * SECOND_MS
const READ_PAST_AGAIN_MS = HOUR_MS

/** By channel, as of at most half a minute ago; the days before today as of at most an hour ago. */
export function createTakings({ clock, volumesOf }: { clock: Clock; volumesOf: VolumesOf }) {
  const kept = new Map<string, Kept>()
  return { takingsOf }

  async function takingsOf(
    hospitalId: HospitalId,
    windowDays: number,
  ): Promise<ReadonlyMap<string, Takings>> {
    const today = businessDateOf(clock.now())
    const yesterday = addDays(today, -1)
    const from = addDays(today, 1 - windowDays)
    const past =
      from > yesterday ? [] : await read('past', hospitalId, from, yesterday, READ_PAST_AGAIN_MS)
    const own = await read('today', hospitalId, today, today, READ_AGAIN_MS)
    return sumUp([...past, ...own], today)
  }

  async function read(
    part: 'past' | 'today',
    hospitalId: HospitalId,
    from: BusinessDate,
    to: BusinessDate,
    forMs: number,
  ): Promise<readonly Volume[]> {
    const key = `${hospitalId} ${part}`
    const now = clock.now()
    const known = kept.get(key)
    const isOfThese = known?.from === from && known.to === to
    if (isOfThese && now < addMs(known.readAt, forMs)) return known.volumes
    const volumes = await volumesOf(hospitalId, from, to)
    kept.set(key, { from, to, volumes, readAt: now })
    return volumes
  }
}

type Kept = { from: BusinessDate; to: BusinessDate; volumes: readonly Volume[]; readAt: Date }

function sumUp(volumes: readonly Volume[], today: BusinessDate): Map<string, Takings> {
  const sum = new Map<string, Takings>()
  for (const { channel, businessDate, count, amountFen } of volumes) {
    const own = sum.get(channel) ?? NO_TAKINGS
    const isToday = businessDate === today
    sum.set(channel, {
      todayFen: isToday ? addFen(own.todayFen, amountFen) : own.todayFen,
      todayCount: isToday ? own.todayCount + count : own.todayCount,
      windowFen: addFen(own.windowFen, amountFen),
      windowCount: own.windowCount + count,
    })
  }
  return sum
}

/** A channel's part of what all the registered channels took, as the rules measure it; null while none took anything. */
export function actualSharePpm(
  own: Takings,
  all: readonly Takings[],
  { shareBy }: Pick<Rules, 'shareBy'>,
): number | null {
  const of = ({ windowFen, windowCount }: Takings) =>
    shareBy === 'amount' ? windowFen : windowCount
  const total = all.reduce((sum, takings) => sum + of(takings), 0)
  // A ratio, not money: it may pass 2^53 in between and still says what it should.
  return total === 0 ? null : Math.round((of(own) / total) * 1_000_000)
}
