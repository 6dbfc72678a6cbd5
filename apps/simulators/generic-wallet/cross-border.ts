import { createHmac, timingSafeEqual } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import { type Fen, negateFen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import { type Context, type Merchant, Refusal, type RefusalKind } from './context.ts'
import {
  type Dialect,
  type Incoming,
  isFresh,
  type Proven,
  type Route,
  type Written,
} from './dialect.ts'
import { addressField, amountOf, digestOf, onlyFields, textField } from './fields.ts'
import type { DueNotice } from './notices.ts'
import { cancelPayment, existingPayment, isBarred, type Payment, placePayment } from './payments.ts'
import { existingRefund, placeRefund, type Refund } from './refunds.ts'
import { countOf, signedAmount, statementOf, sumOf } from './statements.ts'

export type HmacKeys = {
  /** By partner (merchant) number: the secret both sides know. */
  partners: Readonly<Record<string, string>>
}

/** Protocol B of the specimen page: REST and JSON, proven by HMAC in headers. */
export function crossBorder(keys: HmacKeys): Dialect {
  return {
    name: 'cross-border wallet',
    routes: ROUTES,
    unproven: {
      status: 401,
      headers: {},
      body: '{"error":{"code":"UNAUTHORIZED","message":"the request cannot be proven"}}',
    },
    authenticate: (context, incoming) => authenticate(keys, context, incoming),
    answer: (context, { merchant, nonce }, object) =>
      written(keys, context, merchant, nonce, 200, object),
    refuse(context, { merchant, nonce }, kind, message) {
      const [status, code] = WORDS[kind]
      return written(keys, context, merchant, nonce, status, { error: { code, message } })
    },
    notice: {
      write: (context, notice) => writeNotice(keys, context, notice),
      isAcknowledged: (status) => status === 204,
    },
  }
}

function authenticate(
  keys: HmacKeys,
  context: Context,
  { method, target, headers, body }: Incoming,
): Proven | null {
  const one = (name: string) => textOf(headers[name])
  const merchant = context.merchants.get(one('x-wallet-partner'))
  if (merchant === undefined) return null
  const [time, nonce] = [one('x-wallet-time'), one('x-wallet-nonce')]
  const text = `${method}\n${target}\n${time}\n${nonce}\n`
  const expected = mac(keys, merchant, Buffer.concat([Buffer.from(text), body]))
  if (!isSame(expected, one('x-wallet-signature'))) return null
  if (!/^\d{13}$/.test(time) || !isFresh(context, merchant, { nonce, sentMs: Number(time) })) {
    return null
  }
  const fields = body.length === 0 ? {} : parse(body.toString('utf8'))
  return isObject(fields) ? { merchant, nonce, fields } : null
}

function writeNotice(keys: HmacKeys, context: Context, notice: DueNotice) {
  const merchant = context.merchants.get(notice.merchant)
  assert(merchant, `${notice.merchant} is served`)
  const body = JSON.stringify({
    id: notice.id,
    type: notice.event === 'paid' ? 'payment.captured' : 'refund.completed',
    reference: notice.refund_reference ?? notice.payment_reference,
  })
  const time = String(context.clock.now().getTime())
  const nonce = randomHex(context.random, 16)
  const signature = mac(keys, merchant, Buffer.from(`NOTICE\n${time}\n${nonce}\n${body}`))
  const headers = {
    'x-wallet-time': time,
    'x-wallet-nonce': nonce,
    'x-wallet-signature': signature,
  }
  return { headers, body }
}

function written(
  keys: HmacKeys,
  { clock }: Context,
  merchant: Merchant,
  nonce: string,
  status: number,
  object: object,
): Written {
  const body = JSON.stringify(object)
  const time = String(clock.now().getTime())
  const signature = mac(keys, merchant, Buffer.from(`${status}\n${time}\n${nonce}\n${body}`))
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-wallet-time': time,
    'x-wallet-signature': signature,
  }
  return { status, headers, body }
}

function mac(keys: HmacKeys, { merchantNo }: Merchant, bytes: Buffer): string {
  const secret = keys.partners[merchantNo]
  assert(secret, `${merchantNo} has a secret`)
  return createHmac('sha256', secret).update(bytes).digest('hex')
}

const WORDS: Record<RefusalKind, readonly [status: number, code: string]> = {
  invalid: [400, 'INVALID'],
  payment_not_found: [404, 'PAYMENT_NOT_FOUND'],
  refund_not_found: [404, 'REFUND_NOT_FOUND'],
  statement_empty: [404, 'STATEMENT_EMPTY'],
  different: [409, 'DIFFERENT_CONTENT'],
  refund_different: [409, 'DIFFERENT_CONTENT'],
  captured: [409, 'ALREADY_CAPTURED'],
  cancelled: [409, 'CANCELLED'],
  not_available: [422, 'AMOUNT_NOT_AVAILABLE'],
  statement_not_ready: [425, 'STATEMENT_NOT_READY'],
  unavailable: [503, 'UNAVAILABLE'],
}

const ROUTES: readonly Route[] = [
  {
    method: 'PUT',
    url: '/xb/v1/payments/:reference',
    read(context, { merchant, fields }, params) {
      onlyFields(fields, ['amount', 'description', 'expiresAt', 'notifyUrl', 'returnUrl'])
      const reference = referenceOf(params)
      const { returnUrl, ...content } = fields
      if (returnUrl !== null) addressField(fields, 'returnUrl')
      const request = {
        reference,
        amountFen: moneyField(fields, 'amount'),
        subject: textField(fields, 'description', { most: 120 }),
        expiresAt: momentField(fields, 'expiresAt'),
        notifyUrl: addressField(fields, 'notifyUrl'),
        digest: digestOf(content),
      }
      return {
        operation: 'PUT payment',
        key: reference,
        perform() {
          const payment = placePayment(context, merchant, request)
          const checkoutUrl = `${context.baseUrl()}/checkout/${payment.token}`
          return { ...paymentView(payment), checkoutUrl }
        },
      }
    },
  },
  {
    method: 'GET',
    url: '/xb/v1/payments/:reference',
    read(context, { merchant }, params) {
      const reference = referenceOf(params)
      return {
        operation: 'GET payment',
        key: reference,
        perform: () =>
          isBarred(context, merchant, reference)
            ? { reference, state: 'CANCELLED' }
            : paymentView(existingPayment(context, merchant, reference)),
      }
    },
  },
  {
    method: 'POST',
    url: '/xb/v1/payments/:reference/cancel',
    read(context, { merchant, fields }, params) {
      onlyFields(fields, [])
      const reference = referenceOf(params)
      return {
        operation: 'POST cancel',
        key: reference,
        perform() {
          const payment = cancelPayment(context, merchant, reference)
          return payment === null ? { reference, state: 'CANCELLED' } : paymentView(payment)
        },
      }
    },
  },
  {
    method: 'PUT',
    url: '/xb/v1/refunds/:reference',
    read(context, { merchant, fields }, params) {
      onlyFields(fields, ['paymentReference', 'amount', 'reason', 'notifyUrl'])
      const request = {
        reference: referenceOf(params),
        paymentReference: textField(fields, 'paymentReference', { most: 32 }),
        amountFen: moneyField(fields, 'amount'),
        notifyUrl: addressField(fields, 'notifyUrl'),
        digest: digestOf(fields),
      }
      return {
        operation: 'PUT refund',
        key: request.reference,
        perform: () => refundView(placeRefund(context, merchant, request)),
      }
    },
  },
  {
    method: 'GET',
    url: '/xb/v1/refunds/:reference',
    read(context, { merchant }, params) {
      const reference = referenceOf(params)
      return {
        operation: 'GET refund',
        key: reference,
        perform: () => refundView(existingRefund(context, merchant, reference)),
      }
    },
  },
  {
    method: 'GET',
    url: '/xb/v1/statements/:reference',
    read(context, { merchant }, { reference: date = '' }) {
      return {
        operation: 'GET statement',
        key: date,
        perform: () => statementView(context, merchant, date),
      }
    },
  },
]

const STATES = {
  open: 'OPEN',
  paid: 'CAPTURED',
  cancelled: 'CANCELLED',
  expired: 'EXPIRED',
} as const

const paymentView = (payment: Payment) => ({
  reference: payment.reference,
  state: STATES[payment.state],
  amount: money(payment.amountFen),
  ...(payment.paidAt === null
    ? {}
    : { walletReference: payment.walletNo, capturedAt: toShanghaiIso(payment.paidAt) }),
})

const REFUND_STATES = { pending: 'PENDING', done: 'COMPLETED', failed: 'REJECTED' } as const

const refundView = (refund: Refund) => ({
  refundReference: refund.reference,
  paymentReference: refund.paymentReference,
  walletReference: refund.walletNo,
  state: REFUND_STATES[refund.state],
  amount: money(refund.amountFen),
  createdAt: toShanghaiIso(refund.createdAt),
})

function statementView(context: Context, merchant: Merchant, date: string) {
  const rows = statementOf(context, merchant, date)
  return {
    date,
    rows: rows.map((row) => ({
      type: row.type === 'payment' ? 'CAPTURE' : 'REFUND',
      reference: row.refundReference ?? row.paymentReference,
      walletReference: row.walletNo,
      amount: signedAmount(row),
      fee: row.feeFen,
      at: toShanghaiIso(row.at),
    })),
    totals: {
      captures: countOf(rows, 'payment'),
      captured: sumOf(rows, 'payment'),
      refunds: countOf(rows, 'refund'),
      refunded: negateFen(sumOf(rows, 'refund')),
      fees: rows.reduce((sum, row) => sum + row.feeFen, 0),
    },
  }
}

const money = (amountFen: Fen) => ({ value: amountFen, currency: 'CNY' })

function referenceOf({ reference = '' }: Record<string, string>): string {
  if (!/^[0-9A-Za-z]{6,32}$/.test(reference)) throw new Refusal('invalid', 'the reference is wrong')
  return reference
}

function moneyField(fields: Record<string, unknown>, name: string): Fen {
  const value = fields[name]
  if (!isObject(value) || value['currency'] !== 'CNY') {
    throw new Refusal('invalid', `${name} is no amount in CNY`)
  }
  return amountOf(value['value'], name)
}

function momentField(fields: Record<string, unknown>, name: string): Date {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
  const instant = new Date(textField(fields, name, { most: 40, pattern }))
  if (Number.isNaN(instant.getTime())) throw new Refusal('invalid', `${name} is no moment`)
  return instant
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const textOf = (value: string | string[] | undefined): string =>
  typeof value === 'string' ? value : ''

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Proven['fields'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
