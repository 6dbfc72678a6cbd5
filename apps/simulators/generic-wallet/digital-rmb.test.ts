import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { request } from 'undici'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { addMs, toShanghaiText } from '../../../kernel/time.ts'
import { type GenericWallet, startGenericWallet } from './index.ts'

// A merchant that speaks protocol A of the specimen page with its own code.

const MERCHANT = '880100000001'
const KEY = '0123456789abcdeffedcba9876543210'
const USER = { hash: true, userId: '1234567812345678' }
const walletKeys = sm2.generateKeyPairHex()
const merchantKeys = sm2.generateKeyPairHex()
let now = new Date('2026-11-21T09:30:00+08:00')
let wallet: GenericWallet

beforeEach(async () => {
  now = new Date('2026-11-21T09:30:00+08:00')
  wallet = await startGenericWallet({
    clock: { now: () => now },
    random: seededRandom('digital rmb'),
    faults: () => null,
    databaseFile: ':memory:',
    port: 0,
    merchants: [{ merchantNo: MERCHANT, feePpm: 0 }],
    dialect: {
      kind: 'digital_rmb',
      keys: {
        privateKey: walletKeys.privateKey,
        merchants: { [MERCHANT]: { publicKey: merchantKeys.publicKey, sm4Key: KEY } },
      },
    },
  })
})
afterEach(async () => {
  const problems = wallet.checkBooks()
  await wallet.stop()
  if (problems.length > 0) throw new Error(problems.join('; '))
})

type Texts = Record<string, string>

const textOf = (envelope: Texts) =>
  Object.keys(envelope)
    .sort()
    .map((name) => `${name}=${envelope[name]}`)
    .join('&')

function envelopeOf(data: object, changes: Texts = {}): Texts {
  const iv = randomBytes(16)
  const cipher = createCipheriv('sm4-cbc', Buffer.from(KEY, 'hex'), iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(data)), cipher.final()])
  const envelope = {
    merchantNo: MERCHANT,
    timestamp: toShanghaiText(now).replaceAll(/\D/g, ''),
    nonce: randomBytes(16).toString('hex'),
    iv: iv.toString('base64'),
    data: sealed.toString('base64'),
    ...changes,
  }
  const sign = sm2.doSignature(textOf(envelope), merchantKeys.privateKey, USER)
  return { ...envelope, sign }
}

async function send(operation: string, envelope: Texts) {
  const response = await request(`${wallet.url}/dcep/v1/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(envelope),
  })
  const body = (await response.body.json()) as Texts
  return { status: response.statusCode, body }
}

/** The answer, opened; its signature is known to be the wallet's, over the nonce of the request. */
async function ask(operation: string, data: object) {
  const envelope = envelopeOf(data)
  const { status, body } = await send(operation, envelope)
  const { sign = '', ...rest } = body
  expect(status).toBe(200)
  expect(sm2.doVerifySignature(textOf(rest), sign, walletKeys.publicKey, USER)).toBe(true)
  expect(body['requestNonce']).toBe(envelope['nonce'])
  const iv = Buffer.from(body['iv'] ?? '', 'base64')
  const decipher = createDecipheriv('sm4-cbc', Buffer.from(KEY, 'hex'), iv)
  const plain = [decipher.update(Buffer.from(body['data'] ?? '', 'base64')), decipher.final()]
  return JSON.parse(Buffer.concat(plain).toString('utf8')) as Texts
}

const ORDER = {
  orderNo: 'T00000001',
  amount: '12.34',
  subject: '门诊缴费',
  expireTime: '20261121100000',
  notifyUrl: 'http://127.0.0.1:9/notices',
}
const REFUND = {
  orderNo: 'T00000001',
  refundNo: 'R00000001',
  refundAmount: '2.34',
  reason: '退药',
  notifyUrl: 'http://127.0.0.1:9/notices',
}

it('takes an order, its payment and its refund, each number once', async () => {
  const placed = await ask('orders.create', ORDER)
  expect(placed).toMatchObject({ code: '0000' })
  expect(await ask('orders.create', ORDER)).toMatchObject({ payCode: placed['payCode'] })
  expect(await ask('orders.create', { ...ORDER, amount: '12.35' })).toMatchObject({ code: '1004' })
  expect(await ask('orders.query', { orderNo: ORDER.orderNo })).toMatchObject({ status: 'WAITING' })
  expect(wallet.pay(placed['payCode'] ?? '')).toBe('paid')
  expect(wallet.pay(placed['payCode'] ?? '')).toBe('not_open')
  expect(await ask('orders.query', { orderNo: ORDER.orderNo })).toMatchObject({
    status: 'PAID',
    amount: '12.34',
    paidTime: '20261121093000',
  })
  expect(await ask('orders.create', ORDER)).toMatchObject({ code: '1003' })
  expect(await ask('orders.close', { orderNo: ORDER.orderNo })).toMatchObject({ code: '1003' })

  const asked = await ask('refunds.create', REFUND)
  expect(asked).toMatchObject({ code: '0000', status: 'PROCESSING', refundAmount: '2.34' })
  expect(await ask('refunds.create', REFUND)).toEqual(asked)
  expect(await ask('refunds.create', { ...REFUND, refundAmount: '2.35' })).toMatchObject({
    code: '2003',
  })
  expect(
    await ask('refunds.create', { ...REFUND, refundNo: 'R00000002', refundAmount: '10.01' }),
  ).toMatchObject({ code: '2002' })
  now = addMs(now, 20_000)
  await wallet.runDue()
  expect(await ask('refunds.query', { refundNo: REFUND.refundNo })).toMatchObject({
    status: 'DONE',
  })
  expect(wallet.books(ORDER.orderNo)).toEqual({ takenFen: 1_234, returnedFen: 234 })
})

it('closes for good, what was never there as well', async () => {
  expect(await ask('orders.close', { orderNo: ORDER.orderNo })).toMatchObject({ status: 'CLOSED' })
  expect(await ask('orders.create', ORDER)).toMatchObject({ code: '1002' })
  const other = { ...ORDER, orderNo: 'T00000002' }
  const placed = await ask('orders.create', other)
  await ask('orders.close', { orderNo: other.orderNo })
  expect(wallet.pay(placed['payCode'] ?? '')).toBe('not_open')
})

it('lets an order end with its time', async () => {
  const placed = await ask('orders.create', ORDER)
  now = new Date('2026-11-21T10:00:00+08:00')
  expect(wallet.pay(placed['payCode'] ?? '')).toBe('not_open')
  expect(await ask('orders.query', { orderNo: ORDER.orderNo })).toMatchObject({ status: 'CLOSED' })
})

it('answers nothing to what cannot be proven', async () => {
  const good = envelopeOf({ orderNo: ORDER.orderNo })
  expect((await send('orders.query', good)).status).toBe(200)
  expect((await send('orders.query', good)).status).toBe(400) // the same again
  const altered = { ...envelopeOf({ orderNo: ORDER.orderNo }), merchantNo: '880100000009' }
  const old = envelopeOf({ orderNo: ORDER.orderNo }, { timestamp: '20261121092459' })
  const { sign: _sign, ...unsigned } = envelopeOf({ orderNo: ORDER.orderNo })
  const strange = { ...envelopeOf({ orderNo: ORDER.orderNo }), sign: '0'.repeat(128) }
  for (const envelope of [altered, old, unsigned, strange, {}]) {
    const { status, body } = await send('orders.query', envelope as Texts)
    expect(status).toBe(400)
    expect(body['data']).toBeUndefined()
  }
})

it.each([
  ['an amount without decimals', { ...ORDER, amount: '12' }],
  ['an amount of nothing', { ...ORDER, amount: '0.00' }],
  ['a field nobody knows', { ...ORDER, extra: 'x' }],
  ['a number with other letters', { ...ORDER, orderNo: 'T-0000001' }],
  ['a moment gone by', { ...ORDER, expireTime: '20261121093000' }],
  ['no address for notices', { ...ORDER, notifyUrl: 'nowhere' }],
])('refuses %s', async (_what, order) => {
  expect(await ask('orders.create', order)).toMatchObject({ code: '4001' })
})
