import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import {
  CARD,
  isSignedByUnionPay,
  POOR_CARD,
  sign,
  startTestBed,
  type TestBed,
} from './testing/bed.ts'

let bed: TestBed
beforeEach(async () => {
  bed = await startTestBed()
})
afterEach(() => bed.stop())

async function paidOrder(changes = {}) {
  const order = bed.order(changes)
  const { qrCode = '' } = await bed.back(order)
  expect(await bed.simulator.pay({ qrCode }, CARD)).toBe('paid')
  const found = await bed.query(order)
  return { order, queryId: found['queryId'] ?? '' }
}
const refund = ({ queryId }: { queryId: string }, changes = {}) =>
  bed.back(bed.order({ txnType: '04', txnSubType: '00', origQryId: queryId, ...changes }))

describe('an order by a code', () => {
  it('gives the code, signed, and the same one again until it is paid', async () => {
    const order = bed.order()
    const first = await bed.back(order)
    expect(first).toMatchObject({ respCode: '00', orderId: order['orderId'] })
    expect(isSignedByUnionPay(first)).toBe(true)
    expect((await bed.back(order))['qrCode']).toBe(first['qrCode'])
    expect(await bed.back({ ...order, txnAmt: '1' })).toMatchObject({ respCode: '12' })
    await bed.simulator.pay({ qrCode: first['qrCode'] ?? '' }, CARD)
    expect(await bed.back(order)).toMatchObject({ respCode: '12' })
  })

  it('is not found before somebody pays, and then with its numbers', async () => {
    const order = bed.order()
    const { qrCode = '' } = await bed.back(order)
    expect(await bed.query(order)).toMatchObject({ respCode: '34' })
    expect(await bed.simulator.pay({ qrCode }, POOR_CARD)).toBe('insufficient')
    expect(await bed.query(order)).toMatchObject({ respCode: '00', origRespCode: '64' })
    expect(await bed.simulator.pay({ qrCode }, CARD)).toBe('paid')
    expect(await bed.query(order)).toMatchObject({
      origRespCode: '00',
      txnAmt: '2850',
      traceTime: '1121093000',
      settleDate: '1121',
      accNo: '6217 **** 5220',
    })
    expect(await bed.simulator.pay({ qrCode }, CARD)).toBe('already_paid')
    expect(bed.simulator.card(CARD)?.balanceFen).toBe(100_000_000 - 2_850)
    expect(bed.simulator.merchantBalance('898340183980105')).toBe(2_850 - 17)
  })

  it('is not paid after its time', async () => {
    const order = bed.order()
    const { qrCode = '' } = await bed.back(order)
    await bed.pass(901_000)
    expect(await bed.simulator.pay({ qrCode }, CARD)).toBe('expired')
    expect(await bed.query(order)).toMatchObject({ respCode: '34' })
  })
})

describe("a payment by the payer's code", () => {
  const byCode = (qrNo: string, changes = {}) => bed.order({ txnSubType: '06', qrNo, ...changes })

  it('is accepted at once and paid a moment later, and a code pays once', async () => {
    const code = bed.simulator.payCode(CARD)
    const order = byCode(code)
    expect(await bed.back(order)).toMatchObject({ respCode: '00' })
    expect(await bed.query(order)).toMatchObject({ respCode: '00', origRespCode: '05' })
    await bed.pass(2_000)
    expect(await bed.query(order)).toMatchObject({ origRespCode: '00' })
    expect(await bed.back(order)).toMatchObject({ respCode: '12' })
    expect(await bed.back(byCode(code))).toMatchObject({ respCode: '88' })
  })

  it('fails for a card without money, a code too old, or none', async () => {
    const order = byCode(bed.simulator.payCode(POOR_CARD))
    await bed.back(order)
    await bed.pass(2_000)
    expect(await bed.query(order)).toMatchObject({ origRespCode: '64' })
    expect(bed.inbox.received.at(-1)).toMatchObject({ respCode: '64' })
    const old = bed.simulator.payCode(CARD)
    await bed.pass(61_000)
    expect(await bed.back(byCode(old))).toMatchObject({ respCode: '88' })
    expect(await bed.back(byCode('6200000000000000000'))).toMatchObject({ respCode: '88' })
  })

  it('is reversed while it is under way, or after, and once', async () => {
    const reversal = (order: Record<string, string>) =>
      bed.back({ ...order, txnType: '99', txnSubType: '01' })
    const early = byCode(bed.simulator.payCode(CARD))
    await bed.back(early)
    expect(await reversal(early)).toMatchObject({ respCode: '00' })
    await bed.pass(10_000)
    expect(await bed.query(early)).toMatchObject({ origRespCode: '46' })
    const late = byCode(bed.simulator.payCode(CARD))
    await bed.back(late)
    await bed.pass(2_000)
    expect(await reversal(late)).toMatchObject({ respCode: '00' })
    expect(await reversal(late)).toMatchObject({ respCode: '00' })
    expect(bed.simulator.card(CARD)?.balanceFen).toBe(100_000_000)
    expect(bed.simulator.merchantBalance('898340183980105')).toBe(0)
    expect(await reversal(byCode('6200000000000000000'))).toMatchObject({ respCode: '35' })
    const yesterday = byCode(bed.simulator.payCode(CARD))
    await bed.back(yesterday)
    bed.clock.set('2026-11-21T23:00:00')
    expect(await reversal(yesterday)).toMatchObject({ respCode: '39' })
  })
})

describe('a return', () => {
  it('goes back in parts until nothing is left, and arrives a while later', async () => {
    const paid = await paidOrder()
    const first = bed.order({
      txnType: '04',
      txnSubType: '00',
      origQryId: paid.queryId,
      txnAmt: '850',
    })
    expect(await bed.back(first)).toMatchObject({ respCode: '00' })
    expect(await bed.query(first)).toMatchObject({ origRespCode: '05' })
    expect(bed.simulator.card(CARD)?.balanceFen).toBe(100_000_000 - 2_850)
    await bed.pass(30_000)
    expect(await bed.query(first)).toMatchObject({ origRespCode: '00', txnAmt: '850' })
    expect(await refund(paid, { txnAmt: '2001' })).toMatchObject({ respCode: '33' })
    expect(await refund(paid, { txnAmt: '2000' })).toMatchObject({ respCode: '00' })
    expect(await refund(paid, { txnAmt: '1' })).toMatchObject({ respCode: '33' })
    await bed.pass(30_000)
    expect(bed.simulator.card(CARD)?.balanceFen).toBe(100_000_000)
    expect(bed.simulator.balances().get('fees')).toBe(0)
    expect(await bed.back(first)).toMatchObject({ respCode: '12' })
  })

  it('as a void is of all of it, on the settlement day, and the only one', async () => {
    const paid = await paidOrder()
    const asVoid = (changes = {}) => refund(paid, { txnType: '31', ...changes })
    expect(await asVoid({ txnAmt: '2849' })).toMatchObject({ respCode: '36' })
    expect(await asVoid()).toMatchObject({ respCode: '00' })
    expect(await asVoid()).toMatchObject({ respCode: '45' })
    expect(await refund(paid, { txnAmt: '1' })).toMatchObject({ respCode: '45' })
    const other = await paidOrder()
    bed.clock.set('2026-11-21T23:00:00')
    expect(await refund(other, { txnType: '31' })).toMatchObject({ respCode: '39' })
    expect(await refund(other)).toMatchObject({ respCode: '00' })
  })

  it('needs a payment', async () => {
    expect(await refund({ queryId: '202611210930000000099' })).toMatchObject({ respCode: '35' })
  })
})

describe('a request', () => {
  it.each([
    ['11', { signature: 'AAAA' }],
    ['11', { txnAmt: '1' }],
    ['11', { certId: '1' }],
    ['10', { version: '5.0.0' }],
  ])('is refused with %s for %j that is not what was signed', async (respCode, spoilt) => {
    const fields = { ...sign(bed.order()), ...spoilt }
    const answer = await bed.post('/gateway/api/backTransReq.do', fields)
    expect(answer).toMatchObject({ respCode })
    expect(isSignedByUnionPay(answer)).toBe(true)
    expect(bed.simulator.transactions()).toEqual([])
  })

  it.each([
    ['10', { txnAmt: '28.50' }],
    ['10', { txnAmt: '0' }],
    ['10', { orderId: 'a-b_c-d-e' }],
    ['10', { currencyCode: '840' }],
    ['10', { txnTime: '20261119093000' }],
    ['10', { txnTime: '20261341093000' }],
    ['10', { backUrl: 'http://127.0.0.1/n?a=1' }],
    ['10', { channelType: '' }],
    ['32', { txnType: '02' }],
    ['69', { payTimeout: '20261121092900' }],
  ])('is refused with %s for %j', async (respCode, changes) => {
    expect(await bed.back(bed.order(changes))).toMatchObject({ respCode })
    expect(bed.simulator.transactions()).toEqual([])
  })

  it('is refused when a field is missing, or the merchant is not known', async () => {
    const { backUrl: _backUrl, ...order } = bed.order()
    expect(await bed.back(order)).toMatchObject({ respCode: '13' })
    const stranger = sign({ ...bed.order(), merId: '000000000000000' })
    expect(await bed.post('/gateway/api/backTransReq.do', stranger)).toMatchObject({
      respCode: '31',
    })
    expect(await bed.post('/gateway/api/backTransReq.do', {})).toMatchObject({ respCode: '31' })
  })
})

it('an amount of a hundred million yuan is too much for no field', async () => {
  bed.simulator.topUp(CARD, fen(10_000_000_000))
  const { order } = await paidOrder({ txnAmt: '9999999999' })
  expect(await bed.query(order)).toMatchObject({ txnAmt: '9999999999' })
})
