import { createNewId } from '../../kernel/id.ts'
import { seededRandom } from '../../kernel/random.ts'
import { addMs, type Clock } from '../../kernel/time.ts'

export type ManualClock = Clock & { set(instant: Date): void; advance(ms: number): void }

/** A clock that stands still until the test moves it. */
function manualClock(start: string): ManualClock {
  let instant = new Date(start)
  return {
    now: () => new Date(instant),
    set: (to) => void (instant = new Date(to)),
    advance: (ms) => void (instant = addMs(instant, ms)),
  }
}

/** Clock, chance and ids that are the same in every run of a test. */
export function testPlatform(start = '2026-11-21T10:00:00+08:00', seed = 'test') {
  const clock = manualClock(start)
  const random = seededRandom(seed)
  return { clock, random, newId: createNewId(clock, random) }
}
