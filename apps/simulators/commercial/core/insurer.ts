import type { FastifyInstance } from 'fastify'

import { assert } from '../../../../kernel/assert.ts'
import { addFen, type Fen, negateFen } from '../../../../kernel/money.ts'
import type { Random } from '../../../../kernel/random.ts'
import { type Clock, HOUR_MS } from '../../../../kernel/time.ts'
import type { FaultPlan, Simulator } from '../../kit/simulator.ts'
import { checkBooks, owedTo } from './books.ts'
import { allClaims, type Claim } from './claims.ts'
import { type Context, type InsurerName, openStore } from './context.ts'
import { documentsOf, refuseFile } from './papers.ts'
import { findPolicy, type Policy, sellPolicies, setPolicyState } from './policies.ts'
import type { PolicyGrant, Product } from './products.ts'
import { allRefunds, type Refund } from './refunds.ts'
import { listen } from './serve.ts'

export type InsurerOptions = {
  clock: Clock
  random: Random
  faults: FaultPlan
  /** Made if it is not there; what it holds goes on. Or ':memory:'. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  /** What is sold; what the file knows already stays as it is. */
  policies: readonly PolicyGrant[]
  products?: readonly Product[]
  /** How long an advance is kept for its confirming: two hours unless told. */
  promiseMs?: number
  /** From papers to the insurer's word on them: two hours unless told. */
  reviewMs?: number
  /** Whether a part of a settlement can be given back. */
  partialRefunds?: boolean
}

/** A simulated insurer, with its books laid open to a driver or a test. */
export type CommercialInsurer = Simulator & {
  /** By the hospital's request number: what was taken from the insurer and given back to it. */
  books(requestNo: string): { takenFen: Fen; returnedFen: Fen }
  claims(): Claim[]
  refunds(): Refund[]
  /** What the insurer owes a hospital after everything. */
  owedTo(hospital: string): Fen
  policy(policyNo: string): Policy | null
  setPolicyState(policyNo: string, state: Policy['state']): boolean
  documentsOf(claimNo: string): { kind: string; sha256: string; bytes: number }[]
  /** The insurer decides against the papers of a claim. */
  refuseClaim(fileNo: string, reason: string): void
  /** What is wrong in the books; empty when all is well. */
  checkBooks(): string[]
}

const DEFAULT_WAIT_MS = 2 * HOUR_MS

/** Opens the books and serves one wire on them. Throws for options that make no sense. */
export async function startInsurer(
  name: InsurerName,
  options: InsurerOptions & { products: readonly Product[]; partialRefunds: boolean },
  wire: (context: Context, stopped: AbortSignal) => FastifyInstance,
): Promise<CommercialInsurer> {
  const products = new Map(options.products.map((product) => [product.code, product]))
  assert(products.size === options.products.length, 'each product has a code of its own')
  const store = openStore(options.databaseFile)
  const context: Context = {
    name,
    clock: options.clock,
    random: options.random,
    faults: options.faults,
    store,
    products,
    promiseMs: options.promiseMs ?? DEFAULT_WAIT_MS,
    reviewMs: options.reviewMs ?? DEFAULT_WAIT_MS,
    partialRefunds: options.partialRefunds,
  }
  const stopping = new AbortController()
  const app = wire(context, stopping.signal)
  try {
    store.transaction(() => sellPolicies(context, options.policies))
    const url = await listen(app, options.port)
    return simulatorOf(context, { url, app, stopping })
  } catch (error) {
    await app.close()
    store.close()
    throw error
  }
}

type Running = { url: string; app: FastifyInstance; stopping: AbortController }

const simulatorOf = (context: Context, { url, app, stopping }: Running): CommercialInsurer => ({
  name: context.name,
  url,
  nextDueAt: () => null, // it only ever answers
  runDue: () => Promise.resolve(0),
  async stop() {
    if (stopping.signal.aborted) return
    stopping.abort()
    await app.close()
    context.store.close()
  },
  books: (requestNo) => booksOf(context, requestNo),
  claims: () => allClaims(context),
  refunds: () => allRefunds(context),
  owedTo: (hospital) => owedTo(context, hospital),
  policy: (policyNo) => findPolicy(context, policyNo),
  setPolicyState: (policyNo, state) => setPolicyState(context, policyNo, state),
  documentsOf: (claimNo) => documentsOf(context, claimNo),
  refuseClaim: (fileNo, reason) => refuseFile(context, fileNo, reason),
  checkBooks: () => checkBooks(context),
})

/** From the ledger, not from the claims: what was booked is what counts. */
function booksOf(context: Context, requestNo: string): { takenFen: Fen; returnedFen: Fen } {
  const claims = allClaims(context).filter((claim) => claim.requestNo === requestNo)
  const numbers = new Set(claims.map((claim) => claim.claimNo))
  const returns = allRefunds(context).filter((refund) => numbers.has(refund.claimNo))
  const booked = (numbersOf: readonly string[]) =>
    addFen(
      ...numbersOf.map((no) => {
        const row = context.store.get<{ fen: Fen }>(
          `select coalesce(sum(amount_fen), 0) as fen from line
           where business_no = ? and account <> 'insurer'`,
          [no],
        )
        return row?.fen ?? (0 as Fen)
      }),
    )
  return {
    takenFen: booked([...numbers]),
    returnedFen: negateFen(booked(returns.map((refund) => refund.returnNo))),
  }
}
