import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

import { Pool } from 'undici'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import type { Payer } from '../bed.ts'

/** What one side did in one round. */
export type Work = { payments: number; seconds: number; latenciesMs: number[]; lastBillNo: string }

/** What they pay by. */
export const CHANNEL = 'wechat'
const POLL_MS = 20
const PAYMENT_TIMEOUT_MS = 30_000

/**
 * Payers who pay one bill after the other, by the public API: make a plan, agree to it, pay (the wallet tells
 * the hub), and look until it has succeeded, which is when the hospital has given its receipt. The time of
 * a payment is all of that.
 */
export async function payForAWhile(options: {
  url: string
  hospitalId: HospitalId
  payers: readonly Payer[]
  seconds: number
}): Promise<Work> {
  const { url, hospitalId, payers, seconds } = options
  const api = new Pool(url, { connections: payers.length, pipelining: 1 })
  try {
    await untilUp(api)
    const cookies: string[] = []
    for (const payer of payers) cookies.push(await signIn(api, payer))
    const latenciesMs: number[] = []
    let lastBillNo = ''
    const startedAt = performance.now()
    await Promise.all(
      cookies.map(async (cookie) => {
        while (performance.now() - startedAt < seconds * 1_000) {
          const beganAt = performance.now()
          lastBillNo = newBillNo()
          await payOnce({ api, cookie, path: `/v1/hospitals/${hospitalId}` }, lastBillNo)
          latenciesMs.push(performance.now() - beganAt)
        }
      }),
    )
    const took = (performance.now() - startedAt) / 1_000
    return { payments: latenciesMs.length, seconds: took, latenciesMs, lastBillNo }
  } finally {
    await api.close()
  }
}

const UP_WITHIN_MS = 30_000
const ASK_UP_MS = 200

/** A hub that has just started may still be busy with that, and say so. */
export async function untilUp(api: Pool): Promise<void> {
  const giveUpAt = performance.now() + UP_WITHIN_MS
  for (;;) {
    const { statusCode, body } = await api.request({ method: 'GET', path: '/v1/health' })
    await body.dump()
    if (statusCode === 200) return
    assert(performance.now() < giveUpAt, `the hub is up within ${UP_WITHIN_MS} ms: ${statusCode}`)
    await delay(ASK_UP_MS)
  }
}

export async function signIn(api: Pool, payer: Payer): Promise<string> {
  const { statusCode, headers, body } = await api.request({
    method: 'POST',
    path: '/v1/sessions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app: 'patient', ...payer }),
  })
  const text = await body.text()
  assert(statusCode === 201, `a payer signs in: ${statusCode} ${text}`)
  return String(headers['set-cookie']).split(';')[0] ?? ''
}

async function payOnce(session: Session, billNo: string): Promise<void> {
  const { path } = session
  const planned = await send(session, 'POST', `${path}/payments`, {
    bills: [{ billNo, version: 1 }],
    channel: CHANNEL,
    useAccount: true,
  })
  const payment = `${path}/payments/${planned.id}`
  const payFen = planned.tenders.find((tender) => tender.phase === 'payer')?.amountFen ?? 0
  let view = await send(session, 'POST', `${payment}/confirmation`, { payFen })
  // The worker may have taken the payment up first: then the order is there a moment later.
  view = await lookUntil(session, payment, view, (seen) => tradeNoOf(seen) !== undefined)
  await send(session, 'POST', `${path}/notices/${CHANNEL}`, { tradeNo: tradeNoOf(view) })
  await lookUntil(session, payment, view, ({ status }) => status === 'succeeded')
}

/** What the instant wallet gives the payer is our number of the order. */
export const tradeNoOf = ({ tenders }: PaymentView): string | undefined =>
  tenders.find((tender) => tender.payerAction)?.payerAction?.content

export const newBillNo = (): string => `B-${randomBytes(12).toString('hex')}`

async function lookUntil(
  session: Session,
  path: string,
  known: PaymentView,
  isThere: (view: PaymentView) => boolean,
): Promise<PaymentView> {
  const giveUpAt = performance.now() + PAYMENT_TIMEOUT_MS
  let view = known
  while (!isThere(view)) {
    assert(performance.now() < giveUpAt, `${path} is not ${view.status} for ever`)
    assert(!ENDED.has(view.status), `${path} is ${view.status}`)
    await delay(POLL_MS)
    view = await send(session, 'GET', path)
  }
  return view
}

const ENDED = new Set(['compensating', 'failed', 'closed'])

export async function send(
  { api, cookie }: Session,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<PaymentView> {
  const answer = await api.request({
    method,
    path,
    headers: {
      cookie,
      'x-yiqiao-app': 'patient',
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.body.text()
  assert(answer.statusCode < 300, `${method} ${path}: ${answer.statusCode} ${text}`)
  return (text === '' ? {} : JSON.parse(text)) as PaymentView
}

export type Session = { api: Pool; cookie: string; path: string }

export type PaymentView = {
  id: string
  status: string
  tenders: { phase: string; amountFen: number; payerAction: { content: string } | null }[]
}
