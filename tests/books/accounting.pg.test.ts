import { createHash } from 'node:crypto'

import iconv from 'iconv-lite'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { pick as pickFrom, randomBelow, seededRandom } from '../../kernel/random.ts'
import { addDays, type BusinessDate, businessDate } from '../../kernel/time.ts'
import { createAccounting } from '../../modules/accounting/accounting.ts'
import type { IncomePart } from '../../modules/accounting/assemble.ts'
import { STANDARD_TEMPLATE } from '../../modules/accounting/standard-template.ts'
import type { VoucherId } from '../../modules/accounting/tables.ts'
import { partsBy } from '../../modules/accounting/template.ts'
import { type AccountKind, balancesOf, createLedger } from '../../modules/ledger/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish } from '../../platform/events.ts'
import { systemActor } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

const [FIRST, SECOND] = [systemActor('first'), systemActor('second')]
const DAY = businessDate('2026-10-05')

let db: TestDatabase
let hospitalId = 400 as HospitalId
let world: ReturnType<typeof createWorld>
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(() => {
  hospitalId = (hospitalId + 1) as HospitalId
  world = createWorld()
})

function createWorld() {
  const { clock, newId } = testPlatform('2026-11-02T09:00:00+08:00', `books-${hospitalId}`)
  const incomes = new Map<string, IncomePart[]>()
  const ledger = createLedger({ clock, newId, canaries: noCanaries })
  const accounting = createAccounting({
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    publish: createPublish({ clock, newId, wake: () => undefined }),
    incomeOf: async (_tx, _hospitalId, entries) =>
      entries.map(({ subject }) => incomes.get(subject) ?? null),
  })
  let causes = 0
  return {
    accounting,
    incomes,
    clock,
    async post(date: BusinessDate, debit: string, credit: string, amount: number, subject = 's') {
      causes += 1
      const entry = {
        hospitalId,
        businessDate: date,
        cause: `cause:${causes}`,
        subject,
        memo: '',
        transfers: [
          {
            debit: { code: debit, kind: kindOf(debit) },
            credit: { code: credit, kind: kindOf(credit) },
            amountFen: fen(amount),
          },
        ],
      }
      await inHospital(db, hospitalId, (tx) => ledger.post(tx, entry))
    },
    async bill(date: BusinessDate, amount: number, subject = 'payment:1') {
      incomes.set(subject, [
        { category: '09', department: '内科', weightFen: fen(2) },
        { category: '03', department: null, weightFen: fen(1) },
      ])
      await this.post(date, 'receivable/wechat/self_pay', 'in-transit', amount, subject)
      await this.post(date, 'in-transit', 'income', amount, subject)
    },
    async vouchers(from = DAY, to = from) {
      const { vouchers } = await accounting.vouchers(hospitalId, { from, to })
      return vouchers
    },
    async lines(id: VoucherId, book: 'financial' | 'budget' = 'financial') {
      const page = { book, after: 0, limit: 1_000 }
      return (await accounting.voucherLines({ hospitalId, id }, page)).lines
    },
    /** Everything a line is the sum of, read in pages of two. */
    async sources(id: VoucherId, book: 'financial' | 'budget', lineNo: number) {
      const all = []
      for (let after = null; ;) {
        const wish = { book, lineNo, after, limit: 2 }
        const page = await accounting.lineSources({ hospitalId, id }, wish)
        all.push(...page)
        const last = page.at(-1)
        if (!last) return all
        const { entry_id: entryId, transfer_no: transferNo, part_no: partNo } = last
        after = { entryId, transferNo, partNo } as never
      }
    },
  }
}

const kindOf = (code: string): AccountKind => {
  if (/^(receivable|clearing|bank|custody|budget|vouchers)\//.test(code)) return 'asset'
  return /^(income|fees|shares)/.test(code) ? 'income' : 'liability'
}

const build = (date = DAY) => world.accounting.buildDate(hospitalId, date)

describe('[B5] vouchers of a day', () => {
  it('are made once, and what comes later is a voucher beside them', async () => {
    await world.bill(DAY, 300)
    const made = await build()
    expect(made).toMatchObject({ outcome: 'made', version: 1 })
    expect(await build()).toEqual({ outcome: 'unchanged' })
    const before = await world.vouchers()
    expect(before.map((v) => `${v.type} ${v.month} ${v.no} v${v.version}`)).toEqual([
      '收 2026-10 1 v1',
      '转 2026-10 1 v1',
    ])
    await world.bill(DAY, 30, 'payment:2')
    expect(await build()).toMatchObject({ outcome: 'made', version: 2 })
    const after = await world.vouchers()
    expect(after.filter((v) => v.version === 1)).toEqual(before)
    const later = after.filter((v) => v.version === 2)
    expect(later.map((v) => [v.type, v.no, v.financial_fen])).toEqual([
      ['收', 2, 30],
      ['转', 2, 30],
    ])
  })

  it('are balanced by the keys of the database', async () => {
    await world.bill(DAY, 300)
    await build()
    const [voucher] = await world.vouchers()
    const line = (after: number) => sql`
      insert into accounting.line (hospital_id, voucher_id, book, line_no, prev_no, before_fen,
        after_fen, subject, aux, summary, debit_fen, credit_fen)
      values (${hospitalId}, '019a0000-0000-7000-8000-000000000001',
        'financial', 1, null, 0, ${after}, '1', '{}', '', 5, 0)`
    const attempt = (query: ReturnType<typeof line>) =>
      inHospital(db, hospitalId, (tx) => query.execute(tx))
    await expect(attempt(line(4))).rejects.toThrow('line_adds_up')
    await attempt(line(5))
    const unbalanced = sql`
      insert into accounting.voucher select hospital_id, '019a0000-0000-7000-8000-000000000001',
        business_date, type, 9, month, 9, template, financial_book, budget_book, nothing_fen, 1,
        null, 5, 0, made_at
      from accounting.voucher where hospital_id = ${hospitalId} and id = ${voucher?.id}`
    await expect(attempt(unbalanced)).rejects.toThrow('voucher_financial_balanced')
    const change = sql`update accounting.line set debit_fen = 1 where hospital_id = ${hospitalId}`
    await expect(attempt(change)).rejects.toThrow('permission denied')
  })

  it('wait until a template covers all of the day, and are not handed over before', async () => {
    await world.bill(DAY, 300)
    await world.post(DAY, 'receivable/wechat/self_pay', 'mystery', 7)
    await world.post(DAY, 'memo/1', 'memo/2', 9)
    expect(await build()).toMatchObject({
      outcome: 'uncovered',
      findings: [
        { code: 'transfer_unruled', about: 'receivable/wechat/self_pay mystery', amountFen: 7 },
        { code: 'transfer_unruled', about: 'memo/1 memo/2', amountFen: 9 },
      ],
    })
    expect(await world.vouchers()).toEqual([])
    const range = { from: DAY, to: DAY }
    const wish = { ...range, layout: 'u8', onlyUnacknowledged: false }
    const exporting = () => world.accounting.makeExport(hospitalId, wish, FIRST)
    await expect(exporting()).rejects.toThrow('day_incomplete')
    const [first] = STANDARD_TEMPLATE.rules
    const mapped = { account: 'mystery', subject: '2307.09', aux: {}, byCategory: false }
    const content = {
      ...STANDARD_TEMPLATE,
      accounts: [...STANDARD_TEMPLATE.accounts, mapped],
      rules: [
        ...STANDARD_TEMPLATE.rules,
        { ...first, name: 'mystery', credit: 'mystery' },
        {
          ...first,
          name: 'memo',
          debit: 'memo/{a}',
          credit: 'memo/{b}',
          isFinancial: false,
          budget: null,
        },
      ],
    }
    const terms = { kind: 'template' as const, name: '', validFrom: DAY, content }
    const id = await world.accounting.proposeTerms(hospitalId, terms, FIRST)
    const decision = { agrees: true, reason: 'a new account' }
    const decide = (actor: typeof FIRST) =>
      world.accounting.decideTerms({ hospitalId, id }, decision, actor)
    await expect(decide(FIRST)).rejects.toThrow('decided_by_same_person')
    await decide(SECOND)
    await expect(decide(SECOND)).rejects.toThrow('terms_decided')
    expect(await build()).toMatchObject({ outcome: 'made', version: 1 })
    expect((await exporting()).voucher_ids).toHaveLength(2)
    expect(await world.accounting.days(hospitalId, range)).toMatchObject([
      { status: 'complete', findings: [], transfers: 4 },
    ])
    expect(await build()).toEqual({ outcome: 'unchanged' })
  })

  it('are made by the daily look too, of what came late and what is covered by now', async () => {
    const [early, late] = [businessDate('2026-10-28'), businessDate('2026-10-29')]
    await world.bill(early, 100)
    await world.bill(late, 100, 'payment:2')
    world.incomes.delete('payment:2')
    await build(early)
    expect(await build(late)).toMatchObject({
      outcome: 'uncovered',
      findings: [{ code: 'category_unknown', count: 1, amountFen: 100, example: 'cause:4' }],
    })
    expect(await world.accounting.sweep(hospitalId)).toBe(0)
    await world.bill(early, 5, 'payment:3')
    await world.bill(addDays(late, 1), 5, 'payment:4')
    world.incomes.set('payment:2', [{ category: '01', department: null, weightFen: fen(1) }])
    expect(await world.accounting.sweep(hospitalId)).toBe(2)
    expect(await world.accounting.sweep(hospitalId)).toBe(0)
    const made = await world.vouchers(early, addDays(late, 1))
    expect(made.map((v) => `${v.business_date} ${v.type} v${v.version}`).toSorted()).toEqual([
      '2026-10-28 收 v1',
      '2026-10-28 收 v2',
      '2026-10-28 转 v1',
      '2026-10-28 转 v2',
      '2026-10-29 收 v1',
      '2026-10-29 转 v1',
    ])
  })

  it('are not made of a day that is not over', async () => {
    await expect(build(businessDate('2026-11-02'))).rejects.toThrow('day_not_over')
  })

  it('are made by two at once only once, and numbered without a gap', async () => {
    for (let i = 1; i <= 6; i++) await world.bill(addDays(DAY, i), 10 * i, `payment:${i}`)
    const dates = [6, 4, 2, 1, 3, 5, 6, 4, 2].map((days) => addDays(DAY, days))
    await Promise.all(dates.map((date) => build(date)))
    const vouchers = await world.vouchers(DAY, addDays(DAY, 6))
    expect(vouchers.map((v) => `${v.type}${v.no}`)).toEqual(
      ['收', '转'].flatMap((type) => [1, 2, 3, 4, 5, 6].map((no) => type + no)),
    )
    expect(new Set(vouchers.map((v) => `${v.business_date}${v.type}`)).size).toBe(12)
  })
})

describe('[B5] what is handed over', () => {
  const read = async (layout: string, onlyUnacknowledged = false) => {
    const wish = { from: DAY, to: DAY, layout, onlyUnacknowledged }
    const made = await world.accounting.makeExport(hospitalId, wish, FIRST)
    const file = await world.accounting.exportFile({ hospitalId, id: made.id })
    expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(made.digest)
    return { made, ...file }
  }

  it('is the same bytes for the same vouchers, in every layout', async () => {
    await world.bill(DAY, 300)
    await build()
    for (const layout of ['u8', 'kingdee', 'json']) {
      const [one, again] = [await read(layout), await read(layout)]
      expect(again.made.id).toBe(one.made.id)
      expect(again.bytes.equals(one.bytes)).toBe(true)
    }
    const u8 = iconv.decode((await read('u8')).bytes, 'gb18030').split('\r\n')
    expect(u8.slice(0, 3)).toEqual([
      '填制凭证,V800',
      '2026-10-05,收,1,0,2026-10-05 wechat 收款,1021,3.00,,,,,yiqiao,,,,,,,wechat,,',
      '2026-10-05,收,1,0,2026-10-05 wechat 收款,2305.09,,3.00,,,,yiqiao,,,,,,,,,',
    ])
    const kingdee = iconv.decode((await read('kingdee')).bytes, 'gb18030')
    expect(kingdee).toContain('4101.01.09,医疗收入—西药收入,RMB,人民币,2.00,,2.00,')
    const json = JSON.parse((await read('json')).bytes.toString('utf8')) as { vouchers: object[] }
    expect(json.vouchers).toHaveLength(2)
    await expect(read('unheard-of')).rejects.toThrow('layout_not_found')
  })

  it('is afterwards what the accounting system has not taken in, where that is asked', async () => {
    await world.bill(DAY, 300)
    await build()
    const taken = (await world.vouchers()).map(({ id }, i) => ({ voucherId: id, erpNo: `E${i}` }))
    const tell = (list: typeof taken) => world.accounting.acknowledge(hospitalId, list, FIRST)
    await tell(taken)
    await tell(taken)
    await expect(tell(taken.map((t) => ({ ...t, erpNo: 'X' })))).rejects.toThrow(
      'acknowledged_otherwise',
    )
    await world.bill(DAY, 40, 'payment:2')
    await build()
    expect((await read('json', true)).made.voucher_ids).toHaveLength(2)
    expect((await read('json')).made.voucher_ids).toHaveLength(4)
  })
})

it('[B5] vouchers of a random month balance and come to what the ledger moved, line by line', async () => {
  const random = seededRandom('a month of books')
  const pick = <T>(list: readonly T[]): T => pickFrom(random, list)
  const rules = STANDARD_TEMPLATE.rules.filter(({ causeBegins }) => causeBegins === '')
  const from = businessDate('2026-10-01')
  for (let i = 0; i < 150; i++) {
    const rule = pick(rules)
    const name = (pattern: string) => pattern.replaceAll(/\{[a-z]+\}/g, pick(['x', 'y']))
    const [debit, credit] = [name(rule.debit), name(rule.credit)]
    const subject = `payment:${i}`
    const parts = pick([['01'], ['09', '03'], ['13', '13', '14']])
    world.incomes.set(
      subject,
      parts.map((category) => ({ category, department: null, weightFen: fen(pick([1, 3, 7])) })),
    )
    const amount = 1 + randomBelow(random, 99_999)
    await world.post(addDays(from, randomBelow(random, 31)), debit, credit, amount, subject)
    if (i === 100) for (let day = 0; day < 31; day++) await build(addDays(from, day))
  }
  for (let day = 0; day < 31; day++) await build(addDays(from, day))
  const moved = new Map<string, number>()
  const add = (subject: string, n: number) => moved.set(subject, (moved.get(subject) ?? 0) + n)
  const numbers = new Map<string, number[]>()
  for (const voucher of await world.vouchers(from, addDays(from, 30))) {
    numbers.set(voucher.type, [...(numbers.get(voucher.type) ?? []), voucher.no])
    for (const book of ['financial', 'budget'] as const) {
      let left = 0
      for (const line of await world.lines(voucher.id, book)) {
        left += line.debit_fen - line.credit_fen
        const sources = await world.sources(voucher.id, book, line.line_no)
        const sum = sources.reduce((total, source) => total + source.amount_fen, 0)
        expect(sum).toBe(line.debit_fen + line.credit_fen)
        const whole = line.subject.startsWith('4101.') ? '4101' : line.subject
        if (book === 'financial') add(whole, line.debit_fen - line.credit_fen)
      }
      expect(left).toBe(0)
    }
  }
  for (const list of numbers.values()) expect(list).toEqual(list.map((_, i) => i + 1))
  for (const account of await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))) {
    const rule = STANDARD_TEMPLATE.accounts.find((one) => partsBy(one.account, account.code))
    add(rule?.subject ?? 'none', account.creditFen - account.debitFen)
  }
  expect([...moved].filter(([, n]) => n !== 0)).toEqual([])
}, 120_000)
