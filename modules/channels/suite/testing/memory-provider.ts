import { createHmac } from 'node:crypto'

import { type Clock, toShanghaiIso } from '../../../../kernel/time.ts'
import type { RawNotice } from '../../../payments/index.ts'
import type { Trouble } from '../channel-bench.ts'

// A provider in memory, as small as one can be that keeps its books: it shows that the checks let a good channel pass
// and catch a bad one.

export type Charge = {
  tradeNo: string
  providerNo: string
  amountFen: number
  state: 'unpaid' | 'paid' | 'closed'
  at: Date
}

export type Return = {
  refundNo: string
  tradeNo: string
  providerNo: string
  amountFen: number
  /** Confirmed from this moment on. */
  arrivesAt: Date
  at: Date
}

export class Silence extends Error {}

export class Refusal extends Error {}

export const KEY = 'the-key-of-the-memory-provider'
const REFUND_TAKES_MS = 1_000

export class MemoryProvider {
  readonly charges: Charge[] = []
  readonly returns: Return[] = []
  readonly notices: Omit<RawNotice, 'hospitalId'>[] = []
  /** What a defect may switch off. */
  readonly rules = {
    oneChargeForEachNumber: true,
    limitsRefunds: true,
    oneReturnForEachNumber: true,
  }
  readonly #clock: Clock
  readonly #merchant: string
  #nextTrouble: Trouble | null = null
  #serial = 0

  constructor(clock: Clock, merchant: string) {
    this.#clock = clock
    this.#merchant = merchant
  }

  setTrouble(kind: Trouble): void {
    this.#nextTrouble = kind
  }

  /** The wire. Errors: Silence for all that is no answer. */
  ask<T>(work: () => T): T {
    const trouble = this.#nextTrouble
    this.#nextTrouble = null
    if (trouble === 'refuse' || trouble === 'drop') throw new Silence(trouble)
    if (trouble === null) return work()
    try {
      work()
    } catch (error) {
      // It was refused, and nobody hears of that, either.
      if (!(error instanceof Refusal)) throw error
    }
    throw new Silence(trouble)
  }

  place(tradeNo: string, amountFen: number): Charge {
    const known = this.find(tradeNo)
    if (known?.state === 'closed') throw new Refusal('closed')
    if (known && this.rules.oneChargeForEachNumber) return known
    const at = this.#clock.now()
    const charge: Charge = { tradeNo, providerNo: this.#nextNo(), amountFen, state: 'unpaid', at }
    this.charges.push(charge)
    return charge
  }

  pay(providerNo: string): void {
    const charge = this.charges.find((c) => c.providerNo === providerNo)
    if (charge?.state !== 'unpaid') throw new Refusal(charge?.state ?? 'unknown')
    charge.state = 'paid'
    charge.at = this.#clock.now()
    this.send('charge', charge.tradeNo)
  }

  find(tradeNo: string): Charge | null {
    return this.charges.find((charge) => charge.tradeNo === tradeNo) ?? null
  }

  giveBack(tradeNo: string, refundNo: string, amountFen: number): Return {
    const known = this.findReturn(refundNo)
    if (known && this.rules.oneReturnForEachNumber) return known
    const charge = this.find(tradeNo)
    if (charge?.state !== 'paid') throw new Refusal('not_paid')
    const left = charge.amountFen - this.returnedOf(tradeNo)
    if (amountFen > left && this.rules.limitsRefunds) throw new Refusal('not_enough')
    const at = this.#clock.now()
    const arrivesAt = new Date(at.getTime() + REFUND_TAKES_MS)
    const made = { refundNo, tradeNo, providerNo: this.#nextNo(), amountFen, arrivesAt, at }
    this.returns.push(made)
    this.send('refund', refundNo)
    return made
  }

  findReturn(refundNo: string): Return | null {
    return this.returns.find((made) => made.refundNo === refundNo) ?? null
  }

  returnedOf(tradeNo: string): number {
    const own = this.returns.filter((made) => made.tradeNo === tradeNo)
    return own.reduce((sum, made) => sum + made.amountFen, 0)
  }

  send(kind: 'charge' | 'refund', no: string): void {
    const at = toShanghaiIso(this.#clock.now())
    const body = JSON.stringify({ id: `${kind}-${no}`, merchant: this.#merchant, kind, no, at })
    this.notices.push({ headers: { 'x-signature': signatureOf(body) }, body: Buffer.from(body) })
  }

  #nextNo(): string {
    return `P${String(++this.#serial).padStart(8, '0')}`
  }
}

export const signatureOf = (body: string | Buffer): string =>
  createHmac('sha256', KEY).update(body).digest('hex')
