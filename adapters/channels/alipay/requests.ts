import { toYuanText } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type { ChargeOrder } from '../../../modules/payments/index.ts'
import type { ApiRequest } from './client.ts'
import type { AlipayAccount } from './params.ts'

export type Method = AlipayAccount['methods'][number] | 'agreement'

/** 商家扣款, as a product that the merchant has a contract for. */
export const WITHHOLDING = 'GENERAL_WITHHOLDING'

const METHOD_NAMES: Record<Method, string> = {
  account: 'alipay.trade.create',
  qr_code: 'alipay.trade.precreate',
  page: 'alipay.trade.wap.pay',
  app: 'alipay.trade.app.pay',
  barcode: 'alipay.trade.pay',
  agreement: 'alipay.trade.pay',
}

/** Made of the order alone, so that asked again it is the same charge to Alipay. */
export function chargeRequest(
  account: AlipayAccount,
  order: ChargeOrder,
  method: Method,
): ApiRequest {
  const content = {
    out_trade_no: order.tradeNo,
    total_amount: toYuanText(order.amountFen),
    subject: subjectOf(order.description),
    seller_id: account.sellerId,
    time_expire: toShanghaiText(order.expiresAt),
    ...contentOf(account, order, method),
  }
  const request = { method: METHOD_NAMES[method], content, notified: true }
  const secret = method === 'barcode' ? order.presence?.token : order.payerAccount
  return {
    ...request,
    ...(secret ? { secrets: [secret] } : {}),
    ...(method === 'page' ? { returnUrl: order.presence?.returnUrl ?? null } : {}),
  }
}

function contentOf(account: AlipayAccount, order: ChargeOrder, method: Method): object {
  switch (method) {
    case 'account':
      return {
        product_code: 'JSAPI_PAY',
        [account.payerAccount]: order.payerAccount,
        ...(account.opAppId === null ? {} : { op_app_id: account.opAppId }),
      }
    case 'qr_code':
      return { product_code: account.qrProductCode }
    case 'page': {
      const quitUrl = order.presence?.returnUrl
      return { product_code: 'QUICK_WAP_WAY', ...(quitUrl ? { quit_url: quitUrl } : {}) }
    }
    case 'app':
      return { product_code: 'QUICK_MSECURITY_PAY' }
    case 'barcode':
      return {
        product_code: 'FACE_TO_FACE_PAYMENT',
        scene: 'bar_code',
        auth_code: order.presence?.token,
      }
    case 'agreement':
      return {
        product_code: WITHHOLDING,
        agreement_params: { agreement_no: order.payerAccount },
      }
  }
}

export const queryRequest = (order: ChargeOrder): ApiRequest => ({
  method: 'alipay.trade.query',
  content: { out_trade_no: order.tradeNo },
})

export const closeRequest = (order: ChargeOrder): ApiRequest => ({
  method: 'alipay.trade.close',
  content: { out_trade_no: order.tradeNo },
})

export const cancelRequest = (order: ChargeOrder): ApiRequest => ({
  method: 'alipay.trade.cancel',
  content: { out_trade_no: order.tradeNo },
})

/** `requestNo`: ours of a refund, or that of the trade itself for what a cancelling gave back. */
export const refundQueryRequest = (order: ChargeOrder, requestNo: string): ApiRequest => ({
  method: 'alipay.trade.fastpay.refund.query',
  content: {
    out_trade_no: order.tradeNo,
    out_request_no: requestNo,
    query_options: ['gmt_refund_pay'], // told only when asked for
  },
})

const MAX_SUBJECT_LENGTH = 256

/** Alipay refuses some of these characters, and a comma would break the columns of its bill. */
export const subjectOf = (description: string): string => {
  const subject = Array.from(description.replace(/[/=&,"\p{Cc}]+/gu, ' ').trim())
  return subject.slice(0, MAX_SUBJECT_LENGTH).join('') || '缴费'
}
