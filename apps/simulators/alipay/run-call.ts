import { setTimeout as sleep } from 'node:timers/promises'

import { ApiError } from './api-error.ts'
import type { ApiCall, Done } from './calls.ts'
import type { Context } from './context.ts'
import { askFaultPlan } from './faults.ts'

/** What reaches the merchant: an answer, a page of HTML from some machine between, or nothing. */
export type Outcome = { type: 'done'; done: Done } | { type: 'cut' } | { type: 'garbled' }

/** A fault plan that declines a cancelling with this word makes it answer retry_flag Y and do nothing. */
const RETRY_FLAG = 'retry_flag'

/**
 * Does a call in one transaction, or what the fault plan makes of it. Throws the protocol's refusal. The faults of
 * notices mean nothing to a call.
 */
export async function runCall(
  context: Context,
  appId: string,
  method: string,
  call: ApiCall,
  stopped: AbortSignal,
): Promise<Outcome> {
  const { store } = context
  const perform = () => store.transaction(call.perform)
  const fault = askFaultPlan(context, appId, method, call.key)
  switch (fault?.kind) {
    case 'refuse':
      throw new ApiError('isp.unknow-error')
    case 'decline': {
      if (fault.code !== RETRY_FLAG) throw new ApiError(fault.code)
      const { node } = store.pretend(call.perform)
      return answered({ code: '10000', node: { ...node, retry_flag: 'Y' } })
    }
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
      return answered(answer())
    }
    case 'lie':
      // Some calls have a lie of their own. Any other is answered as done and then undone.
      return answered(
        call.performLie ? store.transaction(call.performLie) : store.pretend(call.perform),
      )
    case 'lose_notice':
    case 'delay_notice':
    case 'duplicate_notice':
    case undefined:
      return answered(perform())
  }
}

const answered = (done: Done): Outcome => ({ type: 'done', done })

/** Does the work now; its answer or refusal is had later, or never asked for. A bug is not kept. */
function settle(perform: () => Done): () => Done {
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
