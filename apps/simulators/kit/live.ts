import { randomBytes } from 'node:crypto'

import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'

// Real time and chance, for the outside world when it runs live. It shares nothing with the hub's own.

export const liveClock: Clock = { now: () => new Date() }

export const liveRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }
