import { businessDateOf, DAY_MS, instantAt, isBusinessDate } from '../../../kernel/time.ts'

/** How many days something can still be used, the last one included; null where the day makes no sense. */
export function daysLeft(validUntil: string, nowMs: number): number | null {
  if (!isBusinessDate(validUntil)) return null
  const today = businessDateOf(new Date(nowMs))
  const betweenMs = instantAt(validUntil).getTime() - instantAt(today).getTime()
  return Math.round(betweenMs / DAY_MS) + 1
}
