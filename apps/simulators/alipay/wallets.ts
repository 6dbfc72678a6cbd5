import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import { randomBelow } from '../../../kernel/random.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import { balanceOf, move, OUTSIDE, walletAccount } from './books.ts'
import { type App, type Context, nowMs } from './context.ts'

export type Wallet = {
  buyerId: string
  openId: string
  logonId: string // masked, as merchants see it
  name: string
  closed: boolean
  balanceFen: Fen
}

export type NewWallet = Omit<Wallet, 'closed'>

export function findWallet(context: Context, buyerId: string): Wallet | null {
  const row = context.store.get<WalletRow>('select * from wallet where buyer_id = ?', [buyerId])
  return row && toWallet(context, row)
}

export function findWalletByOpenId(context: Context, openId: string): Wallet | null {
  const row = context.store.get<WalletRow>('select * from wallet where open_id = ?', [openId])
  return row && toWallet(context, row)
}

export const listWallets = (context: Context, limit: number): Wallet[] =>
  context.store
    .all<WalletRow>('select * from wallet order by rowid limit ?', [limit])
    .map((row) => toWallet(context, row))

/** How a payer is named to a merchant's application. */
export function payerFields(app: App, wallet: Wallet | null, prefix: 'buyer' | 'payer') {
  if (wallet === null) return {}
  const logon = { [`${prefix}_logon_id`]: wallet.logonId }
  if (app.usesOpenId) return { ...logon, [`${prefix}_open_id`]: wallet.openId }
  return { ...logon, [`${prefix}_user_id`]: wallet.buyerId }
}

/** Opens the wallets that are not there yet; one that is keeps its balance. */
export function openWallets(context: Context, wallets: readonly NewWallet[]): void {
  for (const { buyerId, openId, logonId, name, balanceFen } of wallets) {
    assert(/^2088\d{12}$/.test(buyerId), `buyer ${buyerId} is 2088 and twelve digits`)
    if (findWallet(context, buyerId)) continue
    context.store.run(
      'insert into wallet (buyer_id, open_id, logon_id, name) values (?, ?, ?, ?)',
      [buyerId, openId, logonId, name],
    )
    if (balanceFen > 0) topUpWallet(context, buyerId, balanceFen)
  }
}

export function topUpWallet(context: Context, buyerId: string, amountFen: Fen): void {
  assert(amountFen > 0, 'a top-up is above zero')
  const businessNo = `CZ${context.store.nextSerial('top-up')}`
  const entry = { atMs: nowMs(context), businessNo, title: '充值' }
  move(context.store, entry, OUTSIDE, walletAccount(buyerId), amountFen)
}

/** Nobody pays from a closed wallet, and nothing is refunded to it. */
export function closeWallet(context: Context, buyerId: string): void {
  assert(findWallet(context, buyerId), `there is a wallet ${buyerId}`)
  context.store.run('update wallet set closed = 1 where buyer_id = ?', [buyerId])
}

const BARCODE_LIFE_MS = MINUTE_MS
const BARCODE_TAIL = 10_000_000

/** The digits a payer's wallet shows now: 18 of them, good for a minute and for one payment. */
export function issueBarcode(context: Context, buyerId: string): string {
  assert(findWallet(context, buyerId), `there is a wallet ${buyerId}`)
  const prefix = 25 + randomBelow(context.random, 6)
  const serial = String(context.store.nextSerial('barcode')).padStart(9, '0')
  const tail = String(randomBelow(context.random, BARCODE_TAIL)).padStart(7, '0')
  const code = `${prefix}${serial}${tail}`
  context.store.run('insert into barcode (code, buyer_id, expires_ms) values (?, ?, ?)', [
    code,
    buyerId,
    nowMs(context) + BARCODE_LIFE_MS,
  ])
  return code
}

/** Whose barcode it is, when it can still be used for this; null otherwise. */
export function useBarcode(context: Context, code: string, forNo: string): Wallet | null {
  const row = context.store.get<{ buyer_id: string }>(
    `update barcode set used_for = ? where code = ? and expires_ms > ? and used_for is null
     returning buyer_id`,
    [forNo, code, nowMs(context)],
  )
  return row && findWallet(context, row.buyer_id)
}

/** The number a barcode was used for; null when it was not. */
export function useOfBarcode({ store }: Context, code: string): string | null {
  const row = store.get<{ used_for: string | null }>(
    'select used_for from barcode where code = ?',
    [code],
  )
  return row?.used_for ?? null
}

function toWallet({ store }: Context, row: WalletRow): Wallet {
  return {
    buyerId: row.buyer_id,
    openId: row.open_id,
    logonId: row.logon_id,
    name: row.name,
    closed: row.closed === 1,
    balanceFen: balanceOf(store, walletAccount(row.buyer_id)),
  }
}

type WalletRow = {
  buyer_id: string
  open_id: string
  logon_id: string
  name: string
  closed: number
}
