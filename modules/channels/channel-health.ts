import type { BreakerState } from './breaker.ts'

/** How a channel fares: the calls of the last minutes, and whether new charges are kept from it. Statements do not count. */
export type ChannelHealth = {
  state: BreakerState
  /** Since when it is not closed, and from when on it is tried again; null while it is closed. */
  openedAt: Date | null
  retryAt: Date | null
  calls: number
  answered: number
  declined: number
  unknown: number
  failed: number
  /** Of all calls, those that were not met with silence or nonsense; null for no call. */
  availabilityPpm: number | null
  /** Charges alone, and how many of them were taken on. */
  charges: number
  chargesAnswered: number
  chargesDeclined: number
  /** So many per cent of the calls ended within; null for no call. */
  p50Ms: number | null
  p99Ms: number | null
}
