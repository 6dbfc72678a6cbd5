import type { Fen } from '../../../../kernel/money.ts'
import type { Context } from '../context.ts'
import { checkFields, mistake, type Rule } from '../fields.ts'
import { checkNotifyUrl, isRfc3339 } from '../order-request.ts'
import { unseal } from '../signing.ts'

export type MixPayType = 'CASH_ONLY' | 'INSURANCE_ONLY' | 'CASH_AND_INSURANCE'

/** A mixed order as the reference, section 6, has it. Its persons are sealed. */
export type InsuranceRequest = {
  mix_pay_type: MixPayType
  order_type: string
  appid: string
  openid: string
  payer: SealedPerson
  pay_for_relatives?: boolean
  relative?: SealedPerson
  out_trade_no: string
  serial_no: string
  pay_order_id?: string
  pay_auth_no?: string
  geo_location?: string
  med_ins_order_create_time?: string
  total_fee: Fen
  med_ins_gov_fee?: Fen
  med_ins_self_fee?: Fen
  med_ins_other_fee?: Fen
  med_ins_cash_fee?: Fen
  wechat_pay_cash_fee?: Fen
  cash_add_detail?: { cash_add_fee: Fen }[]
  cash_reduce_detail?: { cash_reduce_fee: Fen }[]
  callback_url: string
  prepay_id?: string
}

type SealedPerson = { name: string; id_digest: string; card_type: string }

/** Whom a request names, opened. */
export type Person = { name: string; idDigest: string }

/** Reads the body of a mixed order. Throws the protocol's refusal of the first mistake. */
export function readInsuranceRequest(body: unknown): InsuranceRequest {
  checkFields(body, ORDER)
  const request = body as InsuranceRequest
  checkNotifyUrl(request.callback_url, '/callback_url')
  const { med_ins_order_create_time: created } = request
  if (created !== undefined && !(isRfc3339(created) && created.endsWith('+08:00'))) {
    throw mistake('bad_parameter', '/med_ins_order_create_time', created, '医保下单时间解析失败')
  }
  if (request.pay_for_relatives === true && !request.relative) {
    throw mistake('bad_parameter', '/relative', '', '该订单属于代亲属支付，但缺少亲属信息')
  }
  return request
}

/** Opens a person with the platform's key that the request names. Plain text does not open, and is refused. */
export function openPerson(
  context: Context,
  sealedWith: string | null,
  sealed: SealedPerson,
  pointer: string,
): Person {
  const key = sealedWith === null ? null : context.platform.opener(sealedWith)
  if (!key) throw mistake('bad_parameter', pointer, '', '缺少或未知的 Wechatpay-Serial')
  const [name, idDigest] = [unseal(key, sealed.name), unseal(key, sealed.id_digest)]
  if (!name || idDigest === null || !/^[0-9a-f]{32}$/.test(idDigest)) {
    throw mistake('bad_parameter', pointer, '', '敏感信息解密失败或格式不正确')
  }
  return { name, idDigest }
}

/** What a merchant tells of a return by the bureau. */
export type ReturnNotice = {
  med_refund_total_fee: Fen
  med_refund_gov_fee: Fen
  med_refund_self_fee: Fen
  med_refund_other_fee: Fen
  refund_time: string
  out_refund_no: string
}

export function readReturnNotice(body: unknown): ReturnNotice {
  checkFields(body, RETURN)
  const notice = body as ReturnNotice
  if (!isRfc3339(notice.refund_time)) {
    throw mistake('bad_parameter', '/refund_time', notice.refund_time, '应为 RFC 3339 时间')
  }
  return notice
}

const text = (max: number): Rule => ({ type: 'string', max })
const needed = (max: number, pattern?: RegExp): Rule => ({
  type: 'string',
  max,
  required: true,
  ...(pattern && { pattern }),
})
const AMOUNT: Rule = { type: 'integer', min: 0 }

const PERSON: Record<string, Rule> = {
  name: needed(1_024),
  id_digest: needed(1_024),
  card_type: needed(
    32,
    /^(ID_CARD|HOUSEHOLD_REGISTRATION|FOREIGNER_PASSPORT|MAINLAND_TRAVEL_PERMIT_FOR_(TW|MO|HK)|FOREIGN_PERMANENT_RESIDENT)$/,
  ),
}

const details = (name: 'add' | 'reduce', types: RegExp): Rule => ({
  type: 'array',
  max: 100,
  item: {
    type: 'object',
    fields: {
      [`cash_${name}_fee`]: { ...AMOUNT, required: true },
      [`cash_${name}_type`]: needed(32, types),
    },
  },
})

const ORDER: Rule = {
  type: 'object',
  fields: {
    mix_pay_type: needed(32, /^(CASH_ONLY|INSURANCE_ONLY|CASH_AND_INSURANCE)$/),
    order_type: needed(
      32,
      /^((REG|DIAG|COVID_EXAM|IN_HOSP|PHARMACY|INSURANCE|INT_REG|INT_RE_DIAG|INT_RX|COVID_ANTIGEN|MED)_PAY)$/,
    ),
    appid: needed(32),
    openid: needed(128),
    payer: { type: 'object', required: true, fields: PERSON },
    pay_for_relatives: { type: 'boolean' },
    relative: { type: 'object', fields: PERSON },
    out_trade_no: needed(64, /^[0-9A-Za-z_\-|*]+$/),
    serial_no: needed(20),
    pay_order_id: text(64),
    pay_auth_no: text(40),
    geo_location: { type: 'string', max: 40, pattern: /^-?[\d.]+,-?[\d.]+$/ },
    city_id: needed(8),
    med_inst_name: needed(128),
    med_inst_no: needed(32),
    med_ins_order_create_time: text(64),
    total_fee: { ...AMOUNT, required: true },
    med_ins_gov_fee: AMOUNT,
    med_ins_self_fee: AMOUNT,
    med_ins_other_fee: AMOUNT,
    med_ins_cash_fee: AMOUNT,
    wechat_pay_cash_fee: AMOUNT,
    cash_add_detail: details('add', /^(DEFAULT_ADD_TYPE|FREIGHT|OTHER_MEDICAL_EXPENSES)$/),
    cash_reduce_detail: details(
      'reduce',
      /^(DEFAULT_REDUCE_TYPE|HOSPITAL_REDUCE|PHARMACY_DISCOUNT|DISCOUNT|PRE_PAYMENT|DEPOSIT_DEDUCTION)$/,
    ),
    callback_url: needed(256),
    prepay_id: text(64),
    attach: text(128),
    channel_no: text(32),
    passthrough_request_content: text(2_048),
    extends: text(2_048),
    med_ins_test_env: { type: 'boolean' },
  },
}

const RETURN: Rule = {
  type: 'object',
  fields: {
    med_refund_total_fee: { type: 'integer', min: 1, required: true },
    med_refund_gov_fee: { ...AMOUNT, required: true },
    med_refund_self_fee: { ...AMOUNT, required: true },
    med_refund_other_fee: { ...AMOUNT, required: true },
    refund_time: needed(64),
    out_refund_no: needed(64, /^[0-9A-Za-z_\-|*@]+$/),
  },
}
