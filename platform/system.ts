import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { assert } from '../kernel/assert.ts'
import type { Random } from '../kernel/random.ts'
import type { Clock } from '../kernel/time.ts'

// The only file that reads the machine's clock and random source. Everything else is handed these.

export const systemClock: Clock = { now: () => new Date() }

export const systemRandom: Random = { bytes: (length) => new Uint8Array(drawn(length)) }

const POOL_BYTES = 4_096
let pool = Buffer.alloc(0)

/** Drawn from the system many at a time, as each draw takes longer than an id. What was handed out is forgotten here. */
function drawn(length: number): Buffer {
  if (length > POOL_BYTES / 16) return randomBytes(length)
  if (length > pool.length) pool = randomBytes(POOL_BYTES)
  const bytes = Buffer.from(pool.subarray(0, length))
  pool.fill(0, 0, length)
  pool = pool.subarray(length)
  return bytes
}

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
