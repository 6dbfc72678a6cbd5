// What the expressions of the descriptors look at, as requests, answers and notices have it, and with members missing.

const order = {
  tradeNo: '202611220001',
  paymentId: '018f0000-0000-7000-8000-000000000001',
  amountFen: 12_345,
  description: '门诊缴费/内科=一&二',
  payerAccount: 'o-payer',
  method: 'qr_code',
  token: '134567890123456789',
  ip: '127.0.0.1',
  returnUrl: 'https://hub.example/back',
  createdAt: '2026-11-22T02:00:00.000Z',
  expiresAt: '2026-11-22T02:30:00.000Z',
}
const refund = {
  refundNo: '202611220001R1',
  amountFen: 345,
  reason: '退号',
  chargeProviderNo: '4200001',
  requestedAt: '2026-11-22T03:00:00.000Z',
}
const request = {
  params: {
    appId: '2021000000000001',
    appid: 'wx8888888888888888',
    mchid: '1900000109',
    sellerId: '2088021109625633',
    notifyUrl: 'https://hub.example/notices',
    merchantNo: '880100000001',
    cancelEndsUnscannedCode: 'no',
  },
  vars: { method: 'alipay.trade.precreate' },
  call: { timestamp: '1795226400', nonce: 'n0nce', now: '2026-11-22T02:00:00.000Z' },
  order,
  refund,
  statement: { date: '2026-11-21', day: '20261121' },
  body: { out_trade_no: '1' },
  sealed: { ciphertext: 'c2FtcGxl', nonce: 'c2FtcGxl' },
}
const answered = {
  ...request,
  status: 200,
  now: '2026-11-22T02:10:00.000Z',
  headers: { 'request-id': '08F78BB4-268435461' },
  outer: { event_type: 'REFUND.SUCCESS', id: 'e-1', merchantNo: '880100000001' },
}
const amounts = { total: 12_345, refund: 345, currency: 'CNY', value: 12_345 }
const bodies = [
  { code: '10000', trade_status: 'TRADE_SUCCESS', trade_no: '4200001', total_amount: '123.45' },
  { code: '10000', trade_status: 'TRADE_CLOSED', send_pay_date: '2026-11-22 10:00:00' },
  { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '交易不存在' },
  { code: '10000', refund_status: 'REFUND_SUCCESS', refund_amount: '3.45', retry_flag: 'N' },
  { trade_state: 'SUCCESS', mchid: '1900000109', appid: 'wx8888888888888888', amount: amounts },
  {
    status: 'SUCCESS',
    out_trade_no: order.tradeNo,
    out_refund_no: refund.refundNo,
    amount: amounts,
  },
  { state: 'CAPTURED', amount: amounts, reference: order.tradeNo, error: { code: 'INVALID' } },
  { gmt_refund: '2026-11-22 10:00:00', out_biz_no: refund.refundNo, app_id: '2021000000000001' },
  { hash_type: 'SHA1', hash_value: 'ab', download_url: 'https://bills.example/1' },
  { items: [{ no: 1, amount: '1.00' }, { no: '2' }], bills: [{ items: [] }, { items: [{}] }] },
  'no object',
  [],
  null,
]

export const SHIPPED_DOCUMENTS: readonly object[] = [
  request,
  { ...request, refund: { ...refund, reason: '' } },
  { ...request, order: { ...order, amountFen: '12345', description: null } },
  {},
  ...bodies.map((body) => ({ ...answered, body })),
  { ...answered, status: 404, headers: {}, outer: {}, body: {} },
]
