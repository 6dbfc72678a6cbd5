import { assert } from '../../../kernel/assert.ts'
import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  earliest,
  HOUR_MS,
  instantAt,
  SECOND_MS,
} from '../../../kernel/time.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { World } from '../../simulators/world/index.ts'
import type { Agenda } from './agenda.ts'
import type { HubProcesses } from './hub-process.ts'
import type { VirtualClock } from './virtual-clock.ts'
import { arrive, type VisitContext } from './visit.ts'

const OPENING = '07:30:00'
const ARRIVALS_MS = 9 * HOUR_MS

/** Puts every person's arrival on the agenda of one of the days, in opening hours. */
export function planArrivals(
  context: VisitContext,
  world: World,
  { seed, firstDay, days }: { seed: string; firstDay: BusinessDate; days: number },
): void {
  for (const [i, person] of world.people.entries()) {
    const random = seededRandom(`${seed}/person/${person.no}`)
    const opening = instantAt(addDays(firstDay, i % days), OPENING)
    const arrival = addMs(opening, randomBelow(random, ARRIVALS_MS / SECOND_MS) * SECOND_MS)
    context.agenda.at(arrival, () => arrive(context, person, random))
  }
}

/**
 * Moves time from one thing to the next, whosever it is: people's agenda, the outside systems' notices, and what the hub
 * has due. One at a time and in one order, so that a seed is a history.
 */
export async function runUntil(
  end: Date,
  { clock, agenda, region, processes, onProgress, onRest }: Movement,
): Promise<void> {
  let hubDueAt = (await processes.step()).nextDueAt
  for (;;) {
    const next = earliest([agenda.nextAt(), region.nextDueAt(), hubDueAt])
    if (!next || next > end) break
    clock.moveTo(next > clock.now() ? next : clock.now())
    await region.runDue()
    for (let what = agenda.take(clock.now()); what; what = agenda.take(clock.now())) await what()
    hubDueAt = await rest(processes, clock)
    await onRest()
    onProgress(clock.now())
  }
  clock.moveTo(end)
}

const MOST_STEPS_AT_ONE_INSTANT = 100

/** Steps the hub until nothing more of it is due at this instant. */
async function rest(processes: HubProcesses, clock: VirtualClock): Promise<Date | null> {
  for (let i = 0; i < MOST_STEPS_AT_ONE_INSTANT; i++) {
    const { nextDueAt } = await processes.step()
    if (!nextDueAt || nextDueAt > clock.now()) return nextDueAt
  }
  return assert(false, `the hub comes to rest at ${clock.now().toISOString()}`) as never
}

type Movement = {
  clock: VirtualClock
  agenda: Agenda
  region: SimulatedRegion
  processes: HubProcesses
  onProgress: (now: Date) => void
  /** Called whenever nothing is due: the moment for an observer. */
  onRest: () => Promise<void>
}
