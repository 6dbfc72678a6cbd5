import type { Channel } from '../../../../modules/payments/index.ts'
import { createUnionPay } from '../index.ts'
import { readUnionPayParams, type UnionPayParams } from '../params.ts'
import { type Gateway, paramsFor, startGateway } from './gateway.ts'
import { type Keys, makeKeys } from './keys.ts'

export type Bed = {
  keys: Keys
  gateway: Gateway
  setNow(text: string): void
  channelWith(changes?: Partial<UnionPayParams>): Channel
  stop(): Promise<void>
}

/** The channel on a clock that is set by hand, before a gateway that is told what to say. */
export async function startBed(): Promise<Bed> {
  const keys = makeKeys()
  const gateway = await startGateway(keys)
  let now = new Date('2026-11-21T10:00:10+08:00')
  const deps = { clock: { now: () => now }, timeoutMs: 2_000 }
  return {
    keys,
    gateway,
    setNow: (text) => void (now = new Date(`${text}+08:00`)),
    channelWith: (changes = {}) =>
      createUnionPay(readUnionPayParams(paramsFor(gateway.url, keys, changes)), deps),
    stop: () => gateway.stop(),
  }
}
