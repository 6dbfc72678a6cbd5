import { type Fen, fen } from '../../../kernel/money.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  ProviderCall,
  ReleaseAnswer,
} from '../../../modules/payments/index.ts'
import { type Unknown, unknown } from './exchange.ts'
import { descriptionOf } from './order-request.ts'
import { endedOrUnknown, paidOrUnknown } from './orders.ts'
import {
  MICROPAY_REFUSALS,
  ORDERQUERY_REFUSALS,
  REVERSE_REFUSALS,
  TRADE_STATES,
  v2RefusalOf,
} from './translation.ts'
import type { V2Client, V2Reply } from './v2-client.ts'
import type { Fields } from './xml.ts'

/** 付款码 of a wallet: 18 digits that begin with 10 to 15. */
const AUTH_CODE = /^1[0-5]\d{16}$/

/**
 * 付款码支付: we scan the payer's code, and the money is taken there and then, unless the payer must enter the password.
 * Such an order cannot be closed, only reversed, which gives money back that was taken after all.
 *
 * Source: WeChat Pay merchant documentation, API v2 付款码支付, 查询订单, 撤销订单.
 */
export function createBarcodeOrders(ask: V2Client) {
  return {
    charge,
    query: (call: ProviderCall, order: ChargeOrder) => query(ask, call, order),
    release,
  }

  async function charge(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const code = order.presence?.token ?? null
    if (code === null) return withoutCode(call, order)
    if (!AUTH_CODE.test(code)) {
      return { outcome: 'declined', code: 'auth_code_invalid', reason: 'it is no payment code' }
    }
    const fields = micropayFields(order, code)
    const answer = await ask(call, { path: '/pay/micropay', fields }, (reply) =>
      reply.result === 'SUCCESS'
        ? readPaid(order, reply.fields)
        : v2RefusalOf(MICROPAY_REFUSALS, reply.fields),
    )
    switch (answer.outcome) {
      case 'pending':
        return { outcome: 'pending', payerAction: null }
      case 'paid':
        return paidOrUnknown(await query(ask, call, order), answer.reason)
      case 'ask': {
        const found = await query(ask, call, order)
        if (found.outcome !== 'absent') return found
        return { outcome: 'declined', code: answer.code, reason: answer.reason }
      }
      default:
        return answer
    }
  }

  /** The code was shown once and is gone. An order that did not reach WeChat is made sure never to. */
  async function withoutCode(call: ProviderCall, order: ChargeOrder): Promise<ChargeAnswer> {
    const found = await query(ask, call, order)
    if (found.outcome !== 'absent') return found
    const ended = await reverse(ask, call, order)
    if (ended.outcome !== 'released') return ended
    return { outcome: 'declined', code: 'payer_gone', reason: 'the payment code was not charged' }
  }

  /** Money that is known is told of and stays: only what is not paid is reversed. */
  async function release(call: ProviderCall, order: ChargeOrder): Promise<ReleaseAnswer> {
    const found = await query(ask, call, order)
    if (found.outcome === 'confirmed' || found.outcome === 'unknown') return found
    const hasEnded = found.outcome === 'declined' && found.code !== 'pay_error'
    return hasEnded ? { outcome: 'released' } : reverse(ask, call, order)
  }
}

async function query(
  ask: V2Client,
  call: ProviderCall,
  order: ChargeOrder,
): Promise<ChargeAnswer | { outcome: 'absent' }> {
  const fields = { out_trade_no: order.tradeNo }
  const answer = await ask(call, { path: '/pay/orderquery', fields }, (reply) =>
    reply.result === 'SUCCESS'
      ? readState(order, reply)
      : v2RefusalOf(ORDERQUERY_REFUSALS, reply.fields),
  )
  return answer.outcome === 'absent' ? { outcome: 'absent' } : answer
}

async function reverse(
  ask: V2Client,
  call: ProviderCall,
  order: ChargeOrder,
): Promise<ReleaseAnswer> {
  const answer = await ask(
    call,
    {
      path: '/secapi/pay/reverse',
      fields: { out_trade_no: order.tradeNo },
      showsCertificate: true,
    },
    (reply) => readReversal(reply),
  )
  return answer.outcome === 'ask'
    ? endedOrUnknown(await query(ask, call, order), answer.reason)
    : answer
}

const micropayFields = (order: ChargeOrder, code: string): Fields => ({
  body: descriptionOf(order),
  attach: order.paymentId,
  out_trade_no: order.tradeNo,
  total_fee: String(order.amountFen),
  fee_type: 'CNY',
  spbill_create_ip: order.presence?.ip ?? '127.0.0.1',
  auth_code: code,
})

/** `recall` Y: WeChat has not made sure yet, and wants to be asked again. */
function readReversal({ result, fields }: V2Reply) {
  if (fields['recall'] === 'Y') return unknown('the reversal is to be asked for again')
  return result === 'SUCCESS'
    ? ({ outcome: 'released' } as const)
    : v2RefusalOf(REVERSE_REFUSALS, fields)
}

function readState(order: ChargeOrder, { fields }: V2Reply): ChargeAnswer {
  if (fields['out_trade_no'] !== order.tradeNo) return unknown('the order is of another number')
  const given = fields['trade_state'] ?? ''
  const state = TRADE_STATES.get(given)
  switch (state?.outcome) {
    case 'pending':
      return { outcome: 'pending', payerAction: null }
    case 'declined':
      return { outcome: 'declined', code: state.code, reason: `trade_state ${given}` }
    case 'confirmed':
      return readPaid(order, fields)
    case undefined:
      return unknown(`trade_state ${given.slice(0, 40)} is not known`)
  }
}

/** The amount is taken as WeChat says it: whether it is the one asked for is for payments to see. */
function readPaid(
  order: ChargeOrder,
  fields: Fields,
): Extract<ChargeAnswer, { outcome: 'confirmed' }> | Unknown {
  const amountFen = wholeFen(fields['total_fee'])
  const at = wallClock(fields['time_end'])
  const providerNo = fields['transaction_id'] ?? ''
  const isOurs = fields['out_trade_no'] === order.tradeNo
  const isYuan = (fields['fee_type'] ?? 'CNY') === 'CNY'
  if (!isOurs || !isYuan || providerNo === '' || amountFen === null || at === null) {
    return unknown('the paid order cannot be read')
  }
  const parts = [{ kind: 'self_pay', amountFen }] as const
  const numbers = { ourNo: order.tradeNo, providerNo }
  return { outcome: 'confirmed', move: { kind: 'charge', ...numbers, parts, at } }
}

const wholeFen = (text = ''): Fen | null =>
  /^[1-9]\d{0,14}$/.test(text) ? fen(Number(text)) : null

/** '20261121093000', the wall clock in China. */
function wallClock(text = ''): Date | null {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
  return Number.isNaN(instant.getTime()) ? null : instant
}
