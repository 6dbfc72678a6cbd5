import type { Fault, FaultPlan } from '../kit/simulator.ts'
import { findBill } from './bill-rows.ts'
import type { His } from './context.ts'
import { countAttempt } from './memory.ts'
import type { Call } from './operations.ts'
import { type Answer, refusal } from './protocol.ts'

/** What the caller gets to see: the answer, a page of HTML in its place, or a cut connection. */
export type Delivery = { answer: Answer; form: 'signed' | 'html' | 'cut'; delayMs: number }

export const signed = (answer: Answer): Delivery => ({ answer, form: 'signed', delayMs: 0 })

/** Does the call, or not, as the plan has it for this time that the operation is asked. */
export function doCall(his: His, faults: FaultPlan, operation: string, call: Call): Delivery {
  const { store } = his
  const attempt = countAttempt(store, operation, call.key)
  const fault = faults({ simulator: 'his', operation, key: call.key, attempt })
  return store.transaction(() => doWithFault(his, call, fault))
}

function doWithFault(his: His, call: Call, fault: Fault | null): Delivery {
  switch (fault?.kind) {
    case 'refuse':
      return signed(BUSY)
    case 'drop':
      return { ...signed(BUSY), form: 'cut' }
    case 'decline':
      return signed(decline(his, fault.code, call.key))
    case 'lose_answer':
      return { ...signed(call.run(false)), form: 'cut' }
    case 'garble':
      return { ...signed(call.run(false)), form: 'html' }
    case 'slow':
      return { ...signed(call.run(false)), delayMs: fault.ms }
    case 'lie':
      return signed(call.run(true))
    // The rest are about notices, and this is none.
    case 'lose_notice':
    case 'delay_notice':
    case 'duplicate_notice':
    case undefined:
      return signed(call.run(false))
  }
}

const BUSY = refusal('SYSTEM_BUSY', 'the system is busy')

/** A refusal with the data that belongs to its code, so that only its reason is made up. */
function decline(his: His, code: string, key: string): Answer {
  const bill = findBill(his, key)
  const dataOf: Record<string, object> = {
    ...(bill && { BILL_CHANGED: { version: bill.version, totalFen: bill.totalFen } }),
    BILL_ALREADY_PAID: { paymentNo: 'ANOTHER-PAYMENT' },
    REFUND_NOT_ALLOWED: { lines: bill?.items.map(({ lineNo }) => ({ lineNo })) ?? [] },
  }
  const data = dataOf[code]
  return { code, message: 'declined', ...(data && { data }) }
}
