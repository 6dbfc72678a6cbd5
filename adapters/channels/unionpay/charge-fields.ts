import type { ChargeOrder } from '../../../modules/payments/index.ts'
import type { Fields } from './message.ts'
import { toDigits } from './moments.ts'
import type { UnionPayAccount } from './params.ts'

/** Made of the order alone, so that it is the same text at every try, and the same transaction. */
function commonFields(account: UnionPayAccount, order: ChargeOrder): Record<string, string> {
  const goods = goodsName(order.description)
  return {
    txnType: '01',
    channelType: '08',
    orderId: order.tradeNo,
    txnTime: toDigits(order.createdAt),
    txnAmt: String(order.amountFen),
    currencyCode: '156',
    backUrl: account.backUrl,
    reqReserved: order.paymentId,
    riskRateInfo: goods === '' ? '' : `{commodityName=${goods}}`,
  }
}

export const pageFields = (account: UnionPayAccount, order: ChargeOrder): Fields => ({
  ...commonFields(account, order),
  txnSubType: '01',
  bizType: '000201',
  channelType: account.pageChannelType,
  payTimeout: toDigits(order.expiresAt),
  frontUrl: order.presence?.returnUrl ?? account.frontUrl,
})

export const appFields = (account: UnionPayAccount, order: ChargeOrder): Fields => ({
  ...commonFields(account, order),
  txnSubType: '01',
  bizType: '000201',
  payTimeout: toDigits(order.expiresAt),
})

export const qrCodeFields = (account: UnionPayAccount, order: ChargeOrder): Fields => ({
  ...commonFields(account, order),
  txnSubType: '07',
  bizType: '000000',
  payTimeout: toDigits(order.expiresAt),
  termId: account.terminalId ?? '',
})

export const codeFields = (account: UnionPayAccount, order: ChargeOrder, code: string): Fields => ({
  ...commonFields(account, order),
  txnSubType: '06',
  bizType: '000000',
  qrNo: code,
  termId: account.terminalId ?? '',
})

export const reversalFields = (order: ChargeOrder): Fields => ({
  txnType: '99',
  txnSubType: '01',
  bizType: '000000',
  channelType: '08',
  orderId: order.tradeNo,
  txnTime: toDigits(order.createdAt),
})

const MAX_GOODS = 40

/** The name of what is paid for, without the signs that have a meaning in a message. */
function goodsName(description: string): string {
  const plain = description.replaceAll(/[^\p{L}\p{N} ]/gu, ' ').replaceAll(/ {2,}/g, ' ')
  return Array.from(plain).slice(0, MAX_GOODS).join('').trim()
}
