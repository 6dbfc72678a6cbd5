import { ApiError } from './api-error.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { checkFields, mistake, type Rule } from './fields.ts'
import { findRefund, type Refund } from './refund.ts'
import { unseal } from './signing.ts'

/** What a merchant decides of a refund that came to rest as ABNORMAL. */
export type RedirectRequest = {
  out_refund_no: string
  type: 'USER_BANK_CARD' | 'MERCHANT_BANK_CARD'
  bank_type?: string
  bank_account?: string
  real_name?: string
}

/** Reads the body. Throws the protocol's refusal; a card must be sealed with a key of the platform that is named. */
export function readRedirectRequest(
  context: Context,
  body: unknown,
  sealedWith: string | null,
): RedirectRequest {
  checkFields(body, REDIRECT)
  const request = body as RedirectRequest
  if (request.type === 'MERCHANT_BANK_CARD') return request
  if (!request.bank_type) throw missing('/bank_type')
  const key = sealedWith === null ? null : context.platform.opener(sealedWith)
  if (!key) throw mistake('bad_parameter', '/bank_account', '', '缺少或未知的 Wechatpay-Serial')
  for (const [name, pattern] of SEALED) {
    const opened = unseal(key, request[name] ?? '')
    if (opened === null || !pattern.test(opened)) {
      throw mistake('bad_parameter', `/${name}`, '', '敏感信息解密失败或格式不正确')
    }
  }
  return request
}

/** Sets an abnormal refund on its way again. The same request twice is one. */
export function redirectRefund(
  context: Context,
  merchant: Merchant,
  refundId: string,
  request: RedirectRequest,
): Refund {
  const refund = findRefund(context, merchant.mchid, request.out_refund_no)
  if (refund?.refundId !== refundId) {
    throw new ApiError('resource_not_exists', '退款单不存在')
  }
  if (refund.redirectedTo === request.type) return refund
  if (refund.status !== 'ABNORMAL') throw new ApiError('bad_state', '退款单不是异常状态')
  const dueMs = nowMs(context) + context.refundDelayMs
  context.store.run(
    `update refund set status = 'PROCESSING', finished_ms = null, due_ms = ?, redirected_to = ?
     where refund_id = ?`,
    [dueMs, request.type, refundId],
  )
  return findRefund(context, merchant.mchid, request.out_refund_no) ?? refund
}

const SEALED = [
  ['bank_account', /^\d{12,19}$/],
  ['real_name', /^\S.{0,63}$/su],
] as const

const missing = (pointer: string) => mistake('bad_parameter', pointer, undefined, '缺少必填参数')

const REDIRECT: Rule = {
  type: 'object',
  fields: {
    out_refund_no: {
      type: 'string',
      max: 64,
      pattern: /^[0-9A-Za-z_\-|*@]+$/,
      required: true,
    },
    type: {
      type: 'string',
      max: 32,
      pattern: /^(USER|MERCHANT)_BANK_CARD$/,
      required: true,
    },
    bank_type: { type: 'string', max: 16, pattern: /^[A-Z_]+$/ },
    bank_account: { type: 'string', max: 1_024 },
    real_name: { type: 'string', max: 1_024 },
  },
}
