import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen, formatYuan } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { type Piece, readPdf } from '../../../platform/pdf/testing/read-pdf.ts'
import { printable } from '../../../platform/pdf/text.ts'
import type { StatementMove } from './amounts.ts'
import { MOST_PAGES, statementPdf } from './pdf.ts'
import { type PaidPayment, statementOf } from './statement.ts'
import type { NumberedStatement } from './statements.ts'

const ADDRESS = 'https://pay.example.cn/patient/verify'
const YEAR = { from: businessDate('2026-01-01'), to: businessDate('2026-12-31') }

const move = (amount: number, changes: Partial<StatementMove> = {}): StatementMove => ({
  tenderNo: 1,
  provider: 'wechat',
  part: 'self_pay',
  kind: 'charge',
  refundId: null,
  amountFen: fen(amount),
  at: new Date('2026-11-21T02:00:00Z'),
  ...changes,
})

/** ¥100.00 of which the fund pays 60.00; ¥5.00 came back. */
const paid = (no: number, changes: Partial<PaidPayment> = {}): PaidPayment => ({
  hospitalId: 1 as never,
  paymentId: `0193a000-0000-7000-8000-${String(no).padStart(12, '0')}` as never,
  visitNo: 'V1',
  status: 'succeeded',
  totalFen: fen(10_000),
  paidAt: new Date('2026-11-21T02:00:00Z'),
  moves: [
    move(4_000 + no),
    move(6_000, { tenderNo: 2, provider: 'insurance', part: 'pooled' }),
    move(500, { kind: 'return', refundId: 'r1' as never }),
  ],
  bills: [{ billNo: 'B1', title: '内科', totalFen: fen(10_000), receiptNo: `RC-${no}` }],
  refunds: [
    {
      refundId: 'r1' as never,
      cause: 'requested',
      status: 'succeeded',
      billNo: 'B1',
      amountFen: fen(500),
      reason: '退药',
      receiptNo: 'RR-1',
      returnedAt: new Date('2026-11-22T16:00:00Z'),
    },
  ],
  ...changes,
})

const statement = (
  payments: readonly PaidPayment[],
  { name = '王小明', hospital = '市立医院' } = {},
): NumberedStatement => ({
  ...statementOf(YEAR, [{ hospitalId: 1 as never, name: hospital }], payments),
  statementNo: '20260101-20261231-1795312200-15000-13000-7000',
  checkCode: 'A1B2-C3D4-E5F6-0718',
  generatedAt: new Date('2026-11-21T02:00:00Z'),
  holder: { name, idCardNo: '3****************3' },
})

const read = async (of: NumberedStatement) => readPdf(await statementPdf(of, ADDRESS)).pages

/** The texts of each line, from left to right, the upper line first. */
function linesOf(page: readonly Piece[]): string[][] {
  const heights = [...new Set(page.map(({ y }) => y))].toSorted((a, b) => b - a)
  return heights.map((height) =>
    page
      .filter(({ y }) => y === height)
      .toSorted((a, b) => a.x - b.x)
      .map(({ text }) => text),
  )
}

/** Where an amount ends: by the widths of digits, of comma and dot, and of the minus. */
const endOf = ({ text, x, size }: Piece) =>
  x + (size * Array.from(text, widthOfSign).reduce((sum, width) => sum + width, 0)) / 1_000

function widthOfSign(sign: string): number {
  if (sign === '-') return 333
  return /\d/.test(sign) ? 556 : 278
}

const HOSPITAL_X = 88

const bare = (text: string) => text.replaceAll(' ', '')

const AMOUNT = /^-?[\d,]+\.\d\d$/

describe('[P7] the document of a statement', () => {
  it('says whose it is, what was paid, and how it is verified', async () => {
    const pages = await read(
      statement([paid(1), paid(2, { bills: [], refunds: [], moves: [move(250)] })]),
    )
    expect(pages).toHaveLength(1)
    expect(linesOf(pages[0] ?? [])).toEqual([
      ['费用汇总单'],
      ['姓名', '王小明', '身份证号', '3****************3'],
      ['时间', '2026-01-01 至 2026-12-31', '生成时间', '2026-11-21 10:00:00'],
      ['费用合计', '97.51 元', '个人现金支付', '37.51 元（含预交金、信用付）'],
      ['编号', '20260101-20261231-1795312200-15000-13000-7000', '校验码', 'A1B2-C3D4-E5F6-0718'],
      [
        '日期',
        '医院',
        '项目',
        '医院收据号',
        '缴费(元)',
        '医保基金(元)',
        '个人账户(元)',
        '个人现金(元)',
        '退回(元)',
        '净额(元)',
      ],
      [
        '2026-11-21',
        '市立医院',
        '内科',
        'RC-1',
        '100.01',
        '60.00',
        '0.00',
        '40.01',
        '-5.00',
        '95.01',
      ],
      ['退款 2026-11-23 5.00', 'RR-1'],
      ['（部分退款）'],
      ['2026-11-21', '市立医院', '2.50', '0.00', '0.00', '2.50', '0.00', '2.50'],
      ['合计', '共 2 笔', '102.51', '60.00', '0.00', '42.51', '-5.00', '97.51'],
      ['分类合计', '缴费(元)', '退回(元)', '净额(元)'],
      ['市立医院', '102.51', '-5.00', '97.51'],
      ['医保基金', '60.00', '0.00', '60.00'],
      ['个人现金・微信支付', '42.51', '-5.00', '37.51'],
      ['说明'],
      ['本单用于核对费用。报销请附医院开具的电子票据。'],
      [
        '编号 20260101-20261231-1795312200-15000-13000-7000 校验码 A1B2-C3D4-E5F6-0718',
        '第 1 页，共 1 页',
      ],
      [`本单据由医桥生成，可凭姓名、编号和校验码查验：${ADDRESS}`],
    ])
  })

  it('ends all amounts of a column at its right edge, be they billions', async () => {
    const most = fen(Number.MAX_SAFE_INTEGER - 100_000)
    const pages = await read(
      statement([paid(1), paid(2, { moves: [move(most)], refunds: [] }), paid(3, { refunds: [] })]),
    )
    const amounts = pages.flat().filter(({ text }) => AMOUNT.test(text))
    expect(amounts.length).toBeGreaterThan(24)
    const edges = new Set(amounts.map((piece) => Math.round(endOf(piece) * 10) / 10))
    expect([...edges].toSorted((a, b) => a - b)).toEqual([506, 566, 626, 686, 746, 806])
    for (const piece of amounts) expect(endOf(piece) - piece.x).toBeLessThan(52.1)
    expect(amounts.some(({ text }) => text === formatYuan(most))).toBe(true)
  })

  it('goes on over as many pages as it needs, and each says by itself what it is', async () => {
    const payments = Array.from({ length: 100 }, (_, i) => paid(i))
    const pages = (await read(statement(payments))).map(linesOf)
    expect(pages.length).toBe(10)
    pages.forEach((lines, i) => {
      expect(lines.at(-2)).toEqual([
        expect.stringContaining('校验码 A1B2'),
        `第 ${i + 1} 页，共 10 页`,
      ])
      expect(lines.at(-1)).toEqual([expect.stringContaining(ADDRESS)])
    })
    for (const lines of pages.slice(1)) {
      expect(lines[0]).toEqual(['费用汇总单 王小明 2026-01-01 至 2026-12-31'])
      expect(lines[1]?.[0]).toMatch(/日期|分类合计|说明/)
    }
    const all = pages.flat()
    const rows = all.filter(([first, , , receipt]) => first === '2026-11-21' && receipt)
    expect(rows.map((row) => row[3])).toEqual(payments.map((_, i) => `RC-${i}`))
    const sum = rows.reduce((total, row) => total + Number(row[4]?.replaceAll(/\D/g, '')), 0)
    expect(all.find(([first]) => first === '合计')?.[2]).toBe(formatYuan(fen(sum)))
  })

  it('turns the page within a payment that is higher than a page, and loses no receipt', async () => {
    const bills = Array.from({ length: 60 }, (_, i) => ({
      billNo: `B${i}`,
      title: `第 ${i} 项`,
      totalFen: fen(1),
      receiptNo: `370200${i + 100}`,
    }))
    const pages = await read(statement([paid(1), paid(2, { bills })]))
    const texts = pages.flat().map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('370200'))).toEqual(
      bills.map(({ receiptNo }) => receiptNo),
    )
    expect(texts.filter((text) => text === '日期').length).toBeGreaterThan(1)
  })

  it('of a person who paid nothing says so', async () => {
    const [lines = []] = (await read(statement([]))).map(linesOf)
    expect(lines).toContainEqual([
      '合计',
      '共 0 笔',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
      '0.00',
    ])
    expect(lines).not.toContainEqual(expect.arrayContaining(['分类合计']))
  })

  it('says that a character is missing where one is', async () => {
    const textOfAll = async (name: string) =>
      (await read(statement([paid(1)], { name })))
        .flat()
        .map(({ text }) => text)
        .join('\n')
    expect(await textOfAll('𠮷野')).toMatch(/〓野[\s\S]*「〓」代表本文件的字体里没有的字/)
    expect(await textOfAll('买买提·吐尔逊')).not.toContain('〓')
  })

  it('stays on the paper with any names, and says all of them or ends them in …', async () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (name, hospital, title) => {
        const bills = [{ billNo: 'B1', title, totalFen: fen(1), receiptNo: title }]
        const pages = await read(statement([paid(1, { bills })], { name, hospital }))
        const pieces = pages.flat()
        for (const { x, y } of pieces) {
          expect(x).toBeGreaterThanOrEqual(35.99)
          expect(x).toBeLessThan(806)
          expect(y).toBeGreaterThan(20)
          expect(y).toBeLessThan(575)
        }
        const column = pieces.filter(({ x, y }) => x === HOSPITAL_X && y < 430)
        const end = column.findIndex(({ text }) => text === '共 1 笔')
        const shown = bare(
          column
            .slice(0, end)
            .map((piece) => piece.text)
            .join(''),
        )
        const whole = bare(printable(hospital))
        const isCut =
          whole.length > 20 && shown.endsWith('…') && whole.startsWith(shown.slice(0, -1))
        expect(shown === whole || isCut).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('of more pages than anybody reads is refused, and before they are made', async () => {
    const bills = Array.from({ length: 20 }, (_, i) => ({
      billNo: `B${i}`,
      title: '中药饮片、检查和检验'.repeat(4),
      totalFen: fen(1),
      receiptNo: null,
    }))
    const payments = Array.from({ length: 2_000 }, (_, i) => paid(i, { bills }))
    await expect(statementPdf(statement(payments), ADDRESS)).rejects.toMatchObject({
      code: 'payments.statement_too_many_pages',
      params: { mostPages: MOST_PAGES },
    })
  })
})
