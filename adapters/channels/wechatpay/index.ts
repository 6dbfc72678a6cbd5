import type { BusinessDate } from '../../../kernel/time.ts'
import type {
  Channel,
  ChargeAnswer,
  ChargeOrder,
  ProviderCall,
  RefundAnswer,
  RefundOrder,
} from '../../../modules/payments/index.ts'
import { type AbnormalRefundTo, createAbnormalRefunds } from './abnormal-refunds.ts'
import { createBarcodeOrders } from './barcode-orders.ts'
import { createClient } from './client.ts'
import { type Ask, type ClientDeps, createExchange } from './exchange.ts'
import { readNotice } from './notices.ts'
import { methodOf } from './order-request.ts'
import { createOrders } from './orders.ts'
import { toAccount, type WechatPayAccount, type WechatPayParams } from './params.ts'
import { createRefunds } from './refunds.ts'
import { createStatements, type FundFlowAnswer } from './statements.ts'
import { createV2Client } from './v2-client.ts'

export type { AbnormalRefundTo } from './abnormal-refunds.ts'
export type { CombinedOrder, CombinedPart } from './combined/order.ts'
export {
  type CombinedAnswer,
  type CombinedNotice,
  type CombinedOrders,
  createCombinedOrders,
  type PartReturn,
} from './combined/orders.ts'
export type { MedicalInsuranceAmounts } from './medical-insurance/amounts.ts'
export type { MixedNotice } from './medical-insurance/notices.ts'
export type { MedicalInsuranceOrder } from './medical-insurance/order.ts'
export {
  createMedicalInsuranceOrders,
  type MedicalInsuranceOrders,
} from './medical-insurance/orders.ts'
export type { MixedAnswer, PlaceAnswer, ReleasedAnswer } from './medical-insurance/placing.ts'
export type { InsuranceReturn } from './medical-insurance/request.ts'
export type { CashReturn, InsuranceReturnAnswer } from './medical-insurance/returns.ts'
export { readWechatPayParams, type WechatPayParams } from './params.ts'

/** The channel, and beside it what people do: the proof of the books, and a refund that found its way closed. */
export type WechatPay = Channel & {
  /** The merchant's account at WeChat. */
  fundFlow(call: ProviderCall, businessDate: BusinessDate): Promise<FundFlowAnswer>
  /** Sends a refund of status ABNORMAL another way; afterwards the refund is asked for as before. */
  redirectRefund(
    call: ProviderCall,
    order: RefundOrder,
    to: AbnormalRefundTo,
  ): Promise<RefundAnswer>
}

/**
 * WeChat Pay of a direct merchant, by one contract for all methods: inside WeChat (JSAPI), by our code (Native), from a
 * browser (H5), from an app, all by API v3; and by the payer's code (付款码), by API v2. Keeps no state but the
 * platform's keys; every verb may be asked again.
 *
 * Units: fen on the wire, yuan in the bills. `timeoutMs` is for one answer of the API; a call may ask twice,
 * and twice again at the backup host.
 * Errors: params come from readWechatPayParams; keys that are none throw here.
 * Source: WeChat Pay merchant documentation, API v3 基础支付, 退款, 账单, 回调通知; API v2 付款码支付.
 */
export function createWechatPay(params: WechatPayParams, deps: ClientDeps): WechatPay {
  const account = toAccount(params)
  const exchange = createExchange(account, deps)
  const client = createClient(account, exchange, deps)
  return {
    name: 'wechat',
    phase: 'payer',
    methods: account.methods,
    noticeReply: { status: 204, contentType: 'application/json', body: '' },
    ...chargesOf(account, exchange, client, deps),
    ...createRefunds(account, client),
    ...createAbnormalRefunds(client),
    ...createStatements(account, client, deps),
    readNotice: (notice) => readNotice(account, client.ring, deps, notice),
  }
}

/** Which of the two APIs a charge goes by follows from its method, and stays with it. */
function chargesOf(
  account: WechatPayAccount,
  exchange: Ask,
  client: ReturnType<typeof createClient>,
  deps: ClientDeps,
): Pick<Channel, 'charge' | 'query' | 'release'> {
  const orders = createOrders(account, client, deps)
  const { barcode } = account
  const scanned = barcode && createBarcodeOrders(createV2Client(account, barcode, exchange, deps))
  const byCode = (order: ChargeOrder) => (methodOf(account, order) === 'barcode' ? scanned : null)
  return {
    async charge(call, order): Promise<ChargeAnswer> {
      const method = methodOf(account, order)
      if (method !== 'barcode') return orders.charge(call, order, method)
      return scanned === null ? NO_BARCODE : scanned.charge(call, order)
    },
    query: (call, order) => (byCode(order) ?? orders).query(call, order),
    release: (call, order) => (byCode(order) ?? orders).release(call, order),
  }
}

const NO_BARCODE: ChargeAnswer = {
  outcome: 'declined',
  code: 'no_auth',
  reason: 'the contract has no key of API v2',
}
