import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { Ask, Question } from './interface/ask.ts'
import type { HisAnswer, HisCall } from './interface/data.ts'
import { OPERATIONS, type OperationName } from './interface/operations.ts'

export type BulkheadLimits = {
  /** Calls under way at once; more are not begun. */
  atOnce: number
  /** Of those, how many may only read: what changes something finds room while everybody looks. */
  readsAtOnce: number
  /** A read that brings nothing counts as slow from here on. */
  slowMs: number
  /** So many slow reads in a row, and none is begun for a while. */
  slowInARow: number
  restMs: number
  longestRestMs: number
}

const BULKHEAD_LIMITS: BulkheadLimits = {
  atOnce: 32,
  readsAtOnce: 24,
  slowMs: SECOND_MS,
  slowInARow: 5,
  restMs: 5 * SECOND_MS,
  longestRestMs: MINUTE_MS,
}

/**
 * Keeps what one hospital's system does to itself. A process waits for so many of its answers and no more; and when reads
 * take long and bring nothing, those that come after are 'unknown' at once, until one is tried again and answered.
 * What changes something is always tried while there is room: that it is done matters more than the wait.
 * One for each hospital's connection.
 */
export function createBulkhead(ask: Ask, clock: Clock, limits = BULKHEAD_LIMITS): Ask {
  let underWay = 0
  let reading = 0
  let slowReads = 0
  let restsUntil: Date | null = null
  let restMs = limits.restMs
  return guarded

  async function guarded<T>(call: HisCall, question: Question<T>): Promise<HisAnswer<T>> {
    const isRead = reads(question.name)
    const refusal = refusalOf(isRead)
    if (refusal !== null) return { outcome: 'unknown', reason: refusal }
    // Of those who wait for the rest to end, one tries: the others rest as long again.
    if (isRead && restsUntil !== null) restsUntil = addMs(clock.now(), restMs)
    underWay += 1
    if (isRead) reading += 1
    const startedAt = clock.now()
    try {
      const answer = await ask(call, question)
      if (isRead) learn(answer, clock.now().getTime() - startedAt.getTime())
      return answer
    } finally {
      underWay -= 1
      if (isRead) reading -= 1
    }
  }

  function refusalOf(isRead: boolean): string | null {
    if (underWay >= limits.atOnce || (isRead && reading >= limits.readsAtOnce)) {
      return 'too many calls are under way, nothing was sent'
    }
    const isResting = isRead && restsUntil !== null && clock.now() < restsUntil
    return isResting ? 'it has not been answering, nothing was sent' : null
  }

  function learn({ outcome }: HisAnswer<unknown>, tookMs: number): void {
    if (outcome !== 'unknown') {
      slowReads = 0
      restsUntil = null
      restMs = limits.restMs
      return
    }
    if (tookMs < limits.slowMs) return
    slowReads += 1
    if (slowReads < limits.slowInARow) return
    if (restsUntil !== null) restMs = Math.min(restMs * 2, limits.longestRestMs)
    restsUntil = addMs(clock.now(), restMs)
  }
}

const reads = (name: OperationName): boolean => OPERATIONS[name].key.length === 0
