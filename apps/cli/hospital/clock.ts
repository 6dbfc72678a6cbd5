import { addMs, type Clock } from '../../../kernel/time.ts'

/** The machine's clock, ahead by as much as a sandbox's time was moved. */
export type FollowingClock = Clock & {
  /** Goes on from where the sandbox says it is. */
  follow(now: Date): void
  move(ms: number): void
}

export function followingClock(machine: Clock): FollowingClock {
  let aheadMs = 0
  return {
    now: () => addMs(machine.now(), aheadMs),
    follow: (now) => void (aheadMs = now.getTime() - machine.now().getTime()),
    move: (ms) => void (aheadMs += ms),
  }
}

/** A clock that stands until it is moved. */
export function standingClock(start: string): FollowingClock {
  let at = new Date(start)
  return {
    now: () => at,
    follow: (now) => void (at = now),
    move: (ms) => void (at = addMs(at, ms)),
  }
}
