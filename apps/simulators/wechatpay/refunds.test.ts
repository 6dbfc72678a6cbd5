import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { addFen, fen } from '../../../kernel/money.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { feeGivenBack, feeOf } from './books.ts'
import { MCHID, OPENID, startTestBed, type TestBed } from './testing/bed.ts'

let bed: TestBed
beforeEach(async () => {
  bed = await startTestBed()
})
afterEach(() => bed.stop())

const REFUNDS = '/v3/refund/domestic/refunds'
const refundOf = (outTradeNo: string, overrides: Record<string, unknown> = {}) => ({
  out_trade_no: outTradeNo,
  out_refund_no: `R${outTradeNo}`,
  notify_url: `${bed.receiver.url}/refund`,
  amount: { refund: 2_850, total: 2_850, currency: 'CNY' },
  ...overrides,
})
const stateOf = async (outTradeNo: string) => {
  const target = `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${MCHID}`
  const { trade_state: state } = (await bed.merchant.get(target)).json as { trade_state: string }
  return state
}

describe('a refund', () => {
  it('is accepted, then paid out after its delay, and told of', async () => {
    const { body } = await bed.placeAndPay()
    await bed.simulator.runDue()
    const accepted = await bed.merchant.post(
      REFUNDS,
      refundOf(body.out_trade_no, { reason: '退号' }),
    )
    expect(accepted).toMatchObject({ status: 200, isSigned: true })
    const [order] = bed.simulator.orders()
    expect(accepted.json).toEqual({
      refund_id: expect.stringMatching(/^\d{28}$/),
      out_refund_no: `R${body.out_trade_no}`,
      transaction_id: order?.transactionId,
      out_trade_no: body.out_trade_no,
      channel: 'ORIGINAL',
      user_received_account: '支付用户零钱',
      create_time: '2026-11-21T09:30:00+08:00',
      status: 'PROCESSING',
      funds_account: 'UNSETTLED',
      amount: {
        total: 2_850,
        refund: 2_850,
        from: [],
        payer_total: 2_850,
        payer_refund: 2_850,
        settlement_refund: 2_850,
        settlement_total: 2_850,
        discount_refund: 0,
        currency: 'CNY',
        refund_fee: 17,
      },
      promotion_detail: [],
    })
    expect(await stateOf(body.out_trade_no)).toBe('REFUND')
    expect(bed.simulator.wallet(OPENID)?.balanceFen).toBe(100_000_000 - 2_850)
    expect(bed.simulator.merchantBalance(MCHID)).toBe(0) // the fee came back as well
    expect(bed.simulator.nextDueAt()).toEqual(new Date('2026-11-21T09:30:30+08:00'))

    bed.clock.advance(30 * SECOND_MS - 1)
    expect(await bed.simulator.runDue()).toBe(0)
    bed.clock.advance(1)
    expect(await bed.simulator.runDue()).toBe(2)
    expect(bed.simulator.wallet(OPENID)?.balanceFen).toBe(100_000_000)
    const found = await bed.merchant.get(`${REFUNDS}/R${body.out_trade_no}`)
    expect(found.json).toMatchObject({
      status: 'SUCCESS',
      success_time: '2026-11-21T09:30:30+08:00',
    })
    const notice = bed.receiver.received.at(-1)
    expect(JSON.parse(notice?.text ?? '')).toMatchObject({
      event_type: 'REFUND.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: { original_type: 'refund' },
    })
    expect(notice?.resource).toEqual({
      mchid: MCHID,
      refund_id: (accepted.json as { refund_id: string }).refund_id,
      out_refund_no: `R${body.out_trade_no}`,
      transaction_id: order?.transactionId,
      out_trade_no: body.out_trade_no,
      user_received_account: '支付用户零钱',
      success_time: '2026-11-21T09:30:30+08:00',
      refund_status: 'SUCCESS',
      amount: { total: 2_850, refund: 2_850, payer_total: 2_850, payer_refund: 2_850 },
    })
  })

  it('may name the order by transaction_id, but not by both numbers or neither', async () => {
    const { body } = await bed.placeAndPay()
    const [order] = bed.simulator.orders()
    const byId = { transaction_id: order?.transactionId }
    const both = refundOf(body.out_trade_no, byId)
    expect((await bed.merchant.post(REFUNDS, both)).status).toBe(400)
    const neither = refundOf(body.out_trade_no, { out_trade_no: undefined })
    expect((await bed.merchant.post(REFUNDS, neither)).status).toBe(400)
    const right = refundOf(body.out_trade_no, { ...byId, out_trade_no: undefined })
    expect((await bed.merchant.post(REFUNDS, right)).status).toBe(200)
  })

  it('is made once, however often the same number asks for it', async () => {
    const { body } = await bed.placeAndPay()
    const request = refundOf(body.out_trade_no, {
      amount: { refund: 100, total: 2_850, currency: 'CNY' },
    })
    const first = await bed.merchant.post(REFUNDS, request)
    const second = await bed.merchant.post(REFUNDS, request)
    expect(second.json).toEqual(first.json)
    expect(bed.simulator.refunds()).toHaveLength(1)
    const other = await bed.merchant.post(REFUNDS, {
      ...request,
      amount: { refund: 101, total: 2_850, currency: 'CNY' },
    })
    expect(other).toMatchObject({ status: 400, numericCode: 268498688 })
  })

  it('to a closed wallet comes to rest as ABNORMAL, its money kept apart', async () => {
    const { body } = await bed.placeAndPay()
    await bed.simulator.runDue()
    await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no))
    bed.simulator.closeWallet(OPENID)
    bed.clock.advance(30 * SECOND_MS)
    await bed.simulator.runDue()
    const found = await bed.merchant.get(`${REFUNDS}/R${body.out_trade_no}`)
    expect(found.json).toMatchObject({ status: 'ABNORMAL' })
    expect(found.json).not.toHaveProperty('success_time')
    expect(bed.receiver.received.at(-1)?.resource).toMatchObject({ refund_status: 'ABNORMAL' })
    expect(bed.simulator.balances().get('refunds in transit')).toBe(2_850)
  })
})

describe('the rules of refunds', () => {
  it('refuse what is not paid, not there, or of another total', async () => {
    const body = bed.order()
    await bed.merchant.post('/v3/pay/transactions/jsapi', body)
    const unpaid = await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no))
    expect(unpaid).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } })
    const missing = await bed.merchant.post(REFUNDS, refundOf('NOTHING1'))
    expect(missing).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } })
    expect((await bed.merchant.get(`${REFUNDS}/NOTHING1`)).json).toMatchObject({
      code: 'RESOURCE_NOT_EXISTS',
    })
    const { body: paid } = await bed.placeAndPay()
    const wrongTotal = await bed.merchant.post(
      REFUNDS,
      refundOf(paid.out_trade_no, { amount: { refund: 1, total: 2_851, currency: 'CNY' } }),
    )
    expect(wrongTotal).toMatchObject({ status: 400, json: { detail: { field: '/amount/total' } } })
    const noCurrency = await bed.merchant.post(
      REFUNDS,
      refundOf(paid.out_trade_no, { amount: { refund: 1, total: 2_850 } }),
    )
    expect(noCurrency.status).toBe(400)
  })

  it('want a minute between two refunds of an order, and never more than its total', async () => {
    const { body } = await bed.placeAndPay()
    const part = (no: number, refund: number) =>
      bed.merchant.post(
        REFUNDS,
        refundOf(body.out_trade_no, {
          out_refund_no: `R${no}`,
          amount: { refund, total: 2_850, currency: 'CNY' },
        }),
      )
    expect((await part(1, 2_000)).status).toBe(200)
    bed.clock.advance(MINUTE_MS - 1)
    expect(await part(2, 850)).toMatchObject({ status: 429, numericCode: 268447840 })
    bed.clock.advance(1)
    expect(await part(3, 851)).toMatchObject({ status: 400, numericCode: 268435464 })
    expect((await part(2, 850)).status).toBe(200)
    expect((await part(4, 1)).status).toBe(400)
  })

  it('allow fifty refunds of an order', async () => {
    const { body } = await bed.placeAndPay()
    for (let no = 1; no <= 50; no++) {
      const request = refundOf(body.out_trade_no, {
        out_refund_no: `R${no}`,
        amount: { refund: 1, total: 2_850, currency: 'CNY' },
      })
      expect((await bed.merchant.post(REFUNDS, request)).status).toBe(200)
      bed.clock.advance(MINUTE_MS)
    }
    const request = refundOf(body.out_trade_no, {
      out_refund_no: 'R51',
      amount: { refund: 1, total: 2_850, currency: 'CNY' },
    })
    const answer = await bed.merchant.post(REFUNDS, request)
    expect(answer).toMatchObject({ status: 403, json: { code: 'RULE_LIMIT' } })
  })

  it('end after 365 days', async () => {
    const { body } = await bed.placeAndPay()
    bed.clock.advance(365 * DAY_MS + 1)
    const late = await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no))
    expect(late).toMatchObject({ status: 403, json: { code: 'RULE_LIMIT' } })
    bed.clock.advance(-1)
    expect((await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no))).status).toBe(200)
  })

  it('need the money to be there, and take the same number once it is', async () => {
    const { body } = await bed.placeAndPay()
    bed.simulator.withdraw(MCHID, fen(1))
    const answer = await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no))
    expect(answer).toMatchObject({ status: 403, json: { code: 'NOT_ENOUGH' } })
    expect(await stateOf(body.out_trade_no)).toBe('SUCCESS')
    await bed.placeAndPay({ amount: { total: 100 } })
    expect((await bed.merchant.post(REFUNDS, refundOf(body.out_trade_no))).status).toBe(200)
  })
})

describe('fees', () => {
  it('given back in parts add up to the fee, whatever the parts', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 20_000 }), (list, ppm) => {
        const refunds = list.map(fen)
        const totalFen = addFen(...refunds)
        const feeFen = feeOf(totalFen, ppm)
        let refundedBeforeFen = fen(0)
        const back = refunds.map((refundFen) => {
          const part = feeGivenBack({ totalFen, feeFen, refundedBeforeFen, refundFen })
          refundedBeforeFen = addFen(refundedBeforeFen, refundFen)
          return part
        })
        expect(addFen(...back)).toBe(feeFen)
        expect(back.every((part, i) => part >= 0 && part <= (refunds[i] ?? 0))).toBe(true)
      }),
    )
  })
})
