import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type Fen, fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import type { EntryId } from '../ledger/index.ts'
import { assemble, type Fact, type IncomePart, type VoucherLine } from './assemble.ts'
import { STANDARD_TEMPLATE } from './standard-template.ts'
import { partsBy, readTemplate } from './template.ts'

const DATE = businessDate('2026-11-20')
let lastEntry = 0

const fact = (
  debitAccount: string,
  creditAccount: string,
  amount: number,
  { cause = 'c', income = null, subject = 'payment:1' }: Partial<Fact> = {},
): Fact => ({
  entryId: `entry-${String((lastEntry += 1)).padStart(9, '0')}` as EntryId,
  lineNo: 1,
  cause,
  subject,
  memo: '',
  debitAccount,
  creditAccount,
  amountFen: fen(amount),
  income,
})
const part = (category: string, weight: number, department: string | null = null): IncomePart => ({
  category,
  department,
  weightFen: fen(weight),
})
const texts = (lines: readonly VoucherLine[]) =>
  lines.map(({ subject, aux, debitFen, creditFen }) => {
    const names = Object.values(aux).join(' ')
    return `${debitFen > 0 ? 'D' : 'C'} ${subject} ${names} ${debitFen || creditFen}`
  })

describe('[B5] assemble', () => {
  it('makes parallel entries of a paid bill, its income by category and department', () => {
    const income = [part('09', 2, '内科'), part('03', 1, '放射科')]
    const { findings, vouchers } = assemble(STANDARD_TEMPLATE, DATE, [
      fact('receivable/wechat/self_pay', 'in-transit', 60),
      fact('receivable/insurance/pooled', 'in-transit', 40),
      fact('in-transit', 'income', 100, { income }),
    ])
    expect(findings).toEqual([])
    expect(vouchers.map(({ type }) => type)).toEqual(['收', '转'])
    const [came, turned] = vouchers
    expect(texts(came?.financial ?? [])).toEqual(['D 1021 wechat 60', 'C 2305.09  60'])
    expect(texts(came?.budget ?? [])).toEqual(['D 8001.02  60', 'C 6101  60'])
    expect(texts(turned?.financial ?? [])).toEqual([
      'D 1212.02 pooled 40',
      'D 2305.09  100',
      'C 2305.09  40',
      'C 4101.01.03 放射科 33',
      'C 4101.01.09 内科 67',
    ])
    expect(turned?.budget).toEqual([])
    expect(came?.financial[0]?.summary).toBe('2026-11-20 wechat 收款')
  })

  it.each([
    ['a return', 'in-transit', 'receivable/alipay/self_pay', 'c', '付', ['D 6101', 'C 8001.02']],
    ['a fee', 'fees/wechat', 'clearing/wechat', 'c', '付', ['D 7201', 'C 8001.02']],
    ['a fee given back', 'clearing/wechat', 'fees/wechat', 'c', '收', ['D 8001.02', 'C 7201']],
    ['a deposit', 'custody/1', 'owed/depositors', 'deposits:in:1', '收', ['D 8001.02', 'C 6101']],
    ['a deposit used', 'owed/depositors', 'custody/1', 'deposits:draw:1', '转', []],
    ['its return', 'custody/1', 'owed/depositors', 'deposits:return:1', '转', []],
    [
      'a deposit out',
      'owed/depositors',
      'custody/1',
      'deposits:out:1',
      '付',
      ['D 6101', 'C 8001.02'],
    ],
    ['a payout', 'suspense/receipts', 'clearing/wechat', 'c', '转', []],
    ['an insurer’s', 'suspense/receipts', 'clearing/insurance', 'c', '收', ['D 8001.02', 'C 6101']],
    ['a benefit', 'allotted/1', 'budget/1', 'c', '转', []],
    ['credit', 'receivable/lucheng/credit', 'in-transit', 'c', '转', []],
    ['a write-off', 'income/written-off', 'receivable/lucheng/credit', 'c', '转', []],
    ['a share', 'shares/platform', 'owed/shares/platform', 'c', '转', []],
    ['a surplus', 'receivable/wechat/self_pay', 'surplus/wechat', 'adjustment:1', '转', []],
    ['a surplus gone back', 'surplus/wechat', 'receivable/wechat/self_pay', 'a', '转', []],
    ['a surplus kept', 'surplus/wechat', 'income/surplus', 'a', '收', ['D 8001.02', 'C 6609']],
    [
      'a shortage',
      'expense/shortage',
      'receivable/wechat/self_pay',
      'a',
      '付',
      ['D 7901', 'C 8001.02'],
    ],
  ])('has a rule for %s', (_name, debit, credit, cause, type, budget) => {
    const made = assemble(STANDARD_TEMPLATE, DATE, [fact(debit, credit, 5, { cause })])
    expect(made.findings).toEqual([])
    expect(made.vouchers.map((voucher) => voucher.type)).toEqual([type])
    const [voucher] = made.vouchers
    expect(voucher?.financial).toHaveLength(2)
    expect(texts(voucher?.budget ?? [])).toEqual(budget.map((side) => `${side}  5`))
  })

  it('names what no template covers and makes no voucher of the day', () => {
    const { findings, vouchers } = assemble(STANDARD_TEMPLATE, DATE, [
      fact('receivable/wechat/self_pay', 'in-transit', 60),
      fact('mystery', 'in-transit', 5, { cause: 'first' }),
      fact('mystery', 'in-transit', 6),
      fact('in-transit', 'income', 9, { income: [part('77', 1)] }),
      fact('in-transit', 'income', 8, { cause: 'unknown', income: null }),
    ])
    expect(vouchers).toEqual([])
    expect(findings).toEqual([
      {
        code: 'transfer_unruled',
        about: 'mystery in-transit',
        count: 2,
        amountFen: 11,
        example: 'first',
      },
      { code: 'category_unmapped', about: '77', count: 1, amountFen: 9, example: 'c' },
      { code: 'category_unknown', about: '', count: 1, amountFen: 8, example: 'unknown' },
    ])
    const { accounts } = STANDARD_TEMPLATE
    const without = {
      ...STANDARD_TEMPLATE,
      accounts: accounts.filter((a) => a.account !== 'in-transit'),
    }
    const mapped = assemble(without, DATE, [fact('receivable/wechat/self_pay', 'in-transit', 1)])
    expect(mapped.findings).toMatchObject([{ code: 'account_unmapped', about: 'in-transit' }])
  })

  it('takes an agreed category for what nobody knows, and leaves out what a rule says', () => {
    const lenient = readTemplate({
      ...STANDARD_TEMPLATE,
      unknownCategory: '99',
      rules: [
        {
          name: 'memo',
          debit: 'memo/{{rest}}',
          credit: 'memo/{{rest}}',
          causeBegins: '',
          type: '记',
          summary: '-',
          level: 'day',
          isFinancial: false,
          budget: null,
        },
        ...STANDARD_TEMPLATE.rules,
      ],
    })
    const made = assemble(lenient, DATE, [
      fact('memo/a/b', 'memo/c', 3),
      fact('in-transit', 'income', 8),
    ])
    expect(made.leftOut).toHaveLength(1)
    expect(texts(made.vouchers[0]?.financial ?? [])).toEqual(['D 2305.09  8', 'C 4101.01.99  8'])
  })

  it('keeps payments apart where the rule says so', () => {
    const rules = STANDARD_TEMPLATE.rules.map((rule) => ({ ...rule, level: 'subject' as const }))
    const facts = ['payment:1', 'payment:2', 'payment:1'].map((subject) =>
      fact('receivable/wechat/self_pay', 'in-transit', 7, { subject }),
    )
    const { vouchers } = assemble({ ...STANDARD_TEMPLATE, rules }, DATE, facts)
    expect(texts(vouchers[0]?.financial ?? [])).toEqual([
      'D 1021 wechat 14',
      'D 1021 wechat 7',
      'C 2305.09  14',
      'C 2305.09  7',
    ])
  })
})

describe('[B5] any journal', () => {
  const amount = fc.integer({ min: 1, max: 1_000_000 })
  const pairs = STANDARD_TEMPLATE.rules.map(({ debit, credit, causeBegins }) => ({
    debit: debit.replaceAll(/\{[a-z]+\}/g, 'x'),
    credit: credit.replaceAll(/\{[a-z]+\}/g, 'x'),
    cause: `${causeBegins}1`,
  }))
  const income = fc.array(
    fc.record({
      category: fc.constantFrom('01', '09', '14'),
      department: fc.constantFrom(null, 'A', 'B'),
      weightFen: fc.integer({ min: 1, max: 99 }).map(fen),
    }),
    { minLength: 1, maxLength: 4 },
  )
  const facts = fc.array(
    fc
      .tuple(fc.constantFrom(...pairs), amount, income)
      .map(([{ debit, credit, cause }, fenAmount, parts]) =>
        fact(debit, credit, fenAmount, { cause, income: parts }),
      ),
    { minLength: 1, maxLength: 40 },
  )

  it('balances in both books, line by line the sum of its sources, and in any order the same', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const made = assemble(STANDARD_TEMPLATE, DATE, list)
        expect(made.findings).toEqual([])
        expect(assemble(STANDARD_TEMPLATE, DATE, list.toReversed())).toEqual(made)
        for (const voucher of made.vouchers) {
          for (const book of ['financial', 'budget'] as const) {
            const lines = voucher[book]
            expect(sum(lines.map((l) => l.debitFen))).toBe(sum(lines.map((l) => l.creditFen)))
            for (const [i, line] of lines.entries()) {
              const key = line.debitFen > 0 ? 'debit' : 'credit'
              const of = voucher.sources.filter((source) => source[book]?.[key] === i + 1)
              expect(sum(of.map((s) => s.amountFen))).toBe(line.debitFen + line.creditFen)
            }
          }
        }
        const inVouchers = made.vouchers.flatMap((v) => v.sources.map((s) => s.amountFen))
        expect(sum(inVouchers)).toBe(sum(list.map((f) => f.amountFen)))
      }),
      { numRuns: 150 },
    )
  })

  it('comes by subject to what the ledger moved on the accounts of the subject', () => {
    fc.assert(
      fc.property(facts, (list) => {
        const moved = new Map<string, number>()
        const add = (subject: string, n: number) =>
          moved.set(subject, (moved.get(subject) ?? 0) + n)
        const subjectOf = (code: string) =>
          STANDARD_TEMPLATE.accounts.find((a) => partsBy(a.account, code))?.subject ?? ''
        for (const { debitAccount, creditAccount, amountFen } of list) {
          add(subjectOf(debitAccount), amountFen)
          add(subjectOf(creditAccount), 0 - amountFen)
        }
        for (const { financial } of assemble(STANDARD_TEMPLATE, DATE, list).vouchers) {
          for (const { subject, debitFen, creditFen } of financial) {
            const whole = subject.startsWith('4101.') ? '4101' : subject
            add(whole, creditFen - debitFen)
          }
        }
        expect([...moved.values()].every((n) => n === 0)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})

describe('readTemplate', () => {
  it.each([
    [{ subjects: {} }],
    [{ unknownCategory: '55' }],
    [{ rules: [...STANDARD_TEMPLATE.rules, ...STANDARD_TEMPLATE.rules.slice(0, 1)] }],
    [{ rules: [] }],
    [{ accounts: [{ account: 'a b', subject: '1', aux: {}, byCategory: false }] }],
  ])('refuses %j', (change) => {
    expect(() => readTemplate({ ...STANDARD_TEMPLATE, ...change })).toThrow(
      'accounting.template_wrong',
    )
  })

  it('takes the standard one', () => {
    expect(readTemplate(STANDARD_TEMPLATE)).toBe(STANDARD_TEMPLATE)
  })
})

const sum = (amounts: readonly Fen[]) => amounts.reduce((total: number, one) => total + one, 0)
