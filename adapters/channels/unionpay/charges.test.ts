import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Channel, PayMethod } from '../../../modules/payments/index.ts'
import { type Bed, startBed } from './testing/bed.ts'
import { isSignedBy, MER_ID, type Reply } from './testing/gateway.ts'
import { chargeOrder, QUERY_ID, succeeded, TRADE_NO, tracedCall } from './testing/orders.ts'

const CODE = '6220835931895481436'
const QR = 'https://qr.95516.com/00010000/62123456789'
const NOT_FOUND = { respCode: '34', respMsg: '查无此交易[2600000]' }
const presence = { token: CODE, ip: null, returnUrl: 'https://hub.example/pay/1?a=1&b=2' }
const orig = (origRespCode: string) => ({ respCode: '00', origRespCode, origRespMsg: '说明' })

let bed: Bed
let channel: Channel
beforeAll(async () => {
  bed = await startBed()
  channel = bed.channelWith()
})
afterAll(() => bed.stop())
beforeEach(() => {
  bed.setNow('2026-11-21T10:00:10')
  bed.gateway.heard.length = 0
})

const tell = (...replies: Reply[]) => bed.gateway.tell(...replies)
const charge = (method: PayMethod, changes = {}) =>
  channel.charge(tracedCall(), chargeOrder({ method, presence, ...changes }))
const query = (method: PayMethod = 'qr_code') =>
  channel.query(tracedCall(), chargeOrder({ method }))
const release = (method: PayMethod) => channel.release(tracedCall(), chargeOrder({ method }))

describe('a charge', () => {
  it('on the page is a form for the browser, signed, with the end of its time', async () => {
    const call = tracedCall()
    const order = chargeOrder({ method: 'page', presence })
    const answer = await channel.charge(call, order)
    if (answer.outcome !== 'pending' || answer.payerAction?.kind !== 'form') throw new Error('none')
    const { url, fields } = answer.payerAction
    expect(url).toBe(`${bed.gateway.url}/gateway/api/frontTransReq.do`)
    expect(fields).toMatchObject({
      version: '5.1.0',
      merId: MER_ID,
      orderId: TRADE_NO,
      txnTime: '20261121100000',
      txnAmt: '12345',
      txnType: '01',
      txnSubType: '01',
      bizType: '000201',
      payTimeout: '20261121101500',
      frontUrl: presence.returnUrl,
      riskRateInfo: '{commodityName=市第一医院 门诊缴费 MZ20261121001}',
    })
    expect(isSignedBy(bed.keys.merchant, fields)).toBe(true)
    expect(bed.gateway.heard).toEqual([])
    expect(call.exchanges).toHaveLength(1)
    expect(await channel.charge(call, order)).toEqual(answer)
  })

  it('by our code gives the code, asked for with a right signature', async () => {
    tell({ respCode: '00', qrCode: QR })
    expect(await charge('qr_code')).toEqual({
      outcome: 'pending',
      payerAction: { kind: 'qr_code', content: QR },
    })
    const [heard] = bed.gateway.heard
    expect(heard).toMatchObject({ path: '/gateway/api/backTransReq.do', isSigned: true })
    expect(heard?.fields).toMatchObject({ txnSubType: '07', bizType: '000000' })
    expect(heard?.fields).not.toHaveProperty('termId')
  })

  it('in an app gives the tn', async () => {
    tell({ respCode: '00', tn: '812345678901234567890' })
    expect(await charge('app')).toEqual({
      outcome: 'pending',
      payerAction: { kind: 'app', params: { tn: '812345678901234567890' } },
    })
    expect(bed.gateway.heard[0]?.path).toBe('/gateway/api/appTransReq.do')
  })

  it("by the payer's code is accepted first, and paid when the query says so", async () => {
    tell({ respCode: '00' }, succeeded())
    const paid = await charge('barcode')
    expect(paid).toMatchObject({ outcome: 'confirmed', move: { providerNo: QUERY_ID } })
    expect(bed.gateway.heard[0]?.fields).toMatchObject({ txnSubType: '06', qrNo: CODE })
    tell({ respCode: '00' }, orig('05'))
    expect(await charge('barcode')).toEqual({ outcome: 'pending', payerAction: null })
    tell({ respCode: '00' }, 'hang_up')
    expect(await charge('barcode')).toEqual({ outcome: 'pending', payerAction: null })
  })

  it('is declined for a method that is not served', async () => {
    expect(await charge('card')).toMatchObject({ outcome: 'declined', code: 'method_not_served' })
  })

  it('that is refused is declined only when no earlier try got through', async () => {
    tell({ respCode: '88', respMsg: '无此二维码' }, NOT_FOUND)
    expect(await charge('barcode')).toMatchObject({ outcome: 'declined', code: 'code_unknown' })
    tell({ respCode: '88', respMsg: '无此二维码' }, succeeded())
    expect(await charge('barcode')).toMatchObject({ outcome: 'confirmed' })
    tell({ respCode: '12' }, NOT_FOUND)
    expect(await charge('qr_code')).toEqual({ outcome: 'pending', payerAction: null })
    tell({ respCode: '12' }, 'html')
    expect(await charge('qr_code')).toMatchObject({ outcome: 'unknown' })
    tell({ respCode: '11' })
    expect(await charge('qr_code')).toMatchObject({ outcome: 'declined', code: 'sign_error' })
  })

  it.each(['02', '03', '04', '05', '06', '37', '99', 'ZZ', ''])(
    'that is answered with %j is unknown',
    async (respCode) => {
      tell({ respCode, respMsg: '说明' })
      expect(await charge('qr_code')).toMatchObject({ outcome: 'unknown' })
    },
  )

  it.each([
    ['no code', { respCode: '00' }],
    ['a code that is no address', { respCode: '00', qrCode: '62123' }],
  ])('whose answer holds %s is unknown', async (_name, reply) => {
    tell(reply)
    expect(await charge('qr_code')).toMatchObject({ outcome: 'unknown' })
  })
})

describe('an answer', () => {
  const accepted = { respCode: '00', qrCode: QR }

  it.each<[string, () => Reply]>([
    ['never comes', () => 'silence'],
    ['is cut', () => 'hang_up'],
    ['is a page', () => 'html'],
    [
      'is altered on the way',
      () => ({ answer: accepted, spoil: (text) => text.replace('00010000', '00010001') }),
    ],
    ['is signed by a forger', () => ({ answer: accepted, signedBy: bed.keys.forged })],
    ['is signed by ourselves', () => ({ answer: accepted, signedBy: bed.keys.merchant })],
    ['is to another order', () => ({ ...accepted, orderId: '0001068QEWK9P7R2B4M6T8V0X1Z3D6' })],
    ['is to another moment', () => ({ ...accepted, txnTime: '20261121100001' })],
    ['is to another merchant', () => ({ ...accepted, merId: '777290058110048' })],
    ['is to another question', () => ({ ...accepted, txnType: '00' })],
    [
      'has lost its line ends',
      () => ({ answer: accepted, spoil: (text) => text.replaceAll('\r\n', '\n') }),
    ],
  ])('that %s is unknown', async (_name, reply) => {
    tell(reply())
    const answer = await charge('qr_code')
    expect(answer).toMatchObject({ outcome: 'unknown' })
  })
})

describe('a query', () => {
  it('that finds the money tells of it, at the moment of the trace', async () => {
    tell(succeeded())
    expect(await query()).toEqual({
      outcome: 'confirmed',
      move: {
        kind: 'charge',
        ourNo: TRADE_NO,
        providerNo: QUERY_ID,
        parts: [{ kind: 'self_pay', amountFen: 12_345 }],
        at: new Date('2026-11-21T10:00:05+08:00'),
      },
    })
    expect(bed.gateway.heard[0]?.fields).toMatchObject({
      txnType: '00',
      orderId: TRADE_NO,
      txnTime: '20261121100000',
    })
    tell(succeeded({ origRespCode: 'A6', txnAmt: '1' }))
    expect(await query()).toMatchObject({ move: { parts: [{ amountFen: 1 }] } })
  })

  it.each([
    ['queryId', ''],
    ['txnAmt', '123.45'],
    ['txnAmt', '0'],
    ['traceTime', '1332100005'],
    ['currencyCode', '840'],
  ])('that finds money with %s %j is unknown', async (name, value) => {
    tell(succeeded({ [name]: value }))
    expect(await query()).toMatchObject({ outcome: 'unknown' })
  })

  it.each(['03', '04', '06', '83', '74', 'Q1'])(
    'of a transaction in state %s is unknown',
    async (code) => {
      for (const now of ['2026-11-21T10:00:10', '2026-11-21T11:00:00']) {
        bed.setNow(now)
        tell(orig(code))
        expect(await query()).toMatchObject({ outcome: 'unknown' })
      }
    },
  )

  it.each(['05', '70'])('of a transaction in state %s is pending', async (code) => {
    tell(orig(code))
    expect(await query()).toEqual({ outcome: 'pending', payerAction: null })
  })

  it('leaves the payer time for another card, and no longer', async () => {
    tell(orig('64'))
    expect(await query('page')).toEqual({ outcome: 'pending', payerAction: null })
    bed.setNow('2026-11-21T10:16:02')
    tell(orig('64'))
    expect(await query('page')).toMatchObject({ outcome: 'declined', code: 'not_enough' })
    tell(orig('42'))
    expect(await query('page')).toMatchObject({ outcome: 'declined', code: 'paid_too_late' })
  })

  it('at the desk believes a refusal at once, but for those that may be followed by another word', async () => {
    tell(orig('64'), orig('60'), orig('46'))
    expect(await query('barcode')).toMatchObject({ outcome: 'declined', code: 'not_enough' })
    expect(await query('barcode')).toMatchObject({ outcome: 'unknown' })
    expect(await query('barcode')).toMatchObject({ outcome: 'declined', code: 'reversed' })
  })

  it('that itself fails says nothing, and one that finds nothing says absent', async () => {
    tell({ respCode: '11' }, { respCode: '03' }, NOT_FOUND, orig('34'))
    expect(await query()).toMatchObject({ outcome: 'unknown' })
    expect(await query()).toMatchObject({ outcome: 'unknown' })
    expect(await query()).toEqual({ outcome: 'absent' })
    expect(await query()).toEqual({ outcome: 'absent' })
  })
})

describe('a release', () => {
  it.each(['page', 'qr_code', 'app'] as const)(
    'of an order by %s waits for the end of its time',
    async (method) => {
      tell(NOT_FOUND)
      expect(await release(method)).toEqual({
        outcome: 'unknown',
        reason: 'UnionPay closes no order: it can be paid until 20261121101600',
      })
      bed.setNow('2026-11-21T10:16:02')
      tell(NOT_FOUND, orig('64'), orig('05'), succeeded(), 'hang_up')
      expect(await release(method)).toEqual({ outcome: 'released' })
      expect(await release(method)).toEqual({ outcome: 'released' })
      expect(await release(method)).toMatchObject({ outcome: 'unknown' })
      expect(await release(method)).toMatchObject({ outcome: 'confirmed' })
      expect(await release(method)).toMatchObject({ outcome: 'unknown' })
      expect(bed.gateway.heard.filter(({ fields }) => fields['txnType'] !== '00')).toEqual([])
    },
  )

  it("of a charge by the payer's code reverses what is under way", async () => {
    tell(orig('05'), { respCode: '00' })
    expect(await release('barcode')).toEqual({ outcome: 'released' })
    expect(bed.gateway.heard[1]?.fields).toMatchObject({
      txnType: '99',
      txnSubType: '01',
      orderId: TRADE_NO,
      txnTime: '20261121100000',
    })
    tell(NOT_FOUND, { respCode: '35' })
    expect(await release('barcode')).toMatchObject({ outcome: 'unknown' })
    tell(orig('05'), 'hang_up')
    expect(await release('barcode')).toMatchObject({ outcome: 'unknown' })
  })

  it('does not reverse what is paid, what is over, or what was of another settlement day', async () => {
    tell(succeeded())
    expect(await release('barcode')).toMatchObject({ outcome: 'confirmed' })
    bed.setNow('2026-11-21T10:02:01')
    tell(NOT_FOUND)
    expect(await release('barcode')).toEqual({ outcome: 'released' })
    bed.setNow('2026-11-21T23:00:00')
    tell(orig('05'))
    expect(await release('barcode')).toMatchObject({ outcome: 'unknown' })
    expect(bed.gateway.heard.filter(({ fields }) => fields['txnType'] === '99')).toEqual([])
  })
})

describe("without the payer's code", () => {
  it('a charge by it says what became of it, and is given up once the code has expired', async () => {
    const again = () => charge('barcode', { presence: null })
    tell(succeeded(), NOT_FOUND)
    expect(await again()).toMatchObject({ outcome: 'confirmed' })
    expect(await again()).toMatchObject({ outcome: 'unknown' })
    bed.setNow('2026-11-21T10:02:01')
    tell(NOT_FOUND)
    expect(await again()).toMatchObject({ outcome: 'declined', code: 'code_expired' })
    expect(bed.gateway.heard.every(({ fields }) => fields['txnType'] === '00')).toBe(true)
  })
})
