import { setTimeout as delay } from 'node:timers/promises'

import { Pool } from 'undici'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Payer } from '../bed.ts'
import {
  newBillNo,
  type PaymentView,
  send,
  type Session,
  signIn,
  tradeNoOf,
} from '../payments/load.ts'
import { SLOW } from './slow.ts'

const CONNECTIONS = 256

/** Payers of a channel, or at a hospital, that does not always answer; they come whether it answers or not. */
export async function openSidePayers(options: { url: string; payer: Payer; channel?: string }) {
  const api = new Pool(options.url, { connections: CONNECTIONS, pipelining: 1 })
  const cookie = await signIn(api, options.payer)
  const channel = options.channel ?? SLOW
  const onTheirWay = new Set<Promise<unknown>>()
  const failures: unknown[] = []
  let begun = 0
  return { come, close, begun: () => begun }

  /** So many a second at each hospital, for so long. */
  async function come(hospitals: readonly HospitalId[], perSecond: number, seconds: number) {
    const startedAt = performance.now()
    for (let i = 0; i < perSecond * seconds; i++) {
      const at = startedAt + (i * 1_000) / perSecond
      await delay(Math.max(at - performance.now(), 0))
      for (const id of hospitals) begin({ api, cookie, path: `/v1/hospitals/${id}` })
    }
  }

  function begin(session: Session): void {
    begun += 1
    const paying = pay(session, channel).catch((failure: unknown) => void failures.push(failure))
    onTheirWay.add(paying)
    void paying.then(() => onTheirWay.delete(paying))
  }

  /** Waits for those who still wait. Errors: throws the first failure of any payer. */
  async function close(): Promise<void> {
    await Promise.all(onTheirWay)
    await api.close()
    if (failures.length > 0) throw failures[0]
  }
}

/** They pay, and their channel tells of it; nobody looks whether the payment gets on. */
async function pay(session: Session, channel: string): Promise<void> {
  const { path } = session
  const planned: PaymentView = await send(session, 'POST', `${path}/payments`, {
    bills: [{ billNo: newBillNo(), version: 1 }],
    channel,
    method: 'qr_code',
    useAccount: true,
  })
  const payFen = planned.tenders.find((tender) => tender.phase === 'payer')?.amountFen ?? 0
  const confirmation = `${path}/payments/${planned.id}/confirmation`
  const view = await send(session, 'POST', confirmation, { payFen })
  await send(session, 'POST', `${path}/notices/${channel}`, { tradeNo: tradeNoOf(view) })
}
