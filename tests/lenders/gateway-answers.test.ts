import { createHash, sign } from 'node:crypto'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readGatewayParams } from '../../adapters/lenders/gateway/index.ts'
import { type GatewayBench, HOSPITAL, openGatewayBench, PARTNER_NO } from './lender-bench.ts'
import { openStranger, type Stranger } from './stranger.ts'

let bench: GatewayBench
beforeEach(async () => void (bench = await openGatewayBench()))
afterEach(() => bench.close())

describe('[N5] the gateway: answers that are the bank’s and make no sense', () => {
  const lineOf = (cash: number, day = '2026-11-20') =>
    `CONSUME|${'T'.repeat(30)}|LC1|${cash}|${day} 10:00:00`
  const listOf = (changes: object, lines = [lineOf(100)]) => ({
    hospCode: 'H0017',
    date: '2026-11-20',
    totalCount: lines.length,
    netAmt: 100,
    listSha256: createHash('sha256').update(lines.join('\n')).digest('hex'),
    list: lines.map((line) => {
      const [type, transNo, sFlowId, cash, transTime] = line.split('|')
      return { type, transNo, sFlowId, cash: Number(cash), transTime }
    }),
    ...changes,
  })
  const request = { careHospitalId: HOSPITAL, businessDate: '2026-11-20' as never }
  const told = async (data: object) => {
    const stranger = await openStranger(signing(JSON.stringify({ ...DONE, data })))
    const answer = await bench.asking(stranger.url).dayStatement(bench.call, request)
    await stranger.close()
    return answer
  }

  it('is read when all of it is right', async () => {
    expect(await told(listOf({}))).toMatchObject({
      outcome: 'lines',
      lines: [{ kind: 'draw', amountFen: 100, at: new Date('2026-11-20T10:00:00+08:00') }],
    })
  })

  it.each([
    ['truncated', listOf({ totalCount: 2 })],
    ['hash', listOf({ listSha256: '0'.repeat(64) })],
    ['sums', listOf({ netAmt: 101 })],
    ['layout', listOf({ date: '2026-11-19' })],
    ['layout', listOf({}, [lineOf(100, '2026-11-19')])],
    ['layout', listOf({ list: null })],
  ])('a list is refused for its %s', async (code, data) => {
    expect(await told(data)).toMatchObject({ outcome: 'refused', code })
  })

  it('a list is refused for its encoding', async () => {
    const stranger = await openStranger(signing(Buffer.from([0x7b, 0xc4, 0xe3, 0x7d])))
    const answer = await bench.asking(stranger.url).dayStatement(bench.call, request)
    await stranger.close()
    expect(answer).toMatchObject({ outcome: 'refused', code: 'encoding' })
  })

  it.each([
    ['a code nobody knows', { success: false, code: 7777, msg: '?' }],
    ['a broken system', { success: false, code: 9999, msg: '系统繁忙' }],
    ['a yes with a code of a no', { success: true, code: 3006, msg: '' }],
    ['a yes about nothing', { ...DONE, data: null }],
    ['a yes about another number', { ...DONE, data: drawnData({ transNo: 'T1' }) }],
    ['a yes of no real day', { ...DONE, data: drawnData({ transTime: '2026-02-30 10:00:00' }) }],
    ['an amount in yuan', { ...DONE, data: drawnData({ cash: '100.00' }) }],
  ])('a draw is unknown after %s', async (_what, body) => {
    const stranger = await openStranger(signing(JSON.stringify(body)))
    const lender = bench.asking(stranger.url)
    const order = bench.newDraw(100_00, { drawNo: DRAW_NO })
    const outcomes = [
      await lender.draw(bench.call, order),
      await lender.queryDraw(bench.call, order),
    ]
    await stranger.close()
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown'])
  })

  it('a draw is unknown after a right answer to another request', async () => {
    const body = JSON.stringify({ ...DONE, data: drawnData({}) })
    const order = bench.newDraw(100_00, { drawNo: DRAW_NO })
    const [right, replayed] = [
      await openStranger(signing(body)),
      await openStranger(signing(body, 'a'.repeat(32))),
    ]
    expect((await bench.asking(right.url).draw(bench.call, order)).outcome).toBe('ok')
    expect((await bench.asking(replayed.url).draw(bench.call, order)).outcome).toBe('unknown')
    await Promise.all([right.close(), replayed.close()])
  })
})

const DONE = { success: true, code: 0, msg: '成功' }
const DRAW_NO = '0P9U00000000000000000000009999'
const drawnData = (changes: object) => ({
  transNo: DRAW_NO,
  sFlowId: 'LC1',
  cash: 100_00,
  status: 200,
  transTime: '2026-11-21 10:00:00',
  ...changes,
})

/** Answers with the bank's own key, to the request it heard unless told another. */
const signing =
  (body: string | Buffer, flowId?: string): Stranger =>
  (response, form) => {
    const text = Buffer.concat([
      Buffer.from(`${flowId ?? form.get('flowId')}\n`),
      Buffer.from(body),
    ])
    const signature = sign('RSA-SHA256', text, bench.keys.bank.privateKeyPem).toString('base64')
    response.writeHead(200, { 'x-sign': signature, 'x-sign-type': 'RSA2' }).end(body)
  }

describe('[N5] the parameters of a gateway', () => {
  const good = () => ({
    gatewayUrl: 'https://bank.example/gateway',
    partnerNo: PARTNER_NO,
    servicePrefix: '',
    operId: 'YIQIAO',
    sourceCode: 'APP',
    signType: 'RSA2',
    privateKeyPem: bench.keys.ours.privateKeyPem,
    bankPublicKeyPem: null,
    hospitals: [{ hospitalId: 17, hospCode: 'H0017' }],
  })

  it('may be without the bank’s key, over https', () => {
    expect(readGatewayParams(good())).toEqual(good())
  })

  it.each([
    ['gatewayUrl', { gatewayUrl: 'http://bank.example/gateway' }],
    ['gatewayUrl', { gatewayUrl: 'https://user:secret@bank.example/' }],
    ['privateKeyPem', { privateKeyPem: 'no key' }],
    ['signType', { signType: 'MD5' }],
    ['hospitals', { hospitals: [] }],
    ['hospitals', { hospitals: [1, 2].map((hospitalId) => ({ hospitalId, hospCode: 'H1' })) }],
    ['surprise', { surprise: 1 }],
  ])('are refused by the name of %s', (field, changes) => {
    const read = () => readGatewayParams({ ...good(), ...changes })
    expect(read).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ field }) }) as Error,
    )
  })
})
