import type { NewId } from '../../../kernel/id.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { FaultPlan } from '../kit/simulator.ts'
import type { Key } from './signing.ts'
import type { Store } from './store.ts'

/** What every part of the simulator works with. */
export type Context = {
  readonly clock: Clock
  readonly random: Random
  readonly newId: NewId
  readonly faults: FaultPlan
  readonly store: Store
  readonly merchants: ReadonlyMap<string, Merchant>
  readonly platform: Platform
  readonly refundDelayMs: number
  /** 'http://127.0.0.1:port', known once the server listens. */
  baseUrl(): string
}

export type Merchant = {
  readonly mchid: string
  readonly appid: string
  readonly name: string
  /** Of RSA, or of the national algorithms, and then all is done by those. */
  readonly publicKey: Key
  readonly serial: string
  readonly apiV3Key: string
  /** Of its app, where that is bound by an id of its own. */
  readonly mobileAppid: string | null
  /** The key of API v2; null for a merchant that does not use it. */
  readonly apiV2Key: string | null
  readonly feePpm: number
}

/** The keys of WeChat Pay itself, which may change over as time goes by. */
export type Platform = {
  /** The key to sign with now, and the name it goes by in Wechatpay-Serial. */
  signer(isNational: boolean): { privateKey: Key; serial: string }
  /** The certificates a merchant may fetch now, the newest first. */
  certificates(isNational: boolean): PlatformCertificate[]
  /** The private key that a merchant's sealed field is opened with; null for a name that is not known. */
  opener(serial: string): Key | null
}

export type PlatformCertificate = {
  readonly pem: string
  readonly serial: string
  readonly validFrom: Date
  readonly validTo: Date
}

export const nowMs = (context: Context): number => context.clock.now().getTime()
