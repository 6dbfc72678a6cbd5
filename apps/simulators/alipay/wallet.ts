import type { ScannedCode } from '../kit/simulator.ts'
import { ApiError } from './api-error.ts'
import type { Context } from './context.ts'
import {
  type Deposit,
  findDepositByCode,
  freeze,
  obstacleToFreeze,
  openDeposit,
} from './deposits.ts'
import { keyOfNew } from './faults.ts'
import { appNamed, authenticate, readParams } from './gateway.ts'
import { appOf, type Obstacle, obstacleTo, settle } from './pay.ts'
import { openPrepared, openSigned } from './place.ts'
import { findTradeBy, type Trade } from './trade.ts'
import { useOfBarcode } from './wallets.ts'

/** What a payer pays: a trade of the merchant's, a code they scanned, their own barcode's, or what an app brought. */
export type PayTarget =
  | { outTradeNo: string }
  | { tradeNo: string }
  | { qrCode: string }
  | { barcode: string }
  | { orderString: string }

export type PayOutcome = 'paid' | 'unknown_trade' | 'refused' | Obstacle

/** What the payer's confirmation in the wallet does, in one transaction. A deposit is 'paid' when it is frozen. */
export function payTarget(context: Context, target: PayTarget, buyerId: string): PayOutcome {
  try {
    return context.store.transaction(() => {
      const found = findTarget(context, target)
      if (!found) return 'unknown_trade'
      return 'outOrderNo' in found
        ? freezeNow(context, found, buyerId)
        : payNow(context, found, buyerId)
    })
  } catch (error) {
    if (error instanceof ApiError) return 'refused'
    throw error
  }
}

export const confirmTrade = (context: Context, trade: Trade, buyerId: string) =>
  context.store.transaction(() => payNow(context, trade, buyerId))

/** What the wallet shows of a code before anyone pays; null for a code that there is not. */
export function scanCode(context: Context, qrCode: string): ScannedCode | null {
  const found = findTarget(context, { qrCode })
  if (!found) return null
  const merchantName = appOf(context, found).name
  if ('outOrderNo' in found) {
    const { title: description, amountFen } = found
    const state = codeStateOf(obstacleToFreeze(context, found, ''))
    return { merchantName, description, amountFen, state }
  }
  const { subject: description, totalFen: amountFen } = found
  const state = codeStateOf(obstacleTo(context, found, ''))
  return { merchantName, description, amountFen, state }
}

/** What stands in the way of some payers only is no state of the code. */
function codeStateOf(obstacle: Obstacle | null): ScannedCode['state'] {
  if (obstacle === 'already_paid') return 'paid'
  return obstacle === 'expired' || obstacle === 'closed' ? obstacle : 'open'
}

/** What stands in the way before the payer has said who they are, when that is not known. */
export function obstacleNow(
  context: Context,
  trade: Trade,
  buyerId: string | null,
): Obstacle | null {
  const obstacle = obstacleTo(context, trade, buyerId ?? '')
  return obstacle === 'unknown_wallet' && buyerId === null ? null : obstacle
}

function payNow(context: Context, trade: Trade, buyerId: string): 'paid' | Obstacle {
  const obstacle = obstacleTo(context, trade, buyerId)
  if (obstacle !== null) return obstacle
  settle(context, openPrepared(context, trade), buyerId)
  return 'paid'
}

function freezeNow(context: Context, deposit: Deposit, buyerId: string): PayOutcome {
  const obstacle = obstacleToFreeze(context, deposit, buyerId)
  if (obstacle !== null) return obstacle
  freeze(context, deposit, buyerId)
  return 'paid'
}

function findTarget(context: Context, target: PayTarget): Trade | Deposit | null {
  if ('outTradeNo' in target) return findTradeBy(context, 'out_trade_no', target.outTradeNo)
  if ('tradeNo' in target) return findTradeBy(context, 'trade_no', target.tradeNo)
  if ('qrCode' in target) {
    const trade = findTradeBy(context, 'qr_code', target.qrCode)
    return trade ?? findDepositByCode(context, target.qrCode)
  }
  if ('orderString' in target) return openOrderString(context, target.orderString)
  const number = useOfBarcode(context, target.barcode)
  return number === null ? null : findTradeBy(context, 'out_trade_no', number)
}

/** The Alipay app takes the string from the merchant's, as the merchant signed it. */
function openOrderString(context: Context, text: string): Trade | Deposit {
  const params = readParams(text, '')
  const app = appNamed(context, params)
  if (!app) throw new ApiError('isv.invalid-app-id')
  const signed = authenticate(context, app, params)
  if (signed.method === 'alipay.fund.auth.order.app.freeze') return openDeposit(context, signed)
  if (signed.method !== 'alipay.trade.app.pay') throw new ApiError('isv.invalid-method')
  const trade = openSigned(context, signed, signed.method)
  keyOfNew(context, app.appId, trade.outTradeNo, trade.subject)
  return trade
}
