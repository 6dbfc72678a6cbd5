import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readFundFlow, readTradeBill } from './bill.ts'
import { type BillRow, type FlowRow, fundBill, tradeBill } from './testing/bills.ts'

const MCHID = '1900000109'
const payment: BillRow = {
  state: 'SUCCESS',
  time: '2026-11-20 09:30:00',
  transactionId: '4200000001',
  tradeNo: 'P1',
  amountFen: 10_000,
  couponFen: 500,
  feeUnits: 60_000,
}
const refund: BillRow = {
  state: 'REFUND',
  time: '2026-11-20 23:59:59',
  transactionId: '4200000001',
  tradeNo: 'P1',
  refundId: '5030000001',
  refundNo: 'R1',
  refundStatus: 'SUCCESS',
  amountFen: 2_000,
  couponFen: 100,
  feeUnits: -12_345,
}
const good = tradeBill([payment, refund])
const LINES = [
  {
    kind: 'charge',
    ourNo: 'P1',
    providerNo: '4200000001',
    amountFen: 10_000,
    at: new Date('2026-11-20T09:30:00+08:00'),
    feeFen: 60,
  },
  {
    kind: 'return',
    ourNo: 'R1',
    providerNo: '5030000001',
    amountFen: 2_000,
    at: new Date('2026-11-20T23:59:59+08:00'),
    // Parts of a fen are rounded in the total alone.
    feeFen: null,
  },
]

describe('readTradeBill', () => {
  it.each([
    ['\\r\\n', {}],
    ['\\n', { eol: '\n' }],
    ['a mark at its beginning', { bom: true }],
    ['both', { bom: true, eol: '\n' }],
  ])('reads a bill with %s', (_what, options) => {
    const bill = readTradeBill(tradeBill([payment, refund], options), MCHID)
    expect(bill).toEqual({ outcome: 'read', lines: LINES, feeFen: 48 })
  })

  it('reads a bill of nothing, and one without its last line end', () => {
    expect(readTradeBill(tradeBill([]), MCHID)).toEqual({ outcome: 'read', lines: [], feeFen: 0 })
    expect(readTradeBill(good.trimEnd(), MCHID).outcome).toBe('read')
  })

  it('reads a name with commas, and columns in any order with new ones among them', () => {
    const named = tradeBill([{ ...payment, product: '挂号费,专家,"一"' }, refund])
    expect(readTradeBill(named, MCHID)).toMatchObject({ lines: LINES })
    const turned = good
      .split('\r\n')
      .map((line) =>
        line.startsWith('`')
          ? `\`new,\`${line.slice(1).split(',`').toReversed().join(',`')}`
          : `新列,${line.split(',').toReversed().join(',')}`,
      )
    // An empty line at the end became a line of its own.
    expect(readTradeBill(turned.slice(0, -1).join('\n'), MCHID)).toMatchObject({ lines: LINES })
  })

  it('counts rows that moved no money and gives no line for them', () => {
    const revoked: BillRow = { ...payment, state: 'REVOKED', tradeNo: 'P2', feeUnits: 0 }
    const failed: BillRow = { ...refund, refundNo: 'R2', refundStatus: 'FAIL', feeUnits: 0 }
    const bill = readTradeBill(tradeBill([revoked, payment, failed, refund]), MCHID)
    expect(bill).toMatchObject({ outcome: 'read', lines: LINES })
  })

  it.each(['PROCESSING', 'CHANGE'])(
    'an accepted refund is a line while it is %s',
    (refundStatus) => {
      const bill = readTradeBill(tradeBill([payment, { ...refund, refundStatus }]), MCHID)
      expect(bill).toMatchObject({ lines: LINES })
    },
  )

  it.each([
    [499, 0],
    [500, 1],
    [-499, 0],
    [-500, -1],
    [1_499, 1],
    [0, 0],
  ])('rounds a fee of %i hundred-thousandths to %i fen', (feeUnits, feeFen) => {
    const bill = readTradeBill(tradeBill([{ ...payment, feeUnits }]), MCHID)
    expect(bill).toMatchObject({ outcome: 'read', feeFen })
  })

  it('adds up more rows than a call takes arguments', () => {
    const many = Array.from({ length: 150_000 }, (_, i) => ({ ...payment, tradeNo: `P${i}` }))
    const bill = readTradeBill(tradeBill(many, { eol: '\n' }), MCHID)
    expect(bill).toMatchObject({ outcome: 'read', feeFen: 9_000_000 })
  })

  const changed = (from: string, to: string) => good.replace(from, to)
  const totals = (name: string, text: string) =>
    tradeBill([payment, refund], { totals: { [name]: text } })
  const lines = good.trimEnd().split('\r\n')

  it.each<[string, string, string]>([
    ['nothing at all', '', 'truncated'],
    ['no totals', lines.slice(0, 3).join('\n'), 'truncated'],
    ['totals without values', lines.slice(0, 4).join('\n'), 'truncated'],
    ['totals cut off', good.slice(0, good.lastIndexOf(',')), 'truncated'],
    ['a row less', [lines[0], lines[1], lines[3], lines[4]].join('\n'), 'truncated'],
    ['a row more', [...lines.slice(0, 2), ...lines.slice(1)].join('\n'), 'truncated'],
    ['only its header', `${lines[0]}\n${lines[1]}`, 'truncated'],
    ['a page of HTML', '<html>\n<p>\n</html>', 'truncated'],
    ['another count', totals('总交易单数', '3'), 'truncated'],
    ['a count that is none', totals('总交易单数', '2.0'), 'layout'],
    ['another sum of orders', totals('订单总金额', '100.01'), 'sums'],
    ['another sum to settle', totals('应结订单总金额', '95.01'), 'sums'],
    ['another sum of refunds', totals('退款总金额', '20.00'), 'sums'],
    ['another sum of coupons', totals('充值券退款总金额', '0.00'), 'sums'],
    ['another sum of refunds asked for', totals('申请退款总金额', '19.99'), 'sums'],
    ['another sum of fees', totals('手续费总金额', '0.60000'), 'sums'],
    ['a sum that is none', totals('订单总金额', '1e2'), 'layout'],
    ['a fee that is none', totals('手续费总金额', 'NaN'), 'layout'],
    ['an altered amount', changed('`100.00', '`100.10'), 'sums'],
    ['an amount below zero', changed('`100.00', '`-100.00'), 'sums'],
    ['an amount that is none', changed('`100.00', '`1O0.00'), 'layout'],
    ['a separator in an amount', changed('`100.00', '`1,000.00'), 'layout'],
    ['a row with a column less', changed('`门诊缴费,', ''), 'layout'],
    ['a line without a backtick', changed('`2026-11-20 09', '2026-11-20 09'), 'layout'],
    ['an empty line inside', changed('\r\n`', '\r\n\r\n`'), 'layout'],
    ['a missing column', changed('商户退款单号', '退款单号'), 'layout'],
    ['a column twice', changed('设备号', '商户号'), 'layout'],
    ['a missing total', changed('总交易单数', '总笔数'), 'layout'],
    ['a time that is none', changed('2026-11-20 09:30:00', '2026-11-31 09:30:00'), 'layout'],
    ['an hour that is none', changed('2026-11-20 09:30:00', '2026-11-20 24:30:00'), 'layout'],
    ['another currency', changed('`CNY', '`USD'), 'layout'],
    ['a new state', changed('`SUCCESS', '`PAID'), 'layout'],
    ['a new state of refund', changed('`ORIGINAL,`SUCCESS', '`ORIGINAL,`NEW'), 'layout'],
    ['another merchant', tradeBill([payment], { mchid: '1900000110' }), 'layout'],
    ['a payment of nothing', tradeBill([{ ...payment, amountFen: 0, couponFen: 0 }]), 'layout'],
  ])('refuses %s', (_what, text, code) => {
    expect(readTradeBill(text, MCHID)).toMatchObject({
      outcome: 'refused',
      code,
      reason: expect.stringMatching(/./),
    })
  })

  it('gives back every row it was written from', () => {
    const bills = fc.record({
      rows: fc.array(anyRow, { maxLength: 30 }),
      eol: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
    })
    fc.assert(
      fc.property(bills, ({ rows, ...layout }) => {
        const units = rows.reduce((sum, row) => sum + row.feeUnits, 0)
        const bill = readTradeBill(tradeBill(rows, layout), MCHID)
        expect(bill).toEqual({
          outcome: 'read',
          lines: rows.filter((row) => row.refundStatus !== 'FAIL').map(lineOf),
          feeFen:
            units === 0 ? 0 : Math.sign(units) * Math.floor((Math.abs(units) + 500) / 1_000) + 0,
        })
      }),
    )
  })

  it('never reads a bill that was cut short, nor one digit of its money changed', () => {
    const rows = fc.array(anyRow, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 0.99, noNaN: true }), (list, share) => {
        const text = tradeBill(list, { eol: '\n' })
        const body = text.slice(0, text.lastIndexOf('\n`') + 2) // up to the values of the totals
        expect(readTradeBill(body.slice(0, Math.floor(body.length * share)), MCHID).outcome).toBe(
          'refused',
        )
      }),
    )
  })
})

const anyTime = fc
  .integer({ min: 0, max: 86_399 })
  .map((seconds) => new Date(seconds * 1_000).toISOString().slice(11, 19))
  .map((time) => `2026-11-20 ${time}`)
const anyNo = fc.stringMatching(/^[0-9A-Z]{6,30}$/)
const anyName = fc.stringMatching(/^[a-z,"医院 ]{0,20}$/)
const anyRow: fc.Arbitrary<BillRow> = fc
  .record({
    isRefund: fc.boolean(),
    time: anyTime,
    transactionId: anyNo,
    tradeNo: anyNo,
    refundId: anyNo,
    refundNo: anyNo,
    refundStatus: fc.constantFrom('SUCCESS', 'PROCESSING', 'FAIL', 'CHANGE'),
    amountFen: fc.integer({ min: 1, max: 1_000_000_000 }),
    feeUnits: fc.integer({ min: -10_000_000, max: 10_000_000 }),
    product: anyName,
  })
  .map(({ isRefund, refundId, refundNo, refundStatus, ...row }): BillRow =>
    isRefund
      ? { ...row, state: 'REFUND', refundId, refundNo, refundStatus }
      : { ...row, state: 'SUCCESS' },
  )

const lineOf = (row: BillRow) => ({
  kind: row.state === 'REFUND' ? 'return' : 'charge',
  ourNo: row.refundNo ?? row.tradeNo,
  providerNo: row.refundId ?? row.transactionId,
  amountFen: row.amountFen,
  at: new Date(`${row.time.replace(' ', 'T')}+08:00`),
  feeFen: row.feeUnits % 1_000 === 0 ? row.feeUnits / 1_000 + 0 : null,
})

describe('readFundFlow', () => {
  const rows: FlowRow[] = [
    flow('09:00:00', 'F1', true, 10_000, 110_000),
    flow('09:00:01', 'F2', false, 60, 109_940),
    flow('21:00:00', 'F3', false, 109_940, 0),
    flow('21:00:01', 'F4', false, 1, -1),
    flow('21:00:02', 'F5', true, 1, 0),
  ]

  it('reads all columns and its own totals', () => {
    expect(readFundFlow(fundBill(rows))).toMatchObject({
      outcome: 'read',
      incomeFen: 10_001,
      expenseFen: 110_001,
      lines: rows.map((row) => ({
        flowNo: row.flowNo,
        providerNo: `42${row.flowNo}`,
        ourNo: row.ourNo,
        direction: row.income ? 'income' : 'expense',
        amountFen: row.amountFen,
        balanceFen: row.balanceFen,
        submittedBy: 'system',
        note: '结算总金额,含手续费',
      })),
    })
    expect(readFundFlow(fundBill([]))).toMatchObject({ outcome: 'read', lines: [] })
  })

  const broken = (i: number, change: Partial<FlowRow>) =>
    fundBill(rows.map((row, at) => (at === i ? { ...row, ...change } : row)))

  it.each<[string, string, string]>([
    ['a balance that does not follow', broken(1, { balanceFen: 109_941 }), 'sums'],
    ['a row turned around', broken(2, { income: true }), 'sums'],
    ['a row out of order', fundBill(rows.toReversed()), 'sums'],
    ['a row missing inside', fundBill(rows.filter((row) => row.flowNo !== 'F2')), 'sums'],
    ['another count', fundBill(rows, { 资金流水总笔数: '6' }), 'truncated'],
    ['another count of incomes', fundBill(rows, { 收入笔数: '3' }), 'truncated'],
    ['another count of expenses', fundBill(rows, { 支出笔数: '2' }), 'truncated'],
    ['another income', fundBill(rows, { 收入金额: '100.00' }), 'sums'],
    ['another expense', fundBill(rows, { 支出金额: '1.00' }), 'sums'],
    ['an amount of nothing', fundBill([flow('09:00:00', 'F1', true, 0, 5)]), 'layout'],
    ['a new direction', fundBill(rows).replace('收入,', '转入,'), 'layout'],
    ['no totals', fundBill(rows).split('\n').slice(0, -3).join('\n'), 'truncated'],
    ['a trade bill', good, 'layout'],
  ])('refuses %s', (_what, text, code) => {
    expect(readFundFlow(text)).toMatchObject({ outcome: 'refused', code })
  })

  it('a chain of balances holds for any movements, and breaks when one is left out', () => {
    const movements = fc.array(
      fc.record({ income: fc.boolean(), amountFen: fc.integer({ min: 1, max: 1e9 }) }),
      {
        minLength: 3,
        maxLength: 20,
      },
    )
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        movements,
        fc.nat(),
        (opening, list, pick) => {
          let balanceFen = opening
          const chain = list.map(({ income, amountFen }, i) => {
            balanceFen += income ? amountFen : -amountFen
            return flow('10:00:00', `F${i}`, income, amountFen, balanceFen)
          })
          expect(readFundFlow(fundBill(chain))).toMatchObject({ outcome: 'read' })
          const gap = 1 + (pick % (chain.length - 2))
          const holed = chain.filter((_, i) => i !== gap)
          expect(readFundFlow(fundBill(holed))).toMatchObject({ outcome: 'refused', code: 'sums' })
        },
      ),
    )
  })
})

function flow(
  time: string,
  flowNo: string,
  income: boolean,
  amountFen: number,
  balanceFen: number,
): FlowRow {
  return { time: `2026-11-20 ${time}`, flowNo, ourNo: `P${flowNo}`, income, amountFen, balanceFen }
}
