import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fen, parseYuan } from '../../../kernel/money.ts'
import { type BusinessDate, instantAt, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import {
  MCHID,
  OPENID,
  OTHER_MCHID,
  startTestBed,
  type TestBed,
  testMerchant,
} from './testing/bed.ts'
import { rateText } from './trade-bill.ts'

let bed: TestBed
beforeEach(async () => {
  bed = await startTestBed()
})
afterEach(() => bed.stop())

const at = (day: string, time: string) => bed.clock.set(instantAt(day as BusinessDate, time))

const refund = (outTradeNo: string, no: string, refundFen: number, total: number) =>
  bed.merchant.post('/v3/refund/domestic/refunds', {
    out_trade_no: outTradeNo,
    out_refund_no: no,
    reason: '退号, 上午',
    amount: { refund: refundFen, total, currency: 'CNY' },
  })

type Ticket = { hash_type: string; hash_value: string; download_url: string }

/** Asks for a bill, downloads it, holds it against its hash and reads it by its header lines. */
async function fetchBill(target: string) {
  const answer = await bed.merchant.get(target)
  expect(answer).toMatchObject({ status: 200, isSigned: true })
  const ticket = answer.json as Ticket
  const path = ticket.download_url.replace(bed.simulator.url, '')
  const file = await bed.merchant.get(path)
  expect(file.status).toBe(200)
  expect(file.headers['wechatpay-signature']).toBeUndefined()
  const isGzip = file.headers['content-type'] === 'application/x-gzip'
  const bytes = isGzip ? gunzipSync(file.bytes) : file.bytes
  expect(ticket.hash_type).toBe('SHA1')
  expect(ticket.hash_value).toBe(createHash('sha1').update(bytes).digest('hex'))
  return { ...readBill(bytes.toString('utf8')), path, isGzip, ticket }
}

function readBill(text: string) {
  expect(text.startsWith('\ufeff')).toBe(false)
  const lines = text.split('\r\n')
  expect(lines.pop()).toBe('')
  const fields = (line = '') => {
    expect(line.startsWith('`')).toBe(true)
    return line.slice(1).split(',`')
  }
  const named = (header: string[], line?: string) =>
    Object.fromEntries(fields(line).map((field, i) => [header[i] ?? i, field]))
  const header = lines[0]?.split(',') ?? []
  const rows = lines.slice(1, -2).map((line) => named(header, line))
  for (const row of rows) expect(Object.keys(row)).toEqual(header)
  const summary = named(lines.at(-2)?.split(',') ?? [], lines.at(-1))
  return { header, rows, summary, text }
}

const sumOf = (rows: Record<string, string>[], column: string) =>
  rows.reduce((sum, row) => sum + (parseYuan(row[column] ?? '') ?? Number.NaN), 0)

const TRADE = '/v3/bill/tradebill?bill_date=2026-11-21'
const FLOW = '/v3/bill/fundflowbill?bill_date=2026-11-21'

describe('the trade bill', () => {
  it('has the 27 columns, payments and refunds, and sums that are right', async () => {
    at('2026-11-20', '23:59:59')
    await bed.placeAndPay({ amount: { total: 111 } })
    at('2026-11-21', '00:00:00')
    const { body } = await bed.placeAndPay({
      amount: { total: 2_850 },
      attach: 'a,b`c',
      description: '门诊缴费,含药',
      scene_info: { device_id: 'kiosk-3', payer_client_ip: '10.0.0.1' },
    })
    at('2026-11-21', '23:59:59')
    await refund(body.out_trade_no, 'R1', 850, 2_850)
    at('2026-11-22', '00:00:00')
    await bed.placeAndPay({ amount: { total: 222 } })
    await bed.simulator.runDue()
    at('2026-11-22', '00:00:29')
    await bed.simulator.runDue()
    at('2026-11-22', '09:00:00')

    const bill = await fetchBill(TRADE)
    expect(bill.header.join(',')).toBe(
      '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,' +
        '交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,' +
        '充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
    )
    const [order] = bed.simulator
      .orders()
      .filter(({ outTradeNo }) => outTradeNo === body.out_trade_no)
    const [refunded] = bed.simulator.refunds()
    expect(bill.rows).toEqual([
      {
        交易时间: '2026-11-21 00:00:00',
        公众账号ID: 'wx8888888888888888',
        商户号: MCHID,
        特约商户号: '0',
        设备号: 'kiosk-3',
        微信订单号: order?.transactionId,
        商户订单号: body.out_trade_no,
        用户标识: OPENID,
        交易类型: 'JSAPI',
        交易状态: 'SUCCESS',
        付款银行: 'OTHERS',
        货币种类: 'CNY',
        应结订单金额: '28.50',
        代金券金额: '0.00',
        微信退款单号: '0',
        商户退款单号: '0',
        退款金额: '0.00',
        充值券退款金额: '0.00',
        退款类型: '',
        退款状态: '',
        商品名称: '门诊缴费 含药',
        商户数据包: 'a b c',
        手续费: '0.17000',
        费率: '0.60%',
        订单金额: '28.50',
        申请退款金额: '0.00',
        费率备注: '',
      },
      {
        ...bill.rows[0],
        交易时间: '2026-11-21 23:59:59',
        交易状态: 'REFUND',
        应结订单金额: '0.00',
        微信退款单号: refunded?.refundId,
        商户退款单号: 'R1',
        退款金额: '8.50',
        退款类型: 'ORIGINAL',
        退款状态: 'SUCCESS',
        手续费: '-0.05000',
        订单金额: '0.00',
        申请退款金额: '8.50',
      },
    ])
    expect(bill.summary).toEqual({
      总交易单数: '2',
      应结订单总金额: '28.50',
      退款总金额: '8.50',
      充值券退款总金额: '0.00',
      手续费总金额: '0.12000',
      订单总金额: '28.50',
      申请退款总金额: '8.50',
    })
  })

  it('has its SUCCESS and REFUND forms', async () => {
    const { body } = await bed.placeAndPay()
    await refund(body.out_trade_no, 'R1', 850, 2_850)
    at('2026-11-21', '09:30:30')
    await bed.simulator.runDue()
    at('2026-11-22', '10:00:00')
    const success = await fetchBill(`${TRADE}&bill_type=SUCCESS`)
    expect(success.header).toHaveLength(20)
    expect(success.header.filter((name) => name.includes('退款'))).toEqual([])
    expect(success.rows).toMatchObject([{ 交易状态: 'SUCCESS' }])
    expect(success.summary).toMatchObject({ 总交易单数: '1', 退款总金额: '0.00' })
    const refunds = await fetchBill(`${TRADE}&bill_type=REFUND`)
    expect(refunds.header).toHaveLength(29)
    expect(refunds.rows).toMatchObject([
      {
        退款申请时间: '2026-11-21 09:30:00',
        退款成功时间: '2026-11-21 09:30:30',
        商户退款单号: 'R1',
      },
    ])
  })

  it('shows a refund as it stood at nine, and never otherwise', async () => {
    const { body } = await bed.placeAndPay()
    at('2026-11-21', '12:00:00')
    await refund(body.out_trade_no, 'R1', 850, 2_850)
    // Nobody runs the simulator until ten of the next day, so the refund is late.
    at('2026-11-22', '10:00:00')
    await bed.simulator.runDue()
    expect(bed.simulator.refunds()).toMatchObject([{ status: 'SUCCESS' }])
    const bill = await fetchBill(TRADE)
    expect(bill.rows[1]).toMatchObject({ 退款状态: 'PROCESSING' })
  })

  it('is zipped on wish, under the hash of what is inside', async () => {
    await bed.placeAndPay()
    at('2026-11-22', '10:00:00')
    const zipped = await fetchBill(`${TRADE}&tar_type=GZIP`)
    const plain = await fetchBill(TRADE)
    expect([zipped.isGzip, plain.isGzip]).toEqual([true, false])
    expect(zipped.text).toBe(plain.text)
  })

  it('is there from nine of the next day, for three months, and only if something was', async () => {
    await bed.placeAndPay()
    const none = { status: 400, isSigned: true, json: { code: 'NO_STATEMENT_EXIST' } }
    expect(await bed.merchant.get(TRADE)).toMatchObject(none)
    at('2026-11-22', '08:59:59')
    expect(await bed.merchant.get(TRADE)).toMatchObject(none)
    at('2026-11-22', '09:00:00')
    expect((await bed.merchant.get(TRADE)).status).toBe(200)
    expect(await bed.merchant.get(TRADE.replace('-21', '-20'))).toMatchObject(none)
    expect(await bed.merchant.get(`${TRADE}&bill_type=REFUND`)).toMatchObject(none)
    const other = testMerchant(bed.simulator.url, bed.clock, OTHER_MCHID)
    expect(await other.get(TRADE)).toMatchObject(none)
    at('2027-02-21', '09:00:00')
    expect((await bed.merchant.get(TRADE)).status).toBe(200)
    at('2027-02-22', '09:00:00')
    expect((await bed.merchant.get(TRADE)).numericCode).toBe(268435464)
  })

  it.each([
    '/v3/bill/tradebill',
    '/v3/bill/tradebill?bill_date=20261121',
    '/v3/bill/tradebill?bill_date=2026-02-30',
    `${TRADE}&bill_type=SOME`,
    `${TRADE}&tar_type=ZIP`,
    `${TRADE}&surprise=1`,
  ])('refuses %s', async (target) => {
    expect(await bed.merchant.get(target)).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR' },
    })
  })

  it('is downloaded with a signature, by its merchant, within five minutes', async () => {
    await bed.placeAndPay()
    at('2026-11-22', '10:00:00')
    const { path } = await fetchBill(TRADE)
    const unsigned = await bed.merchant.send('GET', path, '', { authorization: '' })
    expect(unsigned.status).toBe(401)
    const other = testMerchant(bed.simulator.url, bed.clock, OTHER_MCHID)
    expect((await other.get(path)).status).toBe(404)
    bed.clock.advance(5 * MINUTE_MS - 1)
    expect((await bed.merchant.get(path)).status).toBe(200)
    bed.clock.advance(1)
    expect((await bed.merchant.get(path)).status).toBe(404)
  })

  it('lies about one payment when told to, in sums and hash that agree', async () => {
    await bed.stop()
    bed = await startTestBed({
      faults: ({ operation, attempt }) =>
        operation === 'GET /v3/bill/tradebill' && attempt === 1 ? { kind: 'lie' } : null,
    })
    const { body } = await bed.placeAndPay({ amount: { total: 2_850 } })
    await bed.placeAndPay({ amount: { total: 100 } })
    await refund(body.out_trade_no, 'R1', 850, 2_850)
    at('2026-11-22', '10:00:00')
    const lie = await fetchBill(TRADE)
    const truth = await fetchBill(TRADE)
    expect(truth.rows.map((row) => row['订单金额'])).toEqual(['28.50', '1.00', '0.00'])
    expect(lie.rows.map((row) => row['订单金额'])).toEqual(['29.50', '1.00', '0.00'])
    expect(lie.rows.map((row) => row['应结订单金额'])).toEqual(['29.50', '1.00', '0.00'])
    expect(parseYuan(lie.summary['订单总金额'] ?? '')).toBe(sumOf(lie.rows, '订单金额'))
    expect(lie.ticket.hash_value).not.toBe(truth.ticket.hash_value)
  })
})

describe('the fund-flow bill', () => {
  it('is a chain of balances from line to line', async () => {
    const { body } = await bed.placeAndPay({ amount: { total: 2_850 } })
    bed.clock.advance(SECOND_MS)
    await bed.placeAndPay({ amount: { total: 10_000 } })
    await refund(body.out_trade_no, 'R1', 2_850, 2_850)
    bed.simulator.withdraw(MCHID, fen(5_000))
    at('2026-11-22', '09:00:00')
    const bill = await fetchBill(FLOW)
    expect(bill.header.join(',')).toBe(
      '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),' +
        '账户结余(元),资金变更提交申请人,备注,业务凭证号',
    )
    expect(bill.rows.map((row) => [row['业务类型'], row['收支类型'], row['收支金额(元)']])).toEqual(
      [
        ['交易', '收入', '28.50'],
        ['扣除交易手续费', '支出', '0.17'],
        ['交易', '收入', '100.00'],
        ['扣除交易手续费', '支出', '0.60'],
        ['退还交易手续费', '收入', '0.17'],
        ['退款', '支出', '28.50'],
        ['提现', '支出', '50.00'],
      ],
    )
    let balance = 0
    for (const row of bill.rows) {
      const amount = parseYuan(row['收支金额(元)'] ?? '') ?? 0
      balance += row['收支类型'] === '收入' ? amount : 0 - amount
      expect(parseYuan(row['账户结余(元)'] ?? '')).toBe(balance)
    }
    expect(balance).toBe(bed.simulator.merchantBalance(MCHID))
    expect(bill.rows[5]).toMatchObject({
      业务凭证号: 'R1',
      微信支付业务单号: bed.simulator.refunds()[0]?.refundId,
      备注: '退号  上午',
      资金变更提交申请人: `${MCHID}API`,
    })
    expect(new Set(bill.rows.map((row) => row['资金流水单号'])).size).toBe(7)
    expect(bill.summary).toEqual({
      资金流水总笔数: '7',
      收入笔数: '3',
      收入金额: '128.67',
      支出笔数: '4',
      支出金额: '79.27',
    })
  })

  it('has nothing for accounts that have no movement', async () => {
    await bed.placeAndPay()
    at('2026-11-22', '09:00:00')
    expect((await bed.merchant.get(`${FLOW}&account_type=BASIC`)).status).toBe(200)
    expect((await bed.merchant.get(`${FLOW}&account_type=FEES`)).json).toMatchObject({
      code: 'NO_STATEMENT_EXIST',
    })
  })
})

describe('rateText', () => {
  it.each([
    [0, '0.00%'],
    [60, '0.006%'],
    [2_000, '0.20%'],
    [6_000, '0.60%'],
    [6_050, '0.605%'],
    [10_000, '1.00%'],
    [123_456, '12.3456%'],
  ])('writes %i ppm as %s', (ppm, text) => expect(rateText(ppm)).toBe(text))
})
