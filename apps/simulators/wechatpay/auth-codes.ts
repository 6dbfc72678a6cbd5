import { assert } from '../../../kernel/assert.ts'
import { randomBelow } from '../../../kernel/random.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import { type Context, nowMs } from './context.ts'
import { findWallet } from './wallets.ts'

const LIFE_MS = MINUTE_MS
const HALF = 10 ** 8

/** A code the payer shows: it says whose it is to WeChat alone. */
export function showAuthCode(context: Context, openid: string): string {
  assert(findWallet(context, openid), `there is a wallet ${openid}`)
  const digits = [0, 1].map(() => String(randomBelow(context.random, HALF)).padStart(8, '0'))
  const code = `1${randomBelow(context.random, 6)}${digits.join('')}`
  context.store.run('insert into auth_code (code, openid, expires_ms) values (?, ?, ?)', [
    code,
    openid,
    nowMs(context) + LIFE_MS,
  ])
  return code
}

/** Whose code it is, and uses it up; 'stale' when it was used or its minute is over. */
export function useAuthCode(
  context: Context,
  code: string,
): { openid: string } | 'unknown' | 'stale' {
  const row = context.store.get<{ openid: string; expires_ms: number; used: number }>(
    'select openid, expires_ms, used from auth_code where code = ?',
    [code],
  )
  if (!row) return 'unknown'
  if (row.used === 1 || nowMs(context) >= row.expires_ms) return 'stale'
  context.store.run('update auth_code set used = 1 where code = ?', [code])
  return { openid: row.openid }
}
