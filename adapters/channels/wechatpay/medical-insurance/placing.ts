import { randomHex } from '../../../../kernel/random.ts'
import type { ProviderCall } from '../../../../modules/payments/index.ts'
import { Prepay } from '../answers.ts'
import type { Client } from '../client.ts'
import { type ClientDeps, type Unknown, unknown } from '../exchange.ts'
import type { WechatPayAccount } from '../params.ts'
import { jsapiParams } from '../signing.ts'
import { CHARGE_REFUSALS, CLOSE_REFUSALS, refusalOf } from '../translation.ts'
import { type MixedOrder, readMixedOrder, strangeField } from './answers.ts'
import { checkOrder, type MedicalInsuranceOrder } from './order.ts'
import { ORDER_QUERY_REFUSALS, ORDER_REFUSALS } from './refusals.ts'
import {
  cashRequest,
  closeCashRequest,
  type Institution,
  orderRequest,
  queryRequest,
} from './request.ts'

/** A mixed order whose three statuses were judged together and whose amounts are those asked for. */
export type MixedAnswer =
  | ({ outcome: MixedOrder['verdict'] } & Omit<MixedOrder, 'verdict'>)
  | Unknown

export type PlaceAnswer =
  /** `invoke` is for wx.requestMedicalInsurancePay on the payer's device. */
  | { outcome: 'placed'; mixTradeNo: string; invoke: Record<string, string> }
  | { outcome: 'declined'; code: string; reason: string }
  | Exclude<MixedAnswer, { outcome: 'pending' }>

export type ReleasedAnswer = { outcome: 'released' } | Exclude<MixedAnswer, { outcome: 'failed' }>

type Absent = { outcome: 'absent' }

/** Placing, asking and giving up, by our own number. */
export function createPlacing(
  account: WechatPayAccount,
  institution: Institution,
  client: Client,
  deps: ClientDeps,
) {
  const query = createQuery(account, institution, client)
  const release = createRelease(account, client, query)
  return { place, query, release }

  async function place(call: ProviderCall, order: MedicalInsuranceOrder): Promise<PlaceAnswer> {
    checkOrder(order)
    const cash = await placeCash(account, client, call, order)
    if (cash.outcome === 'ask' || cash.outcome === 'paid') return placedBefore(call, order, cash)
    if (cash.outcome !== 'ready') return cash
    const { prepayId } = cash
    const sealing = client.ring.sealing() ?? (await fetchedKey(call))
    if (sealing === null) return unknown('no key of the platform is known to seal the payer with')
    const request = orderRequest(account, institution, order, prepayId, sealing)
    const answer = await client.ask(call, request, (reply) =>
      reply.status === 200
        ? readAnswer(account, institution, order, reply.json)
        : refusalOf(ORDER_REFUSALS, reply),
    )
    if (answer.outcome === 'ask') return placedBefore(call, order, answer)
    if (answer.outcome !== 'pending') return answer
    return placed(account, deps, order, { ...answer, prepayId: answer.prepayId ?? prepayId })
  }

  /** The keys are fetched with a question, and 纯医保 has not put one yet. */
  async function fetchedKey(call: ProviderCall) {
    await client.ring.prepare(call)
    return client.ring.sealing()
  }

  /** A refusal that may speak of an earlier try is decided by what WeChat has on file. */
  async function placedBefore(
    call: ProviderCall,
    order: MedicalInsuranceOrder,
    { outcome, code, reason }: { outcome: 'ask' | 'paid'; code: string; reason: string },
  ): Promise<PlaceAnswer> {
    const found = await query(call, order)
    if (found.outcome === 'pending') return placed(account, deps, order, found)
    if (found.outcome !== 'absent') return found
    if (outcome === 'paid' || code === 'already_exists') {
      return unknown(`said to be there, but the query finds nothing: ${reason}`)
    }
    return { outcome: 'declined', code, reason }
  }
}

async function placeCash(
  account: WechatPayAccount,
  client: Client,
  call: ProviderCall,
  order: MedicalInsuranceOrder,
) {
  if (order.amounts.cashFen === 0) return { outcome: 'ready', prepayId: null } as const
  return client.ask(call, cashRequest(account, order), (reply) => {
    if (reply.status !== 200) return refusalOf(CHARGE_REFUSALS, reply)
    if (!Prepay.Check(reply.json)) return unknown('the answer to the cash part cannot be read')
    return { outcome: 'ready', prepayId: reply.json.prepay_id } as const
  })
}

/** The payer's device opens the order by WeChat's number, and its cash part by the prepay_id it was ordered with. */
function placed(
  account: WechatPayAccount,
  deps: ClientDeps,
  order: MedicalInsuranceOrder,
  mixed: Omit<MixedOrder, 'verdict'>,
): PlaceAnswer {
  const { mixTradeNo, prepayId } = mixed
  if (order.amounts.cashFen === 0) {
    return { outcome: 'placed', mixTradeNo, invoke: { mixTradeNo } }
  }
  if (prepayId === null) return unknown('the mixed order names no prepay_id')
  const nonce = randomHex(deps.random, 16)
  const { appId: _own, ...cash } = jsapiParams(account, prepayId, deps.clock.now(), nonce)
  return { outcome: 'placed', mixTradeNo, invoke: { mixTradeNo, ...cash } }
}

type Query = (call: ProviderCall, order: MedicalInsuranceOrder) => Promise<MixedAnswer | Absent>

function createQuery(account: WechatPayAccount, institution: Institution, client: Client): Query {
  return query

  async function query(
    call: ProviderCall,
    order: MedicalInsuranceOrder,
  ): Promise<MixedAnswer | Absent> {
    const answer = await client.ask(call, queryRequest(order), (reply) =>
      reply.status === 200
        ? readAnswer(account, institution, order, reply.json)
        : refusalOf(ORDER_QUERY_REFUSALS, reply),
    )
    return answer.outcome === 'absent' ? { outcome: 'absent' } : answer
  }
}

function readAnswer(
  account: WechatPayAccount,
  institution: Institution,
  order: MedicalInsuranceOrder,
  json: unknown,
): MixedAnswer {
  const mixed = readMixedOrder(json)
  if (mixed.outcome === 'unknown') return mixed
  const { appid } = account
  const strange = strangeField({ ...institution, appid }, order, mixed)
  if (strange !== null) return unknown(`the mixed order is of another ${strange}`)
  const { verdict: outcome, ...rest } = mixed
  return { ...rest, outcome }
}

function createRelease(account: WechatPayAccount, client: Client, query: Query) {
  return release

  /**
   * WeChat names no way to close the whole. Without its cash part it cannot be paid, and 纯医保 ends by itself; so
   * 'pending' means that it is to be asked again until it has.
   */
  async function release(
    call: ProviderCall,
    order: MedicalInsuranceOrder,
  ): Promise<ReleasedAnswer> {
    if (order.amounts.cashFen > 0) {
      const closed = await client.ask(call, closeCashRequest(account, order), (reply) =>
        reply.status === 204
          ? ({ outcome: 'released' } as const)
          : refusalOf(CLOSE_REFUSALS, reply),
      )
      if (closed.outcome === 'unknown') return closed
    }
    const found = await query(call, order)
    if (found.outcome === 'absent' || found.outcome === 'failed') return { outcome: 'released' }
    return found
  }
}
