import { setTimeout as delay } from 'node:timers/promises'

import { type Patiently, untilDone } from '../../kernel/at-once.ts'
import type { HospitalId } from '../../kernel/id.ts'

// Of one hospital. With the usual time limit of eight seconds, a provider that is silent may be asked a dozen times a second
// before anybody else waits for it.
const MOST_LEFT = 100

type PatiencesOptions = {
  /** How long one piece of work is waited for before the next begins; without it, to its end. */
  patienceMs?: number
  /** Hears of failures that nobody waited for. */
  onError?: (error: unknown) => void
}

/** The patience with each hospital's work, and with the hospitals themselves. */
export function createPatiences({ patienceMs, onError = () => undefined }: PatiencesOptions) {
  const patiences = new Map<HospitalId | 'hospitals', ReturnType<typeof createPatience>>()
  return { patienceFor, settled }

  function patienceFor(whom: HospitalId | 'hospitals'): Patiently {
    if (patienceMs === undefined) return untilDone
    // Each hospital is in hand at most once, so those that are left behind are bounded by their number.
    const mostLeft = whom === 'hospitals' ? Number.POSITIVE_INFINITY : MOST_LEFT
    const patience = patiences.get(whom) ?? createPatience({ patienceMs, mostLeft, onError })
    patiences.set(whom, patience)
    return patience.patiently
  }

  /** When nothing is left behind any more: to be waited for before the database is closed. */
  async function settled(): Promise<void> {
    await patiences.get('hospitals')?.settled()
    for (const patience of patiences.values()) await patience.settled()
  }
}

/**
 * Waits for each piece of work so long and no longer, so that the next does not wait for somebody who does not answer. What
 * is left behind goes on by itself, up to so many; beyond them each is waited for to its end, so that they
 * do not grow without bound. A failure of what was left behind is told to `onError`.
 */
export function createPatience({ patienceMs, mostLeft, onError }: PatienceOptions) {
  const left = new Set<Promise<void>>()
  return { patiently, settled }

  async function patiently(work: Promise<void>): Promise<void> {
    if (left.size >= mostLeft) return work
    const enough = new AbortController()
    const isOver = delay(patienceMs, true, { signal: enough.signal }).catch(() => false)
    try {
      if (await Promise.race([work.then(() => false), isOver])) leave(work)
    } finally {
      enough.abort()
    }
  }

  function leave(work: Promise<void>): void {
    const rest = work.catch(onError).finally(() => left.delete(rest))
    left.add(rest)
  }

  async function settled(): Promise<void> {
    while (left.size > 0) await Promise.all(left)
  }
}

type PatienceOptions = {
  patienceMs: number
  mostLeft: number
  onError: (error: unknown) => void
}
