import { maskedCard } from './cards.ts'
import type { Merchant } from './context.ts'
import { type Fields, signed } from './message.ts'
import { digitsOf, shortDate } from './moments.ts'
import { respMsgOf } from './refusal.ts'
import type { Txn } from './transactions.ts'

const ECHOED = [
  'accessType',
  'bizType',
  'currencyCode',
  'merId',
  'orderId',
  'reqReserved',
  'settleDate',
  'txnAmt',
  'txnSubType',
  'txnTime',
  'txnType',
]

/** An answer to a request: it repeats what was asked, says how it went, and is signed. */
export function answerTo(
  merchant: Merchant,
  request: Fields,
  respCode: string,
  more: Fields = {},
  detail = '',
): Fields {
  const echoed = ECHOED.flatMap((name) => {
    const value = request[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return signed(merchant.signer, {
    ...Object.fromEntries(echoed),
    version: '5.1.0',
    encoding: 'UTF-8',
    respCode,
    respMsg: respMsgOf(respCode, detail),
    ...more,
  })
}

/** What is told of a transaction that moved money. */
export const moneyFields = (txn: Txn): Fields => ({
  accNo: maskedCard(txn.cardNo ?? ''),
  currencyCode: '156',
  payCardType: '01',
  queryId: txn.queryId ?? '',
  settleAmt: String(txn.amountFen),
  settleCurrencyCode: '156',
  settleDate: shortDate(txn.settleDate ?? ''),
  traceNo: txn.traceNo ?? '',
  traceTime: digitsOf(txn.traceMs ?? 0).slice(4),
  txnAmt: String(txn.amountFen),
})

/** The words of a notice, and of what the page posts back: told of a transaction, and not to a request. */
export function noticeFields(merchant: Merchant, txn: Txn): Fields {
  const { txnType, txnSubType } = typesOf(txn)
  return signed(merchant.signer, {
    accessType: '0',
    bizType: txn.bizType,
    currencyCode: '156',
    encoding: 'UTF-8',
    merId: txn.merId,
    orderId: txn.orderId,
    ...(txn.reqReserved === '' ? {} : { reqReserved: txn.reqReserved }),
    respCode: txn.respCode,
    respMsg: respMsgOf(txn.respCode),
    txnAmt: String(txn.amountFen),
    txnSubType,
    txnTime: txn.txnTime,
    txnType,
    version: '5.1.0',
    ...(txn.queryId === null ? {} : moneyFields(txn)),
  })
}

export function typesOf({ kind, way }: Txn): { txnType: string; txnSubType: string } {
  if (kind === 'refund') return { txnType: '04', txnSubType: '00' }
  if (kind === 'void') return { txnType: '31', txnSubType: '00' }
  return {
    txnType: '01',
    txnSubType: { front: '01', app: '01', qr: '07', code: '06', back: '01' }[way],
  }
}
