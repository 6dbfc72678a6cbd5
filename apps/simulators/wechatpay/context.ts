import type { KeyObject } from 'node:crypto'

import type { NewId } from '../../../kernel/id.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { FaultPlan } from '../kit/simulator.ts'
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
  readonly publicKey: KeyObject
  readonly serial: string
  readonly apiV3Key: string
  readonly feePpm: number
}

/** The key WeChat Pay itself signs with, and the name it goes by in Wechatpay-Serial. */
export type Platform = {
  readonly privateKey: KeyObject
  readonly serial: string
  readonly certificate: PlatformCertificate | null
}

export type PlatformCertificate = {
  readonly pem: string
  readonly serial: string
  readonly validFrom: Date
  readonly validTo: Date
}

export const nowMs = (context: Context): number => context.clock.now().getTime()
