import { createHash } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import { type Answer, refusal } from './protocol.ts'
import type { Store } from './store.ts'

/** 1, 2, 3 … for each name: what makes numbers that no chance has a part in. */
export function nextCount(store: Store, name: string): number {
  const sql = `insert into counter (name, value) values (?, 1)
    on conflict (name) do update set value = value + 1 returning value`
  const row = store.get<{ value: number }>(sql, name)
  assert(row, 'an insert returns its row')
  return row.value
}

/** How many times this operation was asked about this key, now included. */
export const countAttempt = (store: Store, operation: string, key: string): number =>
  nextCount(store, `attempt ${operation} ${key}`)

/**
 * What is answered to a business key that has its answer: the same again for the same body, and
 * DUPLICATE_DIFFERENT for another. Null for a key without one.
 */
export function repeatedAnswer(store: Store, operation: string, key: string, body: object) {
  const sql = 'select body_hash, answer from answered where operation = ? and business_key = ?'
  const row = store.get<{ body_hash: string; answer: string }>(sql, operation, key)
  if (!row) return null
  if (row.body_hash === hashOf(body)) return JSON.parse(row.answer) as Answer
  return refusal('DUPLICATE_DIFFERENT', `${operation} was asked for this key with another body`)
}

export function hasAnswer(store: Store, operation: string, key: string): boolean {
  const sql = 'select 1 from answered where operation = ? and business_key = ?'
  return store.get(sql, operation, key) !== null
}

/** Binds the business key to this body and answer, for good. */
export function remember(
  store: Store,
  operation: string,
  key: string,
  body: object,
  answer: Answer,
): Answer {
  const sql = 'insert into answered values (?, ?, ?, ?)'
  store.run(sql, operation, key, hashOf(body), JSON.stringify(answer))
  return answer
}

/** False for a nonce that was taken before. Timestamps are in seconds. */
export function takeNonce(
  store: Store,
  { keyId, nonce, timestamp }: { keyId: string; nonce: string; timestamp: number },
  forgetBefore: number,
): boolean {
  store.run('delete from nonce where timestamp < ?', forgetBefore)
  const sql = 'insert or ignore into nonce (key_id, nonce, timestamp) values (?, ?, ?)'
  return store.run(sql, keyId, nonce, timestamp) === 1
}

/** The same for two bodies that say the same, whatever the order of their fields. */
const hashOf = (body: object): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(body)))
    .digest('hex')

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, part]) => [key, sorted(part)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
