import { toShanghaiIso } from '../../../kernel/time.ts'
import type { ChargeOrder } from '../../../modules/payments/index.ts'
import type { ApiRequest } from './client.ts'
import type { WechatMethod, WechatPayAccount } from './params.ts'
import { cutUtf8 } from './utf8.ts'

const MAX_DESCRIPTION_BYTES = 127

/** The methods that are ordered by API v3. */
export type OrderedMethod = Exclude<WechatMethod, 'barcode'>

const PATHS: Record<OrderedMethod, string> = {
  account: '/v3/pay/transactions/jsapi',
  qr_code: '/v3/pay/transactions/native',
  page: '/v3/pay/transactions/h5',
  app: '/v3/pay/transactions/app',
}

/** A tender made before methods were kept has none: then it is the usual one of the contract. */
export const methodOf = (account: WechatPayAccount, { method }: ChargeOrder): WechatMethod => {
  const [usual] = account.methods
  return account.methods.find((one) => one === method) ?? usual
}

/** An app is another thing to WeChat than the hospital's public account, and may have an id of its own. */
export const appidOf = (account: WechatPayAccount, method: WechatMethod): string =>
  method === 'app' ? (account.mobileAppid ?? account.appid) : account.appid

/** Made of the order alone: asked again it is the same text, which WeChat takes for the same order. */
export function orderRequest(
  account: WechatPayAccount,
  method: OrderedMethod,
  order: ChargeOrder,
): ApiRequest {
  const path = PATHS[method]
  const body = {
    appid: appidOf(account, method),
    mchid: account.mchid,
    description: descriptionOf(order),
    out_trade_no: order.tradeNo,
    time_expire: toShanghaiIso(order.expiresAt),
    attach: order.paymentId,
    notify_url: account.notifyUrl,
    amount: { total: order.amountFen, currency: 'CNY' },
  }
  const operation = `POST ${path}`
  const openid = order.payerAccount
  if (method === 'account' && openid !== null) {
    return {
      method: 'POST',
      path,
      operation,
      body: { ...body, payer: { openid } },
      account: openid,
    }
  }
  const scene = method === 'page' ? { scene_info: sceneOf(order) } : {}
  return { method: 'POST', path, operation, body: { ...body, ...scene } }
}

export const descriptionOf = ({ description }: ChargeOrder): string =>
  cutUtf8(description, MAX_DESCRIPTION_BYTES)

const sceneOf = ({ presence }: ChargeOrder) => ({
  payer_client_ip: presence?.ip ?? '',
  h5_info: { type: 'Wap' },
})
