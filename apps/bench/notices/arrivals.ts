import { setTimeout as delay } from 'node:timers/promises'

import { Pool } from 'undici'

import { assert } from '../../../kernel/assert.ts'
import type { SignedNotice } from './signed.ts'

const MOST_CONNECTIONS = 64
const PROBE_CONNECTIONS = 8

/** How many a second are acknowledged when each of a few senders waits for one before it sends the next. */
export async function mostPerSecond(url: string, notices: readonly SignedNotice[]) {
  const { pool, send } = openSender(url, PROBE_CONNECTIONS)
  const rest = notices.values()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: PROBE_CONNECTIONS }, async () => {
      for (const notice of rest) await send(notice)
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  await pool.close()
  return notices.length / seconds
}

/**
 * Sends them at a steady rate, whether the last was acknowledged or not, as a provider does. Returns how long each took from
 * the moment when it was to be sent, in ms: one that had to wait for its turn has waited.
 * Errors: throws when one is not acknowledged.
 */
export async function arriveAt(
  url: string,
  notices: readonly SignedNotice[],
  perSecond: number,
): Promise<number[]> {
  const { pool, send } = openSender(url, MOST_CONNECTIONS)
  const startedAt = performance.now()
  const sending = notices.map(async (notice, i) => {
    const at = startedAt + (i * 1_000) / perSecond
    await delay(Math.max(at - performance.now(), 0))
    await send(notice)
    return performance.now() - at
  })
  try {
    return await Promise.all(sending)
  } finally {
    await pool.close()
  }
}

function openSender(url: string, connections: number) {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections, pipelining: 1 })
  return { pool, send }

  async function send({ headers, body }: SignedNotice): Promise<void> {
    const answer = await pool.request({ method: 'POST', path: pathname, headers, body })
    const text = await answer.body.text()
    const { statusCode } = answer
    assert(statusCode === 200 || statusCode === 204, `acknowledged: ${statusCode} ${text}`)
  }
}
