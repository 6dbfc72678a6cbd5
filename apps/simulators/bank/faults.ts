import { assert } from '../../../kernel/assert.ts'
import type { Context } from './context.ts'

/** What may go wrong with one message. Times are real milliseconds. */
export type BankFault =
  | { kind: 'refuse' } // the connection is cut and nothing is done
  | { kind: 'drop' } // nothing is done and nothing answered
  | { kind: 'lose_answer' } // it is done, and never answered
  | { kind: 'cut_answer' } // it is done, and the connection is cut before the answer
  | { kind: 'garble' } // it is done, and a page of HTML is answered
  | { kind: 'late'; ms: number } // it is done at once and answered so much later
  | { kind: 'slow_arrival'; ms: number } // it arrives so much later
  | { kind: 'duplicate' } // it is answered twice
  | { kind: 'wrong_mac' } // it is done, and the answer's MAC is another
  | { kind: 'decline'; code: string }

/** '0200/000000' by type and processing code, and how many of them came before and now: 1 for the first. */
export type BankFaultPoint = { operation: string; attempt: number }

export type BankFaultPlan = (point: BankFaultPoint) => BankFault | null

export function askFaultPlan(
  { store }: Context,
  plan: BankFaultPlan,
  operation: string,
): BankFault | null {
  const row = store.get<{ calls: number }>(
    `insert into fault_call (operation, calls) values (?, 1)
     on conflict (operation) do update set calls = calls + 1 returning calls`,
    [operation],
  )
  assert(row, 'an upsert returns its row')
  return plan({ operation, attempt: row.calls })
}
