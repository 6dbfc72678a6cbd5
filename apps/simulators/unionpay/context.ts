import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Fault, FaultPoint } from '../kit/simulator.ts'
import type { MerchantProof, Signer } from './message.ts'
import type { Store } from './store.ts'

/** What every part of the simulator works with. */
export type Context = {
  readonly clock: Clock
  readonly random: Random
  readonly faults: UnionPayFaultPlan
  readonly store: Store
  readonly merchants: ReadonlyMap<string, Merchant>
  readonly delays: { codeMs: number; refundMs: number }
  readonly frontReturn: 'post' | 'get'
  /** 'http://127.0.0.1:port', known once the server listens. */
  baseUrl(): string
}

/** A FaultPlan of the kit, asked about this simulator. */
export type UnionPayFaultPlan = (point: UnionPayFaultPoint) => Fault | null

export type UnionPayFaultPoint = Omit<FaultPoint, 'simulator'> & { simulator: 'unionpay' }

export type Merchant = {
  readonly merId: string
  readonly name: string
  readonly proof: MerchantProof
  /** How UnionPay signs to this merchant. */
  readonly signer: Signer
  readonly feePpm: number
}

export const nowMs = (context: Context): number => context.clock.now().getTime()
