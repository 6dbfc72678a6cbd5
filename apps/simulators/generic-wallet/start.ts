import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import type { FastifyInstance } from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import { createNewId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import { type Clock, SECOND_MS } from '../../../kernel/time.ts'
import type { ScannedCode, Simulator } from '../kit/simulator.ts'
import * as books from './books.ts'
import { type Context, type Merchant, nowMs, type WalletFaultPlan } from './context.ts'
import { addControls, booksOf, type Hands } from './controls.ts'
import { crossBorder, type HmacKeys } from './cross-border.ts'
import type { Dialect } from './dialect.ts'
import { digitalRmb, type SmKeys } from './digital-rmb.ts'
import { createDueWork } from './due-work.ts'
import { findAnywhere, pay, type PayOutcome, scanned } from './payments.ts'
import { createServer } from './server.ts'
import { openStore } from './store.ts'

/** The simulator with the hand of its payer, and its books laid open. */
export interface GenericWallet extends Simulator {
  /** The payer pays: by the text of the code, the address of the page, or the merchant's number. */
  pay(target: string): PayOutcome
  /** What the wallet reads in the text of a code; null for one that it does not know. */
  scan(code: string): ScannedCode | null
  books(reference: string): { takenFen: number; returnedFen: number }
  /** The same of all payments to one merchant. */
  totals(merchantNo: string): { takenFen: number; returnedFen: number }
  balance(account: string): Fen
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

export type GenericWalletOptions = {
  clock: Clock
  random: Random
  faults: WalletFaultPlan
  /** An SQLite file that outlives the simulator, or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  merchants: readonly Merchant[]
  /** Which protocol of the specimen page it speaks, and its keys. */
  dialect: { kind: 'digital_rmb'; keys: SmKeys } | { kind: 'cross_border'; keys: HmacKeys }
  /** What the payer has to begin with: ten million yuan unless told. */
  payerFen?: Fen
  /** From the acceptance of a refund to the money with the payer, by the clock: 20 s unless told. */
  refundDelayMs?: number
  /** Moves the clock: with it the controls of a sandbox are offered, without it they are not. */
  moveClock?: { pass(ms: number): void; endDay(): void }
}

/** Starts on loopback. Throws for options that make no sense. */
export async function startGenericWallet(options: GenericWalletOptions): Promise<GenericWallet> {
  const merchants = new Map(options.merchants.map((merchant) => [merchant.merchantNo, merchant]))
  assert(merchants.size === options.merchants.length, 'each merchant is named once')
  const dialect = dialectOf(options.dialect)
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
    refundDelayMs: options.refundDelayMs ?? 20 * SECOND_MS,
    baseUrl: () => url,
  }
  const stopping = new AbortController()
  const dueWork = createDueWork(context, dialect.notice, stopping.signal)
  const app = createServer(context, dialect, stopping.signal)
  try {
    store.transaction(() => openAccounts(context, options.payerFen ?? fen(1_000_000_000)))
    if (options.moveClock)
      addControls(app, context, dialect.name, handsOf(options.moveClock, dueWork))
    await app.listen({ host: '127.0.0.1', port: options.port })
  } catch (error) {
    await app.close()
    store.close()
    throw error
  }
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return simulatorOf(context, { url, app, stopping, dueWork })
}

type Running = {
  url: string
  app: FastifyInstance
  stopping: AbortController
  dueWork: ReturnType<typeof createDueWork>
}

function simulatorOf(context: Context, { url, app, stopping, dueWork }: Running): GenericWallet {
  const { store } = context
  return {
    name: 'generic_wallet',
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
    pay(target) {
      const payment = findByTarget(context, target)
      return payment === null
        ? 'unknown_payment'
        : pay(context, payment.merchant, payment.reference)
    },
    scan(code) {
      const payment = findByTarget(context, code)
      return payment && scanned(context, payment)
    },
    books: (reference) => booksOf(context, reference),
    totals: (merchantNo) => totalsOf(store, merchantNo),
    balance: (account) => books.balanceOf(store, account),
    checkBooks: () => books.checkBooks(store),
  }
}

function totalsOf(store: Context['store'], merchantNo: string) {
  const row = store.get<{ taken: number; returned: number }>(
    `select (select coalesce(sum(amount_fen), 0) from payment
              where merchant = ? and state = 'paid') as taken,
            (select coalesce(sum(amount_fen), 0) from refund
              where merchant = ? and state <> 'failed') as returned`,
    [merchantNo, merchantNo],
  )
  assert(row, 'a sum is always there')
  return { takenFen: row.taken, returnedFen: row.returned }
}

function findByTarget(context: Context, target: string) {
  const token = /(?:dcep:\/\/pay|\/checkout)\/([0-9a-f]{32})$/.exec(target)?.[1]
  const row =
    token === undefined
      ? null
      : context.store.get<{ reference: string }>('select reference from payment where token = ?', [
          token,
        ])
  return findAnywhere(context, row?.reference ?? target)
}

function dialectOf(dialect: GenericWalletOptions['dialect']): Dialect {
  switch (dialect.kind) {
    case 'digital_rmb':
      return digitalRmb(dialect.keys)
    case 'cross_border':
      return crossBorder(dialect.keys)
  }
}

const handsOf = (
  clock: NonNullable<GenericWalletOptions['moveClock']>,
  dueWork: { run(): Promise<number> },
): Hands => ({
  async pass(ms) {
    clock.pass(ms)
    await dueWork.run()
  },
  async endDay() {
    clock.endDay()
    await dueWork.run()
  },
})

function openAccounts(context: Context, payerFen: Fen): void {
  const { store, merchants } = context
  const names = [books.OUTSIDE, books.FEES, books.IN_TRANSIT, books.PAYER]
  for (const name of names) books.ensureAccount(store, name)
  for (const no of merchants.keys()) books.ensureAccount(store, books.merchantAccount(no))
  books.topUpTo(store, books.PAYER, payerFen, nowMs(context))
}

/** A seed begun anew gives the numbers of the first start again, which are on file: so each start turns them over. */
function randomOfStart(random: Random, start: number): Random {
  return {
    bytes(length) {
      const mask = createHash('shake256', { outputLength: length }).update(`${start}`).digest()
      return random.bytes(length).map((byte, i) => byte ^ (mask[i] ?? 0))
    },
  }
}
