import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, businessDate, instantAt } from '../../../kernel/time.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createWechatPay, type WechatPay } from './index.ts'
import { type BillRow, fundBill, tradeBill } from './testing/bills.ts'
import {
  type Answer,
  type Gateway,
  ok,
  paramsFor,
  refusal,
  type Reply,
  startGateway,
} from './testing/gateway.ts'
import { tracedCall } from './testing/orders.ts'

const { clock, random } = testPlatform('2026-11-21T10:00:00+08:00')
const deps = { clock, random, timeoutMs: 400 }
const day = businessDate('2026-11-20')
const request = { hospitalId: 1 as HospitalId, businessDate: day, ownMoves: [] }
const call = tracedCall()
let wechat: Gateway
let channel: WechatPay

beforeAll(async () => {
  wechat = await startGateway(clock)
  channel = createWechatPay(paramsFor(wechat.baseUrl), deps)
})
afterAll(() => wechat.stop())
beforeEach(() => {
  wechat.heard.length = 0
  call.exchanges.length = 0
})

const row: BillRow = {
  state: 'SUCCESS',
  time: '2026-11-20 09:30:00',
  transactionId: '4200000001',
  tradeNo: 'P1',
  amountFen: 10_000,
  feeUnits: 60_000,
  product: '门诊',
}
const text = tradeBill([row], { bom: true })
const bytes = Buffer.from(text)
const TOKEN = 'secret-of-the-file'
const hashOf = (file: Buffer, algorithm = 'sha1') =>
  createHash(algorithm).update(file).digest('hex')
const address = (file: Buffer, changes: object = {}) =>
  ok({
    hash_type: 'SHA1',
    hash_value: hashOf(file),
    download_url: `${wechat.baseUrl}/v3/billdownload/file?token=${TOKEN}&tartype=plain`,
    ...changes,
  })
const file = (content: Buffer): Answer => ({ status: 200, bytes: content, proof: 'none' })

describe('statement', () => {
  it('fetches the bill of the day and reads it', async () => {
    wechat.tell(address(bytes), file(bytes))
    expect(await channel.statement(call, request)).toEqual({
      outcome: 'lines',
      lines: [
        {
          kind: 'charge',
          ourNo: 'P1',
          providerNo: '4200000001',
          amountFen: 10_000,
          at: new Date('2026-11-20T09:30:00+08:00'),
          feeFen: 60,
        },
      ],
      feeFen: 60,
      content: text,
      sha256: hashOf(bytes, 'sha256'),
    })
    expect(wechat.heard.map(({ method, url, signed }) => [method, url, signed])).toEqual([
      ['GET', '/v3/bill/tradebill?bill_date=2026-11-20&bill_type=ALL', true],
      ['GET', `/v3/billdownload/file?token=${TOKEN}&tartype=plain`, true],
    ])
  })

  it('traces neither the file nor the token that opens it', async () => {
    wechat.tell(address(bytes), file(bytes))
    await channel.statement(call, request)
    expect(JSON.stringify(call.exchanges)).not.toMatch(/secret-of|oUpF|门诊/)
    expect(call.exchanges).toMatchObject([
      { operation: 'GET /v3/bill/tradebill', outcome: 'address' },
      {
        operation: 'GET /v3/billdownload/file',
        request: '/v3/billdownload/file?token=***&tartype=plain',
        response: `${bytes.length} bytes`,
        outcome: 'received',
      },
    ])
  })

  it('asks nobody before nine o’clock of the next day', async () => {
    clock.set(new Date('2026-11-21T08:59:59+08:00'))
    expect((await channel.statement(call, request)).outcome).toBe('not_ready')
    expect(wechat.heard).toEqual([])
    clock.set(new Date('2026-11-21T09:00:00+08:00'))
    wechat.tell(address(bytes), file(bytes))
    expect((await channel.statement(call, request)).outcome).toBe('lines')
  })

  const gbk = Buffer.concat([bytes.subarray(0, -20), Buffer.from([0xc3, 0xc5, 0xd5, 0xef])])
  const zero = Buffer.from(text.replace('门诊', '门\0诊'))
  const short = Buffer.from(tradeBill([row], { totals: { 总交易单数: '2' } }))
  const wrongSum = Buffer.from(tradeBill([row], { totals: { 订单总金额: '100.01' } }))
  const otherMerchant = Buffer.from(tradeBill([row], { mchid: '1' }))
  const noTotals = Buffer.from(text.split('\r\n').slice(0, 2).join('\r\n'))

  it.each<[string, Buffer, string]>([
    ['of GBK bytes', gbk, 'encoding'],
    ['with a zero byte', zero, 'encoding'],
    ['with rows missing', short, 'truncated'],
    ['with its end missing', noTotals, 'truncated'],
    ['with wrong sums', wrongSum, 'sums'],
    ['of another merchant', otherMerchant, 'layout'],
  ])('refuses a whole file %s', async (_what, content, code) => {
    wechat.tell(address(content), file(content))
    expect(await channel.statement(call, request)).toMatchObject({ outcome: 'refused', code })
  })

  it.each<[string, Buffer]>([
    ['changed on its way', Buffer.from(text.replace('100.00', '100.01'))],
    ['cut on its way', bytes.subarray(0, -30)],
    ['without its mark', Buffer.from(text.slice(1))],
    ['that is a page', Buffer.from('<html>')],
  ])('refuses a file %s by its hash', async (_what, content) => {
    wechat.tell(address(bytes), file(content))
    expect(await channel.statement(call, request)).toMatchObject({
      outcome: 'refused',
      code: 'hash',
    })
  })

  it('takes a hash in capitals', async () => {
    wechat.tell(address(bytes, { hash_value: hashOf(bytes).toUpperCase() }), file(bytes))
    expect((await channel.statement(call, request)).outcome).toBe('lines')
  })

  it('refuses more than 64 megabytes', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024 + 1, 'a')
    wechat.tell(address(large), file(large))
    const answer = await channel.statement(call, request)
    expect(answer).toMatchObject({ outcome: 'refused', code: 'layout' })
    expect(answer).toHaveProperty('reason', 'the bill is larger than 67108864 bytes')
  })

  it.each([
    'https://evil.example/v3/billdownload/file?token=x',
    'http://127.0.0.1:1/v3/billdownload/file?token=x',
    'file:///etc/passwd',
    'http://user@evil.example/',
    'not an address',
  ])('goes with its signature to no other host: %s', async (download_url) => {
    wechat.tell(address(bytes, { download_url }), file(bytes))
    expect(await channel.statement(call, request)).toMatchObject({
      outcome: 'refused',
      code: 'layout',
    })
    expect(wechat.heard).toHaveLength(1)
  })

  it('fetches at our own host a file that lies at the backup', async () => {
    const params = paramsFor(wechat.baseUrl, { backupUrl: 'https://api2.example' })
    const withBackup = createWechatPay(params, deps)
    const download_url = `https://api2.example/v3/billdownload/file?token=${TOKEN}`
    wechat.tell(address(bytes, { download_url }), file(bytes))
    expect((await withBackup.statement(call, request)).outcome).toBe('lines')
  })

  it('believes that a day without trade has no bill, when our books have nothing and it is past ten', async () => {
    clock.set(instantAt(addDays(day, 1), '10:00:00'))
    const none = { ...refusal(400, 'NO_STATEMENT_EXIST') }
    wechat.tell(none)
    expect(await channel.statement(call, request)).toMatchObject({ outcome: 'lines', lines: [] })
    const move = {
      kind: 'charge',
      ourNo: 'A',
      providerNo: 'B',
      parts: [],
      at: clock.now(),
    } as const
    wechat.tell(none)
    const answer = await channel.statement(call, { ...request, ownMoves: [move] })
    expect(answer).toMatchObject({ outcome: 'not_ready' })
    clock.set(instantAt(addDays(day, 1), '09:30:00'))
  })

  it.each<[string, Reply, object]>([
    ['there is no bill yet', refusal(400, 'NO_STATEMENT_EXIST'), { outcome: 'not_ready' }],
    ['it is being made', refusal(400, 'STATEMENT_CREATING'), { outcome: 'not_ready' }],
    [
      'there is no bill, unsigned',
      { ...refusal(400, 'NO_STATEMENT_EXIST'), proof: 'none' },
      { outcome: 'unknown' },
    ],
    ['our signature is wrong', refusal(401, 'SIGN_ERROR'), { outcome: 'unknown' }],
    ['a parameter is bad', refusal(400, 'PARAM_ERROR'), { outcome: 'unknown' }],
    ['the system fails', refusal(500, 'SYSTEM_ERROR'), { outcome: 'unknown' }],
    ['nothing', 'silence', { outcome: 'unknown' }],
    ['half an address', ok({ download_url: 'x' }), { outcome: 'unknown' }],
    [
      'another hash',
      ok({ hash_type: 'MD5', hash_value: 'a'.repeat(32), download_url: 'x' }),
      { outcome: 'unknown' },
    ],
  ])('told that %s', async (_what, reply, expected) => {
    wechat.tell(reply)
    expect(await channel.statement(call, request)).toMatchObject(expected)
    expect(wechat.heard).toHaveLength(1)
  })

  it.each<[string, Reply]>([
    ['is gone', { status: 404, json: { code: 'NOT_FOUND' } }],
    ['does not come', 'silence'],
    ['breaks off', 'hang_up'],
  ])('a file that %s leaves all unknown', async (_what, reply) => {
    wechat.tell(address(bytes), reply)
    expect((await channel.statement(call, request)).outcome).toBe('unknown')
  })
})

describe('fundFlow', () => {
  const flow = {
    time: '2026-11-20 09:30:00',
    flowNo: 'F1',
    ourNo: 'P1',
    income: true,
    amountFen: 10_000,
    balanceFen: 110_000,
  }
  const good = Buffer.from(fundBill([flow]))

  it('fetches the movements of the merchant’s account', async () => {
    wechat.tell(address(good), file(good))
    expect(await channel.fundFlow(call, day)).toMatchObject({
      outcome: 'lines',
      lines: [{ ourNo: 'P1', direction: 'income', amountFen: 10_000, balanceFen: 110_000 }],
      incomeFen: 10_000,
      expenseFen: 0,
      sha256: hashOf(good, 'sha256'),
    })
    expect(wechat.heard[0]?.url).toBe(
      '/v3/bill/fundflowbill?bill_date=2026-11-20&account_type=BASIC',
    )
  })

  it('refuses a chain of balances that is broken', async () => {
    const broken = Buffer.from(fundBill([flow, { ...flow, flowNo: 'F2' }]))
    wechat.tell(address(broken), file(broken))
    expect(await channel.fundFlow(call, day)).toMatchObject({ outcome: 'refused', code: 'sums' })
  })

  it('is not ready before nine', async () => {
    expect((await channel.fundFlow(call, businessDate('2026-11-21'))).outcome).toBe('not_ready')
  })
})
