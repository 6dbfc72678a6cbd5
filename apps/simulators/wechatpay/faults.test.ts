import { afterEach, describe, expect, it } from 'vitest'

import type { Fault, FaultPlan, FaultPoint } from '../kit/simulator.ts'
import { MCHID, OTHER_MCHID, startTestBed, type TestBed, testMerchant } from './testing/bed.ts'

let bed: TestBed
afterEach(() => bed.stop())

const JSAPI = '/v3/pay/transactions/jsapi'
const REFUNDS = '/v3/refund/domestic/refunds'
const once =
  (operation: string, fault: Fault): FaultPlan =>
  (point) =>
    point.operation === operation && point.attempt === 1 ? fault : null

const openBed = async (faults: FaultPlan) => {
  bed = await startTestBed({ faults })
}

describe('the point a plan is asked about', () => {
  it('goes by names that are the same in every run, and counts its attempts', async () => {
    const points: string[] = []
    await openBed(({ simulator, operation, key, attempt }: FaultPoint) => {
      expect(simulator).toBe('wechat')
      points.push(`${operation} | ${key} | ${attempt}`)
      return null
    })
    const { body } = await bed.placeAndPay({ description: '缴费' })
    const second = bed.order({ description: '缴费' })
    await bed.merchant.post(JSAPI, second)
    await bed.merchant.post(JSAPI, second)
    const { payer: _payer, ...native } = bed.order({ description: '挂号' })
    await bed.merchant.post('/v3/pay/transactions/native', native)
    const byNo = `/v3/pay/transactions/out-trade-no/${body.out_trade_no}?mchid=${MCHID}`
    const found = await bed.merchant.get(byNo)
    const { transaction_id: transactionId } = found.json as { transaction_id: string }
    await bed.merchant.get(`/v3/pay/transactions/id/${transactionId}?mchid=${MCHID}`)
    await bed.merchant.get(byNo.replace(body.out_trade_no, 'NOTHING1'))
    const close = `/v3/pay/transactions/out-trade-no/${second.out_trade_no}/close`
    await bed.merchant.post(close, { mchid: MCHID })
    await bed.simulator.runDue()
    const refund = {
      transaction_id: transactionId,
      out_refund_no: 'R1',
      notify_url: bed.receiver.url,
      amount: { refund: 1, total: 2_850, currency: 'CNY' },
    }
    await bed.merchant.post(REFUNDS, refund)
    await bed.merchant.post(REFUNDS, { ...refund, out_refund_no: 'R2' })
    await bed.merchant.get(`${REFUNDS}/R1`)
    await bed.merchant.get(`${REFUNDS}/R9`)
    bed.clock.advance(30_000)
    await bed.simulator.runDue()
    const tradeBill = '/v3/bill/tradebill?bill_date=2026-11-20'
    await bed.merchant.get(tradeBill)
    await bed.merchant.get('/v3/bill/fundflowbill?bill_date=2026-11-20')
    expect(points).toEqual([
      'POST /v3/pay/transactions/jsapi | 缴费#1 | 1',
      'POST /v3/pay/transactions/jsapi | 缴费#2 | 1',
      'POST /v3/pay/transactions/jsapi | 缴费#2 | 2',
      'POST /v3/pay/transactions/native | 挂号#1 | 1',
      'GET /v3/pay/transactions/out-trade-no | 缴费#1 | 1',
      'GET /v3/pay/transactions/id | 缴费#1 | 1',
      'GET /v3/pay/transactions/out-trade-no | unknown order | 1',
      'POST close | 缴费#2 | 1',
      'notify TRANSACTION.SUCCESS | 缴费#1 | 1',
      'POST /v3/refund/domestic/refunds | 缴费#1/r1 | 1',
      'POST /v3/refund/domestic/refunds | 缴费#1/r2 | 1',
      'GET refund | 缴费#1/r1 | 1',
      'GET refund | unknown refund | 1',
      'notify REFUND.SUCCESS | 缴费#1/r1 | 1',
      'GET /v3/bill/tradebill | 2026-11-20/ALL | 1',
      'GET /v3/bill/fundflowbill | 2026-11-20/BASIC | 1',
    ])
  })

  it('counts each merchant for itself', async () => {
    const points: string[] = []
    await openBed(({ key, attempt }) => {
      points.push(`${key} ${attempt}`)
      return null
    })
    const other = testMerchant(bed.simulator.url, bed.clock, OTHER_MCHID)
    const theirs = { mchid: OTHER_MCHID, appid: 'wx7777777777777777' }
    await bed.merchant.post(JSAPI, bed.order())
    expect((await other.post(JSAPI, bed.order(theirs))).status).toBe(200)
    expect(points).toEqual(['门诊缴费#1 1', '门诊缴费#1 1'])
  })

  it('is not asked about what is unsigned or makes no sense', async () => {
    let asked = 0
    await openBed(() => {
      asked += 1
      return null
    })
    await bed.merchant.post(JSAPI, bed.order({ amount: { total: 0 } }))
    await bed.merchant.send('POST', JSAPI, JSON.stringify(bed.order()), { authorization: '' })
    expect(asked).toBe(0)
  })
})

describe('what goes wrong with a call', () => {
  it('refuse: a system error, and nothing done', async () => {
    await openBed(once(`POST ${JSAPI}`, { kind: 'refuse' }))
    const body = bed.order()
    expect(await bed.merchant.post(JSAPI, body)).toMatchObject({
      status: 500,
      isSigned: true,
      json: { code: 'SYSTEM_ERROR' },
    })
    expect(bed.simulator.orders()).toEqual([])
    expect((await bed.merchant.post(JSAPI, body)).status).toBe(200)
  })

  it('drop: the connection is cut, and nothing done', async () => {
    await openBed(once(`POST ${JSAPI}`, { kind: 'drop' }))
    const body = bed.order()
    await expect(bed.merchant.post(JSAPI, body)).rejects.toThrow('other side closed')
    expect(bed.simulator.orders()).toEqual([])
    expect((await bed.merchant.post(JSAPI, body)).status).toBe(200)
  })

  it('lose_answer: it is done, and the connection is cut', async () => {
    await openBed(once(`POST ${REFUNDS}`, { kind: 'lose_answer' }))
    const { body } = await bed.placeAndPay()
    const refund = {
      out_trade_no: body.out_trade_no,
      out_refund_no: 'R1',
      amount: { refund: 2_850, total: 2_850, currency: 'CNY' },
    }
    await expect(bed.merchant.post(REFUNDS, refund)).rejects.toThrow('other side closed')
    expect(bed.simulator.refunds()).toHaveLength(1)
    expect((await bed.merchant.post(REFUNDS, refund)).status).toBe(200)
    expect(bed.simulator.refunds()).toHaveLength(1)
  })

  it('slow: the answer comes after real milliseconds', async () => {
    await openBed(once(`POST ${JSAPI}`, { kind: 'slow', ms: 300 }))
    const began = performance.now()
    expect((await bed.merchant.post(JSAPI, bed.order())).status).toBe(200)
    expect(performance.now() - began).toBeGreaterThanOrEqual(295)
  })

  it('slow: stopping does not wait for it', async () => {
    await openBed(once(`POST ${JSAPI}`, { kind: 'slow', ms: 60_000 }))
    const asked = bed.merchant.post(JSAPI, bed.order()).catch(() => null)
    while (bed.simulator.orders().length === 0) await new Promise((later) => setTimeout(later, 5))
    const began = performance.now()
    await bed.simulator.stop()
    await asked
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('garble: it is done, and an unsigned page of HTML is answered', async () => {
    await openBed(once(`POST ${JSAPI}`, { kind: 'garble' }))
    const answer = await bed.merchant.post(JSAPI, bed.order())
    expect(answer).toMatchObject({ status: 200, isSigned: false })
    expect(answer.text).toMatch(/^<!DOCTYPE html>/)
    expect(answer.headers['wechatpay-signature']).toBeUndefined()
    expect(bed.simulator.orders()).toHaveLength(1)
  })

  it.each([
    ['NOT_ENOUGH', 403, 0, 'NOT_ENOUGH'],
    ['FREQUENCY_LIMITED', 429, 268447840, 'FREQUENCY_LIMITED'],
    ['268448010', 403, 268448010, 'RULE_LIMIT'],
    ['268443715', 403, 268443715, 'NO_AUTH'],
    ['TRADE_ERROR', 403, 0, 'TRADE_ERROR'],
  ])(
    'decline with %s: a business refusal, and nothing done',
    async (given, status, numericCode, code) => {
      await openBed(once(`POST ${JSAPI}`, { kind: 'decline', code: given }))
      const answer = await bed.merchant.post(JSAPI, bed.order())
      expect(answer).toMatchObject({ status, numericCode, isSigned: true, json: { code } })
      expect(bed.simulator.orders()).toEqual([])
    },
  )

  it('lie: done is answered, and it is not', async () => {
    await openBed(once(`POST ${REFUNDS}`, { kind: 'lie' }))
    const { body } = await bed.placeAndPay()
    const answer = await bed.merchant.post(REFUNDS, {
      out_trade_no: body.out_trade_no,
      out_refund_no: 'R1',
      amount: { refund: 2_850, total: 2_850, currency: 'CNY' },
    })
    expect(answer).toMatchObject({ status: 200, isSigned: true, json: { status: 'PROCESSING' } })
    expect((await bed.merchant.get(`${REFUNDS}/R1`)).status).toBe(404)
    expect(bed.simulator.refunds()).toEqual([])
  })
})
