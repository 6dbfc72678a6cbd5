import type { Fen } from '../../../../kernel/money.ts'
import { toShanghaiIso } from '../../../../kernel/time.ts'
import type { ApiRequest } from '../client.ts'
import type { PlatformKey } from '../keys.ts'
import type { WechatPayAccount } from '../params.ts'
import { sealField } from '../signing.ts'
import { cutUtf8 } from '../utf8.ts'
import { idDigestOf } from './id-digest.ts'
import { type InsuredPerson, type MedicalInsuranceOrder, mixPayTypeOf } from './order.ts'

const MAX_DESCRIPTION_BYTES = 127
const CASH_PATH = '/v3/pay/transactions/jsapi'
const ORDERS_PATH = '/v3/med-ins/orders'
const NOTICE_PATH = '/v3/med-ins/refunds/notify'

/** The hospital as the bureau and WeChat know it. */
export type Institution = NonNullable<WechatPayAccount['medicalInsurance']>

/** The cash part is an ordinary order inside WeChat, by the same number. */
export const cashRequest = (
  account: WechatPayAccount,
  order: MedicalInsuranceOrder,
): ApiRequest => ({
  method: 'POST',
  path: CASH_PATH,
  operation: `POST ${CASH_PATH}`,
  body: {
    appid: account.appid,
    mchid: account.mchid,
    description: cutUtf8(order.description, MAX_DESCRIPTION_BYTES),
    out_trade_no: order.tradeNo,
    time_expire: toShanghaiIso(order.expiresAt),
    notify_url: account.notifyUrl,
    amount: { total: order.amounts.cashFen, currency: 'CNY' },
    payer: { openid: order.openid },
  },
  account: order.openid,
})

/** `sealing` is the platform's key for names and digests; its id goes with the request. */
export function orderRequest(
  account: WechatPayAccount,
  institution: Institution,
  order: MedicalInsuranceOrder,
  prepayId: string | null,
  sealing: { id: string; key: PlatformKey },
): ApiRequest {
  const { relative } = order
  const body = {
    mix_pay_type: mixPayTypeOf(order),
    order_type: order.orderType,
    appid: account.appid,
    openid: order.openid,
    payer: sealed(sealing.key, order.payer),
    pay_for_relatives: relative !== null,
    ...(relative && { relative: sealed(sealing.key, relative) }),
    out_trade_no: order.tradeNo,
    serial_no: order.hospitalOrderNo,
    ...insuranceFields(order),
    city_id: institution.cityId,
    med_inst_name: institution.institutionName,
    med_inst_no: institution.institutionNo,
    ...amountFields(order),
    callback_url: institution.callbackUrl,
    ...(prepayId !== null && { prepay_id: prepayId }),
    ...(institution.channelNo !== null && { channel_no: institution.channelNo }),
    med_ins_test_env: institution.isTestEnvironment,
  }
  return {
    method: 'POST',
    path: ORDERS_PATH,
    operation: `POST ${ORDERS_PATH}`,
    body,
    account: order.openid,
    sealedWith: sealing.id,
  }
}

/** 纯自费 knows no insurance; WeChat refuses an order that speaks of one all the same. */
function insuranceFields({ insurance, createdAt }: MedicalInsuranceOrder) {
  if (insurance === null) return {}
  return {
    pay_order_id: insurance.payOrderId,
    pay_auth_no: insurance.payAuthNo,
    geo_location: insurance.geoLocation,
    med_ins_order_create_time: toShanghaiIso(createdAt),
    ...(insurance.passthrough !== null && { passthrough_request_content: insurance.passthrough }),
  }
}

/** A part that is not there is left out: 纯自费 must not name the insurance's, 纯医保 not WeChat's. */
function amountFields({ insurance, amounts }: MedicalInsuranceOrder) {
  const { additions, reductions } = amounts
  return {
    total_fee: amounts.totalFen,
    ...(insurance && {
      med_ins_gov_fee: amounts.fundFen,
      med_ins_self_fee: amounts.accountFen,
      med_ins_other_fee: amounts.otherFen,
    }),
    med_ins_cash_fee: amounts.ownPartFen,
    ...(amounts.cashFen > 0 && { wechat_pay_cash_fee: amounts.cashFen }),
    ...(additions.length > 0 && {
      cash_add_detail: additions.map(({ type, amountFen }) => ({
        cash_add_fee: amountFen,
        cash_add_type: type,
      })),
    }),
    ...(reductions.length > 0 && {
      cash_reduce_detail: reductions.map(({ type, amountFen }) => ({
        cash_reduce_fee: amountFen,
        cash_reduce_type: type,
      })),
    }),
  }
}

const sealed = (key: PlatformKey, person: InsuredPerson) => ({
  name: sealField(key, person.name),
  id_digest: sealField(key, idDigestOf(person)),
  card_type: person.cardType,
})

export const queryRequest = ({ tradeNo, openid }: MedicalInsuranceOrder): ApiRequest => ({
  method: 'GET',
  path: `${ORDERS_PATH}/out-trade-no/${encodeURIComponent(tradeNo)}`,
  operation: `GET ${ORDERS_PATH}/out-trade-no/{out_trade_no}`,
  account: openid,
})

export const closeCashRequest = (
  { mchid }: WechatPayAccount,
  { tradeNo }: MedicalInsuranceOrder,
): ApiRequest => ({
  method: 'POST',
  path: `/v3/pay/transactions/out-trade-no/${encodeURIComponent(tradeNo)}/close`,
  operation: 'POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close',
  body: { mchid },
})

/** What the insurance has given back already; WeChat learns of it from nobody but the merchant. */
export type InsuranceReturn = {
  mixTradeNo: string
  /** The same as of the cash part's refund, where there is one. */
  refundNo: string
  fundFen: Fen
  accountFen: Fen
  otherFen: Fen
  totalFen: Fen
  returnedAt: Date
}

export const refundNoticeRequest = (given: InsuranceReturn): ApiRequest => ({
  method: 'POST',
  path: `${NOTICE_PATH}?mix_trade_no=${encodeURIComponent(given.mixTradeNo)}`,
  operation: `POST ${NOTICE_PATH}`,
  body: {
    med_refund_total_fee: given.totalFen,
    med_refund_gov_fee: given.fundFen,
    med_refund_self_fee: given.accountFen,
    med_refund_other_fee: given.otherFen,
    refund_time: toShanghaiIso(given.returnedAt),
    out_refund_no: given.refundNo,
  },
})
