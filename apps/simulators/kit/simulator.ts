import type { Fen } from '../../../kernel/money.ts'

/**
 * What every simulated outside system offers to whoever runs it.
 *
 * A simulator keeps its own books in its own file and does later work (notices, retries) by the
 * clock it was given: `runDue` does what has come due, `nextDueAt` says when there is more. A live
 * sandbox calls `runDue` a few times a second; a simulation moves its virtual clock to `nextDueAt`.
 */
export interface Simulator {
  readonly name: string
  /** Set once started: 'http://127.0.0.1:port'. */
  readonly url: string
  nextDueAt(): Date | null
  /** Does all that is due now and returns how many things it did. */
  runDue(): Promise<number>
  stop(): Promise<void>
}

/** What a wallet reads in a merchant's code, before its owner pays. */
export type ScannedCode = {
  merchantName: string
  description: string
  amountFen: Fen
  state: 'open' | 'paid' | 'expired' | 'closed'
}

/** One call or notice about which something may go wrong. */
export type FaultPoint = {
  simulator:
    | 'wechat'
    | 'alipay'
    | 'unionpay'
    | 'generic_wallet'
    | 'bank'
    | 'insurance'
    | 'commercial_direct'
    | 'commercial_fhir'
    | 'lender'
    | 'his'
  /** The operation in the protocol's own words: 'POST /v3/refund/domestic/refunds', '2207', 'bills.writeBack', 'notify'. */
  operation: string
  /**
   * What the call is about, the same in every run of a seed: never a random id of the hub's, but the
   * bill's or visit's number and how many times it was tried anew.
   */
  key: string
  /** What the caller told about it when it began, as it came; for a plan that looks for a word there. */
  about?: string
  /** 1 for the first time this operation is asked for this key, then 2, 3 … */
  attempt: number
}

export type Fault =
  | { kind: 'refuse' } // a system error is answered and nothing is done
  | { kind: 'drop' } // the connection is cut and nothing is done
  | { kind: 'lose_answer' } // it is done, and the connection is cut before the answer
  | { kind: 'slow'; ms: number } // the answer comes after real milliseconds
  | { kind: 'garble' } // it is done, and a page of HTML is answered
  | { kind: 'lose_notice' } // the notice never comes
  | { kind: 'delay_notice'; ms: number } // the first delivery comes so much (clock) later
  | { kind: 'duplicate_notice'; times: number }
  | { kind: 'decline'; code: string } // a business refusal in the protocol's own code
  | { kind: 'lie' } // an answer that is not true: done is said, and it is not

/** Decides what goes wrong. Pure in its argument, so that a run can be repeated. */
export type FaultPlan = (point: FaultPoint) => Fault | null

export const noFaults: FaultPlan = () => null
