import type { Context, Merchant, RefusalKind } from './context.ts'
import type { NoticeForm } from './notices.ts'

/** A request as it came. */
export type Incoming = {
  method: string
  /** Path and query as sent. */
  target: string
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** A request that is proven to come from a merchant, moments ago and for the first time. */
export type Proven = {
  merchant: Merchant
  nonce: string
  fields: Record<string, unknown>
}

export type Written = { status: number; headers: Record<string, string>; body: string }

export type Call = {
  operation: string
  /** What it is about: a fault plan knows it by that. */
  key: string
  perform(): object
}

export type Route = {
  method: 'GET' | 'POST' | 'PUT'
  url: string
  /** Reads the request. Throws a Refusal of one that makes no sense. */
  read(context: Context, proven: Proven, params: Record<string, string>): Call
}

/** How one of the wallets of the specimen page speaks. */
export interface Dialect {
  readonly name: string
  readonly routes: readonly Route[]
  readonly notice: NoticeForm
  /** Null for whatever cannot be proven. */
  authenticate(context: Context, incoming: Incoming): Proven | null
  answer(context: Context, proven: Proven, object: object): Written
  refuse(context: Context, proven: Proven, kind: RefusalKind, message: string): Written
  readonly unproven: Written
}

const SKEW_MS = 300_000

/** Notes the nonce of a request of this moment; false when it came before or at another time. */
export function isFresh(
  context: Context,
  merchant: Merchant,
  { nonce, sentMs }: { nonce: string; sentMs: number },
): boolean {
  const { store, clock } = context
  const now = clock.now().getTime()
  if (!(Math.abs(now - sentMs) <= SKEW_MS) || !/^[0-9A-Za-z]{16,64}$/.test(nonce)) return false
  store.run('delete from nonce where at_ms < ?', [now - 2 * SKEW_MS])
  const known = store.get('select 1 from nonce where merchant = ? and nonce = ?', [
    merchant.merchantNo,
    nonce,
  ])
  if (known !== null) return false
  store.run('insert into nonce (merchant, nonce, at_ms) values (?, ?, ?)', [
    merchant.merchantNo,
    nonce,
    now,
  ])
  return true
}
