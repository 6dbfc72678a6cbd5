import { randomBelow } from '../../../kernel/random.ts'
import { addDays, businessDate, instantAt } from '../../../kernel/time.ts'
import { answerTo, moneyFields } from './answers.ts'
import { usePayCode } from './cards.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { keyOf, keyOfNew } from './faults.ts'
import type { Fields } from './message.ts'
import { Refusal, respMsgOf } from './refusal.ts'
import { nameIn, readCharge, readReturn, required } from './requests.ts'
import { acceptReturn, reverse } from './returns.ts'
import { settleDateNamed, settlementFile } from './settlement-file.ts'
import {
  changeTxn,
  findTxn,
  hasPayTimePassed,
  insertTxn,
  type Txn,
  txnByQueryId,
  type Way,
} from './transactions.ts'

export type Endpoint = 'app' | 'back' | 'query' | 'file'

/** One call that was read: what it is about, for the fault plan, and what it does. */
export type Call = { operation: string; key: string; perform: () => Fields }

/** Reads a call. Refusals: 32 for what this merchant may not ask here, 10 and 13 for fields that make no sense. */
export function readCall(
  context: Context,
  merchant: Merchant,
  endpoint: Endpoint,
  fields: Fields,
): Call {
  const types = `${fields['txnType']}-${fields['txnSubType']}`
  const operation = `${endpoint} ${types}`
  switch (operation) {
    case 'app 01-01':
      return placing(context, merchant, fields, { operation, way: 'app' })
    case 'back 01-07':
      return placing(context, merchant, fields, { operation, way: 'qr' })
    case 'back 01-06':
      return chargingByCode(context, merchant, fields, operation)
    case 'back 04-00':
      return returning(context, merchant, fields, { operation, kind: 'refund' })
    case 'back 31-00':
      return returning(context, merchant, fields, { operation, kind: 'void' })
    case 'back 99-01':
      return reversing(context, merchant, fields, operation)
    case 'query 00-00':
      return querying(context, merchant, fields, operation)
    case 'file 76-01':
      return fetching(context, merchant, fields, operation)
    default:
      throw new Refusal('32', operation)
  }
}

/** A code or a tn. Asked for again before it is paid, it is the same one; after, it is a duplicate. */
function placing(
  context: Context,
  merchant: Merchant,
  fields: Fields,
  { operation, way }: { operation: string; way: 'app' | 'qr' },
): Call {
  const asked = readCharge(context, merchant, fields, way)
  return {
    operation,
    key: keyOfNew(context, merchant.merId, asked.orderId, asked.description),
    perform() {
      const txn = placeTxn(context, asked)
      if (way === 'app') return answerTo(merchant, fields, '00', { tn: txn.token ?? '' })
      const qrCode = `${context.baseUrl()}/qr/00010000/${txn.token}`
      return answerTo(merchant, fields, '00', { qrCode })
    },
  }
}

/** The order that waits under these names, made now or before. Refusals: 12 for another order or one not waiting any more. */
export function placeTxn(context: Context, asked: Parameters<typeof insertTxn>[1]): Txn {
  const found = findTxn(context, asked)
  if (found) {
    const isSame = found.way === asked.way && found.amountFen === asked.amountFen
    if (!isSame || found.state !== 'waiting') throw new Refusal('12')
    return found
  }
  const txn = insertTxn(context, { ...asked, token: newToken(context) })
  if (hasPayTimePassed(context, txn)) throw new Refusal('69')
  return txn
}

/** 21 digits that nobody guesses and that never come again. */
function newToken({ store, random }: Context): string {
  const part = () => String(randomBelow(random, 1_000_000)).padStart(6, '0')
  return `62${part()}${part()}${String(store.nextSerial('token') % 10_000_000).padStart(7, '0')}`
}

/** Accepted with the code that the payer shows, and paid a moment later. */
function chargingByCode(
  context: Context,
  merchant: Merchant,
  fields: Fields,
  operation: string,
): Call {
  const asked = readCharge(context, merchant, fields, 'code' satisfies Way)
  const code = required(fields, 'qrNo', /^\d{19,20}$/)
  return {
    operation,
    key: keyOfNew(context, merchant.merId, asked.orderId, asked.description),
    perform() {
      if (findTxn(context, asked)) throw new Refusal('12')
      const cardNo = usePayCode(context, code)
      if (cardNo === null) throw new Refusal('88')
      const dueMs = nowMs(context) + context.delays.codeMs
      changeTxn(context, insertTxn(context, asked), { cardNo, dueMs })
      return answerTo(merchant, fields, '00')
    },
  }
}

function returning(
  context: Context,
  merchant: Merchant,
  fields: Fields,
  { operation, kind }: { operation: string; kind: 'refund' | 'void' },
): Call {
  const asked = readReturn(context, merchant, fields, kind)
  const charge = txnByQueryId(context, merchant.merId, asked.origQueryId ?? '')
  const parent = charge ? keyOf(context, merchant.merId, charge.orderId) : 'unknown order'
  return {
    operation,
    key: keyOfNew(context, merchant.merId, asked.orderId, `${parent}/return`),
    perform() {
      if (findTxn(context, asked)) throw new Refusal('12')
      const { queryId } = acceptReturn(context, asked)
      return answerTo(merchant, fields, '00', { queryId: queryId ?? '' })
    },
  }
}

function reversing(context: Context, merchant: Merchant, fields: Fields, operation: string): Call {
  const name = nameIn(merchant, fields)
  return {
    operation,
    key: keyOf(context, merchant.merId, name.orderId),
    perform() {
      reverse(context, findTxn(context, name))
      return answerTo(merchant, fields, '00')
    },
  }
}

function querying(context: Context, merchant: Merchant, fields: Fields, operation: string): Call {
  const name = nameIn(merchant, fields)
  return {
    operation,
    key: keyOf(context, merchant.merId, name.orderId),
    perform() {
      const txn = findTxn(context, name)
      // Nobody has tried to pay: UnionPay knows an order, but no transaction.
      if (!txn || (txn.state === 'waiting' && txn.respCode === '')) throw new Refusal('34')
      const origRespCode = txn.state === 'processing' ? '05' : txn.respCode
      return answerTo(merchant, fields, '00', {
        origRespCode,
        origRespMsg: respMsgOf(origRespCode),
        ...(txn.state === 'done' ? moneyFields(txn) : {}),
      })
    },
  }
}

/** The file of a settlement date lies ready from six o'clock of the next day. */
const FILE_READY_FROM = '06:00:00'

function fetching(context: Context, merchant: Merchant, fields: Fields, operation: string): Call {
  const settleDate = settleDateNamed(required(fields, 'settleDate', /^\d{4}$/), context.clock.now())
  required(fields, 'fileType', /^00$/)
  return {
    operation,
    key: settleDate ?? 'unknown date',
    perform() {
      const readyAt = settleDate && instantAt(addDays(businessDate(settleDate), 1), FILE_READY_FROM)
      if (!settleDate || !readyAt || context.clock.now() < readyAt) throw new Refusal('98')
      const file = settlementFile(context, merchant, settleDate)
      if (file === null) throw new Refusal('98')
      return answerTo(merchant, fields, '00', file)
    },
  }
}
