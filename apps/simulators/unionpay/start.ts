import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { type Clock, SECOND_MS } from '../../../kernel/time.ts'
import type { ScannedCode, Simulator } from '../kit/simulator.ts'
import * as books from './books.ts'
import { type Card, findCard, newPayCode, openCards } from './cards.ts'
import type { KeyAndCertificate } from './certificates.ts'
import type { Context, Merchant, UnionPayFaultPlan } from './context.ts'
import { createDueWork } from './due-work.ts'
import type { MerchantProof, Signer } from './message.ts'
import { listNotices, type Notice } from './notices.ts'
import { type PayOutcome, payTxn, scanTxn } from './pay.ts'
import { createServer } from './server.ts'
import { openStore, type Store } from './store.ts'
import { latestOfOrder, listTxns, type Txn, txnByToken } from './transactions.ts'

/** The simulator with the hands of its payers, and its books laid open. */
export interface UnionPaySimulator extends Simulator {
  /** Confirms an order with a card, by the same rules as the page. */
  pay(target: PayTarget, cardNo: string): Promise<PayOutcome>
  /** What the app reads in our code; null for one that it does not know. */
  scan(qrCode: string): ScannedCode | null
  /** The digits that the payer's app shows for this card now: good for a minute and one payment. */
  payCode(cardNo: string): string
  /** Adds money to a card from outside. */
  topUp(cardNo: string, amountFen: Fen): void
  transactions(): Txn[]
  notices(): Notice[]
  card(cardNo: string): Card | null
  merchantBalance(merId: string): Fen
  /** Every account of the books by name. They sum to zero. */
  balances(): ReadonlyMap<string, Fen>
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

/** What a payer has in hand: the text of our code, a tn, or the order that the page has opened. */
export type PayTarget = { qrCode: string } | { tn: string } | { merId: string; orderId: string }

export type UnionPayOptions = {
  clock: Clock
  random: Random
  faults: UnionPayFaultPlan
  /** An SQLite file that outlives the simulator, or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  merchants: MerchantOptions[]
  /** What UnionPay signs with. */
  signer: KeyAndCertificate
  cards: Card[]
  /** From the acceptance of a payer's code to the payment, by the clock: 2 s unless told. */
  codeDelayMs?: number
  /** From the acceptance of a refund to the money on the card, by the clock: 30 s unless told. */
  refundDelayMs?: number
  /** How the page leads back: by posting what became of the order, as UnionPay does, or with a plain visit. */
  frontReturn?: 'post' | 'get'
}

export type MerchantOptions = {
  merId: string
  name: string
  feePpm: number
} & ({ certificatePem: string } | { signMethod: '11' | '12'; secureKey: string })

/** Starts on loopback. Throws for options that make no sense or a file of other merchants. */
export async function startUnionPay(options: UnionPayOptions): Promise<UnionPaySimulator> {
  const merchants = new Map(
    options.merchants.map((merchant) => [merchant.merId, readMerchant(merchant, options.signer)]),
  )
  assert(merchants.size === options.merchants.length, 'each merchant is named once')
  const store = openStore(options.databaseFile)
  let url = ''
  const context: Context = {
    clock: options.clock,
    random: options.random,
    faults: options.faults,
    store,
    merchants,
    delays: {
      codeMs: options.codeDelayMs ?? 2 * SECOND_MS,
      refundMs: options.refundDelayMs ?? 30 * SECOND_MS,
    },
    frontReturn: options.frontReturn ?? 'post',
    baseUrl: () => url,
  }
  const stopping = new AbortController()
  const app = createServer(context, stopping.signal)
  try {
    store.transaction(() => openAccounts(context, options.cards))
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
): UnionPaySimulator {
  const { store, clock } = context
  const dueWork = createDueWork(context, stopping.signal)
  return {
    name: 'unionpay',
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
    pay: async (target, cardNo) =>
      store.transaction(() => payTxn(context, txnOf(context, target), cardNo)),
    scan: (qrCode) => scanTxn(context, txnOf(context, { qrCode })),
    payCode: (cardNo) => store.transaction(() => newPayCode(context, cardNo)),
    topUp: (cardNo, amountFen) =>
      store.transaction(() => {
        books.depositToCard(store, cardNo, amountFen, clock.now().getTime())
      }),
    transactions: () => listTxns(context),
    notices: () => listNotices(context),
    card: (cardNo) => findCard(context, cardNo),
    merchantBalance: (merId) => books.balanceOf(store, books.merchantAccount(merId)),
    balances: () => books.balances(store),
    checkBooks: () => books.checkBooks(store),
  }
}

function txnOf(context: Context, target: PayTarget): Txn | null {
  if ('tn' in target) return txnByToken(context, target.tn)
  if ('qrCode' in target) return txnByToken(context, target.qrCode.split('/').at(-1) ?? '')
  return latestOfOrder(context, target.merId, target.orderId)
}

function openAccounts(context: Context, cards: readonly Card[]): void {
  const { store, merchants } = context
  refuseForeignFile(store, merchants)
  for (const name of [books.OUTSIDE, books.FEES, books.IN_TRANSIT]) books.ensureAccount(store, name)
  for (const merId of merchants.keys()) books.ensureAccount(store, books.merchantAccount(merId))
  openCards(context, cards)
}

function refuseForeignFile(store: Store, merchants: ReadonlyMap<string, Merchant>): void {
  for (const { mer_id: merId } of store.all<{ mer_id: string }>(
    'select distinct mer_id from txn',
  )) {
    assert(merchants.has(merId), `merchant ${merId} of the file is among the options`)
  }
}

function readMerchant(options: MerchantOptions, signer: KeyAndCertificate): Merchant {
  const { merId, name, feePpm } = options
  assert(/^[0-9A-Za-z]{15}$/.test(merId), `merId ${merId} has 15 letters and digits`)
  assert(Number.isInteger(feePpm) && feePpm >= 0 && feePpm < 1_000_000, `${merId} has a fee rate`)
  return { merId, name, feePpm, ...proofsOf(options, signer) }
}

function proofsOf(
  options: MerchantOptions,
  signer: KeyAndCertificate,
): { proof: MerchantProof; signer: Signer } {
  if ('secureKey' in options) {
    const shared = { method: options.signMethod, secureKey: options.secureKey }
    return { proof: shared, signer: shared }
  }
  const own = new X509Certificate(options.certificatePem)
  return {
    proof: { method: '01', publicKey: own.publicKey, certId: serialOf(own) },
    signer: {
      method: '01',
      privateKey: createPrivateKey(signer.privateKeyPem),
      certId: serialOf(new X509Certificate(signer.certificatePem)),
      // UnionPay's own lines end with CR LF, and that is part of what is signed.
      certificateText: signer.certificatePem.trimEnd().replaceAll(/\r?\n/g, '\r\n'),
    },
  }
}

const serialOf = (certificate: X509Certificate): string =>
  BigInt(`0x${certificate.serialNumber}`).toString()
