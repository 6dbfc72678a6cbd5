import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/time.ts'

/** How long it is until then, or how long ago that was, in whole minutes rounded down. */
export function timeLeft(dueAt: Date, at: Date) {
  const ms = dueAt.getTime() - at.getTime()
  const length = Math.abs(ms)
  return {
    isOver: ms < 0,
    days: Math.floor(length / DAY_MS),
    hours: Math.floor((length % DAY_MS) / HOUR_MS),
    minutes: Math.floor((length % HOUR_MS) / MINUTE_MS),
  }
}
