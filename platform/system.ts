import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { assert } from '../kernel/assert.ts'
import type { Random } from '../kernel/random.ts'
import type { Clock } from '../kernel/time.ts'

// The only file that reads the machine's clock and random source. Everything else is handed these.

export const systemClock: Clock = { now: () => new Date() }

export const systemRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/**
 * A clock that stands still until whoever owns the file moves it, shared by all processes of a
 * simulated region: they agree on the instant, and a process killed and started again goes on in it.
 * Shape: the file holds one instant, RFC 3339.
 */
export const fileClock = (path: string): Clock => ({
  now() {
    const instant = new Date(readFileSync(path, 'utf8').trim())
    assert(!Number.isNaN(instant.getTime()), `the clock file ${path} holds an instant`)
    return instant
  },
})
