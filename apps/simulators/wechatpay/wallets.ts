import { createHash } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import { balanceOf, ensureAccount, postOutside, walletAccount } from './books.ts'
import { type Context, nowMs } from './context.ts'

export type Wallet = { openid: string; name: string; closed: boolean; balanceFen: Fen }

export function findWallet({ store }: Context, openid: string): Wallet | null {
  const row = store.get<{ openid: string; name: string; closed: number }>(
    'select * from wallet where openid = ?',
    [openid],
  )
  if (!row) return null
  const balanceFen = balanceOf(store, walletAccount(openid))
  return { ...row, closed: row.closed === 1, balanceFen }
}

/** Wallets that can pay, in the order they were opened; the first so many. */
export const openOnes = ({ store }: Context, limit: number): { openid: string; name: string }[] =>
  store.all('select openid, name from wallet where closed = 0 order by rowid limit ?', [limit])

/** Opens the wallets that are not there yet; one that is keeps its balance. */
export function openWallets(context: Context, wallets: NewWallet[]): void {
  for (const { openid, name, balanceFen, insured } of wallets) {
    if (findWallet(context, openid)) continue
    context.store.run('insert into wallet (openid, name) values (?, ?)', [openid, name])
    ensureAccount(context.store, walletAccount(openid))
    if (balanceFen > 0) topUpWallet(context, openid, balanceFen)
    if (insured) bindInsuranceCard(context, openid, { name, ...insured })
  }
}

export type NewWallet = {
  openid: string
  name: string
  balanceFen: Fen
  /** The 医保电子凭证 bound to it; without it WeChat takes no mixed order of this payer's. */
  insured?: { idNumber: string; family?: { name: string; idNumber: string }[] }
}

function bindInsuranceCard(
  { store }: Context,
  openid: string,
  { name, idNumber, family = [] }: NonNullable<NewWallet['insured']> & { name: string },
) {
  store.run('insert into insurance_card (openid, name, id_digest) values (?, ?, ?)', [
    openid,
    name,
    digestOf(idNumber),
  ])
  for (const relative of family) {
    store.run('insert into insurance_relative (openid, name, id_digest) values (?, ?, ?)', [
      openid,
      relative.name,
      digestOf(relative.idNumber),
    ])
  }
}

/** What a merchant sends in place of the number: the MD5 of its 18 digits, with a capital X. */
const digestOf = (idNumber: string): string =>
  createHash('md5').update(idNumber.toUpperCase()).digest('hex')

export function topUpWallet(context: Context, openid: string, amountFen: Fen): void {
  assert(amountFen > 0, 'a top-up is above zero')
  postOutside(context.store, {
    atMs: nowMs(context),
    account: walletAccount(openid),
    amountFen,
    title: '充值',
    businessNo: `CZ${context.store.nextSerial('top-up')}`,
  })
}

/** Nobody pays from a closed wallet, and refunds to it come to rest as ABNORMAL. */
export function closeWallet(context: Context, openid: string): void {
  assert(findWallet(context, openid), `there is a wallet ${openid}`)
  context.store.run('update wallet set closed = 1 where openid = ?', [openid])
}
