import { request } from 'undici'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Rsa, Wechatpay } from 'wechatpay-axios-plugin'
import WxPay from 'wechatpay-node-v3'

import { fen } from '../../../kernel/money.ts'
import {
  API_V3_KEY,
  APPID,
  MCHID,
  merchantKeys,
  OPENID,
  platformKeys,
  PUBLIC_KEY_ID,
  START,
  startTestBed,
  type TestBed,
  testClock,
} from './testing/bed.ts'

// Combined and mixed orders by two clients of others. They read the machine's clock, so it is set to the virtual one.

const SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
let bed: TestBed

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const insured = { idNumber: '44030019000101123X' }
  const wallets = [{ openid: OPENID, name: '王芳', balanceFen: fen(1_000_000), insured }]
  bed = await startTestBed({ clock: testClock(START, (now) => vi.setSystemTime(now)), wallets })
})
afterEach(async () => {
  await bed.stop()
  vi.useRealTimers()
})

const combined = (no: string) => ({
  combine_appid: APPID,
  combine_mchid: MCHID,
  combine_out_trade_no: no,
  notify_url: `${bed.receiver.url}/notify`,
  combine_payer_info: { openid: OPENID },
  scene_info: { payer_client_ip: '203.0.113.7' },
  sub_orders: [1, 2].map((n) => ({
    mchid: MCHID,
    attach: `${n}`,
    amount: { total_amount: n * 1_000, currency: 'CNY' },
    out_trade_no: `${no}S${n}`,
    description: `门诊费用 ${n}`,
  })),
})

const axiosClient = () =>
  new Wechatpay({
    mchid: MCHID,
    serial: SERIAL,
    privateKey: merchantKeys.privateKey,
    certs: { [PUBLIC_KEY_ID]: platformKeys.publicKey },
    baseURL: `${bed.simulator.url}/`,
  })

it('wechatpay-axios-plugin combines orders, asks for them, closes them, refunds a part', async () => {
  const client = axiosClient()
  const post = (path: string, data: object) => client.chain(path).post<unknown>(data)
  const placed = await post('v3/combine-transactions/jsapi', combined('AXIOSHD01'))
  const { prepay_id: prepayId } = placed.data as { prepay_id: string }
  expect(await bed.simulator.pay({ prepayId }, OPENID)).toBe('paid')
  const numbered = 'v3/combine-transactions/out-trade-no'
  const found = await client.chain(`${numbered}/AXIOSHD01`).get<unknown>()
  expect(found.data).toMatchObject({
    sub_orders: [
      { out_trade_no: 'AXIOSHD01S1', trade_state: 'SUCCESS', amount: { total_amount: 1_000 } },
      { out_trade_no: 'AXIOSHD01S2', trade_state: 'SUCCESS', amount: { total_amount: 2_000 } },
    ],
  })
  const refunded = await post('v3/refund/domestic/refunds', {
    out_trade_no: 'AXIOSHD01S2',
    out_refund_no: 'AXIOSHDR1',
    amount: { refund: 500, total: 2_000, currency: 'CNY' },
  })
  expect(refunded.data).toMatchObject({ status: 'PROCESSING' })
  const other = combined('AXIOSHD02')
  await post('v3/combine-transactions/native', other)
  const sub = other.sub_orders.map(({ mchid, out_trade_no }) => ({ mchid, out_trade_no }))
  const close = { combine_appid: APPID, sub_orders: sub }
  expect((await post(`${numbered}/AXIOSHD02/close`, close)).status).toBe(204)
})

it('wechatpay-axios-plugin places a mixed order with sealed fields, and tells of its return', async () => {
  const client = axiosClient()
  const cash = await client.chain('v3/pay/transactions/jsapi').post<unknown>({
    ...bed.order({ out_trade_no: 'AXIOSYB01', amount: { total: 5_000, currency: 'CNY' } }),
  })
  const { prepay_id: prepayId } = cash.data as { prepay_id: string }
  const sealed = (text: string) => Rsa.encrypt(text, platformKeys.publicKey)
  const order = {
    mix_pay_type: 'CASH_AND_INSURANCE',
    order_type: 'DIAG_PAY',
    appid: APPID,
    openid: OPENID,
    payer: {
      name: sealed('王芳'),
      id_digest: sealed('09eb26e839ff3a2e3980352ae45ef09e'),
      card_type: 'ID_CARD',
    },
    out_trade_no: 'AXIOSYB01',
    serial_no: 'MZ20261121000001',
    pay_order_id: 'ORD1',
    pay_auth_no: 'AUTH1',
    geo_location: '114.05,22.54',
    city_id: '440300',
    med_inst_name: '市立医院',
    med_inst_no: 'H1',
    med_ins_order_create_time: START,
    total_fee: 15_000,
    med_ins_gov_fee: 10_000,
    med_ins_self_fee: 0,
    med_ins_other_fee: 0,
    med_ins_cash_fee: 5_000,
    wechat_pay_cash_fee: 5_000,
    prepay_id: prepayId,
    callback_url: `${bed.receiver.url}/insurance`,
  }
  const placed = await client
    .chain('v3/med-ins/orders')
    .post<unknown>(order, { headers: { 'Wechatpay-Serial': PUBLIC_KEY_ID } })
  const { mix_trade_no: no } = placed.data as { mix_trade_no: string }
  await bed.simulator.payMixed(no, OPENID)
  const found = await client.chain(`v3/med-ins/orders/mix-trade-no/${no}`).get<unknown>()
  expect(found.data).toMatchObject({ mix_pay_status: 'MIX_PAY_SUCCESS', total_fee: 15_000 })
  const told = {
    med_refund_total_fee: 10_000,
    med_refund_gov_fee: 10_000,
    med_refund_self_fee: 0,
    med_refund_other_fee: 0,
    refund_time: START,
    out_refund_no: 'R1',
  }
  const heard = await client
    .chain('v3/med-ins/refunds/notify')
    .post<unknown>(told, { params: { mix_trade_no: no } })
  expect(heard.status).toBe(204)
})

it('wechatpay-node-v3 combines orders in all four ways', async () => {
  const client = new WxPay({
    appid: APPID,
    mchid: MCHID,
    serial_no: SERIAL,
    publicKey: Buffer.from(merchantKeys.publicKey),
    privateKey: Buffer.from(merchantKeys.privateKey),
    key: API_V3_KEY,
  })
  const send = async (url: string, method: 'GET' | 'POST', headers: object, body?: object) => {
    const response = await request(
      url.replace('https://api.mch.weixin.qq.com', bed.simulator.url),
      {
        method,
        headers: headers as Record<string, string>,
        body: body ? JSON.stringify(body) : null,
      },
    )
    const text = await response.body.text()
    const data: unknown = text.startsWith('{') ? JSON.parse(text) : text
    return { status: response.statusCode, data }
  }
  client.createHttp({
    get: (url, headers) => send(url, 'GET', headers),
    post: (url, params, headers) => send(url, 'POST', headers, params),
    upload: () => Promise.reject(new Error('nothing is uploaded here')),
  })
  const h5 = {
    ...combined('NODEHD04'),
    scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
  }
  const answers = [
    await client.combine_transactions_jsapi(combined('NODEHD01')),
    await client.combine_transactions_native(combined('NODEHD02')),
    await client.combine_transactions_app(combined('NODEHD03')),
    await client.combine_transactions_h5(h5 as never),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const found = await client.combine_query('NODEHD02')
  expect(found.data).toMatchObject({
    sub_orders: [{ trade_state: 'NOTPAY' }, { trade_state: 'NOTPAY' }],
  })
  const sub = combined('NODEHD02').sub_orders.map(({ mchid, out_trade_no }) => ({
    mchid,
    out_trade_no,
  }))
  expect((await client.combine_close('NODEHD02', sub)).status).toBe(204)
  await bed.simulator.runDue()
})
