import type { Clock } from '../../../kernel/time.ts'
import type { Exchange, Trace } from '../../../platform/exchange.ts'

/**
 * What an outside system can be told to do: to do its part and say nothing of it, to do and say nothing, or
 * to break the adapter's promise never to throw.
 */
export type Trouble = 'lose_answer' | 'refuse_to_say' | 'break' | null

export const lost = { outcome: 'unknown', reason: 'the answer was lost' } as const
export const silent = { outcome: 'unknown', reason: 'down' } as const

/** Tells whoever asked what was said, as an adapter does. */
export const trace = (
  call: { trace: Trace },
  clock: Clock,
  said: Pick<Exchange, 'system' | 'operation' | 'outcome'>,
): void =>
  call.trace({
    ...said,
    direction: 'out',
    request: said.operation,
    response: said.outcome,
    startedAt: clock.now(),
    durationMs: 1,
  })
