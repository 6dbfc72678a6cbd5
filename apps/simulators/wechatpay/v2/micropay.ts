import { fen } from '../../../../kernel/money.ts'
import { SECOND_MS } from '../../../../kernel/time.ts'
import { useAuthCode } from '../auth-codes.ts'
import { type Context, type Merchant, nowMs } from '../context.ts'
import { findOrder, type Order } from '../order.ts'
import { digestOf } from '../orders.ts'
import { obstacleTo, settlePayment } from '../pay.ts'
import { type Answer, refusal, success } from './answer.ts'
import { paidFields } from './orderquery.ts'
import type { Fields } from './wire.ts'

/** Above it the payer enters the password: 1,000 yuan. */
const WITHOUT_PASSWORD_FEN = 100_000
/** How long the wallet waits for it. */
const PASSWORD_WITHIN_MS = 30 * SECOND_MS

/** Takes the money of whoever showed the code, or asks them for the password. */
export function micropay(context: Context, merchant: Merchant, fields: Fields): Answer {
  const wrong = wrongParameter(fields)
  if (wrong !== null) return refusal('PARAM_ERROR', `参数错误:${wrong}`)
  const { mchid } = merchant
  const outTradeNo = fields['out_trade_no'] ?? ''
  // The code is of the payer's moment, and no part of what the order is.
  const { auth_code: code = '', sign: _s, nonce_str: _n, ...order } = fields
  const digest = digestOf(order)
  const placed = findOrder(context, mchid, outTradeNo)
  if (placed) return again(placed, digest)

  const shown = useAuthCode(context, code)
  if (shown === 'unknown') return refusal('AUTH_CODE_INVALID', '请扫描微信支付被扫条码/二维码')
  if (shown === 'stale') return refusal('AUTHCODEEXPIRE', '二维码已过期，请用户在微信上刷新后再试')
  insertOrder(context, merchant, fields, { openid: shown.openid, digest })
  const made = findOrder(context, mchid, outTradeNo)
  const obstacle = made && obstacleTo(context, { ...made, isTokenStale: false }, shown.openid)
  if (!made || obstacle !== null) {
    setPayError(context, mchid, outTradeNo)
    return refusal('NOTENOUGH', '用户账号余额不足，请换卡支付后再试')
  }
  if (made.totalFen > WITHOUT_PASSWORD_FEN) return refusal('USERPAYING', '需要用户输入支付密码')
  settlePayment(context, made, shown.openid)
  const paid = findOrder(context, mchid, outTradeNo)
  return success(paid ? paidFields(paid) : {})
}

/** The number is known: what is said depends on what became of it. */
function again(order: Order, digest: string): Answer {
  if (order.tradeType !== 'MICROPAY') return refusal('OUT_TRADE_NO_USED', '商户订单号重复')
  if (order.requestDigest !== digest) return refusal('INVALID_REQUEST', '参数与首次请求时不一致')
  switch (order.state) {
    case 'SUCCESS':
    case 'REFUND':
      return refusal('ORDERPAID', '该订单已支付')
    case 'USERPAYING':
    case 'NOTPAY':
      return refusal('USERPAYING', '需要用户输入支付密码')
    case 'REVOKED':
      return refusal('ORDERREVERSED', '当前订单已经被撤销')
    case 'CLOSED':
      return refusal('ORDERCLOSED', '该订单已关闭')
    case 'PAYERROR':
      return refusal('TRADE_ERROR', '支付失败')
  }
}

const PATTERNS: Record<string, RegExp> = {
  body: /^.{1,128}$/su,
  out_trade_no: /^[0-9A-Za-z_\-|*]{1,32}$/,
  total_fee: /^[1-9]\d{0,14}$/,
  spbill_create_ip: /^[0-9A-Fa-f.:]{3,45}$/,
  auth_code: /^\d{10,32}$/,
}

function wrongParameter(fields: Fields): string | null {
  const wrong = Object.entries(PATTERNS).find(([name, rule]) => !rule.test(fields[name] ?? ''))
  if (wrong) return wrong[0]
  return (fields['fee_type'] ?? 'CNY') === 'CNY' ? null : 'fee_type'
}

function insertOrder(
  context: Context,
  { mchid, appid }: Merchant,
  fields: Fields,
  { openid, digest }: { openid: string; digest: string },
): void {
  const now = nowMs(context)
  context.store.run(
    `insert into trade_order
       (mchid, out_trade_no, appid, trade_type, description, attach, notify_url, total_fen, openid,
        device_id, request_digest, state, created_ms, expires_ms)
     values (?, ?, ?, 'MICROPAY', ?, ?, '', ?, ?, ?, ?, 'USERPAYING', ?, ?)`,
    [
      mchid,
      fields['out_trade_no'] ?? '',
      appid,
      fields['body'] ?? '',
      fields['attach'] ?? '',
      fen(Number(fields['total_fee'])),
      openid,
      fields['device_info'] ?? null,
      digest,
      now,
      now + PASSWORD_WITHIN_MS,
    ],
  )
}

const setPayError = (context: Context, mchid: string, outTradeNo: string) =>
  context.store.run(
    `update trade_order set state = 'PAYERROR' where mchid = ? and out_trade_no = ?`,
    [mchid, outTradeNo],
  )
