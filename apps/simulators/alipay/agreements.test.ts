import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { AlipaySdk } from 'alipay-sdk'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'

import type { AlipaySimulator } from './index.ts'
import {
  APP_ID,
  BUYER_ID,
  type KeyPair,
  makeKeyPair,
  type Receiver,
  START,
  startChecked,
  startReceiver,
  testClock,
  testOptions,
} from './testing/bed.ts'

// The official client, which knows nothing of the simulator, at the endpoints of 商家扣款.

let dir: string
let keys: { app: KeyPair; platform: KeyPair; root: KeyPair }
let simulator: AlipaySimulator
let receiver: Receiver
let sdk: AlipaySdk

beforeAll(() => {
  vi.stubEnv('TZ', 'Asia/Shanghai')
  dir = mkdtempSync(join(tmpdir(), 'alipay-agreements-'))
  keys = {
    app: makeKeyPair(dir, 'app'),
    platform: makeKeyPair(dir, 'platform'),
    root: makeKeyPair(dir, 'root'),
  }
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true })
})
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const clock = testClock(START, (now) => vi.setSystemTime(now))
  receiver = await startReceiver()
  const options = testOptions(keys, { clock })
  const apps = options.apps.map((app) => ({ ...app, gatewayUrl: `${receiver.url}/gateway` }))
  simulator = await startChecked({ ...options, apps })
  sdk = new AlipaySdk({
    appId: APP_ID,
    privateKey: keys.app.privateKeyPem,
    keyType: 'PKCS8',
    gateway: `${simulator.url}/gateway.do`,
    alipayPublicKey: keys.platform.publicKeyPem,
  })
})
afterEach(async () => {
  await simulator.stop()
  await receiver.stop()
  vi.useRealTimers()
})

const exec = (method: string, bizContent: object) =>
  sdk.exec(method, { notifyUrl: `${receiver.url}/notify`, bizContent }, { validateSign: true })

const NAME = {
  personal_product_code: 'GENERAL_WITHHOLDING_P',
  sign_scene: 'INDUSTRY|MEDICAL',
  external_agreement_no: 'SIGN0001',
}

const pageFor = (content: object) =>
  sdk.pageExecute('alipay.user.agreement.page.sign', 'GET', {
    notifyUrl: `${receiver.url}/notify`,
    bizContent: { ...NAME, access_params: { channel: 'ALIPAYAPP' }, ...content },
  })

async function visit(url: string) {
  const response = await request(url)
  await response.body.dump()
  return response.statusCode
}

it('signs by a page, queries, charges, and ends an agreement', async () => {
  expect(await exec('alipay.user.agreement.query', NAME)).toMatchObject({
    code: '40004',
    subCode: 'USER_AGREEMENT_NOT_EXIST',
  })
  expect(await visit(pageFor({ product_code: 'GENERAL_WITHHOLDING' }))).toBe(302)
  expect(simulator.signAgreement('SIGN0001', BUYER_ID)).toBe('signed')
  const found = await exec('alipay.user.agreement.query', NAME)
  expect(found).toMatchObject({ code: '10000', status: 'NORMAL', externalAgreementNo: 'SIGN0001' })
  const agreementNo = String(found['agreementNo'])

  const pay = (outTradeNo: string, amount: string) =>
    exec('alipay.trade.pay', {
      out_trade_no: outTradeNo,
      total_amount: amount,
      subject: '门诊缴费',
      product_code: 'GENERAL_WITHHOLDING',
      agreement_params: { agreement_no: agreementNo },
    })
  expect(await pay('AGR1', '50.00')).toMatchObject({ code: '10000', buyerPayAmount: '50.00' })
  expect(await pay('AGR1', '50.00')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_SUCCESS' })
  expect(await pay('AGR2', '500.01')).toMatchObject({ subCode: 'ACQ.PRODUCT_AMOUNT_LIMIT_ERROR' })
  expect(await pay('AGR3', '500.00')).toMatchObject({ code: '10000' })

  const ended = await exec('alipay.user.agreement.unsign', { agreement_no: agreementNo })
  expect(ended).toMatchObject({ code: '10000' })
  expect(await pay('AGR4', '1.00')).toMatchObject({ subCode: 'ACQ.AGREEMENT_NOT_EXIST' })

  await simulator.runDue()
  const notices = receiver.received.map((notice) => [notice['notify_type'], notice['status']])
  expect(notices).toEqual([
    ['dut_user_sign', 'NORMAL'],
    ['trade_status_sync', undefined],
    ['trade_status_sync', undefined],
    ['dut_user_unsign', 'UNSIGN'],
  ])
  expect(receiver.received.every((notice) => sdk.checkNotifySignV2(notice))).toBe(true)
  expect(simulator.wallet(BUYER_ID)?.balanceFen).toBe(100_000_000 - 55_000)
})

it.each([
  ['a number with signs', { external_agreement_no: 'SIGN-1' }],
  ['a number past 32', { external_agreement_no: 'S'.repeat(33) }],
  ['the scene of no scene', { sign_scene: 'DEFAULT|DEFAULT' }],
  ['another product', { personal_product_code: 'CYCLE_PAY_AUTH_P' }],
  ['no way to the page', { access_params: {} }],
])('refuses %s', async (_name, content) => {
  expect(await visit(pageFor(content))).toBe(409)
  expect(simulator.agreements()).toEqual([])
})

it('an agreement of another application is not there', async () => {
  await visit(pageFor({}))
  simulator.signAgreement('SIGN0001', BUYER_ID)
  expect(await exec('alipay.user.agreement.query', { agreement_no: '1' })).toMatchObject({
    subCode: 'USER_AGREEMENT_NOT_EXIST',
  })
  const otherScene = { ...NAME, sign_scene: 'INDUSTRY|CARRENTAL' }
  expect(await exec('alipay.user.agreement.query', otherScene)).toMatchObject({
    subCode: 'USER_AGREEMENT_NOT_EXIST',
  })
})

it('ended in the wallet is told to the gateway of the application alone', async () => {
  await visit(pageFor({}))
  simulator.signAgreement('SIGN0001', BUYER_ID)
  expect(simulator.unsignAgreement('SIGN0001')).toBe(true)
  expect(simulator.unsignAgreement('SIGN0001')).toBe(false)
  expect(simulator.notices().map(({ url }) => url)).toEqual([
    `${receiver.url}/notify`,
    `${receiver.url}/gateway`,
  ])
})
