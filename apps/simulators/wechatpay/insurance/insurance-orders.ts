import { assert } from '../../../../kernel/assert.ts'
import { HOUR_MS } from '../../../../kernel/time.ts'
import { ApiError } from '../api-error.ts'
import { type Context, type Merchant, nowMs } from '../context.ts'
import { mistake } from '../fields.ts'
import { findOrder } from '../order.ts'
import { businessNo } from '../pay.ts'
import { checkLinkage, type Sums, sumsOf } from './check.ts'
import {
  findByMixTradeNo,
  findInsuranceOrder,
  type InsuranceOrder,
  returnedOf,
} from './insurance-order.ts'
import { type InsuranceRequest, openPerson, type Person, type ReturnNotice } from './request.ts'

// As long as a prepay_id is good.
const LIFE_MS = 2 * HOUR_MS

/** Places a mixed order. A number is good for one order, whatever became of it. */
export function placeInsuranceOrder(
  context: Context,
  merchant: Merchant,
  request: InsuranceRequest,
  sealedWith: string | null,
): InsuranceOrder {
  if (request.appid !== merchant.appid) throw new ApiError('appid_not_bound')
  if (findInsuranceOrder(context, merchant.mchid, request.out_trade_no)) {
    throw new ApiError('mixed_exists')
  }
  checkLinkage(request)
  const sums = sumsOf(request)
  checkPersons(context, request, sealedWith)
  checkCashPart(context, merchant, request)
  checkAuthorization(context, merchant, request)
  return insert(context, merchant, request, sums)
}

/** The payer must be who the insurance card in the wallet is of, and the relative one of the family. */
function checkPersons(context: Context, request: InsuranceRequest, sealedWith: string | null) {
  const payer = openPerson(context, sealedWith, request.payer, '/payer')
  const card = context.store.get<{ name: string; id_digest: string }>(
    'select name, id_digest from insurance_card where openid = ?',
    [request.openid],
  )
  if (!context.store.get('select 1 from wallet where openid = ?', [request.openid])) {
    throw new ApiError('mixed_openid')
  }
  if (!card) throw new ApiError('no_insurance_card')
  if (card.id_digest !== payer.idDigest) throw new ApiError('id_differs')
  if (card.name !== payer.name) throw new ApiError('name_differs')
  if (!request.relative) return
  const relative = openPerson(context, sealedWith, request.relative, '/relative')
  if (!isRelative(context, request.openid, relative)) throw new ApiError('no_relative')
}

const isRelative = ({ store }: Context, openid: string, { name, idDigest }: Person): boolean =>
  store.get('select 1 from insurance_relative where openid = ? and name = ? and id_digest = ?', [
    openid,
    name,
    idDigest,
  ]) !== null

/** The prepay_id must be of an order by the same number, over the same amount, for the same payer. */
function checkCashPart(context: Context, { mchid }: Merchant, request: InsuranceRequest) {
  const { prepay_id: prepayId, out_trade_no: outTradeNo } = request
  if (prepayId === undefined) return
  const issued = context.store.get<{ out_trade_no: string }>(
    'select out_trade_no from prepay where token = ? and mchid = ? and is_combined = 0',
    [prepayId, mchid],
  )
  const order = findOrder(context, mchid, outTradeNo)
  const fits =
    issued?.out_trade_no === outTradeNo &&
    order?.tradeType === 'JSAPI' &&
    order.openid === request.openid &&
    order.totalFen === request.wechat_pay_cash_fee
  if (!fits) throw mistake('bad_parameter', '/prepay_id', prepayId, '与自费订单不一致')
  if (order.state === 'CLOSED') throw new ApiError('order_closed')
}

function checkAuthorization(context: Context, { mchid }: Merchant, request: InsuranceRequest) {
  if (request.pay_auth_no === undefined) return
  const used = context.store.get(
    'select 1 from insurance_order where mchid = ? and pay_auth_no = ?',
    [mchid, request.pay_auth_no],
  )
  if (used) throw new ApiError('auth_no_refused')
}

function insert(
  context: Context,
  { mchid }: Merchant,
  request: InsuranceRequest,
  sums: Sums,
): InsuranceOrder {
  const { payer: _payer, relative: _relative, ...shown } = request
  const mixTradeNo = businessNo(context, '6201', mchid)
  const now = nowMs(context)
  context.store.run(
    `insert into insurance_order
       (mchid, out_trade_no, mix_trade_no, mix_pay_type, openid, shown, callback_url, pay_auth_no,
        total_fen, fund_fen, account_fen, other_fen, own_part_fen, cash_fen, added_fen, reduced_fen,
        insurance_state, created_ms, expires_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      mchid,
      request.out_trade_no,
      mixTradeNo,
      request.mix_pay_type,
      request.openid,
      JSON.stringify(shown),
      request.callback_url,
      request.pay_auth_no ?? null,
      sums.totalFen,
      sums.fundFen,
      sums.accountFen,
      sums.otherFen,
      sums.ownPartFen,
      sums.cashFen,
      sums.addedFen,
      sums.reducedFen,
      request.mix_pay_type === 'CASH_ONLY' ? 'NONE' : 'CREATED',
      now,
      now + LIFE_MS,
    ],
  )
  const placed = findByMixTradeNo(context, mixTradeNo)
  assert(placed, 'the order was just placed')
  return placed
}

/** Notes what the bureau gave back. The same number told again counts once, by its latest words. */
export function noteReturn(
  context: Context,
  { mchid }: Merchant,
  mixTradeNo: string,
  notice: ReturnNotice,
): void {
  const order = findByMixTradeNo(context, mixTradeNo)
  if (order?.mchid !== mchid) throw new ApiError('mixed_not_exist')
  if (order.insuranceState !== 'SUCCESS' && order.insuranceState !== 'REFUND') {
    throw new ApiError('bad_state', '医保部分未支付')
  }
  const { med_refund_gov_fee: fund, med_refund_self_fee: account } = notice
  const { med_refund_other_fee: other, med_refund_total_fee: total } = notice
  if (total !== fund + account + other) {
    throw mistake('bad_parameter', '/med_refund_total_fee', total, '与各项之和不一致')
  }
  const before = returnedOf(context, mixTradeNo, notice.out_refund_no)
  const isTooMuch =
    before.fundFen + fund > order.fundFen ||
    before.accountFen + account > order.accountFen ||
    before.otherFen + other > order.otherFen
  if (isTooMuch) throw mistake('out_of_range', '/med_refund_total_fee', total, '超过医保支付金额')
  context.store.run(
    `insert into insurance_return
       (mix_trade_no, out_refund_no, total_fen, fund_fen, account_fen, other_fen, returned_ms)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (mix_trade_no, out_refund_no) do update set total_fen = excluded.total_fen,
       fund_fen = excluded.fund_fen, account_fen = excluded.account_fen,
       other_fen = excluded.other_fen, returned_ms = excluded.returned_ms`,
    [mixTradeNo, notice.out_refund_no, total, fund, account, other, Date.parse(notice.refund_time)],
  )
  context.store.run(
    "update insurance_order set insurance_state = 'REFUND' where mix_trade_no = ?",
    [mixTradeNo],
  )
}
