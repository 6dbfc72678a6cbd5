import { assert } from '../../kernel/assert.ts'
import type { Id } from '../../kernel/id.ts'
import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { LeaseLost, whileLeased } from '../../platform/lease.ts'
import type { ProviderCall } from '../payments/index.ts'
import type { Dependencies } from './dependencies.ts'
import type { Insurer, InsurerCall } from './insurer.ts'
import { insertOrder, ordersOf, updateOrder } from './order-store.ts'
import type { Plan, PolicyOrder } from './plan.ts'
import { endPlanLease, findPlan, insertPlan, leasePlan, savePlan } from './store.ts'

/** A plan in the hands of one worker, who alone calls insurers about it. */
export type PlanWork = {
  /** Of one call to an insurer. */
  readonly call: InsurerCall
  plan(): Plan
  /** All orders of the plan, the earliest first. */
  orders(): readonly PolicyOrder[]
  /** Null when the insurer is not connected to the hospital any more. */
  insurerOf(order: PolicyOrder): Insurer | null
  /**
   * Writes what changed, and what belongs to it in the same transaction. Throws LeaseLost when another worker has
   * taken over: then nothing is written.
   */
  save(changes: PlanChanges): Promise<void>
  read<T>(query: (tx: Tx) => Promise<T>): Promise<T>
  /** A number for an order or a return, never given before. */
  nextNo(): string
}

export type PlanChanges = {
  plan?: Plan
  orders?: readonly PolicyOrder[]
  also?: (tx: Tx) => Promise<void>
}

/** Longer than any call waits, so that only a dead worker loses a plan. Each save starts it anew. */
const LEASE_MS = 30 * SECOND_MS

/**
 * Has `work` done by one worker at a time. 'none': the payment has no plan. 'busy': another worker has it, or has
 * taken it over in the meantime; what this one was told meanwhile will be asked again.
 */
export async function workOnPlan<T>(
  deps: Dependencies,
  { call, paymentId, opening, signal }: WorkRequest,
  work: (work: PlanWork) => Promise<T>,
): Promise<T | 'none' | 'busy'> {
  const { db, clock } = deps
  const { hospitalId } = call
  const now = clock.now()
  const held = await inHospital(db, hospitalId, async (tx) => {
    if (opening) await insertPlan(tx, opening)
    const leased = await leasePlan(tx, hospitalId, paymentId, { now, until: addMs(now, LEASE_MS) })
    return leased && { ...leased, orders: await ordersOf(tx, hospitalId, leased.plan.id) }
  })
  if (!held) {
    const known = await inHospital(db, hospitalId, (tx) => findPlan(tx, hospitalId, paymentId))
    return known ? 'busy' : 'none'
  }
  const insurers = await deps.insurersOf(hospitalId)
  return whileLeased(
    () => work(handsOn(deps, { trace: call.trace, signal: signal ?? null }, insurers, held)),
    () => inHospital(db, hospitalId, (tx) => endPlanLease(tx, held.plan, held.leaseNo)),
  )
}

export type WorkRequest = {
  call: ProviderCall
  paymentId: Id<'Payment'>
  /** Written first when the payment has no plan yet. */
  opening?: Plan
  signal?: AbortSignal
}

function handsOn(
  { db, clock, newId }: Dependencies,
  call: InsurerCall,
  insurers: ReadonlyMap<string, Insurer>,
  held: { plan: Plan; orders: PolicyOrder[]; leaseNo: number },
): PlanWork {
  const { hospitalId } = held.plan
  let { plan, orders } = held
  const isKnown = (order: PolicyOrder) => orders.some((own) => own.orderNo === order.orderNo)
  return {
    call,
    plan: () => plan,
    orders: () => orders,
    insurerOf: ({ insurerCode }) => insurers.get(insurerCode) ?? null,
    read: (query) => inHospital(db, hospitalId, query),
    nextNo: () => tradeNoOf(hospitalId, newId<'PolicyOrder'>()),
    async save(changes) {
      const next = changes.plan ?? plan
      const changed = changes.orders ?? []
      await inHospital(db, hospitalId, async (tx) => {
        const now = clock.now()
        const lease = { leaseNo: held.leaseNo, until: addMs(now, LEASE_MS), now }
        if (!(await savePlan(tx, next, lease))) throw new LeaseLost('another worker has the plan')
        for (const order of changed) {
          await (isKnown(order) ? updateOrder(tx, order) : insertOrder(tx, order))
        }
        await changes.also?.(tx)
      })
      plan = next
      const added = changed.filter((order) => !isKnown(order))
      orders = [
        ...orders.map((own) => changed.find((o) => o.orderNo === own.orderNo) ?? own),
        ...added,
      ]
    },
  }
}

/** Those of the charge itself that were not given up: the ones a confirmation is about. */
export const chargeOrders = (work: PlanWork): PolicyOrder[] =>
  work
    .orders()
    .filter(({ refundId, status }) => refundId === null && status !== 'cancelled')
    .toSorted((a, b) => a.position - b.position)

/** What stands at the insurers now, after whatever was given back. */
export const standingOrders = (work: PlanWork): PolicyOrder[] =>
  work.orders().filter((order) => order.status === 'settled')

export function insurerNoOf({ orderNo, insurerNo }: PolicyOrder): string {
  assert(insurerNo !== null, `order ${orderNo} was advanced`)
  return insurerNo
}

export type Unknown = { outcome: 'unknown'; reason: string }

export const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })

export const isUnknown = (value: unknown): value is Unknown =>
  typeof value === 'object' && value !== null && 'outcome' in value && value.outcome === 'unknown'

export const notConnected = ({ insurerCode }: PolicyOrder): Unknown =>
  unknown(`the insurer ${insurerCode} is not connected to the hospital`)
