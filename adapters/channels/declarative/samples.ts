// What a descriptor's requests are tried with before there is an order: shaped like the real ones.

export const SAMPLE_ORDER = {
  tradeNo: '0001068QEWK9P7R2B4M6T8V0X1Z3C5',
  paymentId: '0190b3a0-0000-7000-8000-000000000001',
  amountFen: 12_345,
  description: '市第一医院 门诊缴费 MZ20261121001',
  payerAccount: 'sample-account',
  method: 'qr_code',
  token: '134567890123456789',
  ip: '203.0.113.9',
  returnUrl: 'https://hub.example/back',
  createdAt: '2026-11-21T02:00:00.000Z',
  expiresAt: '2026-11-21T02:15:00.000Z',
}

export const SAMPLE_REFUND = {
  refundNo: '0001068QEWK9P7R2B4M6T8V0X1Z3D6',
  amountFen: 2_345,
  reason: '退药',
  chargeProviderNo: '4200002099202611210808080808',
  requestedAt: '2026-11-21T03:00:00.000Z',
}

export const SAMPLE_STATEMENT = { date: '2026-11-21', day: '20261121' }

export const SAMPLE_CALL = {
  timestamp: '1795226400',
  nonce: 'c5ac7061fccab6bf3e254dcf98995b8c',
  now: '2026-11-21T02:00:00.000Z',
}
