import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { type Clock, DAY_MS } from '../../../kernel/time.ts'
import type { FaultPlan, ScannedCode, Simulator } from '../kit/simulator.ts'
import { addAgreementPages } from './agreement-page.ts'
import {
  type Agreement,
  listAgreements,
  type SigningOutcome,
  signInWallet,
  suspend,
  unsignInWallet,
} from './agreements.ts'
import * as books from './books.ts'
import { type App, type Context, nowMs, type Platform, type Rules } from './context.ts'
import { createDueWork, type DueWork } from './due-work.ts'
import { listNotices, type Notice } from './notices.ts'
import { listRefunds, type Refund } from './refund.ts'
import { createServer } from './server.ts'
import { certificateSn } from './signing.ts'
import { openStore, type Store } from './store.ts'
import { listTrades, type Trade } from './trade.ts'
import { addWalletPages } from './wallet-page.ts'
import { type PayOutcome, type PayTarget, payTarget, scanCode } from './wallet.ts'
import {
  closeWallet,
  findWallet,
  issueBarcode,
  type NewWallet,
  openWallets,
  topUpWallet,
  type Wallet,
} from './wallets.ts'

/** The simulator with the hands of its payers, and its books laid open. */
export interface AlipaySimulator extends Simulator {
  /** Confirms a trade or a deposit in a wallet, by the same rules as the wallet's page. */
  pay(target: PayTarget, buyerId: string): Promise<PayOutcome>
  /** What the wallet reads in a code, of a trade or of a deposit; null for one that it does not know. */
  scan(qrCode: string): ScannedCode | null
  /** The digits that the payer's wallet shows a merchant's scanner now. */
  barcodeOf(buyerId: string): string
  /** Adds money to a wallet from outside. */
  topUp(buyerId: string, amountFen: Fen): void
  /** Nobody pays from it any more, and nothing is refunded to it. */
  closeWallet(buyerId: string): void
  /** Takes money out of a merchant's balance, as a withdrawal to its bank does. */
  withdraw(sellerId: string, amountFen: Fen): void
  /** The payer signs what their browser has opened, as on the wallet's page. */
  signAgreement(externalNo: string, buyerId: string): SigningOutcome
  /** The payer ends an agreement in the wallet; false when there is none. */
  unsignAgreement(externalNo: string): boolean
  /** Alipay itself lets it rest, or lets it be charged again. */
  suspendAgreement(externalNo: string, isSuspended: boolean): void
  agreements(): Agreement[]
  trades(): Trade[]
  refunds(): Refund[]
  notices(): Notice[]
  wallet(buyerId: string): Wallet | null
  merchantBalance(sellerId: string): Fen
  /** Every account of the books by name. They sum to zero. */
  balances(): ReadonlyMap<string, Fen>
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

export type AlipayOptions = {
  clock: Clock
  random: Random
  faults: FaultPlan
  /** An SQLite file that outlives the simulator, or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  apps: AppOptions[]
  platform: PlatformOptions
  wallets: NewWallet[]
  /** Amounts up to this are taken from a barcode without a password: 1000 yuan unless told. */
  barcodeLimitFen?: Fen
  /** What one payment by an agreement may be: 500 yuan unless told; and those of a day: 2000 yuan. */
  agreementLimitFen?: Fen
  agreementDayLimitFen?: Fen
  /** Whether a code nobody scanned is dead once cancelled: not unless told. */
  cancelEndsUnscannedCode?: boolean
  /** How long a payment can be refunded: 365 days unless told. */
  refundableMs?: number
}

export type AppOptions = {
  appId: string
  sellerId: string // the merchant's PID
  name: string
  /** A public key, or a certificate: then the application is in the mode of certificates. */
  appPublicKeyPem: string
  /** AES key in base64 when the merchant may encrypt its content. */
  contentKey?: string
  feePpm: number
  usesOpenId?: boolean
  /** 应用网关 of the application, where the ending of an agreement in the wallet is told. */
  gatewayUrl?: string
}

export type PlatformOptions = {
  privateKeyPem: string
  /** Needed when an application is in the mode of certificates. */
  certificatePem?: string
  /** The root certificate as merchants are given it, one that is signed by RSA. */
  rootCertificatePem?: string
}

const BARCODE_LIMIT_FEN = fen(100_000)
const AGREEMENT_LIMIT_FEN = fen(50_000)
const AGREEMENT_DAY_LIMIT_FEN = fen(200_000)
const REFUNDABLE_MS = 365 * DAY_MS

/** Starts on loopback. Throws for options that make no sense or a file of other merchants. */
export async function startAlipay(options: AlipayOptions): Promise<AlipaySimulator> {
  const apps = new Map(options.apps.map((app) => [app.appId, readApp(app)]))
  assert(apps.size === options.apps.length, 'each application is named once')
  const platform = platformOf(options.platform)
  const store = openStore(options.databaseFile)
  let url = ''
  const context: Context = {
    clock: options.clock,
    random: randomOfStart(options.random, store.nextSerial('start')),
    faults: options.faults,
    store,
    apps,
    platform,
    rules: rulesOf(options),
    baseUrl: () => url,
  }
  const stopping = new AbortController()
  const app = createServer(context, stopping.signal)
  try {
    store.transaction(() => openAccounts(context, options.wallets))
    addWalletPages(app, context)
    addAgreementPages(app, context)
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
): AlipaySimulator {
  const { store } = context
  const dueWork: DueWork = createDueWork(context, stopping.signal)
  return {
    name: 'alipay',
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
    pay: async (target, buyerId) => payTarget(context, target, buyerId),
    scan: (qrCode) => scanCode(context, qrCode),
    barcodeOf: (buyerId) => issueBarcode(context, buyerId),
    topUp: (buyerId, amountFen) =>
      store.transaction(() => topUpWallet(context, buyerId, amountFen)),
    closeWallet: (buyerId) => closeWallet(context, buyerId),
    withdraw: (sellerId, amountFen) =>
      store.transaction(() => withdraw(context, sellerId, amountFen)),
    signAgreement: (externalNo, buyerId) =>
      store.transaction(() => signInWallet(context, externalNo, buyerId)),
    unsignAgreement: (externalNo) => store.transaction(() => unsignInWallet(context, externalNo)),
    suspendAgreement: (externalNo, isSuspended) => suspend(context, externalNo, isSuspended),
    agreements: () => listAgreements(context),
    trades: () => listTrades(context),
    refunds: () => listRefunds(context),
    notices: () => listNotices(context),
    wallet: (buyerId) => findWallet(context, buyerId),
    merchantBalance: (sellerId) => books.balanceOf(store, books.merchantAccount(sellerId)),
    balances: () => books.balances(store),
    checkBooks: () => books.checkBooks(store),
  }
}

/**
 * A seed begun anew gives the numbers of the first start again, which are on file. So each start turns them over in
 * its own way; the same start on the same file still gives the same ones.
 */
function randomOfStart(random: Random, start: number): Random {
  return {
    bytes(length) {
      const mask = createHash('shake256', { outputLength: length }).update(`${start}`).digest()
      return random.bytes(length).map((byte, i) => byte ^ (mask[i] ?? 0))
    },
  }
}

const rulesOf = (options: AlipayOptions): Rules => ({
  barcodeLimitFen: options.barcodeLimitFen ?? BARCODE_LIMIT_FEN,
  agreementLimitFen: options.agreementLimitFen ?? AGREEMENT_LIMIT_FEN,
  agreementDayLimitFen: options.agreementDayLimitFen ?? AGREEMENT_DAY_LIMIT_FEN,
  cancelEndsUnscannedCode: options.cancelEndsUnscannedCode ?? false,
  refundableMs: options.refundableMs ?? REFUNDABLE_MS,
})

function withdraw(context: Context, sellerId: string, amountFen: Fen) {
  assert(amountFen > 0, 'a withdrawal is above zero')
  const businessNo = `TX${context.store.nextSerial('withdrawal')}`
  const entry = { atMs: nowMs(context), businessNo, title: '提现' }
  books.move(context.store, entry, books.merchantAccount(sellerId), books.OUTSIDE, amountFen)
}

function openAccounts(context: Context, wallets: readonly NewWallet[]) {
  const { store, apps } = context
  refuseForeignFile(store, apps)
  openWallets(context, wallets)
}

function refuseForeignFile(store: Store, apps: ReadonlyMap<string, App>) {
  const onFile = store.all<{ app_id: string }>('select distinct app_id from trade')
  for (const { app_id: appId } of onFile) {
    assert(apps.has(appId), `application ${appId} of the file is among the options`)
  }
}

function readApp(options: AppOptions): App {
  const { appId, sellerId, name, appPublicKeyPem: pem, contentKey, feePpm } = options
  assert(/^\d{16,32}$/.test(appId), `app_id ${appId} is 16 to 32 digits`)
  assert(/^2088\d{12}$/.test(sellerId), `seller ${sellerId} is 2088 and twelve digits`)
  assert(Number.isInteger(feePpm) && feePpm >= 0 && feePpm < 1_000_000, `${appId} has a fee rate`)
  const certificate = pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem) : null
  return {
    appId,
    sellerId,
    name,
    publicKey: certificate?.publicKey ?? createPublicKey(pem),
    certSn: certificate && certificateSn(certificate),
    contentKey: contentKey === undefined ? null : Buffer.from(contentKey, 'base64'),
    feePpm,
    usesOpenId: options.usesOpenId ?? false,
    gatewayUrl: options.gatewayUrl ?? '',
  }
}

function platformOf({
  privateKeyPem,
  certificatePem,
  rootCertificatePem,
}: PlatformOptions): Platform {
  const snOf = (pem: string | undefined) =>
    pem === undefined ? null : certificateSn(new X509Certificate(pem))
  return {
    privateKey: createPrivateKey(privateKeyPem),
    certSn: snOf(certificatePem),
    rootCertSn: snOf(rootCertificatePem),
  }
}
