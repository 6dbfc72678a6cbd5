import iconv from 'iconv-lite'
import { expect, it } from 'vitest'

import { fen, ZERO } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { type LayoutTerms, readLayout } from './layout.ts'
import { renderLayout, type WholeVoucher } from './render.ts'
import { STANDARD_LAYOUTS } from './standard-layouts.ts'

const voucher = (summary: string): WholeVoucher => ({
  id: '1',
  date: businessDate('2026-11-20'),
  type: '收',
  no: 7,
  version: 1,
  lines: [
    {
      book: 'budget',
      subject: '8001.02',
      subjectName: '资金结存',
      aux: { department: '内科' },
      summary,
      debitFen: fen(123_456),
      creditFen: ZERO,
    },
  ],
})
const layout = (change: Partial<LayoutTerms> = {}): LayoutTerms => ({
  encoding: 'utf-8',
  separator: ',',
  lineEnd: '\n',
  quoted: true,
  head: [],
  withTitles: true,
  columns: ['summary', 'department', 'payer', 'debit', 'credit', 'side', 'book', 'period'].map(
    (name) => ({ title: name, value: `{${name}}`, uncertain: false }),
  ),
  books: ['financial', 'budget'],
  side: { debit: '借', credit: '贷' },
  book: { financial: '财务', budget: '预算' },
  fileName: 'x-{from}.csv',
  ...change,
})
const text = (change: Partial<LayoutTerms>, summary: string) =>
  renderLayout(layout(change), [voucher(summary)]).toString('utf8')

it('[B5] puts a voucher into the columns of a layout', () => {
  expect(text({}, '收款')).toBe(
    'summary,department,payer,debit,credit,side,book,period\n收款,内科,,1234.56,,借,预算,11\n',
  )
  expect(text({ books: ['financial'], withTitles: false }, '收款')).toBe('')
})

it('keeps a text in its cell, and from being a formula', () => {
  const plain = {
    withTitles: false,
    columns: [{ title: '', value: '{summary}', uncertain: false }],
  }
  expect(text(plain, 'a,b "c"\r\nd')).toBe('"a,b ""c""  d"\n')
  expect(text({ ...plain, quoted: false }, 'a,b')).toBe('a b\n')
  expect(text(plain, '=SUM(A1)')).toBe('＝SUM(A1)\n')
  expect(text(plain, '@x')).toBe('＠x\n')
  expect(text(plain, '-1.50')).toBe('-1.50\n')
})

it('writes the encoding that is agreed on', () => {
  const bytes = renderLayout(layout({ encoding: 'gb18030' }), [voucher('收款')])
  expect(iconv.decode(bytes, 'gb18030')).toContain('收款,内科')
  const marked = renderLayout(layout({ encoding: 'utf-8-bom' }), [])
  expect([...marked.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
})

it('takes the standard layouts, and refuses a field that nothing stands for', () => {
  for (const standard of STANDARD_LAYOUTS.values()) expect(readLayout(standard)).toBe(standard)
  const columns = [{ title: 'x', value: '{unheard}', uncertain: false }]
  expect(() => readLayout(layout({ columns }))).toThrow('accounting.layout_wrong')
  expect(() => readLayout({})).toThrow('accounting.layout_wrong')
})
