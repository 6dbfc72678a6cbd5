import { setTimeout as sleep } from 'node:timers/promises'

import { type Answer, refuse, spoil } from './answers.ts'
import {
  askFaultPlan,
  type Context,
  LOWER_LIMIT,
  OVERDRAW,
  Refusal,
  WRONG_AMOUNT,
} from './context.ts'
import { findLine, lowerLimit, overdraw } from './lines.ts'

/** One call of the interface, read and believed. */
export type Call = {
  /** What it is about, to a fault plan. */
  key: string
  /** The line it is about, for a plan that changes it; null where there is none. */
  accountNo: string | null
  /** Throws a Refusal, which leaves nothing behind. */
  perform(): Answer
}

/** Does a call in one transaction, or what the fault plan makes of it. */
export async function runCall(
  context: Context,
  operation: string,
  call: Call,
  stopped: AbortSignal,
): Promise<Answer | 'cut' | 'garbled'> {
  const { store } = context
  const perform = () => answered(() => store.transaction(() => call.perform()))
  const fault = askFaultPlan(context, operation, call.key)
  switch (fault?.kind) {
    case 'refuse':
      return refuse(new Refusal('unavailable', '系统繁忙，请稍后再试'))
    case 'drop':
      return 'cut'
    case 'lose_answer':
      perform()
      return 'cut'
    case 'garble':
      perform()
      return 'garbled'
    case 'slow': {
      const answer = perform()
      await sleep(fault.ms, null, { signal: stopped }).catch(() => null)
      return answer
    }
    case 'lie':
      return answered(() => store.pretend(() => call.perform()))
    case 'decline':
      return declined(context, call, fault.code, perform)
    case 'duplicate_notice': {
      // As some machine between does that sends a request again.
      for (let i = 0; i < fault.times; i++) perform()
      return perform()
    }
    case 'lose_notice':
    case 'delay_notice':
    case undefined:
      return perform()
  }
}

function declined(context: Context, call: Call, word: string, perform: () => Answer): Answer {
  if (word === WRONG_AMOUNT) return spoil(perform())
  const { accountNo } = call
  const change = word === LOWER_LIMIT ? lowerLimit : word === OVERDRAW ? overdraw : null
  if (change === null) return refuse(new Refusal('declined', word))
  if (accountNo !== null && findLine(context, accountNo)) change(context, accountNo)
  return perform()
}

function answered(work: () => Answer): Answer {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(error)
  }
}
