import { createPrivateKey } from 'node:crypto'

import type { FastifyInstance } from 'fastify'

import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import { openBooks } from '../kit/books.ts'
import type { Simulator } from '../kit/simulator.ts'
import { type Bill, billsOf } from './bills.ts'
import { booksOf, checkBooks, owedTo } from './books.ts'
import type { Context, LenderFaultPlan, LoanProduct } from './context.ts'
import { customerOf, deposit, moneyOf, type NewCustomer, openAccounts } from './customers.ts'
import { allDraws, allFlushes, type Draw, type Flush } from './draws.ts'
import { beginDays, nextDueAt, runDue } from './due-work.ts'
import { allLines, changeLine, type CreditLine, openHospitals, setHospitalLimit } from './lines.ts'
import { USUAL_PRODUCTS } from './products.ts'
import { allRepayments, type Repayment } from './repayments.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { createGateway, listen } from './server.ts'
import type { Partner } from './signing.ts'

export type LenderOptions = {
  clock: Clock
  random: Random
  faults: LenderFaultPlan
  /** Made if it is not there; what it holds goes on. Or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  /** The bank's own key, in PEM; partners know its public half. */
  privateKeyPem: string
  partners: readonly Partner[]
  /** What may be lent at each, to all people together; what the file knows already keeps its limit. */
  hospitals: readonly { hospCode: string; limitFen: Fen }[]
  customers: readonly NewCustomer[]
  products?: readonly LoanProduct[]
  /** Stands before every service; none unless told. */
  servicePrefix?: string
}

/** A simulated bank that lends, with its books laid open to a driver or a test. Its gateway is at `url` + '/gateway'. */
export type LenderSimulator = Simulator & {
  /** By the partner's number of a draw: what the hospital was given, and what was taken back of it. */
  books(transNo: string): { drawnFen: Fen; flushedFen: Fen }
  lines(): CreditLine[]
  draws(): Draw[]
  flushes(): Flush[]
  bills(accountNo: string): Bill[]
  /** The bank's own debits too. */
  repayments(): Repayment[]
  /** What the bank owes a hospital after everything. */
  owedTo(hospCode: string): Fen
  /** What is in a customer's account. */
  moneyOf(idCardNo: string): Fen
  deposit(idCardNo: string, amountFen: Fen): void
  /** What the bank's own people do. */
  changeLine(
    accountNo: string,
    change: Partial<Pick<CreditLine, 'limitFen' | 'usedElsewhereFen' | 'status'>>,
  ): void
  setHospitalLimit(hospCode: string, limitFen: Fen): void
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

/** Opens the bank's books and its gateway on loopback. Throws for options that make no sense. */
export async function startLender(options: LenderOptions): Promise<LenderSimulator> {
  const { products: offered = USUAL_PRODUCTS, partners: known } = options
  const products = new Map(offered.map((product) => [product.code, product]))
  const partners = new Map(known.map((partner) => [partner.partnerNo, partner]))
  assert(products.size === offered.length, 'each product has a code of its own')
  assert(partners.size === known.length, 'each partner has a number of its own')
  const key = createPrivateKey(options.privateKeyPem)
  const { clock, random, faults, databaseFile } = options
  const store = openBooks(databaseFile, { version: SCHEMA_VERSION, sql: SCHEMA })
  const context: Context = { clock, random, faults, store, products }
  const stopping = new AbortController()
  const gateway = { partners, key, servicePrefix: options.servicePrefix ?? '' }
  const app = createGateway(context, gateway, stopping.signal)
  try {
    store.transaction(() => {
      openHospitals(context, options.hospitals)
      openAccounts(context, options.customers)
      beginDays(context)
    })
    const url = await listen(app, options.port)
    return simulatorOf(context, { url, app, stopping })
  } catch (error) {
    await app.close()
    store.close()
    throw error
  }
}

type Running = { url: string; app: FastifyInstance; stopping: AbortController }

const simulatorOf = (context: Context, { url, app, stopping }: Running): LenderSimulator => ({
  name: 'lender',
  url,
  nextDueAt: () => nextDueAt(context),
  runDue: () => Promise.resolve(runDue(context)),
  async stop() {
    if (stopping.signal.aborted) return
    stopping.abort()
    await app.close()
    context.store.close()
  },
  books: (transNo) => booksOf(context, transNo),
  lines: () => allLines(context),
  draws: () => allDraws(context),
  flushes: () => allFlushes(context),
  bills: (accountNo) => billsOf(context, accountNo),
  repayments: () => allRepayments(context),
  owedTo: (hospCode) => owedTo(context, hospCode),
  moneyOf: (idCardNo) => moneyOf(context, customerOf(context, idCardNo)),
  deposit: (idCardNo, amountFen) =>
    context.store.transaction(() => deposit(context, customerOf(context, idCardNo), amountFen)),
  changeLine: (accountNo, change) => changeLine(context, accountNo, change),
  setHospitalLimit: (hospCode, limitFen) => setHospitalLimit(context, hospCode, limitFen),
  checkBooks: () => checkBooks(context),
})
