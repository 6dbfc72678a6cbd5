import type { Fault, FaultPlan } from '../kit/simulator.ts'
import { findBill } from './bill-rows.ts'
import type { His } from './context.ts'
import type { Reply, Sent } from './http.ts'
import { countAttempt } from './memory.ts'
import { type Answer, refusal } from './protocol.ts'
import { sweep } from './sweep.ts'

/** A call whose body is right, ready to be done or to have a fault. */
export type Call = {
  /** What the call is about, the same in every run: no number of the hub's making. */
  key: string
  /** With `lie` set, where the operation knows how to, it says done and does it not. */
  run: (lie: boolean) => Answer
}

/** What the caller gets to see: the answer, a page of HTML in its place, or a cut connection. */
export type Delivery = { answer: Answer; form: 'told' | 'html' | 'cut'; delayMs: number }

const told = (answer: Answer): Delivery => ({ answer, form: 'told', delayMs: 0 })

/** As it goes over the wire, with the face's own way to write an answer. */
export function replyOf({ answer, form, delayMs }: Delivery, write: (a: Answer) => Sent): Reply {
  switch (form) {
    case 'cut':
      return { sent: null, delayMs: 0 }
    case 'html':
      return { sent: { status: 200, type: 'text/html; charset=utf-8', body: GARBLED }, delayMs: 0 }
    case 'told':
      return { sent: write(answer), delayMs }
  }
}

const GARBLED = '<html><head><title>504</title></head><body><h1>Gateway Time-out</h1></body></html>'

/**
 * Does the call, or not, as the plan has it for this time that the operation is asked. Operations and
 * codes are the hospital's own, so that a plan holds for every face.
 */
export function doCall(his: His, faults: FaultPlan, operation: string, call: Call): Delivery {
  const { store } = his
  const attempt = countAttempt(store, operation, call.key)
  const fault = faults({ simulator: 'his', operation, key: call.key, attempt })
  return store.transaction(() => {
    sweep(his)
    return doWithFault(his, call, fault)
  })
}

function doWithFault(his: His, call: Call, fault: Fault | null): Delivery {
  switch (fault?.kind) {
    case 'refuse':
      return told(BUSY)
    case 'drop':
      return { ...told(BUSY), form: 'cut' }
    case 'decline':
      return told(decline(his, fault.code, call.key))
    case 'lose_answer':
      return { ...told(call.run(false)), form: 'cut' }
    case 'garble':
      return { ...told(call.run(false)), form: 'html' }
    case 'slow':
      return { ...told(call.run(false)), delayMs: fault.ms }
    case 'lie':
      return told(call.run(true))
    // The rest are about notices, and this is none.
    case 'lose_notice':
    case 'delay_notice':
    case 'duplicate_notice':
    case undefined:
      return told(call.run(false))
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
