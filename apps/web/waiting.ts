import { MINUTE_MS } from '../../kernel/time.ts'

/** The interval in whole minutes, from down to up: at least a minute wide, as nobody knows it to the second. */
export function minutesOf({ lowMs, highMs }: { lowMs: number; highMs: number }): {
  low: number
  high: number
} {
  const low = Math.floor(lowMs / MINUTE_MS)
  return { low, high: Math.max(low + 1, Math.ceil(highMs / MINUTE_MS)) }
}
