import type { Fen } from '../../../../kernel/money.ts'
import type {
  NoticeRefusal,
  PayerAction,
  ProviderCall,
  RawNotice,
  RefundAnswer,
} from '../../../../modules/payments/index.ts'
import { type Client, createClient } from '../client.ts'
import { type ClientDeps, createExchange, type Unknown, unknown } from '../exchange.ts'
import { openNotice, refused } from '../notices.ts'
import { readOrder } from '../orders.ts'
import { toAccount, type WechatPayAccount, type WechatPayParams } from '../params.ts'
import { createRefunds, type ReturnOrder } from '../refunds.ts'
import type { PlatformKeys } from '../signing.ts'
import { CHARGE_REFUSALS, CLOSE_REFUSALS, QUERY_REFUSALS, refusalOf } from '../translation.ts'
import { CombinedNumbers, type CombinedState, readCombined } from './answers.ts'
import { checkCombined, type CombinedOrder, invalid } from './order.ts'
import { closeRequest, placeRequest, queryRequest } from './request.ts'

/** 合单支付: several orders, paid at once or not at all, and each refunded by itself. */
export type CombinedOrders = {
  charge(call: ProviderCall, order: CombinedOrder): Promise<CombinedAnswer>
  query(call: ProviderCall, order: CombinedOrder): Promise<CombinedState | { outcome: 'absent' }>
  /** Closes all of it; 'confirmed' when it turns out to be paid. */
  release(call: ProviderCall, order: CombinedOrder): Promise<CombinedReleaseAnswer>
  /** Gives back of one part, by the same number once, however often asked. */
  refund(call: ProviderCall, given: PartReturn): Promise<RefundAnswer>
  queryRefund(call: ProviderCall, given: PartReturn): Promise<RefundAnswer | { outcome: 'absent' }>
  readNotice(notice: RawNotice): CombinedNotice
}

export type CombinedAnswer =
  | Exclude<CombinedState, { outcome: 'pending' }>
  | { outcome: 'pending'; payerAction: PayerAction | null }

export type CombinedReleaseAnswer =
  | { outcome: 'released' }
  | Extract<CombinedState, { outcome: 'confirmed' }>
  | Unknown

export type PartReturn = {
  order: CombinedOrder
  /** Our number of the part. */
  partNo: string
  /** WeChat's number of its payment. */
  partProviderNo: string
  refundNo: string
  amountFen: Fen
  reason: string
}

export type CombinedNotice =
  | { outcome: 'refused'; code: NoticeRefusal }
  /** `dedupeKey` is the same for every delivery. It only says what to ask about. */
  | { outcome: 'read'; dedupeKey: string; tradeNo: string; summary: string }

/**
 * Units: fen. Errors: 'wechatpay.combined_order_invalid' before anybody is asked.
 * Source: WeChat Pay merchant documentation, API v3 合单支付.
 */
export function createCombinedOrders(params: WechatPayParams, deps: ClientDeps): CombinedOrders {
  const account = toAccount(params)
  const client = createClient(account, createExchange(account, deps), deps)
  const refunds = createRefunds(account, client)
  return {
    ...createCharges(account, client, deps),
    async refund(call, given) {
      const order = returnOf(account, given)
      return 'outcome' in order ? order : refunds.refund(call, order)
    },
    async queryRefund(call, given) {
      const order = returnOf(account, given)
      return 'outcome' in order ? order : refunds.queryRefund(call, order)
    },
    readNotice: (notice) => readCombinedNotice(account, client.ring, deps, notice),
  }
}

function createCharges(account: WechatPayAccount, client: Client, deps: ClientDeps) {
  return { charge, query, release }

  async function charge(call: ProviderCall, order: CombinedOrder): Promise<CombinedAnswer> {
    checkCombined(order)
    if (order.method === 'account' && order.payerAccount === null) {
      return { outcome: 'declined', code: 'openid_missing', reason: 'the payer has no openid' }
    }
    const { method } = order
    const answer = await client.ask(call, placeRequest(account, order), (reply) =>
      reply.status === 200
        ? readOrder(account, deps, method, order, reply.json)
        : refusalOf(CHARGE_REFUSALS, reply),
    )
    switch (answer.outcome) {
      case 'paid':
        return paidOrUnknown(await query(call, order), answer.reason)
      case 'ask': {
        const found = await query(call, order)
        if (found.outcome === 'pending') return { outcome: 'pending', payerAction: null }
        if (found.outcome !== 'absent') return found
        return { outcome: 'declined', code: answer.code, reason: answer.reason }
      }
      default:
        return answer
    }
  }

  async function query(call: ProviderCall, order: CombinedOrder) {
    const answer = await client.ask(call, queryRequest(order), (reply) =>
      reply.status === 200
        ? readCombined(account, order, reply.json)
        : refusalOf(QUERY_REFUSALS, reply),
    )
    return answer.outcome === 'absent' ? ({ outcome: 'absent' } as const) : answer
  }

  async function release(call: ProviderCall, order: CombinedOrder): Promise<CombinedReleaseAnswer> {
    checkCombined(order)
    const answer = await client.ask(call, closeRequest(account, order), (reply) =>
      reply.status === 204 ? ({ outcome: 'released' } as const) : refusalOf(CLOSE_REFUSALS, reply),
    )
    if (answer.outcome === 'released') return { outcome: 'released' }
    if (answer.outcome === 'unknown') return answer
    const found = await query(call, order)
    if (answer.outcome === 'paid') return paidOrUnknown(found, answer.reason)
    if (found.outcome === 'confirmed' || found.outcome === 'unknown') return found
    const ended =
      found.outcome === 'absent' || (found.outcome === 'declined' && found.code === 'closed')
    return ended ? { outcome: 'released' } : unknown(`not closed: ${answer.reason}`)
  }
}

/** WeChat said that there is money, so nothing but the money itself is an answer. */
const paidOrUnknown = (found: CombinedState | { outcome: 'absent' }, said: string) =>
  found.outcome === 'confirmed'
    ? found
    : unknown(`said to be paid, but the query shows ${found.outcome}: ${said}`)

/** The refund of a part, as of any order; only whose money it was can give it back. */
function returnOf(
  account: WechatPayAccount,
  { order, partNo, partProviderNo, refundNo, amountFen, reason }: PartReturn,
): ReturnOrder | { outcome: 'declined'; code: string; reason: string } {
  const part = order.parts.find(({ tradeNo }) => tradeNo === partNo)
  if (part === undefined) throw invalid('/partNo', 'is no part of the order')
  if (amountFen <= 0 || amountFen > part.amountFen) {
    throw invalid('/amountFen', 'must be above zero and not above the part')
  }
  if (part.mchid !== null && part.mchid !== account.mchid) {
    const words = `only merchant ${part.mchid} can give it back`
    return { outcome: 'declined', code: 'foreign_merchant', reason: words }
  }
  const charge = { tradeNo: part.tradeNo, amountFen: part.amountFen }
  return { charge, chargeProviderNo: partProviderNo, refundNo, amountFen, reason }
}

function readCombinedNotice(
  account: WechatPayAccount,
  platformKeys: PlatformKeys,
  deps: ClientDeps,
  notice: RawNotice,
): CombinedNotice {
  const opened = openNotice(account, platformKeys, deps, notice)
  if (opened.outcome === 'refused') return opened
  const { id, event, content } = opened
  if (event !== 'TRANSACTION.SUCCESS' || !CombinedNumbers.Check(content)) {
    return refused('unreadable')
  }
  const { combine_mchid: mchid, combine_appid: appid, combine_out_trade_no: tradeNo } = content
  const isOurApp = appid === account.appid || appid === account.mobileAppid
  if (mchid !== account.mchid || !isOurApp) return refused('foreign')
  return {
    outcome: 'read',
    dedupeKey: id,
    tradeNo,
    summary: `${event} combine_out_trade_no ${tradeNo}`,
  }
}
