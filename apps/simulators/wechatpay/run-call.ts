import { setTimeout as sleep } from 'node:timers/promises'

import { ApiError, declinedWith } from './api-error.ts'
import type { Context } from './context.ts'
import { askFaultPlan } from './faults.ts'
import type { Answer, Call } from './route.ts'

/** What reaches the merchant: an answer, a page of HTML from some machine between, or nothing. */
export type Outcome<A = Answer> = A | { type: 'cut' } | { type: 'garbled' }

/**
 * Does a call in one transaction, or what the fault plan makes of it. Throws the protocol's refusal.
 * The faults of notices mean nothing to a call.
 */
export async function runCall<A = Answer>(
  context: Context,
  mchid: string,
  call: Call<A>,
  stopped: AbortSignal,
): Promise<Outcome<A>> {
  const perform = () => context.store.transaction(call.perform)
  const fault = askFaultPlan(context, mchid, call.operation, call.key)
  switch (fault?.kind) {
    case 'refuse':
      throw new ApiError('system_error')
    case 'decline':
      throw declinedWith(fault.code)
    case 'drop':
      return { type: 'cut' }
    case 'lose_answer':
      settle(perform)
      return { type: 'cut' }
    case 'garble':
      settle(perform)
      return { type: 'garbled' }
    case 'slow': {
      const answer = settle(perform)
      await sleep(fault.ms, null, { signal: stopped })
      return answer()
    }
    case 'lie':
      return tellLie(context, call)
    case 'lose_notice':
    case 'delay_notice':
    case 'duplicate_notice':
    case undefined:
      return perform()
  }
}

/** Some calls have a lie of their own. Any other is answered as done and then undone. */
function tellLie<A>({ store }: Context, call: Call<A>): A {
  return call.performLie ? store.transaction(call.performLie) : store.pretend(call.perform)
}

/** Does the work now; its answer or refusal is had later, or never asked for. A bug is not kept. */
function settle<A>(perform: () => A): () => A {
  try {
    const answer = perform()
    return () => answer
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return () => {
      throw error
    }
  }
}
