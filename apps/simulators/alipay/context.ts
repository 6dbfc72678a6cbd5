import type { KeyObject } from 'node:crypto'

import type { Fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { FaultPlan } from '../kit/simulator.ts'
import type { Store } from './store.ts'

/** What every part of the simulator works with. */
export type Context = {
  readonly clock: Clock
  readonly random: Random
  readonly faults: FaultPlan
  readonly store: Store
  readonly apps: ReadonlyMap<string, App>
  readonly platform: Platform
  readonly rules: Rules
  /** 'http://127.0.0.1:port', known once the server listens. */
  baseUrl(): string
}

/** An application of one merchant. */
export type App = {
  readonly appId: string
  readonly sellerId: string
  readonly name: string
  readonly publicKey: KeyObject
  /** Set for an application in the mode of certificates. */
  readonly certSn: string | null
  /** The key of content encryption, when the merchant has switched it on. */
  readonly contentKey: Buffer | null
  readonly feePpm: number
  /** Whether payers are named by buyer_open_id instead of buyer_id. */
  readonly usesOpenId: boolean
  /** 应用网关: where Alipay tells of what no request has named an address for. */
  readonly gatewayUrl: string
}

/** The key Alipay itself signs with. */
export type Platform = {
  readonly privateKey: KeyObject
  readonly certSn: string | null
  readonly rootCertSn: string | null
}

export type Rules = {
  /** A barcode pays up to this at once; above it the payer enters the password. */
  readonly barcodeLimitFen: Fen
  /** What one payment by an agreement may be, and those of one agreement on one day together. */
  readonly agreementLimitFen: Fen
  readonly agreementDayLimitFen: Fen
  /** Whether a code that nobody scanned is dead once its number is cancelled. */
  readonly cancelEndsUnscannedCode: boolean
  /** How long after the payment a trade can be refunded; then it is TRADE_FINISHED. */
  readonly refundableMs: number
}

export const nowMs = (context: Context): number => context.clock.now().getTime()

/** A number of Alipay's: the day, a prefix and a number that never comes again; 28 digits. */
export function alipayNo(context: Context, prefix: string): string {
  const day = businessDateOf(context.clock.now()).replaceAll('-', '')
  return `${day}${prefix}${String(context.store.nextSerial('alipay')).padStart(20 - prefix.length, '0')}`
}
