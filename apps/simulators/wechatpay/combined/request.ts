import type { Fen } from '../../../../kernel/money.ts'
import { checkFields, mistake, type Rule } from '../fields.ts'
import {
  checkNotifyUrl,
  isRfc3339,
  NOTIFY_URL,
  OUT_TRADE_NO,
  type PlacedType,
} from '../order-request.ts'

export type CombinedRequest = {
  combine_appid: string
  combine_mchid: string
  combine_out_trade_no: string
  time_start?: string
  time_expire?: string
  notify_url: string
  combine_payer_info?: { openid?: string }
  sub_orders: SubOrderRequest[]
}

export type SubOrderRequest = {
  mchid: string
  attach: string
  amount: { total_amount: Fen; currency: 'CNY' }
  out_trade_no: string
  description: string
  settle_info?: { profit_sharing?: boolean }
}

export type CombinedCloseRequest = {
  combine_appid: string
  sub_orders: { mchid: string; out_trade_no: string }[]
}

const FEWEST_PARTS = 2
const MOST_PARTS = 10

/** Reads the body of a combined order. Throws the protocol's refusal of the first mistake. */
export function readCombinedRequest(body: unknown, tradeType: PlacedType): CombinedRequest {
  checkFields(body, RULES[tradeType])
  const request = body as CombinedRequest
  checkNotifyUrl(request.notify_url)
  for (const name of ['time_start', 'time_expire'] as const) {
    const text = request[name]
    if (text !== undefined && !isRfc3339(text)) {
      throw mistake('bad_parameter', `/${name}`, text, '应为 RFC 3339 时间')
    }
  }
  const parts = request.sub_orders
  if (parts.length < FEWEST_PARTS) {
    throw mistake('out_of_range', '/sub_orders', parts.length, `至少 ${FEWEST_PARTS} 项`)
  }
  const numbers = new Set(parts.map((part) => `${part.mchid} ${part.out_trade_no}`))
  if (numbers.size < parts.length) throw mistake('bad_parameter', '/sub_orders', '', '子单重复')
  return request
}

export function readCombinedClose(body: unknown): CombinedCloseRequest {
  checkFields(body, CLOSE)
  return body as CombinedCloseRequest
}

const ID: Rule = { type: 'string', max: 32, required: true }
const PAYER = (required: boolean): Rule => ({
  type: 'object',
  ...(required && { required: true }),
  fields: { openid: { type: 'string', max: 128, ...(required && { required: true }) } },
})

const SCENE: Record<string, Rule> = {
  device_id: { type: 'string', max: 32 },
  payer_client_ip: { type: 'string', max: 45 },
}

const H5_SCENE: Rule = {
  type: 'object',
  required: true,
  fields: {
    ...SCENE,
    payer_client_ip: { type: 'string', max: 45, required: true },
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
}

const FIELDS: Record<string, Rule> = {
  combine_appid: ID,
  combine_mchid: ID,
  combine_out_trade_no: { ...OUT_TRADE_NO, min: 1, required: true },
  scene_info: { type: 'object', fields: SCENE },
  time_start: { type: 'string', max: 64 },
  time_expire: { type: 'string', max: 64 },
  notify_url: { ...NOTIFY_URL, required: true },
  combine_payer_info: PAYER(false),
  sub_orders: {
    type: 'array',
    max: MOST_PARTS,
    required: true,
    item: {
      type: 'object',
      fields: {
        mchid: ID,
        attach: { type: 'string', max: 128, required: true },
        amount: {
          type: 'object',
          required: true,
          fields: {
            total_amount: { type: 'integer', min: 1, required: true },
            currency: { type: 'string', max: 16, pattern: /^CNY$/, required: true },
          },
        },
        out_trade_no: { ...OUT_TRADE_NO, required: true },
        goods_tag: { type: 'string', max: 32 },
        description: { type: 'string', max: 127, required: true },
        settle_info: {
          type: 'object',
          fields: {
            profit_sharing: { type: 'boolean' },
            subsidy_amount: { type: 'integer', min: 0 },
          },
        },
      },
    },
  },
}

const PLAIN: Rule = { type: 'object', fields: FIELDS }

const RULES: Record<PlacedType, Rule> = {
  JSAPI: { type: 'object', fields: { ...FIELDS, combine_payer_info: PAYER(true) } },
  NATIVE: PLAIN,
  APP: PLAIN,
  MWEB: { type: 'object', fields: { ...FIELDS, scene_info: H5_SCENE } },
}

const CLOSE: Rule = {
  type: 'object',
  fields: {
    combine_appid: ID,
    sub_orders: {
      type: 'array',
      max: MOST_PARTS,
      required: true,
      item: {
        type: 'object',
        fields: { mchid: ID, out_trade_no: { ...OUT_TRADE_NO, required: true } },
      },
    },
  },
}
