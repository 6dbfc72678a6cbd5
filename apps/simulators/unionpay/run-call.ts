import { setTimeout as sleep } from 'node:timers/promises'

import { answerTo } from './answers.ts'
import type { Call } from './calls.ts'
import type { Context, Merchant } from './context.ts'
import { askFaultPlan } from './faults.ts'
import type { Fields } from './message.ts'
import { Refusal } from './refusal.ts'

/** What reaches the merchant: an answer, a page of HTML from some machine between, or nothing. */
export type Outcome = { type: 'answer'; fields: Fields } | { type: 'cut' } | { type: 'garbled' }

/** Does a call in one transaction, or what the fault plan makes of it. */
export async function runCall(
  context: Context,
  merchant: Merchant,
  request: Fields,
  call: Call,
  stopped: AbortSignal,
): Promise<Outcome> {
  const perform = (): Fields =>
    settled(merchant, request, () => context.store.transaction(call.perform))
  const answered = (fields: Fields): Outcome => ({ type: 'answer', fields })
  const fault = askFaultPlan(context, merchant.merId, call.operation, call.key)
  switch (fault?.kind) {
    case 'refuse':
      return answered(answerTo(merchant, request, '06'))
    case 'decline':
      return answered(answerTo(merchant, request, fault.code))
    case 'drop':
      return { type: 'cut' }
    case 'lose_answer':
      perform()
      return { type: 'cut' }
    case 'garble':
      perform()
      return { type: 'garbled' }
    case 'slow': {
      const fields = perform()
      await sleep(fault.ms, null, { signal: stopped })
      return answered(fields)
    }
    case 'lie':
      return answered(settled(merchant, request, () => context.store.pretend(call.perform)))
    case 'lose_notice':
    case 'delay_notice':
    case 'duplicate_notice':
    case undefined:
      return answered(perform())
  }
}

function settled(merchant: Merchant, request: Fields, perform: () => Fields): Fields {
  try {
    return perform()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return answerTo(merchant, request, error.respCode, {}, error.detail)
  }
}
