import { assert } from '../../../kernel/assert.ts'
import type { NewId } from '../../../kernel/id.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Fault, FaultPoint } from '../kit/simulator.ts'
import type { Store } from './store.ts'

export type WalletFaultPoint = Omit<FaultPoint, 'simulator'> & { simulator: 'generic_wallet' }

/** Decides what goes wrong. Pure in its argument, so that a run can be repeated. */
export type WalletFaultPlan = (point: WalletFaultPoint) => Fault | null

/** What every part of the simulator works with. */
export type Context = {
  readonly clock: Clock
  readonly random: Random
  readonly newId: NewId
  readonly faults: WalletFaultPlan
  readonly store: Store
  readonly merchants: ReadonlyMap<string, Merchant>
  readonly refundDelayMs: number
  /** 'http://127.0.0.1:port', known once the server listens. */
  baseUrl(): string
}

export type Merchant = {
  readonly merchantNo: string
  /** What its payers are shown: the number unless told. */
  readonly name?: string
  readonly feePpm: number
}

export const nowMs = (context: Context): number => context.clock.now().getTime()

/** Counts the call and asks the plan what goes wrong with it. */
export function askFaultPlan(context: Context, operation: string, key: string): Fault | null {
  const row = context.store.get<{ calls: number }>(
    `insert into fault_call (operation, key, calls) values (?, ?, 1)
     on conflict (operation, key) do update set calls = calls + 1 returning calls`,
    [operation, key],
  )
  assert(row, 'an upsert returns its row')
  return context.faults({ simulator: 'generic_wallet', operation, key, attempt: row.calls })
}

/** A request the wallet understands and refuses. Each dialect has its own word for it. */
export class Refusal extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.kind = kind
  }
}

export type RefusalKind =
  | 'invalid'
  | 'payment_not_found'
  | 'refund_not_found'
  | 'different'
  | 'captured'
  | 'cancelled'
  | 'not_available'
  | 'refund_different'
  | 'statement_not_ready'
  | 'statement_empty'
  | 'unavailable'
