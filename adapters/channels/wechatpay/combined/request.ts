import { toShanghaiIso } from '../../../../kernel/time.ts'
import type { ApiRequest } from '../client.ts'
import { appidOf, type OrderedMethod } from '../order-request.ts'
import type { WechatPayAccount } from '../params.ts'
import { cutUtf8 } from '../utf8.ts'
import type { CombinedOrder } from './order.ts'

const PATH = '/v3/combine-transactions'
const NUMBERED = `${PATH}/out-trade-no`
const MAX_DESCRIPTION_BYTES = 127

const ENDS: Record<OrderedMethod, string> = {
  account: 'jsapi',
  qr_code: 'native',
  page: 'h5',
  app: 'app',
}

/** Made of the order alone: asked again it is the same text, which WeChat takes for the same order. */
export function placeRequest(account: WechatPayAccount, order: CombinedOrder): ApiRequest {
  const { method, payerAccount: openid } = order
  const path = `${PATH}/${ENDS[method]}`
  const body = {
    combine_appid: appidOf(account, method),
    combine_mchid: account.mchid,
    combine_out_trade_no: order.tradeNo,
    time_expire: toShanghaiIso(order.expiresAt),
    notify_url: account.notifyUrl,
    sub_orders: order.parts.map((part) => ({
      mchid: part.mchid ?? account.mchid,
      attach: part.attach,
      amount: { total_amount: part.amountFen, currency: 'CNY' },
      out_trade_no: part.tradeNo,
      description: cutUtf8(part.description, MAX_DESCRIPTION_BYTES),
    })),
    ...(method === 'account' && { combine_payer_info: { openid } }),
    ...(method === 'page' && {
      scene_info: { payer_client_ip: order.presence?.ip ?? '', h5_info: { type: 'Wap' } },
    }),
  }
  const request = { method: 'POST', path, operation: `POST ${path}`, body } as const
  return openid === null ? request : { ...request, account: openid }
}

export function queryRequest({ tradeNo, payerAccount }: CombinedOrder): ApiRequest {
  const request = {
    method: 'GET',
    path: `${NUMBERED}/${encodeURIComponent(tradeNo)}`,
    operation: `GET ${NUMBERED}/{combine_out_trade_no}`,
  } as const
  return payerAccount === null ? request : { ...request, account: payerAccount }
}

export const closeRequest = (account: WechatPayAccount, order: CombinedOrder): ApiRequest => ({
  method: 'POST',
  path: `${NUMBERED}/${encodeURIComponent(order.tradeNo)}/close`,
  operation: `POST ${NUMBERED}/{combine_out_trade_no}/close`,
  body: {
    combine_appid: appidOf(account, order.method),
    sub_orders: order.parts.map((part) => ({
      mchid: part.mchid ?? account.mchid,
      out_trade_no: part.tradeNo,
    })),
  },
})
