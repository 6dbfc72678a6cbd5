import { setTimeout as sleep } from 'node:timers/promises'

import { askFaultPlan, type Context, LAPSE, Refusal, WRONG_AMOUNT } from './context.ts'
import { setPolicyState } from './policies.ts'

/** What goes back over the wire. */
export type Answer = { status: number; body: object }

/** One call of an interface, read and believed. */
export type Call = {
  /** In the protocol's own words. */
  operation: string
  key: string
  /** The policy it is about, for a plan that has it lapse; null where there is none. */
  policyNo: string | null
  /** Throws a Refusal, which leaves nothing behind. */
  perform(): Answer
}

/** How a wire words a refusal, and what its answer looks like with a wrong amount in it. */
export type Wording = {
  refuse: (refusal: Refusal) => Answer
  spoil: (answer: Answer) => Answer
}

/** Does a call in one transaction, or what the fault plan makes of it. */
export async function runCall(
  context: Context,
  call: Call,
  { refuse, spoil }: Wording,
  stopped: AbortSignal,
): Promise<Answer | 'cut' | 'garbled'> {
  const { store } = context
  const perform = () => answered(refuse, () => store.transaction(() => call.perform()))
  const fault = askFaultPlan(context, call.operation, call.key)
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
      return answered(refuse, () => store.pretend(() => call.perform()))
    case 'decline': {
      if (fault.code === WRONG_AMOUNT) return spoil(perform())
      if (fault.code !== LAPSE) return refuse(new Refusal('declined', fault.code))
      if (call.policyNo !== null) setPolicyState(context, call.policyNo, 'lapsed')
      return perform()
    }
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

function answered(refuse: Wording['refuse'], work: () => Answer): Answer {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(error)
  }
}
