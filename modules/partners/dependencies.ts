import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import type { OnError } from '../payments/index.ts'
import type { Environment } from './credential.ts'
import type { Resolve } from './egress.ts'
import type { EndpointId } from './endpoint.ts'
import type { FactsPort } from './facts.ts'
import type { VerifyPaymentPorts } from './payable-standing.ts'
import type { PlatformKey } from './platform-key.ts'
import type { Transport } from './transport.ts'

/** What the module is made of. */
export type PartnerOptions = VerifyPaymentPorts & {
  db: Db
  clock: Clock
  random: Random
  newId: NewId
  seal: Seal
  audit: Audit
  facts: FactsPort
  platformKey: PlatformKey
  /** A sandbox gives out secrets that a live installation refuses, and may call receivers on its own machine. */
  environment: Environment
  /** Hears of every delivery that failed by a fault of ours and is tried again later. */
  onError?: OnError
  /** How long a receiver may take, in real time; ten seconds unless a test says otherwise. */
  deliveryTimeoutMs?: number
  /** Waits in real time, while a reader waits for an event. */
  pause: (ms: number) => Promise<void>
  /** Where names of receivers lead; the machine's name service unless a test says otherwise. */
  resolve?: Resolve
}

export type PartnerDependencies = PartnerOptions & {
  transport: Transport
  /** How many deliveries of this process are on their way to an endpoint; without those that have none. */
  inHand: Map<EndpointId, number>
}
