import { fen } from '../../../kernel/money.ts'
import { DAY_MS, HOUR_MS } from '../../../kernel/time.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { type Fields, isSignedBy } from './message.ts'
import { msOfDigits } from './moments.ts'
import { Refusal } from './refusal.ts'
import type { NewTxn, TxnName, Way } from './transactions.ts'

// Reads what a merchant asks: who it is, whether it is signed, and whether the fields make sense.

export function checkRequest(merchant: Merchant, fields: Fields): void {
  if (fields['version'] !== '5.1.0') throw new Refusal('10', 'version')
  if (fields['encoding']?.toUpperCase() !== 'UTF-8') throw new Refusal('10', 'encoding')
  if (!isSignedBy(merchant.proof, fields)) throw new Refusal('11')
  // Empty fields are not sent: a signature over them is one over another text.
  const empty = Object.keys(fields).find((name) => fields[name] === '')
  if (empty !== undefined) throw new Refusal('10', empty)
}

export function required(fields: Fields, name: string, pattern: RegExp): string {
  const value = fields[name]
  if (value === undefined) throw new Refusal('13', name)
  if (!pattern.test(value)) throw new Refusal('10', name)
  return value
}

/** Merchant, order and moment: what names a transaction. */
export const nameIn = (merchant: Merchant, fields: Fields): TxnName => ({
  merId: merchant.merId,
  orderId: required(fields, 'orderId', /^[0-9A-Za-z]{8,40}$/),
  txnTime: momentIn(fields),
})

const momentIn = (fields: Fields): string => {
  const digits = required(fields, 'txnTime', /^\d{14}$/)
  if (msOfDigits(digits) === null) throw new Refusal('10', 'txnTime')
  return digits
}

/** A new transaction must be of now, or nearly: UnionPay refuses moments that are not. */
function checkIsNow(context: Context, txnTime: string): void {
  const ageMs = nowMs(context) - (msOfDigits(txnTime) ?? 0)
  if (ageMs > DAY_MS || ageMs < -HOUR_MS) throw new Refusal('10', 'txnTime无效')
}

export function readCharge(context: Context, merchant: Merchant, fields: Fields, way: Way): NewTxn {
  const name = nameIn(merchant, fields)
  checkIsNow(context, name.txnTime)
  const payTimeout = fields['payTimeout']
  const payUntilMs = payTimeout === undefined ? null : msOfDigits(payTimeout)
  if (payTimeout !== undefined && payUntilMs === null) throw new Refusal('10', 'payTimeout')
  required(fields, 'channelType', /^0[78]$/)
  const frontUrl = way === 'front' ? required(fields, 'frontUrl', /^https?:\/\/.{1,256}$/) : null
  return {
    ...name,
    kind: 'charge',
    way,
    bizType: required(fields, 'bizType', way === 'qr' || way === 'code' ? /^000000$/ : /^000201$/),
    amountFen: amountIn(fields),
    description: goodsIn(fields),
    backUrl: required(fields, 'backUrl', /^https?:\/\/[^?]{1,256}$/),
    frontUrl,
    reqReserved: fields['reqReserved'] ?? '',
    payUntilMs,
    token: null,
    origQueryId: null,
    state: way === 'code' ? 'processing' : 'waiting',
  }
}

export function readReturn(
  context: Context,
  merchant: Merchant,
  fields: Fields,
  kind: 'refund' | 'void',
): NewTxn {
  const name = nameIn(merchant, fields)
  checkIsNow(context, name.txnTime)
  required(fields, 'channelType', /^0[78]$/)
  return {
    ...name,
    kind,
    way: 'back',
    bizType: required(fields, 'bizType', /^000(000|201)$/),
    amountFen: amountIn(fields),
    description: '',
    backUrl: required(fields, 'backUrl', /^https?:\/\/[^?]{1,256}$/),
    frontUrl: null,
    reqReserved: fields['reqReserved'] ?? '',
    payUntilMs: null,
    token: null,
    origQueryId: required(fields, 'origQryId', /^\d{20,21}$/),
    state: 'processing',
  }
}

function amountIn(fields: Fields) {
  const amount = Number(required(fields, 'txnAmt', /^[1-9]\d{0,11}$/))
  if (required(fields, 'currencyCode', /^\d{3}$/) !== '156') throw new Refusal('10', 'currencyCode')
  return fen(amount)
}

const MAX_GOODS = 64

/** '{commodityName=门诊缴费&…}': what the payer sees is paid for. */
function goodsIn(fields: Fields): string {
  const text = fields['riskRateInfo'] ?? ''
  return (/(?<=[{&]commodityName=)[^&}]*/.exec(text)?.[0] ?? '').slice(0, MAX_GOODS)
}
