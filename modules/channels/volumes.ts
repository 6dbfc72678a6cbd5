import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  type Clock,
  MINUTE_MS,
  SECOND_MS,
} from '../../kernel/time.ts'
import type { Taken } from './choose.ts'
import type { Volume, VolumesOf } from './dependencies.ts'

const READ_AGAIN_MS = 30 * SECOND_MS

// Until then a payer who was sent to a channel has paid there, and it is in the books, or will not.
const UNDER_WAY_MS = 2 * MINUTE_MS

// Payments under way are counted together in steps of this length, so that a busy minute is soon added up.
const STEP_MS = 10 * SECOND_MS

export type Volumes = ReturnType<typeof createVolumes>

/**
 * What each channel took today and in the window, as the books have it at most half a minute ago, with the payments that
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
    let own = known.get(hospitalId)
    if (!own || own.from !== from || now >= addMs(own.readAt, READ_AGAIN_MS)) {
      const taken = sumOf(new Map(), await volumesOf(hospitalId, from, today), today)
      own = { from, readAt: now, taken, underWay: known.get(hospitalId)?.underWay ?? [] }
      known.set(hospitalId, own)
    }
    own.underWay = own.underWay.filter(({ at }) => now < addMs(at, UNDER_WAY_MS))
    return sumOf(own.taken, own.underWay, today)
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

type Known = {
  from: BusinessDate
  readAt: Date
  taken: ReadonlyMap<string, Taken>
  underWay: (Volume & { at: Date })[]
}
