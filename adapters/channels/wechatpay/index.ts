import type { BusinessDate } from '../../../kernel/time.ts'
import type { Channel, ProviderCall } from '../../../modules/payments/index.ts'
import { type ClientDeps, createClient } from './client.ts'
import { readNotice } from './notices.ts'
import { createOrders } from './orders.ts'
import { toAccount, type WechatPayParams } from './params.ts'
import { createRefunds } from './refunds.ts'
import { createStatements, type FundFlowAnswer } from './statements.ts'

export { readWechatPayParams, type WechatPayParams } from './params.ts'

/** The channel, and beside it the merchant's account at WeChat, for the proof of the books. */
export type WechatPay = Channel & {
  fundFlow(call: ProviderCall, businessDate: BusinessDate): Promise<FundFlowAnswer>
}

/**
 * WeChat Pay API v3 of a direct merchant: the payer pays inside WeChat (JSAPI) or by scanning a code
 * (NATIVE). Keeps no state; every verb may be asked again.
 *
 * Units: fen on the wire, yuan in the bills. `timeoutMs` is for one answer of the API; a call may ask twice,
 * and twice again at the backup host.
 * Errors: params come from readWechatPayParams; keys that are none throw here.
 * Source: WeChat Pay merchant documentation, API v3 基础支付, 退款, 账单, 回调通知.
 */
export function createWechatPay(params: WechatPayParams, deps: ClientDeps): WechatPay {
  const account = toAccount(params)
  const client = createClient(account, deps)
  return {
    name: 'wechat',
    phase: 'payer',
    methods: [account.tradeType === 'JSAPI' ? 'account' : 'qr_code'],
    noticeReply: { status: 204, contentType: 'application/json', body: '' },
    ...createOrders(account, client, deps),
    ...createRefunds(account, client),
    ...createStatements(account, client, deps),
    readNotice: (notice) => readNotice(account, deps, notice),
  }
}
