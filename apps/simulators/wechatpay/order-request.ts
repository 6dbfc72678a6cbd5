import type { Fen } from '../../../kernel/money.ts'
import { isBusinessDate } from '../../../kernel/time.ts'
import { checkFields, mistake, type Rule } from './fields.ts'

/** How an order is paid. H5 goes by MWEB; a scanned code is an order of API v2. */
export type TradeType = 'JSAPI' | 'NATIVE' | 'MWEB' | 'APP' | 'MICROPAY'

export type PlacedType = Exclude<TradeType, 'MICROPAY'>

/** An order request that keeps the table of the reference, section 2.1. */
export type OrderRequest = {
  appid: string
  mchid: string
  description: string
  out_trade_no: string
  time_expire?: string
  attach?: string
  notify_url: string
  amount: { total: Fen; currency?: 'CNY' }
  payer?: { openid: string }
  scene_info?: { device_id?: string }
  settle_info?: { profit_sharing?: boolean }
}

/** Reads the body of an order. Throws the protocol's refusal of the first mistake. */
export function readOrderRequest(body: unknown, tradeType: PlacedType): OrderRequest {
  checkFields(body, RULES[tradeType])
  const request = body as OrderRequest
  checkNotifyUrl(request.notify_url)
  const { time_expire: timeExpire } = request
  if (timeExpire !== undefined && !isRfc3339(timeExpire)) {
    throw mistake('bad_parameter', '/time_expire', timeExpire, '应为 RFC 3339 时间')
  }
  return request
}

/**
 * Plain and without a query string. On the open network only https; a sandbox's merchant sits on
 * the same machine, and there http will do.
 */
export function checkNotifyUrl(text: string, pointer = '/notify_url'): void {
  const url = URL.canParse(text) ? new URL(text) : null
  const isLocal = url !== null && ['127.0.0.1', 'localhost'].includes(url.hostname)
  const isFit =
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) &&
    !/[?#\s]/.test(text) &&
    url.username === ''
  if (!isFit) throw mistake('bad_parameter', pointer, text, '应为不带参数的 https 地址')
}

export function isRfc3339(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/.exec(text)
  return match !== null && isBusinessDate(match[1] ?? '') && !Number.isNaN(Date.parse(text))
}

export const CURRENCY: Rule = { type: 'string', max: 16, pattern: /^CNY$/ }
export const NOTIFY_URL: Rule = { type: 'string', max: 256 }
export const OUT_TRADE_NO: Rule & { type: 'string' } = {
  type: 'string',
  min: 6,
  max: 32,
  pattern: /^[0-9A-Za-z_\-|*]+$/,
}

const IP_ADDRESS = /^[0-9A-Fa-f.:]{3,45}$/

const SCENE_FIELDS: Record<string, Rule> = {
  payer_client_ip: { type: 'string', max: 45 },
  device_id: { type: 'string', max: 32 },
  store_info: {
    type: 'object',
    fields: {
      id: { type: 'string', max: 32, required: true },
      name: { type: 'string', max: 256 },
      area_code: { type: 'string', max: 32 },
      address: { type: 'string', max: 512 },
    },
  },
}

const COMMON_FIELDS: Record<string, Rule> = {
  appid: { type: 'string', max: 32, required: true },
  mchid: { type: 'string', max: 32, required: true },
  description: { type: 'string', max: 127, required: true },
  out_trade_no: { ...OUT_TRADE_NO, required: true },
  time_expire: { type: 'string', max: 64 },
  attach: { type: 'string', min: 0, max: 128 },
  notify_url: { ...NOTIFY_URL, required: true },
  goods_tag: { type: 'string', max: 32 },
  support_fapiao: { type: 'boolean' },
  amount: {
    type: 'object',
    required: true,
    fields: { total: { type: 'integer', min: 1, required: true }, currency: CURRENCY },
  },
  detail: {
    type: 'object',
    fields: {
      cost_price: { type: 'integer', min: 0 },
      invoice_id: { type: 'string', max: 32 },
      goods_detail: {
        type: 'array',
        max: 6000,
        item: {
          type: 'object',
          fields: {
            merchant_goods_id: { type: 'string', max: 32, required: true },
            wechatpay_goods_id: { type: 'string', max: 32 },
            goods_name: { type: 'string', max: 256 },
            quantity: { type: 'integer', min: 1, required: true },
            unit_price: { type: 'integer', min: 0, required: true },
          },
        },
      },
    },
  },
  scene_info: { type: 'object', fields: SCENE_FIELDS },
  settle_info: { type: 'object', fields: { profit_sharing: { type: 'boolean' } } },
}

const PLAIN_ORDER: Rule = { type: 'object', fields: COMMON_FIELDS }

const JSAPI_ORDER: Rule = {
  type: 'object',
  fields: {
    ...COMMON_FIELDS,
    // Looked for by its own rule, as a missing payer is the same mistake as a missing openid.
    payer: { type: 'object', fields: { openid: { type: 'string', max: 128, required: true } } },
  },
}

const H5_ORDER: Rule = {
  type: 'object',
  fields: {
    ...COMMON_FIELDS,
    scene_info: {
      type: 'object',
      required: true,
      fields: {
        ...SCENE_FIELDS,
        payer_client_ip: { type: 'string', max: 45, pattern: IP_ADDRESS, required: true },
        h5_info: {
          type: 'object',
          required: true,
          fields: {
            type: { type: 'string', max: 32, pattern: /^(iOS|Android|Wap)$/, required: true },
            app_name: { type: 'string', max: 64 },
            app_url: { type: 'string', max: 128 },
            bundle_id: { type: 'string', max: 128 },
            package_name: { type: 'string', max: 128 },
          },
        },
      },
    },
  },
}

const RULES: Record<PlacedType, Rule> = {
  JSAPI: JSAPI_ORDER,
  NATIVE: PLAIN_ORDER,
  APP: PLAIN_ORDER,
  MWEB: H5_ORDER,
}
