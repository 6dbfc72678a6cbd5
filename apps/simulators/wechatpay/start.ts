import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import { createNewId } from '../../../kernel/id.ts'
import { type Fen, negateFen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { type Clock, SECOND_MS } from '../../../kernel/time.ts'
import type { FaultPlan, ScannedCode, Simulator } from '../kit/simulator.ts'
import { showAuthCode } from './auth-codes.ts'
import * as books from './books.ts'
import { createPlatform, type PlatformKeyOptions } from './certificates.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { createDueWork, type DueWork } from './due-work.ts'
import { addH5Page } from './h5-page.ts'
import { type InsuranceOrder, listInsuranceOrders } from './insurance/insurance-order.ts'
import { type BureauWord, type MixedPayOutcome, payInsuranceOrder } from './insurance/pay.ts'
import { listNotices, type Notice } from './notices.ts'
import { listOrders, type Order } from './order.ts'
import { payOrder, type PayOutcome, scanCode } from './pay.ts'
import { listRefunds, type Refund } from './refund.ts'
import { createServer } from './server.ts'
import { readPublicKey } from './signing.ts'
import { openStore, type Store } from './store.ts'
import type { PayTarget } from './token-order.ts'
import { addWalletPage } from './wallet-page.ts'
import {
  closeWallet,
  findWallet,
  type NewWallet,
  openWallets,
  topUpWallet,
  type Wallet,
} from './wallets.ts'

/** The simulator with the hands of its payers, and its books laid open. */
export interface WechatPaySimulator extends Simulator {
  /** Confirms an order in a wallet, by the same rules as the wallet's page. */
  pay(target: PayTarget, openid: string): Promise<PayOutcome>
  /** What the wallet reads in a code_url; null for one that it does not know. */
  scan(codeUrl: string): ScannedCode | null
  /** Enters the password of the insurance for a mixed order; the bureau settles unless told otherwise. */
  payMixed(mixTradeNo: string, openid: string, bureau?: BureauWord): Promise<MixedPayOutcome>
  /** Opens the wallet's 付款码 for a merchant to scan: 18 digits, good for one payment within a minute. */
  showAuthCode(openid: string): string
  /** Adds money to a wallet from outside. */
  topUp(openid: string, amountFen: Fen): void
  /** Nobody pays from it any more, and refunds to it come to rest as ABNORMAL. */
  closeWallet(openid: string): void
  /** Takes money out of a merchant's balance, as a withdrawal to its bank does. */
  withdraw(mchid: string, amountFen: Fen): void
  orders(): Order[]
  mixedOrders(): InsuranceOrder[]
  refunds(): Refund[]
  notices(): Notice[]
  wallet(openid: string): Wallet | null
  merchantBalance(mchid: string): Fen
  /** Every account of the books by name. They sum to zero. */
  balances(): ReadonlyMap<string, Fen>
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

export type WechatPayOptions = {
  clock: Clock
  random: Random
  faults: FaultPlan
  /** An SQLite file that outlives the simulator, or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  merchants: MerchantOptions[]
  platformKey: PlatformKeyOptions
  wallets: NewWallet[]
  /** From the acceptance of a refund to the money in the wallet, by the clock: 30 s unless told. */
  refundDelayMs?: number
}

export type MerchantOptions = {
  mchid: string
  appid: string
  name: string
  /** A public key or a certificate. */
  merchantPublicKeyPem: string
  merchantSerial: string
  apiV3Key: string // 32 characters
  /** 32 characters; without it API v2 knows no such merchant. */
  apiV2Key?: string
  mobileAppid?: string
  feePpm: number
}

/** Starts on loopback. Throws for options that make no sense or a file of other merchants. */
export async function startWechatPay(options: WechatPayOptions): Promise<WechatPaySimulator> {
  const platform = createPlatform(options.platformKey, options.clock)
  const merchants = new Map(options.merchants.map((merchant) => [merchant.mchid, read(merchant)]))
  assert(merchants.size === options.merchants.length, 'each merchant is named once')
  const store = openStore(options.databaseFile)
  const random = randomOfStart(options.random, store.nextSerial('start'))
  let url = ''
  const context: Context = {
    clock: options.clock,
    random,
    newId: createNewId(options.clock, random),
    faults: options.faults,
    store,
    merchants,
    platform,
    refundDelayMs: options.refundDelayMs ?? 30 * SECOND_MS,
    baseUrl: () => url,
  }
  const stopping = new AbortController()
  const app = createServer(context, stopping.signal)
  try {
    store.transaction(() => openAccounts(context, options.wallets))
    addWalletPage(app, context)
    addH5Page(app, context)
    await app.listen({ host: '127.0.0.1', port: options.port })
  } catch (error) {
    await app.close()
    store.close()
    throw error
  }
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return simulatorOf(context, { url, app, stopping })
}

function simulatorOf(
  context: Context,
  { url, app, stopping }: { url: string; app: FastifyInstance; stopping: AbortController },
): WechatPaySimulator {
  const { store } = context
  const dueWork: DueWork = createDueWork(context, stopping.signal)
  return {
    name: 'wechat',
    url,
    nextDueAt: () => dueWork.nextDueAt(),
    runDue: () => dueWork.run(),
    async stop() {
      if (stopping.signal.aborted) return
      stopping.abort()
      await dueWork.stop()
      await app.close()
      store.close()
    },
    pay: async (target, openid) => payOrder(context, target, openid),
    scan: (codeUrl) => scanCode(context, codeUrl),
    payMixed: async (mixTradeNo, openid, bureau = 'settles') =>
      payInsuranceOrder(context, mixTradeNo, openid, bureau),
    showAuthCode: (openid) => store.transaction(() => showAuthCode(context, openid)),
    topUp: (openid, amountFen) => store.transaction(() => topUpWallet(context, openid, amountFen)),
    closeWallet: (openid) => closeWallet(context, openid),
    withdraw: (mchid, amountFen) => store.transaction(() => withdraw(context, mchid, amountFen)),
    orders: () => listOrders(context),
    mixedOrders: () => listInsuranceOrders(context),
    refunds: () => listRefunds(context),
    notices: () => listNotices(context),
    wallet: (openid) => findWallet(context, openid),
    merchantBalance: (mchid) => books.balanceOf(store, books.merchantAccount(mchid)),
    balances: () => books.balances(store),
    checkBooks: () => books.checkBooks(store),
  }
}

/**
 * A seed begun anew gives the numbers of the first start again, which are on file. So each start
 * turns them over in its own way; the same start on the same file still gives the same ones.
 */
function randomOfStart(random: Random, start: number): Random {
  return {
    bytes(length) {
      const mask = createHash('shake256', { outputLength: length }).update(`${start}`).digest()
      return random.bytes(length).map((byte, i) => byte ^ (mask[i] ?? 0))
    },
  }
}

function withdraw(context: Context, mchid: string, amountFen: Fen) {
  assert(amountFen > 0, 'a withdrawal is above zero')
  books.postOutside(context.store, {
    atMs: nowMs(context),
    account: books.merchantAccount(mchid),
    amountFen: negateFen(amountFen),
    title: '提现',
    businessNo: `TX${context.store.nextSerial('withdrawal')}`,
  })
}

function openAccounts(context: Context, wallets: NewWallet[]) {
  const { store, merchants } = context
  refuseForeignFile(store, merchants)
  for (const name of [books.OUTSIDE, books.FEES, books.IN_TRANSIT]) {
    books.ensureAccount(store, name)
  }
  for (const mchid of merchants.keys()) books.ensureAccount(store, books.merchantAccount(mchid))
  openWallets(context, wallets)
}

function refuseForeignFile(store: Store, merchants: ReadonlyMap<string, Merchant>) {
  const onFile = store.all<{ mchid: string }>('select distinct mchid from trade_order')
  for (const { mchid } of onFile) {
    assert(merchants.has(mchid), `merchant ${mchid} of the file is among the options`)
  }
}

function read(options: MerchantOptions): Merchant {
  const { mchid, appid, name, merchantSerial: serial, apiV3Key, feePpm } = options
  assert(/^\d{6,32}$/.test(mchid), `mchid ${mchid} is 6 to 32 digits`)
  assert(Buffer.byteLength(apiV3Key) === 32, `the APIv3 key of ${mchid} has 32 bytes`)
  const { apiV2Key = null, mobileAppid = null } = options
  assert(
    apiV2Key === null || apiV2Key.length === 32,
    `the key of API v2 of ${mchid} has 32 letters`,
  )
  assert(Number.isInteger(feePpm) && feePpm >= 0 && feePpm < 1_000_000, `${mchid} has a fee rate`)
  const publicKey = readPublicKey(options.merchantPublicKeyPem)
  return { mchid, appid, name, publicKey, serial, apiV3Key, apiV2Key, mobileAppid, feePpm }
}
