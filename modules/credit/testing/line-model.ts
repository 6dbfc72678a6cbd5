import { deepEqual, equal } from 'node:assert/strict'

import { fen } from '../../../kernel/money.ts'
import type { ChargeOrder } from '../../payments/index.ts'
import type { PersonId } from '../terms.ts'
import { ACTOR, BUILT_IN, type Fixture, HOSPITAL } from './fixture.ts'

export type End = 'charge' | 'release'

/** A line as a few numbers. Each step is done to both, and says so where they differ. */
export class LineModel {
  limit = 100_000
  held = 0
  drawn = 0
  unused = 0
  isOpen = false
  readonly waiting: ChargeOrder[] = []
  readonly made: { order: ChargeOrder; left: number }[] = []
  readonly #promised = new Map<ChargeOrder, number>()
  readonly #fixture: Fixture
  readonly #personId: PersonId

  constructor(fixture: Fixture, personId: PersonId) {
    this.#fixture = fixture
    this.#personId = personId
  }

  async draw(amount: number, end: End | 'keep') {
    const { credit, call, quoteRequest, orderOf } = this.#fixture
    const most = Math.min(amount, this.unused + this.#free())
    const answer = await credit.source.quote(call, quoteRequest(this.#personId, amount, true))
    equal('code' in answer ? answer.code : answer.outcome, most === 0 ? 'limit_used' : 'quoted')
    if (most === 0) return
    const order = orderOf(answer)
    equal(order.amountFen, most)
    deepEqual(await credit.source.hold(call, order), { outcome: 'held' })
    const ofVisit = Math.min(this.unused, most)
    this.unused -= ofVisit
    this.held += most
    this.#promised.set(order, ofVisit)
    if (end === 'keep') this.waiting.push(order)
    else await this.#finish(order, end)
  }

  async finish(end: End) {
    const order = this.waiting.shift()
    if (order) await this.#finish(order, end)
  }

  async #finish(order: ChargeOrder, end: End) {
    const { credit, call } = this.#fixture
    this.held -= order.amountFen
    if (end === 'charge') {
      equal((await credit.source.charge(call, order)).outcome, 'confirmed')
      this.drawn += order.amountFen
      this.made.push({ order, left: order.amountFen })
      return
    }
    deepEqual(await credit.source.release(call, order), { outcome: 'released' })
    this.unused += this.#promised.get(order) ?? 0
  }

  async refund(amount: number) {
    const last = this.made.at(-1)
    if (!last) return
    const { credit, call, refundOf } = this.#fixture
    const fits = amount <= last.left
    const answer = await credit.source.refund(call, refundOf(last.order, amount))
    equal(answer.outcome, fits ? 'confirmed' : 'declined')
    if (!fits) return
    last.left -= amount
    this.drawn -= amount
  }

  async setLimit(limit: number) {
    const { id: lineId } = await this.#fixture.line(this.#personId)
    const by = { actor: ACTOR, reason: 'model' }
    const change = { kind: 'limit' as const, limitFen: fen(limit) }
    await this.#fixture.credit.changeLine({ lenderId: BUILT_IN, lineId }, change, by)
    this.limit = limit
  }

  async agree(reserve: number) {
    if (this.isOpen) return
    const fits = reserve <= this.#free()
    const agreed = this.#fixture.agree(this.#personId, reserve).then(
      () => true,
      (error: unknown) => !String(error).includes('credit.over_limit'),
    )
    equal(await agreed, fits)
    if (!fits) return
    this.isOpen = true
    this.unused = reserve
  }

  async leave() {
    const visit = { personId: this.#personId, careHospitalId: HOSPITAL, visitNo: null }
    await this.#fixture.credit.endVisits(visit, 'left')
    this.isOpen = false
    this.unused = 0
    // What was promised out of a visit that is over goes back to no visit.
    this.#promised.clear()
  }

  /** Limit, promised and drawn, as the line has them and as they should be. */
  async compare() {
    const { limitFen, reservedFen, drawnFen } = await this.#fixture.line(this.#personId)
    return {
      actual: [limitFen, reservedFen, drawnFen],
      expected: [this.limit, this.held + this.unused, this.drawn],
    }
  }

  #free() {
    return Math.max(0, this.limit - this.held - this.drawn - this.unused)
  }
}
