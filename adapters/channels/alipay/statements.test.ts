import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type BusinessDate, HOUR_MS, instantAt } from '../../../kernel/time.ts'
import type { Move } from '../../../modules/payments/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createAlipay } from './index.ts'
import { billText, type BillRow, billZip, gbk, HEADER, NAMES, zipOf } from './testing/bills.ts'
import {
  type Gateway,
  paramsFor,
  refusal,
  startGateway,
  success,
  tracedCall,
} from './testing/gateway.ts'

const { clock } = testPlatform()
const call = tracedCall()
const businessDate = '2026-11-21' as BusinessDate
let gateway: Gateway
beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway.stop())
beforeEach(() => clock.set(instantAt('2026-11-22' as BusinessDate, '10:00:00')))

const statement = (ownMoves: readonly Move[] = []) =>
  createAlipay(paramsFor(gateway.url), { clock, timeoutMs: 2_000 }).statement(call, {
    hospitalId: call.hospitalId,
    businessDate,
    ownMoves,
  })
const address = () => success({ bill_download_url: gateway.fileUrl })
const read = (bytes: Buffer) => {
  gateway.tell(address(), { bytes })
  return statement()
}
const readText = (text: string) => read(billZip(gbk(text)))

const CHARGE: BillRow = {
  kind: '交易',
  time: '2026-11-21 10:55:23',
  alipayNo: '2026112122001458860515315453',
  tradeNo: 'MZ1',
  amount: '100.00',
  fee: '-0.60',
}
const RETURN: BillRow = {
  kind: '退款',
  time: '2026-11-21 23:59:59',
  alipayNo: '2026112022001458860515315000',
  tradeNo: 'MZ0',
  refundNo: 'TK1',
  amount: '-20.50',
  fee: '0.12',
}
const ROWS = [CHARGE, RETURN]

describe('a bill', () => {
  it('is read to its lines, trimmed of tabs, and kept as text', async () => {
    const text = billText([
      ...ROWS,
      { ...CHARGE, tradeNo: 'MZ2', received: '90.00', discount: '10.00' },
    ])
    const line = { providerNo: CHARGE.alipayNo, amountFen: 10_000, feeFen: 60 }
    const at = new Date('2026-11-21T10:55:23+08:00')
    expect(await readText(text)).toEqual({
      outcome: 'lines',
      lines: [
        { kind: 'charge', ourNo: 'MZ1', ...line, at },
        {
          kind: 'return',
          ourNo: 'TK1',
          providerNo: RETURN.alipayNo,
          amountFen: 2_050,
          at: new Date('2026-11-21T23:59:59+08:00'),
          feeFen: -12,
        },
        { kind: 'charge', ourNo: 'MZ2', ...line, at },
      ],
      feeFen: 108,
      content: text,
      sha256: createHash('sha256').update(text).digest('hex'),
    })
    expect(gateway.heard[0]?.content).toEqual({ bill_type: 'trade', bill_date: '2026-11-21' })
  })

  it('has the same fee whether it stands there as a cost or as a number', async () => {
    const rows = ROWS.map((row) => ({ ...row, fee: (row.fee ?? '').replace('-', '') }))
    expect(await readText(billText(rows))).toMatchObject({ outcome: 'lines', feeFen: 48 })
  })

  it('with line feeds alone, and without rows, is read as well', async () => {
    expect(await readText(billText(ROWS, { eol: '\n' }))).toMatchObject({ outcome: 'lines' })
    expect(await readText(billText([]))).toMatchObject({ outcome: 'lines', lines: [], feeFen: 0 })
  })
})

describe('a bill that cannot be trusted is refused whole', () => {
  const CHARGE_TOTAL = '#交易合计：1笔，商家实收共100.00元，商家优惠共0.00元'
  const RETURN_TOTAL = '#退款合计：1笔，商家实收退款共-20.50元，商家优惠退款共0.00元'
  const whole = billText(ROWS)

  it.each<[string, string, string]>([
    ['without its end', whole.slice(0, whole.indexOf('列表结束')), 'truncated'],
    ['without its totals', whole.slice(0, whole.indexOf('#交易合计')), 'truncated'],
    ['without the total of refunds', whole.replace(RETURN_TOTAL, ''), 'truncated'],
    ['with a row less', whole.replace(/^2026112122.*\r\n/m, ''), 'truncated'],
    [
      'counting otherwise',
      billText(ROWS, { chargeTotal: CHARGE_TOTAL.replace('1笔', '2笔') }),
      'truncated',
    ],
    [
      'adding up otherwise',
      billText(ROWS, { chargeTotal: CHARGE_TOTAL.replace('100.00', '100.01') }),
      'sums',
    ],
    [
      'returning otherwise',
      billText(ROWS, { returnTotal: RETURN_TOTAL.replace('20.50', '20.00') }),
      'sums',
    ],
    [
      'of other discounts',
      billText(ROWS, { chargeTotal: CHARGE_TOTAL.replace('优惠共0.00', '优惠共1.00') }),
      'sums',
    ],
    ['of another merchant', billText(ROWS, { account: '20880211096256999' }), 'layout'],
    ['of another day', billText(ROWS, { from: '2026年11月20日' }), 'layout'],
    ['of two days', billText(ROWS, { until: '2026年11月23日' }), 'layout'],
    [
      'with a row of the day before',
      billText([{ ...CHARGE, time: '2026-11-20 23:59:59' }]),
      'layout',
    ],
    [
      'with a row of the day after',
      billText([{ ...CHARGE, time: '2026-11-22 00:00:00' }]),
      'layout',
    ],
    ['with a time that is none', billText([{ ...CHARGE, time: '2026-11-21 25:00:00' }]), 'layout'],
    ['with a comma in a name', billText([{ ...CHARGE, product: '药,费' }]), 'layout'],
    ['with a refund above zero', billText([{ ...RETURN, amount: '20.50' }]), 'layout'],
    ['with a charge of nothing', billText([{ ...CHARGE, amount: '0.00' }]), 'layout'],
    [
      'with an amount in another notation',
      billText([{ ...CHARGE, amount: '1e2' }], { chargeTotal: CHARGE_TOTAL }),
      'layout',
    ],
    ['with a business of another kind', billText(ROWS).replace('退款\t', '转账\t'), 'layout'],
    ['without a column', billText(ROWS, { header: HEADER.replace('完成时间', '时间') }), 'layout'],
    ['with a column twice', billText(ROWS, { header: HEADER.replace('操作员', '备注') }), 'layout'],
    ['of 账务明细', whole.replace('业务明细查询', '账务明细查询'), 'layout'],
    ['empty', '', 'layout'],
  ])('%s', async (_what, text, code) => {
    expect(await readText(text)).toMatchObject({ outcome: 'refused', code })
  })

  it.each<[string, Buffer, string]>([
    ['in UTF-8', billZip(Buffer.from(whole)), 'encoding'],
    ['in UTF-8 with its mark', billZip(Buffer.from(`\uFEFF${whole}`)), 'encoding'],
    ['in UTF-16', billZip(Buffer.from(whole, 'utf16le')), 'encoding'],
    ['with a zero byte', billZip(gbk(whole.replace('门诊', '门\0'))), 'encoding'],
    ['with bytes that are no GBK', billZip(Buffer.from([0x23, 0xff, 0xff])), 'encoding'],
    ['cut off', billZip(gbk(whole)).subarray(0, -40), 'truncated'],
    ['cut in half', billZip(gbk(whole)).subarray(0, 300), 'truncated'],
    ['that is no archive', gbk(whole), 'layout'],
    ['of nothing', Buffer.alloc(0), 'layout'],
    ['without the details', zipOf([[NAMES.summary, gbk(whole)]]), 'layout'],
    [
      'of too many files',
      zipOf(Array.from({ length: 17 }, (_, i) => [Buffer.from(`${i}.csv`), gbk('')])),
      'layout',
    ],
    ['that unpacks past its limit', billZip(Buffer.alloc(65 * 1024 * 1024)), 'layout'],
    ['with a byte changed', withByteChanged(billZip(gbk(whole))), 'hash'],
    ['that lies about its size', withSizeChanged(billZip(gbk(whole))), 'hash'],
  ])('%s', async (_what, bytes, code) => {
    expect(await read(bytes)).toMatchObject({ outcome: 'refused', code })
  })
})

describe('a bill that is not there', () => {
  const none = refusal('isp.bill_not_exist')

  it('is not asked for before nine', async () => {
    clock.set(instantAt('2026-11-22' as BusinessDate, '08:59:59'))
    gateway.tell()
    expect(await statement()).toMatchObject({ outcome: 'not_ready' })
    expect(gateway.heard).toEqual([])
  })

  it('is empty from ten, when our books have nothing either', async () => {
    gateway.tell(none)
    expect(await statement()).toMatchObject({ outcome: 'lines', lines: [], content: '' })
    gateway.tell(none)
    expect(await statement([{} as Move])).toMatchObject({ outcome: 'not_ready' })
    clock.advance(-HOUR_MS / 2)
    gateway.tell(none)
    expect(await statement()).toMatchObject({ outcome: 'not_ready' })
  })

  it.each([
    refusal('ACQ.SYSTEM_ERROR'),
    refusal('isv.invalid-signature', '40002'),
    success({}),
    { status: 502 },
  ])('for another reason is unknown', async (reply) => {
    gateway.tell(reply)
    expect(await statement()).toMatchObject({ outcome: 'unknown' })
  })

  it('at its address any more is unknown, and asked for anew', async () => {
    gateway.tell(address(), { status: 404 })
    expect(await statement()).toMatchObject({ outcome: 'unknown' })
    gateway.tell(address(), 'hang_up')
    expect(await statement()).toMatchObject({ outcome: 'unknown' })
  })

  it.each(['ftp://127.0.0.1/bill', 'no address'])('at %s is refused', async (bill_download_url) => {
    gateway.tell(success({ bill_download_url }))
    expect(await statement()).toMatchObject({ outcome: 'refused', code: 'layout' })
  })
})

/** In the packed bytes of the details. */
function withByteChanged(zip: Buffer): Buffer {
  const copy = Buffer.from(zip)
  const at = copy.indexOf(NAMES.details) + NAMES.details.length + 40
  copy[at] = (copy[at] ?? 0) ^ 0x55
  return copy
}

/** In the directory, which says how much there is to unpack. */
function withSizeChanged(zip: Buffer): Buffer {
  const copy = Buffer.from(zip)
  const entry = copy.lastIndexOf(NAMES.details) - 46
  copy.writeUInt32LE(copy.readUInt32LE(entry + 24) - 10, entry + 24)
  return copy
}
