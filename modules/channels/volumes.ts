import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  type Clock,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from '../../kernel/time.ts'
import type { Taken } from './choose.ts'
import type { Volume, VolumesOf } from './dependencies.ts'

const READ_AGAIN_MS = 30 * SECOND_MS

// A day that is over changes little, and there may be many of them.
const READ_PAST_AGAIN_MS = HOUR_MS

// Until then a payer who was sent to a channel has paid there, and it is in the books, or will not.
const UNDER_WAY_MS = 2 * MINUTE_MS

// Payments under way are counted together in steps of this length, so that a busy minute is soon added up.
const STEP_MS = 10 * SECOND_MS

export type Volumes = ReturnType<typeof createVolumes>

/**
 * What each channel took today and in the window, as the books have it (today at most half a minute ago), with the payments that
 * this process has sent there meanwhile: or all payers of half a minute would go to the same bank.
 */
export function createVolumes({ clock, volumesOf }: { clock: Clock; volumesOf: VolumesOf }) {
  const known = new Map<HospitalId, Known>()
  return { takenOf, note }

  async function takenOf(
    hospitalId: HospitalId,
    windowDays: number,
  ): Promise<ReadonlyMap<string, Taken>> {
    const now = clock.now()
    const today = businessDateOf(now)
    const from = addDays(today, 1 - windowDays)
    const { taken, underWay } = await recent(hospitalId, { from, today }, now)
    return sumOf(taken, underWay, today)
  }

  /** What was read not too long ago, read anew where it was. */
  async function recent(hospitalId: HospitalId, { from, today }: Window, now: Date) {
    const own = known.get(hospitalId)
    const isPastKnown =
      own?.from === from && own.today === today && now < addMs(own.pastReadAt, READ_PAST_AGAIN_MS)
    const past = isPastKnown
      ? own.past
      : sumOf(NOBODY, await volumesOf(hospitalId, from, addDays(today, -1)), today)
    const isTodayKnown = isPastKnown && now < addMs(own.readAt, READ_AGAIN_MS)
    const taken = isTodayKnown
      ? own.taken
      : sumOf(past, await volumesOf(hospitalId, today, today), today)
    // Not before the last await: what was sent meanwhile is counted.
    const underWay = (known.get(hospitalId)?.underWay ?? []).filter(
      ({ at }) => now < addMs(at, UNDER_WAY_MS),
    )
    known.set(hospitalId, {
      from,
      today,
      past,
      pastReadAt: isPastKnown ? own.pastReadAt : now,
      taken,
      readAt: isTodayKnown ? own.readAt : now,
      underWay,
    })
    return { taken, underWay }
  }

  /** A payment was sent to the channel. */
  function note(hospitalId: HospitalId, channel: string, amountFen: Fen): void {
    const now = clock.now()
    const underWay = known.get(hospitalId)?.underWay
    const step = underWay?.findLast(
      (own) => own.channel === channel && now < addMs(own.at, STEP_MS),
    )
    if (step) {
      step.count += 1
      step.amountFen = addFen(step.amountFen, amountFen)
    } else {
      const businessDate = businessDateOf(now)
      underWay?.push({ channel, businessDate, count: 1, amountFen, at: now })
    }
  }
}

/** What was taken and more, by channel. */
function sumOf(
  taken: ReadonlyMap<string, Taken>,
  volumes: readonly Volume[],
  today: BusinessDate,
): Map<string, Taken> {
  const sum = new Map(taken)
  for (const { channel, businessDate, count, amountFen } of volumes) {
    const own = sum.get(channel) ?? NOTHING_TAKEN
    sum.set(channel, {
      todayFen: businessDate === today ? addFen(own.todayFen, amountFen) : own.todayFen,
      windowFen: addFen(own.windowFen, amountFen),
      windowCount: own.windowCount + count,
    })
  }
  return sum
}

export const NOTHING_TAKEN: Taken = { todayFen: ZERO, windowFen: ZERO, windowCount: 0 }

const NOBODY: ReadonlyMap<string, Taken> = new Map()

type Window = { from: BusinessDate; today: BusinessDate }

type Known = Window & {
  /** The days of the window before today. */
  past: ReadonlyMap<string, Taken>
  pastReadAt: Date
  /** Today with them. */
  taken: ReadonlyMap<string, Taken>
  readAt: Date
  underWay: (Volume & { at: Date })[]
}
