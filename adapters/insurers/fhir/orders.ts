import { addFen, type Fen, ZERO } from '../../../kernel/money.ts'
import type {
  Advance,
  AdvanceRequest,
  ConfirmRequest,
  Insurer,
  InsurerAnswer,
  KnownOrder,
  OrderNos,
  Returned,
  ReturnNos,
  Settled,
} from '../../../modules/coverage/index.ts'
import {
  amountOf,
  ClaimResponse,
  hasCode,
  identifierIn,
  momentOf,
  SearchSet,
  Task,
} from './answers.ts'
import { type Ask, ok, refused, unknown } from './client.ts'
import type { createResources } from './resources.ts'
import type { Systems } from './systems.ts'

type OrderVerbs = Pick<
  Insurer,
  'advance' | 'confirm' | 'query' | 'cancel' | 'refund' | 'queryRefund'
>

export type Parts = { ask: Ask; systems: Systems; resources: ReturnType<typeof createResources> }

/** Claim, ClaimResponse and Task: from the advance of a bill to what is given back of it. */
export const createOrders = ({ ask, systems, resources }: Parts): OrderVerbs => ({
  advance: (call, request) =>
    ask(call, {
      path: '/fhir/Claim/$submit',
      sent: { resource: resources.preauthorization(request) },
      secrets: [request.holder.idCardNo, request.holder.name],
      read: (resource) => readAdvance(systems, resource, request),
    }),
  confirm: (call, request) =>
    ask(call, {
      path: '/fhir/Claim/$submit',
      sent: { resource: resources.claim(request) },
      read: (resource) => readSettled(systems, resource, request),
    }),
  query: (call, order) =>
    ask(call, {
      path: search(
        'ClaimResponse',
        'request.identifier',
        systems.id('hospital-order'),
        order.orderNo,
      ),
      sent: null,
      read: (resource) => readFound(resource, (found) => readKnown(systems, found, order)),
    }),
  cancel: (call, order) =>
    ask(call, {
      path: '/fhir/Task',
      sent: { resource: resources.cancel(order) },
      read: (resource) => readCancelled(systems, resource, order),
    }),
  refund: (call, request) =>
    ask(call, {
      path: '/fhir/Task',
      sent: { resource: resources.giveBack(request) },
      read: (resource) => readReturned(systems, resource, request, request.amountFen),
    }),
  queryRefund: (call, request) =>
    ask(call, {
      path: search('Task', 'identifier', systems.id('hospital-refund'), request.refundNo),
      sent: null,
      read: (resource) =>
        readFound(resource, (found) => readReturned(systems, found, request, null)),
    }),
})

export const search = (type: string, name: string, system: string, value: string): string =>
  `/fhir/${type}?${new URLSearchParams({ [name]: `${system}|${value}` }).toString()}`

/** What a search found: one resource, or surely none. */
export function readFound<T>(
  resource: unknown,
  read: (found: unknown) => InsurerAnswer<T> | null,
): InsurerAnswer<T | null> | null {
  if (!SearchSet.Check(resource)) return null
  const { total, entry = [] } = resource
  if (total !== entry.length || total > 1) return unknown(`${total} found, ${entry.length} told`)
  const [only] = entry
  return only === undefined ? ok(null) : read(only.resource)
}

function readAdvance(
  systems: Systems,
  resource: unknown,
  { orderNo, bill, leftFen }: AdvanceRequest,
): InsurerAnswer<Advance> | null {
  const response = responseOf(systems, resource, { orderNo, insurerNo: null })
  if (response === null) return null
  const { claim, insurerNo } = response
  if (claim.status === 'cancelled') return refused('advance_expired', claim.disposition ?? '')
  if (claim.outcome === 'error') return refused('policy_lapsed', claim.disposition ?? '')
  const payFen = totalOf(claim, 'benefit')
  if (payFen === null) return null
  if (payFen > leftFen) return unknown('the advance is more than what is left of the bill')
  const byCategory = new Map<string, Fen>()
  for (const { itemSequence, adjudication } of claim.item ?? []) {
    const line = bill.lines[itemSequence - 1]
    const told = adjudication.find(({ category }) => hasCode(category, 'benefit'))
    const partFen = amountOf(told?.amount)
    if (line === undefined || partFen === null) return null
    if (partFen === 0) continue
    const { chargeCategory } = line
    byCategory.set(chargeCategory, addFen(byCategory.get(chargeCategory) ?? ZERO, partFen))
  }
  if (byCategory.size > 0 && addFen(...byCategory.values()) !== payFen) {
    return unknown('the items of the advance are not its sum')
  }
  const end = claim.preAuthPeriod?.end
  const remark = claim.disposition ?? ''
  return ok({
    insurerNo,
    payFen,
    byCategory: [...byCategory].map(([chargeCategory, partFen]) => ({
      chargeCategory,
      payFen: partFen,
    })),
    deductibleFen: totalOf(claim, 'deductible'),
    expiresAt: end === undefined ? null : momentOf(end),
    remarks: remark === '' ? [] : [remark],
  })
}

function readSettled(
  systems: Systems,
  resource: unknown,
  request: ConfirmRequest,
): InsurerAnswer<Settled> | null {
  const response = responseOf(systems, resource, request)
  const settled = response && settledOf(systems, response)
  if (settled === null) return null
  if (settled.payFen !== request.payFen) return unknown('it settled another amount than asked for')
  return ok(settled)
}

function readKnown(
  systems: Systems,
  resource: unknown,
  order: OrderNos,
): InsurerAnswer<KnownOrder> | null {
  const response = responseOf(systems, resource, order)
  if (response === null) return null
  const { claim, insurerNo } = response
  if (claim.status === 'cancelled') return ok({ state: 'cancelled', insurerNo })
  if (claim.outcome === 'error') return ok({ state: 'failed', insurerNo })
  if (claim.use === 'preauthorization') {
    const payFen = totalOf(claim, 'benefit')
    return payFen === null ? null : ok({ state: 'advanced', insurerNo, payFen })
  }
  const settled = settledOf(systems, response)
  const returnedFen = amountOf(claim.payment?.adjustment)
  if (settled === null || returnedFen === null) return null
  if (returnedFen > settled.payFen) return unknown('more was given back than settled')
  return ok({ state: 'settled', settled, returnedFen })
}

function readCancelled(
  systems: Systems,
  resource: unknown,
  { orderNo }: OrderNos,
): InsurerAnswer | null {
  if (!Task.Check(resource)) return null
  const { status, focus, statusReason } = resource
  if (identifierIn([focus.identifier], systems.id('hospital-order')) !== orderNo) return null
  if (status === 'completed') return ok(null)
  if (status === 'failed') return refused('refused', statusReason?.text ?? 'it has failed')
  return unknown(`the task is ${status}`)
}

function readReturned(
  systems: Systems,
  resource: unknown,
  { refundNo, insurerNo }: ReturnNos,
  amountFen: Fen | null,
): InsurerAnswer<Returned> | null {
  if (!Task.Check(resource)) return null
  if (identifierIn(resource.identifier, systems.id('hospital-refund')) !== refundNo) return null
  if (resource.status !== 'completed') return unknown(`the task is ${resource.status}`)
  if (identifierIn([resource.focus.identifier], systems.id('claim')) !== insurerNo) {
    return unknown('it returned another claim')
  }
  const returned = resource.output?.map(({ valueIdentifier }) => valueIdentifier)
  const returnNo = identifierIn(
    returned?.filter((one) => one !== undefined),
    systems.id('return'),
  )
  const returnedFen = amountOf(resource.input?.[0]?.valueMoney)
  const at = momentOf(resource.lastModified)
  if (returnNo === null || returnedFen === null || at === null) return null
  if (amountFen !== null && returnedFen !== amountFen) return unknown('it returned another amount')
  return ok({ returnNo, amountFen: returnedFen, at })
}

type Response = NonNullable<ReturnType<typeof responseOf>>

/** A ClaimResponse to the order asked for; null for any other and for what is out of shape. */
function responseOf(systems: Systems, resource: unknown, { orderNo, insurerNo }: OrderNos) {
  if (!ClaimResponse.Check(resource)) return null
  const { identifier } = resource.request
  if (identifierIn([identifier], systems.id('hospital-order')) !== orderNo) return null
  const told = identifierIn(resource.identifier, systems.id('claim'))
  if (told === null || (insurerNo !== null && told !== insurerNo)) return null
  return { claim: resource, insurerNo: told }
}

function settledOf(systems: Systems, { claim, insurerNo }: Response): Settled | null {
  const { use, status, outcome, payment, created } = claim
  const isSettled = use === 'claim' && status === 'active' && outcome === 'complete'
  if (!isSettled || payment === undefined) return null
  const payFen = amountOf(payment.amount)
  const settlementNo = identifierIn([payment.identifier], systems.id('claim'))
  const at = momentOf(created)
  if (payFen === null || settlementNo === null || at === null) return null
  return { insurerNo, settlementNo, payFen, at }
}

const totalOf = ({ total }: Response['claim'], code: string): Fen | null =>
  amountOf(total?.find(({ category }) => hasCode(category, code))?.amount)
