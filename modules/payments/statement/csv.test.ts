import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addFen, fen, type Fen, parseYuan, ZERO } from '../../../kernel/money.ts'
import type { SourceAmounts } from './amounts.ts'
import { csvText } from './csv-text.ts'
import { NAME_OF_CHANNEL, statementCsv, WORD_OF_STATE } from './csv.ts'
import type { StatementItem } from './statement.ts'

const source = (provider: string, part: SourceAmounts['part'], paid: number, back = 0) => ({
  provider,
  part,
  paidFen: fen(paid),
  refundedFen: fen(back),
  netFen: fen(paid - back),
})

const item = (changes: Partial<StatementItem> = {}): StatementItem => ({
  hospitalId: 1 as never,
  hospitalName: '市立医院',
  paymentId: '0193a000-0000-7000-8000-000000000001' as never,
  paymentNo: '000106JT0000003G008000000000001',
  visitNo: '0231',
  state: 'part_refunded',
  paidAt: new Date('2026-11-21T02:00:03Z'),
  paidFen: fen(15_000),
  refundedFen: fen(5_000),
  netFen: fen(10_000),
  sources: [
    source('wechat', 'self_pay', 6_000, 2_000),
    source('insurance', 'pooled', 9_000, 3_000),
  ],
  bills: [
    { billNo: 'B1', title: '内科 张医生', totalFen: fen(10_000), receiptNo: '1234567890123456' },
    { billNo: 'B2', title: '=cmd|"/c calc"!A1', totalFen: fen(5_000), receiptNo: null },
  ],
  refunds: [
    {
      billNo: 'B2',
      status: 'succeeded',
      reason: '退药,\n已退',
      receiptNo: 'RR1',
      at: new Date('2026-11-22T16:00:00Z'),
      amountFen: fen(5_000),
      sources: [
        { provider: 'wechat', part: 'self_pay', amountFen: fen(2_000) },
        { provider: 'insurance', part: 'pooled', amountFen: fen(3_000) },
      ],
    },
  ],
  ...changes,
})

describe('[P7] the table of a statement', () => {
  it('has a row for each bill and each refund, with Chinese heads', () => {
    expect(statementCsv([item()])).toBe(
      [
        '\uFEFF医院,缴费单号,就诊号,类别,时间,账单号,项目,医院收据号,合计(元),医保基金(元),个人账户(元),个人现金(元),现金渠道,支付状态,说明',
        '市立医院,000106JT0000003G008000000000001,"\t0231",缴费,2026-11-21 10:00:03,B1,内科 张医生,"\t1234567890123456",100.00,40.00,0.00,60.00,微信支付,部分退款,',
        '市立医院,000106JT0000003G008000000000001,"\t0231",缴费,2026-11-21 10:00:03,B2,"\'=cmd|""/c calc""!A1",,50.00,50.00,0.00,0.00,,部分退款,',
        '市立医院,000106JT0000003G008000000000001,"\t0231",退款,2026-11-23 00:00:00,B2,"\'=cmd|""/c calc""!A1",RR1,-50.00,-30.00,0.00,-20.00,微信支付,部分退款,"退药,\n已退"',
        '',
      ].join('\r\n'),
    )
  })

  it('adds up to what was paid and what stays, by every source, whatever was taken', () => {
    const amount = fc.integer({ min: 0, max: 10_000_000 })
    const anyItem = fc
      .record({ self: amount, pooled: amount, account: amount, back: amount })
      .chain(({ self, pooled, account, back }) =>
        fc
          .array(fc.integer({ min: 1, max: 9_000_000 }), { minLength: 1, maxLength: 4 })
          .map((bills) =>
            item({
              sources: [
                source('wechat', 'self_pay', self, back),
                source('insurance', 'pooled', pooled),
                source('insurance', 'account', account),
              ],
              paidFen: fen(self + pooled + account),
              netFen: fen(self + pooled + account - back),
              bills: bills.map((total, i) => ({
                billNo: `B${i}`,
                title: '',
                totalFen: fen(total),
                receiptNo: null,
              })),
              refunds: item().refunds.map((refund) => ({
                ...refund,
                reason: '',
                sources: [{ provider: 'wechat', part: 'self_pay' as const, amountFen: fen(back) }],
              })),
            }),
          ),
      )
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 5 }), (items) => {
        const rows = statementCsv(items)
          .split('\r\n')
          .slice(1, -1)
          .map((row) => row.split(','))
        const sum = (column: number, kind?: string): Fen =>
          addFen(
            ZERO,
            ...rows
              .filter((row) => kind === undefined || row[3] === kind)
              .map((row) => parseYuan(row[column] ?? '') ?? fen(Number.NaN)),
          )
        const total = (of: (one: StatementItem) => number) =>
          items.reduce((all, one) => all + of(one), 0)
        expect(sum(8, '缴费')).toBe(total((one) => one.paidFen))
        expect(sum(8)).toBe(total((one) => one.netFen))
        expect(addFen(sum(9), sum(10), sum(11))).toBe(sum(8))
        const selfPaid = (one: StatementItem) =>
          one.sources.filter((s) => s.part === 'self_pay').reduce((all, s) => all + s.netFen, 0)
        expect(sum(11)).toBe(total(selfPaid))
      }),
    )
  })

  it('says states and channels as the payer’s pages do', () => {
    const path = join(import.meta.dirname, '../../../apps/web/locales/zh-CN/common.json')
    const { payerStates, providers } = JSON.parse(readFileSync(path, 'utf8')) as {
      payerStates: Record<string, string>
      providers: Record<string, string>
    }
    expect(payerStates).toMatchObject(WORD_OF_STATE)
    expect(providers).toMatchObject(NAME_OF_CHANNEL)
  })
})

it('reads back as it was written, and runs nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2 })), (rows) => {
      const written = csvText(rows.map((cells) => cells.map((text) => ({ text }))))
      const read = readCsv(written)
      expect(read).toHaveLength(rows.length)
      rows.forEach((cells, row) =>
        cells.forEach((text, column) => {
          const cell = read[row]?.[column]
          expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/)
          expect([text, `'${text}`]).toContain(cell)
        }),
      )
    }),
  )
  for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', ' =']) {
    expect(csvText([[{ text: `${sign}1` }]])).toMatch(/^\uFEFF"?'/)
    expect(csvText([[{ id: `${sign}A1` }]])).toMatch(/^\uFEFF"?'/)
  }
})

/** RFC 4180, read anew. */
function readCsv(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '')
  const rows: string[][] = []
  let at = 0
  while (at < body.length) {
    const row: string[] = []
    for (;;) {
      let cell = ''
      if (body[at] === '"') {
        at++
        while (!(body[at] === '"' && body[at + 1] !== '"')) {
          cell += body[at]
          at += body[at] === '"' ? 2 : 1
        }
        at++
      } else {
        while (body[at] !== ',' && !body.startsWith('\r\n', at)) cell += body[at++]
      }
      row.push(cell)
      if (body[at] === ',') at++
      else break
    }
    at += 2
    rows.push(row)
  }
  return rows
}
