import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin'

import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { answerText, isSignedBy, readAuthorization, requestText, seal, sign } from './signing.ts'
import {
  API_V3_KEY,
  MCHID,
  merchantKeys,
  OTHER_MCHID,
  platformKeys,
  startTestBed,
  type TestBed,
  testMerchant,
} from './testing/bed.ts'

describe('the texts that are signed', () => {
  it('are those of an independent client', () => {
    const body = Buffer.from('{"description":"门诊缴费"}')
    expect(requestText('POST', '/v3/pay?a=1', '1611368330', 'N0', body).toString()).toBe(
      Formatter.request('POST', '/v3/pay?a=1', '1611368330', 'N0', body.toString()),
    )
    expect(requestText('GET', '/v3/x', '1', 'n', Buffer.alloc(0)).toString()).toBe(
      'GET\n/v3/x\n1\nn\n\n',
    )
    expect(answerText('1', 'n', '').toString()).toBe(Formatter.response('1', 'n', ''))
  })
})

describe('signatures', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'wechat-signing-'))
    writeFileSync(join(dir, 'key.pem'), merchantKeys.privateKey)
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  it('are those openssl makes', () => {
    const text = requestText('GET', '/v3/certificates', '1611368330', 'ABC', Buffer.alloc(0))
    const openssl = execFileSync('openssl', ['dgst', '-sha256', '-sign', join(dir, 'key.pem')], {
      input: text,
    }).toString('base64')
    expect(sign(createPrivateKey(merchantKeys.privateKey), text)).toBe(openssl)
    expect(Rsa.verify(text.toString(), openssl, merchantKeys.publicKey)).toBe(true)
  })

  it('are refused over another text or by another key', () => {
    const text = answerText('1', 'n', '{}')
    const signature = sign(createPrivateKey(platformKeys.privateKey), text)
    const key = createPublicKey(platformKeys.publicKey)
    expect(isSignedBy(key, text, signature)).toBe(true)
    expect(isSignedBy(key, answerText('1', 'n', '{ }'), signature)).toBe(false)
    expect(isSignedBy(createPublicKey(merchantKeys.publicKey), text, signature)).toBe(false)
    expect(isSignedBy(key, text, '***')).toBe(false)
  })
})

describe('seal', () => {
  it('is opened by an independent client, and only with the same associated data', () => {
    const secret = { apiV3Key: API_V3_KEY, nonce: 'abcdef012345', associatedData: 'transaction' }
    const sealed = seal('{"金额":1}', secret)
    const open = (associated: string) =>
      Aes.AesGcm.decrypt(sealed, API_V3_KEY, secret.nonce, associated)
    expect(open('transaction')).toBe('{"金额":1}')
    expect(() => open('refund')).toThrow('unable to authenticate')
  })
})

describe('readAuthorization', () => {
  const name = 'WECHATPAY2-SHA256-RSA2048'
  const scheme = `${name} `
  const pairs = ['mchid="1"', 'nonce_str="n"', 'timestamp="3"', 'serial_no="S"', 'signature="a=="']
  const numbers = { mchid: '1', nonce: 'n', timestamp: '3', serial: 'S', signature: 'a==' }
  const read = { scheme: name, ...numbers }

  it('takes the five pairs in any order', () => {
    expect(readAuthorization(scheme + pairs.join(','))).toEqual(read)
    expect(readAuthorization(scheme + pairs.toReversed().join(', '))).toEqual(read)
  })

  it('tells the national algorithms from the others', () => {
    const national = 'WECHATPAY2-SM2-WITH-SM3'
    const header = `${national} ${pairs.join(',')}`
    expect(readAuthorization(header)).toEqual({ scheme: national, ...numbers })
  })

  it.each([
    ['another scheme', `WECHATPAY2-SM2-WITH-SHA256 ${pairs.join(',')}`],
    ['a missing pair', scheme + pairs.slice(1).join(',')],
    ['a pair twice', scheme + [...pairs, pairs[0]].join(',')],
    ['a foreign pair', scheme + [...pairs, 'x="1"'].join(',')],
    ['no quotes', scheme + pairs.join(',').replaceAll('"', '')],
    ['an empty pair', scheme + pairs.join(',').replace('"n"', '""')],
    ['something left over', `${scheme + pairs.join(',')},`],
    ['nothing', ''],
  ])('refuses %s', (_what, header) => expect(readAuthorization(header)).toBeNull())
})

describe('a request', () => {
  let bed: TestBed
  beforeEach(async () => {
    bed = await startTestBed()
  })
  afterEach(() => bed.stop())
  const target = `/v3/pay/transactions/out-trade-no/MZ000001?mchid=${MCHID}`
  const refused = { status: 401, numericCode: 268443699, json: { code: 'SIGN_ERROR' } }
  const seconds = () => Math.floor(bed.clock.now().getTime() / SECOND_MS)
  const get = (authorization: string, path = target) =>
    bed.merchant.send('GET', path, '', { authorization })

  it('is believed when signed, and told of when it is not', async () => {
    expect((await get(bed.merchant.authorize('GET', target, ''))).status).toBe(404)
    expect(await get('')).toMatchObject({ ...refused, isSigned: true })
    expect(await get(bed.merchant.authorize('GET', `${target} `, ''))).toMatchObject(refused)
    expect(await get(bed.merchant.authorize('POST', target, ''))).toMatchObject(refused)
    expect(await get(bed.merchant.authorize('GET', target, '{}'))).toMatchObject(refused)
  })

  it('is not believed when it says to be signed otherwise than the merchant’s key can', async () => {
    const target = '/v3/certificates'
    const authorization = bed.merchant
      .authorize('GET', target, '')
      .replace('WECHATPAY2-SHA256-RSA2048', 'WECHATPAY2-SM2-WITH-SM3')
    const answer = await bed.merchant.send('GET', target, '', { authorization })
    expect(answer).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR' } })
  })

  it('is not believed of an unknown merchant or certificate', async () => {
    const stranger = testMerchant(bed.simulator.url, bed.clock, '1999999999')
    expect(await stranger.get(target)).toMatchObject(refused)
    const serial = 'FFFF'
    expect(await get(bed.merchant.authorize('GET', target, '', { serial }))).toMatchObject(refused)
  })

  it('may be five minutes off, and no second more', async () => {
    const at = (off: number) =>
      get(bed.merchant.authorize('GET', target, '', { timestamp: seconds() + off }))
    expect((await at(-300)).status).toBe(404)
    expect((await at(300)).status).toBe(404)
    expect(await at(-301)).toMatchObject(refused)
    expect(await at(301)).toMatchObject(refused)
  })

  it('is not believed twice, neither now nor for as long as its time holds', async () => {
    const header = bed.merchant.authorize('GET', target, '', { timestamp: seconds() + 300 })
    expect((await get(header)).status).toBe(404)
    expect(await get(header)).toMatchObject(refused)
    bed.clock.advance(10 * MINUTE_MS)
    expect(await get(header)).toMatchObject(refused)
  })

  it('with a nonce another merchant used is its own', async () => {
    const other = testMerchant(bed.simulator.url, bed.clock, OTHER_MCHID)
    const nonce = 'shared0123456789'
    expect((await get(bed.merchant.authorize('GET', target, '', { nonce }))).status).toBe(404)
    const theirs = target.replace(MCHID, OTHER_MCHID)
    const authorization = other.authorize('GET', theirs, '', { nonce })
    expect((await other.send('GET', theirs, '', { authorization })).status).toBe(404)
  })
})
