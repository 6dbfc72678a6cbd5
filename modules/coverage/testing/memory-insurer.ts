import { addFen, type Fen, fen, minFen, shareFen, subtractFen } from '../../../kernel/money.ts'
import { addMs, businessDateOf, type Clock, HOUR_MS } from '../../../kernel/time.ts'
import type {
  Advance,
  AdvanceRequest,
  ClaimState,
  ClaimSubmission,
  ConfirmRequest,
  DayStatement,
  Holder,
  Insurer,
  InsurerAnswer,
  InsurerCall,
  KnownOrder,
  OrderNos,
  Policy,
  Refusal,
  Returned,
  ReturnNos,
  ReturnRequest,
  Settled,
  UnreadableStatement,
} from '../insurer.ts'

/**
 * lost_request: nothing arrives. lost_answer: it acts, nobody hears. late: it arrives when `deliverLate` is called.
 * crash_before, crash_after: the caller dies.
 */
export type Fault =
  | 'lost_request'
  | 'lost_answer'
  | 'late'
  | 'crash_before'
  | 'crash_after'
  | { refuse: Refusal; message: string }

type Verb = Exclude<keyof Insurer, 'code' | 'name' | 'refundsParts'>

type Order = AdvanceRequest & {
  insurerNo: string
  payFen: Fen
  state: 'advanced' | 'settled' | 'cancelled'
  settled: Settled | null
  returns: (Returned & { refundNo: string })[]
}

/** An insurer that keeps its books in memory, by the rules of the port. */
export class MemoryInsurer implements Insurer {
  readonly name = '测试健康'
  readonly code: string
  readonly refundsParts: boolean
  readonly policies = new Map<string, Policy[]>()
  readonly orders = new Map<string, Order>()
  readonly submissions = new Map<string, ClaimSubmission>()
  readonly claims = new Map<string, ClaimState>()
  readonly log: string[] = []
  expiresInMs = HOUR_MS
  /** What it would pay of what is left: its own rule, not ours. */
  pays = (request: AdvanceRequest): Fen => shareFen(request.leftFen, 800_000)
  /** What happens elsewhere while the next question is on its way. */
  meanwhile: (() => Promise<unknown>) | null = null
  /** What it settles whatever it advanced; null for what it advanced. */
  settlesFen: Fen | null = null
  private readonly clock: Clock
  private readonly faults = new Map<Verb, Fault[]>()
  private late: (() => unknown)[] = []
  private count = 0

  constructor(clock: Clock, { code = 'hyb', refundsParts = false } = {}) {
    this.clock = clock
    this.code = code
    this.refundsParts = refundsParts
  }

  fault(verb: Verb, ...faults: Fault[]): void {
    this.faults.set(verb, [...(this.faults.get(verb) ?? []), ...faults])
  }

  deliverLate(): void {
    for (const act of this.late.splice(0)) act()
  }

  /** What it has paid and did not get back. */
  paidFen(): Fen {
    const kept = [...this.orders.values()].map(({ settled, returns }) =>
      settled
        ? subtractFen(settled.payFen, addFen(...returns.map((one) => one.amountFen)))
        : fen(0),
    )
    return addFen(...kept)
  }

  policiesOf(_: InsurerCall, holder: Holder) {
    return this.answer('policiesOf', () => ok(this.policies.get(holder.idCardNo) ?? []))
  }

  advance(_: InsurerCall, request: AdvanceRequest) {
    return this.answer('advance', () => {
      const known = this.orders.get(request.orderNo)
      if (known) return ok(this.advanceOf(known))
      if (!this.inForce(request.policyNo)) return refused('policy_lapsed', '保单已失效')
      const payFen = minFen(this.pays(request), request.leftFen)
      const order: Order = {
        ...request,
        insurerNo: this.nextNo('A'),
        payFen,
        state: 'advanced',
        settled: null,
        returns: [],
      }
      this.orders.set(request.orderNo, order)
      return ok(this.advanceOf(order))
    })
  }

  confirm(_: InsurerCall, { orderNo, payFen }: ConfirmRequest) {
    return this.answer('confirm', () => {
      const order = this.orders.get(orderNo)
      if (!order) return refused('order_unknown', '订单不存在')
      if (order.settled) return ok(order.settled)
      if (order.state === 'cancelled') return refused('refused', '订单已取消')
      if (!this.inForce(order.policyNo)) return refused('policy_lapsed', '保单已失效')
      if (payFen !== order.payFen) return refused('figures_changed', '金额不符')
      const settlementNo = this.nextNo('S')
      const { insurerNo } = order
      const paidFen = this.settlesFen ?? payFen
      order.settled = { insurerNo, settlementNo, payFen: paidFen, at: this.clock.now() }
      order.state = 'settled'
      return ok(order.settled)
    })
  }

  query(_: InsurerCall, { orderNo }: OrderNos) {
    return this.answer('query', (): InsurerAnswer<KnownOrder | null> => {
      const order = this.orders.get(orderNo)
      if (!order) return ok(null)
      const { insurerNo, payFen, settled, returns } = order
      if (settled) {
        const returnedFen = addFen(...returns.map((one) => one.amountFen))
        return ok({ state: 'settled', settled, returnedFen })
      }
      return order.state === 'cancelled'
        ? ok({ state: 'cancelled', insurerNo })
        : ok({ state: 'advanced', insurerNo, payFen })
    })
  }

  cancel(_: InsurerCall, { orderNo }: OrderNos) {
    return this.answer('cancel', () => {
      const order = this.orders.get(orderNo)
      if (!order) return refused('order_unknown', '订单不存在')
      if (order.settled) return refused('already_settled', '已理赔')
      order.state = 'cancelled'
      return ok(null)
    })
  }

  refund(_: InsurerCall, { refundNo, orderNo, amountFen }: ReturnRequest) {
    return this.answer('refund', () => {
      const order = this.orders.get(orderNo)
      if (!order?.settled) return refused('order_unknown', '未理赔')
      const known = order.returns.find((one) => one.refundNo === refundNo)
      if (known) return ok(known)
      const returnedFen = addFen(...order.returns.map((one) => one.amountFen))
      const keptFen = subtractFen(order.settled.payFen, returnedFen)
      if (amountFen > keptFen) return refused('already_returned', '已退')
      if (amountFen < keptFen && !this.refundsParts) return refused('refused', '不支持部分退')
      const returned = { refundNo, returnNo: this.nextNo('R'), amountFen, at: this.clock.now() }
      order.returns.push(returned)
      return ok(returned)
    })
  }

  queryRefund(_: InsurerCall, { refundNo, orderNo }: ReturnNos) {
    return this.answer('queryRefund', () =>
      ok(this.orders.get(orderNo)?.returns.find((one) => one.refundNo === refundNo) ?? null),
    )
  }

  submitClaim(_: InsurerCall, submission: ClaimSubmission) {
    return this.answer('submitClaim', () => {
      const { submissionNo } = submission
      const known = this.submissions.get(submissionNo)
      const claimNo = known?.claimNo ?? submission.claimNo ?? this.nextNo('C')
      if (!known) {
        this.submissions.set(submissionNo, { ...submission, claimNo })
        this.claims.set(claimNo, { state: 'submitted' })
      }
      return ok({ claimNo })
    })
  }

  claimState(_: InsurerCall, { claimNo }: { claimNo: string }) {
    return this.answer('claimState', () => {
      const state = this.claims.get(claimNo)
      return state ? ok(state) : refused('order_unknown', '无此案件')
    })
  }

  statement(
    _: InsurerCall,
    { date }: { date: DayStatement['date'] },
  ): Promise<InsurerAnswer<DayStatement> | UnreadableStatement> {
    return this.answer('statement', () => {
      const lines = [...this.orders.values()].flatMap(({ orderNo, settled, returns }) => [
        ...(settled
          ? [
              {
                kind: 'charge' as const,
                ourNo: orderNo,
                insurerNo: settled.settlementNo,
                amountFen: settled.payFen,
                at: settled.at,
              },
            ]
          : []),
        ...returns.map(({ refundNo, returnNo, amountFen, at }) => ({
          kind: 'return' as const,
          ourNo: refundNo,
          insurerNo: returnNo,
          amountFen,
          at,
        })),
      ])
      const ofDay = lines.filter(({ at }) => businessDateOf(at) === date)
      return ok({ date, lines: ofDay, content: JSON.stringify(ofDay) })
    })
  }

  private inForce(policyNo: string): boolean {
    const all = [...this.policies.values()].flat()
    return all.some((policy) => policy.policyNo === policyNo && policy.state === 'in_force')
  }

  private advanceOf({ insurerNo, payFen }: Order): Advance {
    const expiresAt = addMs(this.clock.now(), this.expiresInMs)
    return { insurerNo, payFen, byCategory: [], deductibleFen: null, expiresAt, remarks: [] }
  }

  private nextNo(kind: string): string {
    this.count += 1
    return `${this.code}-${kind}${this.count}`
  }

  private async answer<T>(verb: Verb, act: () => InsurerAnswer<T>): Promise<InsurerAnswer<T>> {
    this.log.push(verb)
    const meanwhile = this.meanwhile
    this.meanwhile = null
    await meanwhile?.()
    const fault = this.faults.get(verb)?.shift()
    if (fault === undefined) return act()
    if (typeof fault === 'object') return refused(fault.refuse, fault.message)
    if (fault === 'crash_before') throw new Error('crashed before')
    if (fault === 'late') this.late.push(act)
    if (fault === 'lost_answer' || fault === 'crash_after') act()
    if (fault === 'crash_after') throw new Error('crashed after')
    return { outcome: 'unknown', reason: fault }
  }
}

const ok = <T>(data: T): InsurerAnswer<T> => ({ outcome: 'ok', data })

const refused = (code: Refusal, message: string) => ({ outcome: 'refused', code, message }) as const
