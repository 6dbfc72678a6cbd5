import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import { sm2 } from 'sm-crypto-v2'

import { assert } from '../../../kernel/assert.ts'
import { parseYuan, toYuanText } from '../../../kernel/money.ts'
import { type Random, randomHex } from '../../../kernel/random.ts'
import { instantAt, isBusinessDate, MINUTE_MS, toShanghaiText } from '../../../kernel/time.ts'
import { type Context, type Merchant, nowMs, Refusal, type RefusalKind } from './context.ts'
import { type Dialect, isFresh, type Proven, type Route, type Written } from './dialect.ts'
import { addressField, amountOf, digestOf, numberField, onlyFields, textField } from './fields.ts'
import { cancelPayment, existingPayment, type Payment, placePayment } from './payments.ts'
import { existingRefund, placeRefund, type Refund } from './refunds.ts'
import { countOf, statementOf, type StatementRow, sumOf } from './statements.ts'

export type SmMerchantKeys = { publicKey: string; sm4Key: string }

export type SmKeys = {
  /** The wallet's own SM2 key, 64 hex digits. */
  privateKey: string
  /** By merchant number: SM2 public key and SM4 key, in hex. */
  merchants: Readonly<Record<string, SmMerchantKeys>>
}

const USER_ID = '1234567812345678'

/** Protocol A of the specimen page: sealed with SM4, signed with SM2, in one envelope. */
export function digitalRmb(keys: SmKeys): Dialect {
  const walletPublicKey = sm2.getPublicKeyFromPrivateKey(keys.privateKey)
  return {
    name: 'digital RMB',
    routes: ROUTES,
    unproven: { status: 400, headers: {}, body: '{"message":"the request cannot be proven"}' },
    authenticate(context, { body }) {
      const envelope = textsOf(parse(body.toString('utf8')))
      const { merchantNo = '', timestamp = '', nonce = '', sign = '' } = envelope ?? {}
      const merchant = context.merchants.get(merchantNo)
      const own = keys.merchants[merchantNo]
      if (!envelope || !merchant || !own || !/^[0-9a-f]{128}$/i.test(sign)) return null
      if (!isSigned(envelope, sign, own.publicKey)) return null
      if (!isFresh(context, merchant, { nonce, sentMs: instantOf(timestamp) })) return null
      const fields = parse(unseal(own.sm4Key, envelope) ?? '')
      return isObject(fields) ? { merchant, nonce, fields } : null
    },
    answer: (context, { merchant, nonce }, object) =>
      written(context, merchant, { code: '0000', message: '', ...object }, nonce),
    refuse: (context, { merchant, nonce }, kind, message) =>
      written(context, merchant, { code: CODES[kind], message }, nonce),
    notice: {
      write(context, notice) {
        const merchant = context.merchants.get(notice.merchant)
        assert(merchant, `${notice.merchant} is served`)
        const object = {
          noticeNo: notice.id,
          event: notice.event === 'paid' ? 'ORDER_PAID' : 'REFUND_DONE',
          orderNo: notice.payment_reference,
          ...(notice.refund_reference === null ? {} : { refundNo: notice.refund_reference }),
        }
        return written(context, merchant, object, null)
      },
      isAcknowledged: (status, body) => status === 200 && body === 'OK',
    },
  }

  function written(
    context: Context,
    merchant: Merchant,
    object: object,
    requestNonce: string | null,
  ): Written {
    const own = keys.merchants[merchant.merchantNo]
    assert(own, `${merchant.merchantNo} has keys`)
    const iv = Buffer.from(context.random.bytes(16))
    const cipher = createCipheriv('sm4-cbc', Buffer.from(own.sm4Key, 'hex'), iv)
    const data = Buffer.concat([cipher.update(JSON.stringify(object)), cipher.final()])
    const envelope: Record<string, string> = {
      merchantNo: merchant.merchantNo,
      timestamp: compact(context.clock.now()),
      nonce: randomHex(context.random, 16),
      ...(requestNonce === null ? {} : { requestNonce }),
      iv: iv.toString('base64'),
      data: data.toString('base64'),
    }
    const sign = sm2.doSignature(signedText(envelope), keys.privateKey, {
      hash: true,
      userId: USER_ID,
      publicKey: walletPublicKey,
      pointPool: [drawnPoint(context.random)],
    })
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    return { status: 200, headers, body: JSON.stringify({ ...envelope, sign }) }
  }
}

const CODES: Record<RefusalKind, string> = {
  invalid: '4001',
  payment_not_found: '1001',
  cancelled: '1002',
  captured: '1003',
  different: '1004',
  refund_not_found: '2001',
  not_available: '2002',
  refund_different: '2003',
  statement_not_ready: '3001',
  statement_empty: '3002',
  unavailable: '9999',
}

const operation = (name: string, read: Route['read']): Route => ({
  method: 'POST',
  url: `/dcep/v1/${name}`,
  read,
})

const ROUTES: readonly Route[] = [
  operation('orders.create', (context, { merchant, fields }) => {
    onlyFields(fields, ['orderNo', 'amount', 'subject', 'expireTime', 'notifyUrl'])
    const reference = numberField(fields, 'orderNo')
    const amountFen = yuanField(fields, 'amount')
    const subject = textField(fields, 'subject', { most: 60 })
    const notifyUrl = addressField(fields, 'notifyUrl')
    const expiresMs = instantOf(textField(fields, 'expireTime', { most: 14 }))
    if (Number.isNaN(expiresMs)) throw new Refusal('invalid', 'expireTime is no moment')
    const request = {
      reference,
      amountFen,
      subject,
      notifyUrl,
      expiresAt: new Date(expiresMs),
      digest: digestOf(fields),
    }
    return {
      operation: 'orders.create',
      key: reference,
      perform: () => ({
        payCode: `dcep://pay/${placePayment(context, merchant, request).token}`,
      }),
    }
  }),
  operation('orders.query', (context, { merchant, fields }) => {
    onlyFields(fields, ['orderNo'])
    const reference = numberField(fields, 'orderNo')
    return {
      operation: 'orders.query',
      key: reference,
      perform: () => orderView(existingPayment(context, merchant, reference)),
    }
  }),
  operation('orders.close', (context, { merchant, fields }) => {
    onlyFields(fields, ['orderNo'])
    const reference = numberField(fields, 'orderNo')
    return {
      operation: 'orders.close',
      key: reference,
      perform() {
        cancelPayment(context, merchant, reference)
        return { orderNo: reference, status: 'CLOSED' }
      },
    }
  }),
  operation('refunds.create', (context, { merchant, fields }) => {
    onlyFields(fields, ['orderNo', 'refundNo', 'refundAmount', 'reason', 'notifyUrl'])
    const request = {
      reference: numberField(fields, 'refundNo'),
      paymentReference: numberField(fields, 'orderNo'),
      amountFen: yuanField(fields, 'refundAmount'),
      notifyUrl: addressField(fields, 'notifyUrl'),
      digest: digestOf(fields),
    }
    return {
      operation: 'refunds.create',
      key: request.reference,
      perform: () => refundView(placeRefund(context, merchant, request)),
    }
  }),
  operation('refunds.query', (context, { merchant, fields }) => {
    onlyFields(fields, ['refundNo'])
    const reference = numberField(fields, 'refundNo')
    return {
      operation: 'refunds.query',
      key: reference,
      perform: () => refundView(existingRefund(context, merchant, reference)),
    }
  }),
  operation('statements.address', (context, { merchant, fields }) => {
    onlyFields(fields, ['date'])
    const date = textField(fields, 'date', { most: 10 })
    return {
      operation: 'statements.address',
      key: date,
      perform: () => issueStatement(context, merchant, date),
    }
  }),
]

const orderView = (payment: Payment) => ({
  orderNo: payment.reference,
  status: payment.state === 'paid' ? 'PAID' : payment.state === 'open' ? 'WAITING' : 'CLOSED',
  amount: toYuanText(payment.amountFen),
  ...(payment.paidAt === null
    ? {}
    : { walletNo: payment.walletNo, paidTime: compact(payment.paidAt) }),
})

const REFUND_STATES = { pending: 'PROCESSING', done: 'DONE', failed: 'FAILED' } as const

const refundView = (refund: Refund) => ({
  refundNo: refund.reference,
  orderNo: refund.paymentReference,
  walletRefundNo: refund.walletNo,
  refundAmount: toYuanText(refund.amountFen),
  acceptedTime: compact(refund.createdAt),
  status: REFUND_STATES[refund.state],
})

const FILE_LIFE_MS = 5 * MINUTE_MS

function issueStatement(context: Context, merchant: Merchant, date: string) {
  const rows = statementOf(context, merchant, date)
  const file = gzipSync(Buffer.from(statementText(merchant, date, rows)))
  const token = randomHex(context.random, 16)
  context.store.run('delete from statement_file where expires_ms <= ?', [nowMs(context)])
  context.store.run('insert into statement_file (token, content, expires_ms) values (?, ?, ?)', [
    token,
    file,
    nowMs(context) + FILE_LIFE_MS,
  ])
  return {
    url: `${context.baseUrl()}/dcep/v1/statement-file?token=${token}`,
    hash: createHash('sm3').update(file).digest('hex'),
  }
}

function statementText(
  { merchantNo }: Merchant,
  date: string,
  rows: readonly StatementRow[],
): string {
  const lines = rows.map((row) =>
    [
      row.type === 'payment' ? 'PAY' : 'REFUND',
      row.paymentReference,
      row.refundReference ?? '',
      row.walletNo,
      toYuanText(row.amountFen),
      toYuanText(row.feeFen),
      compact(row.at),
    ].join('|'),
  )
  return [
    `#DCEP STATEMENT ${date} ${merchantNo}`,
    'type|orderNo|refundNo|walletNo|amount|fee|time',
    ...lines,
    `#PAY ${countOf(rows, 'payment')} ${toYuanText(sumOf(rows, 'payment'))}`,
    `#REFUND ${countOf(rows, 'refund')} ${toYuanText(sumOf(rows, 'refund'))}`,
    '#END',
    '',
  ].join('\n')
}

function yuanField(fields: Record<string, unknown>, name: string) {
  const text = textField(fields, name, { most: 16, pattern: /^\d{1,9}\.\d{2}$/ })
  return amountOf(parseYuan(text), name)
}

/** 'yyyyMMddHHmmss' of Shanghai. */
const compact = (instant: Date): string => toShanghaiText(instant).replaceAll(/\D/g, '')

/** Milliseconds since 1970; NaN for what is no moment. */
function instantOf(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(text)
  const [, year, month, day, hour, minute, second] = parts ?? []
  const date = `${year}-${month}-${day}`
  return isBusinessDate(date)
    ? instantAt(date, `${hour}:${minute}:${second}`).getTime()
    : Number.NaN
}

/** All fields but the signature, by name. */
const signedText = (envelope: Record<string, string>): string =>
  Object.keys(envelope)
    .filter((name) => name !== 'sign')
    .sort()
    .map((name) => `${name}=${envelope[name] ?? ''}`)
    .join('&')

function isSigned(envelope: Record<string, string>, sign: string, publicKey: string): boolean {
  try {
    const options = { hash: true, userId: USER_ID }
    return sm2.doVerifySignature(signedText(envelope), sign, publicKey, options)
  } catch {
    return false
  }
}

function unseal(sm4Key: string, { iv = '', data = '' }: Record<string, string>): string | null {
  try {
    const vector = Buffer.from(iv, 'base64')
    const decipher = createDecipheriv('sm4-cbc', Buffer.from(sm4Key, 'hex'), vector)
    const plain = [decipher.update(Buffer.from(data, 'base64')), decipher.final()]
    return Buffer.concat(plain).toString('utf8')
  } catch {
    return null
  }
}

/** A point of the curve drawn by the simulator's own chance, so that a run can be repeated. */
function drawnPoint(random: Random): { k: bigint; x1: bigint } {
  // The first byte keeps the number below the order of the curve.
  const hex = `7${randomHex(random, 32).slice(1)}`
  const publicKey = sm2.getPublicKeyFromPrivateKey(hex)
  return { k: BigInt(`0x${hex}`), x1: BigInt(`0x${publicKey.slice(2, 66)}`) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Proven['fields'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textsOf = (value: unknown): Record<string, string> | null =>
  isObject(value) && Object.values(value).every((each) => typeof each === 'string')
    ? (value as Record<string, string>)
    : null
