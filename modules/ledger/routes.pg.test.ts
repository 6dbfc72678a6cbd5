import { unzipSync } from 'fflate'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal, Role } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Account } from './entry.ts'
import { ledgerRoutes } from './routes.ts'
import { heldId, hold, newBatchBooks, OWED, post, postHold, TODAY } from './testing/books.ts'

type Books = ReturnType<typeof newBatchBooks>

const { newId } = testPlatform(undefined, 'ledger routes')
const WALLET: Account = { code: 'receivable/wechat/self_pay', kind: 'asset' }
const INCOME: Account = { code: 'income', kind: 'income' }
const [FIRST, SECOND] = [addDays(TODAY, -2), addDays(TODAY, -1)]

let db: TestDatabase
let app: Awaited<ReturnType<typeof createHttp>>
let principal: Principal | null

beforeAll(async () => {
  db = await createTestDatabase()
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(ledgerRoutes({ db }))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

const staff = (hospitalId: HospitalId, role: Role = 'finance'): Principal => ({
  kind: 'staff',
  staffId: newId<'Staff'>(),
  hospitalId,
  roles: [role],
})

const get = (books: Books, path: string) =>
  app.inject({ url: `/hospitals/${books.hospitalId}/ledger/${path}` })

async function read<Answer>(books: Books, path: string): Promise<Answer> {
  const answer = await get(books, path)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<Answer>()
}

type Page<Item> = { items: Item[]; next: string | null }

/** Three dates with an hour of pause here and there: folded in part, and with an entry of two transfers. */
async function newStory(): Promise<Books> {
  const books = newBatchBooks(db)
  principal = staff(books.hospitalId)
  const paid = { debit: WALLET, credit: INCOME }
  for (const [i, date] of [FIRST, FIRST, SECOND, TODAY].entries()) {
    await books.batch(post(`paid:${i}`, 100 * 10 ** i, { ...paid, businessDate: date }))
    books.clock.advance(i === 0 ? 10 * MINUTE_MS : 3 * HOUR_MS)
    if (i === 2) await books.ledger.tidyUp(db, books.hospitalId)
  }
  const [fee, back] = [
    { debit: { code: 'fees/wechat', kind: 'income' }, credit: WALLET, amountFen: 6 },
    { debit: INCOME, credit: WALLET, amountFen: 50 },
  ] as const
  await books.batch(post('both', 1, { memo: '=1+1', transfers: [fee, back] as never }))
  return books
}

describe('[B1] the chart of accounts', () => {
  it('shows balances of now, of a date and of an instant, by code and by name', async () => {
    const books = await newStory()
    const netOf = async (query: string) => {
      const { items } = await read<Page<{ code: string; balanceFen: number }>>(
        books,
        `accounts${query}`,
      )
      return Object.fromEntries(items.map((a) => [a.code, a.balanceFen]))
    }
    const now = { 'fees/wechat': -6, income: 111_050, [WALLET.code]: 111_044 }
    expect(await netOf('')).toEqual(now)
    expect(await netOf(`?date=${SECOND}`)).toMatchObject({ income: 11_100, 'fees/wechat': 0 })
    expect(await netOf(`?date=${FIRST}`)).toMatchObject({ income: 1_100, [WALLET.code]: 1_100 })
    const early = new Date(books.clock.now().getTime() - 9 * HOUR_MS).toISOString()
    expect(await netOf(`?instant=${early}`)).toMatchObject({ income: 1_100 })
    expect(await netOf(`?q=${encodeURIComponent('支付渠道')}`)).toEqual({ [WALLET.code]: 111_044 })
    expect(await netOf('?q=FEES&kind=income')).toEqual({ 'fees/wechat': -6 })
    expect(await netOf('?kind=asset')).toEqual({ [WALLET.code]: 111_044 })
    expect((await get(books, `accounts?date=${TODAY}&instant=${early}`)).json()).toMatchObject({
      code: 'ledger.date_and_instant',
    })
  })

  it('comes in pages, with and without a search', async () => {
    const books = await newStory()
    for (const search of ['', '&q=e']) {
      const seen: string[] = []
      let after = ''
      for (;;) {
        const page: Page<{ code: string }> = await read(books, `accounts?limit=1${search}${after}`)
        seen.push(...page.items.map(({ code }) => code))
        if (page.next === null) break
        after = `&after=${encodeURIComponent(page.next)}`
      }
      expect(seen).toEqual(['fees/wechat', 'income', WALLET.code])
    }
  })

  it('balances, now and at each date', async () => {
    const books = await newStory()
    for (const [query, debitFen] of [
      ['', 111_156],
      [`?date=${SECOND}`, 11_100],
      [`?date=${FIRST}`, 1_100],
      [`?date=${addDays(FIRST, -1)}`, 0],
    ] as const) {
      expect(await read(books, `trial-balance${query}`)).toMatchObject({
        debitFen,
        creditFen: debitFen,
        isBalanced: true,
      })
    }
    expect(await read(books, 'trial-balance')).toMatchObject({
      accounts: 3,
      debitBalanceFen: 111_050,
      creditBalanceFen: 111_050,
      kinds: [{ kind: 'asset' }, { kind: 'income', accounts: 2, debitBalanceFen: 6 }],
    })
    // As somebody would who gets past the program: one side of a sum that is no longer the other's.
    await books.inBooks((tx) =>
      sql`update ledger.hour_total set debit_fen = debit_fen + 1
        where hospital_id = ${books.hospitalId} and account = 'income'`.execute(tx),
    )
    expect(await read(books, 'trial-balance')).toMatchObject({ isBalanced: false })
  })
})

describe('[B1] the statement of an account', () => {
  const query = `account=${encodeURIComponent(WALLET.code)}&from=${FIRST}&to=${TODAY}`
  const lines = [
    ['paid:0', 'debit', 100, 100],
    ['paid:1', 'debit', 1_000, 1_100],
    ['paid:2', 'debit', 10_000, 11_100],
    ['paid:3', 'debit', 100_000, 111_100],
    ['both', 'credit', 6, 111_094],
    ['both', 'credit', 50, 111_044],
  ]
  type Line = { cause: string; side: string; amountFen: number; balanceFen: number }
  const shown = (items: Line[]) =>
    items.map(({ cause, side, amountFen, balanceFen }) => [cause, side, amountFen, balanceFen])

  it('has each line with what the account stood at, in either order, in pages of any size', async () => {
    const books = await newStory()
    for (const order of ['oldest', 'newest']) {
      for (const limit of [1, 2, 5, 500]) {
        const seen: Line[] = []
        let after = ''
        for (;;) {
          const path = `statement?${query}&order=${order}&limit=${limit}${after}`
          const page: Page<Line> = await read(books, path)
          expect(page).toMatchObject({ openingFen: 0, closingFen: 111_044, kind: 'asset' })
          seen.push(...page.items)
          if (page.next === null) break
          after = `&after=${page.next}`
        }
        const expected = order === 'oldest' ? lines : lines.toReversed()
        expect(shown(seen), `${order} by ${limit}`).toEqual(expected)
      }
    }
  })

  it('of some dates begins with what stood before them', async () => {
    const books = await newStory()
    const days = query.replace(`from=${FIRST}`, `from=${SECOND}`).replace(TODAY, SECOND)
    const page = await read<Page<Line>>(books, `statement?${days}`)
    expect(page).toMatchObject({ openingFen: 1_100, closingFen: 11_100, next: null })
    expect(shown(page.items)).toEqual(lines.slice(2, 3))
    expect(page.items[0]).toMatchObject({ counter: { code: 'income', zh: '医疗收入' } })
    expect(await read(books, `balances?${query}`)).toEqual({
      openingFen: 0,
      items: [
        { date: FIRST, debitFen: 1_100, creditFen: 0, balanceFen: 1_100 },
        { date: SECOND, debitFen: 10_000, creditFen: 0, balanceFen: 11_100 },
        { date: TODAY, debitFen: 100_000, creditFen: 56, balanceFen: 111_044 },
      ],
    })
  })

  it.each([
    [`account=nowhere&from=${FIRST}&to=${TODAY}`, 404, 'ledger.account_not_found'],
    [`account=income&from=${TODAY}&to=${FIRST}`, 400, 'ledger.dates_reversed'],
    [`account=income&from=2000-01-01&to=${TODAY}`, 400, 'ledger.range_too_long'],
    [`account=income&from=${FIRST}&to=${TODAY}&after=2026-02-30_1_x_1`, 400, 'ledger.cursor_wrong'],
  ])('refuses %s by name', async (wrong, status, code) => {
    const books = await newStory()
    const answer = await get(books, `statement?${wrong}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code }])
  })

  it('comes as a file, in which nothing is a formula', async () => {
    const books = await newStory()
    const csv = await get(books, `statement.csv?${query}`)
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
    const rows = csv.body.trimEnd().split('\r\n')
    expect(rows).toHaveLength(lines.length + 1)
    expect(rows[1]).toContain(',income,医疗收入,1.00,,1.00,')
    expect(rows.at(-1)).toContain(",'=1+1,income,医疗收入,,0.50,1110.44,")
    const xlsx = await get(books, `statement.xlsx?${query}`)
    const sheet = unzipSync(xlsx.rawPayload)['xl/worksheets/sheet1.xml']
    expect(Buffer.from(sheet ?? []).toString()).toContain('<v>1110.44</v>')
  })
})

describe('[B1] one entry', () => {
  it('has its transfers, its cause, and the promise it kept', async () => {
    const books = newBatchBooks(db)
    principal = staff(books.hospitalId)
    await books.batch(post('in', 100))
    const [held] = await books.batch(hold('promise', 60))
    const id = heldId(held)
    const [part] = await books.batch(postHold(id, 'part', { amountFen: fen(20), rest: 'keep' }))
    const [rest] = await books.batch(postHold(id, 'rest'))
    const entryOf = (result: unknown) => (result as { entryId: string }).entryId
    expect(await read(books, `entries/${entryOf(rest)}`)).toMatchObject({
      cause: 'rest',
      subject: 'payment:1',
      transfers: [{ lineNo: 1, debit: { code: OWED.code, zh: null }, credit: { zh: '库存现金' } }],
      holds: [{ id, cause: 'promise', promisedFen: 60, takenFen: 40, isEnded: true }],
    })
    const first = await read(books, `entries/${entryOf(part)}`)
    expect(first).toMatchObject({ holds: [{ promisedFen: 60, takenFen: 20, isEnded: false }] })
    expect((await get(books, `entries/${newId()}`)).json()).toMatchObject({
      code: 'ledger.entry_not_found',
    })
  })
})

it('[B1] is for the finance staff and the auditors of the hospital', async () => {
  const books = await newStory()
  const paths = [
    'accounts',
    'trial-balance',
    `statement?account=income&from=${FIRST}&to=${TODAY}`,
    `statement.csv?account=income&from=${FIRST}&to=${TODAY}`,
    `balances?account=income&from=${FIRST}&to=${TODAY}`,
    `entries/${newId()}`,
  ]
  for (const path of paths) {
    const statusAs = async (who: Principal | null) => {
      principal = who
      return (await get(books, path)).statusCode
    }
    expect(await statusAs(staff(books.hospitalId, 'auditor'))).not.toBe(403)
    expect(await statusAs(staff(books.hospitalId, 'cashier'))).toBe(403)
    expect(await statusAs(staff(books.hospitalId, 'it'))).toBe(403)
    expect(await statusAs(staff(1 as HospitalId))).toBe(403)
    expect(await statusAs({ kind: 'person', personId: newId<'Person'>() })).toBe(403)
    expect(await statusAs(null)).toBe(401)
  }
})

it('[B1] a balance reads sums and indexes, however many entries there are', async () => {
  const { hospitalId, inBooks } = await newStory()
  const plan = await inBooks(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx)
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select sum(debit_fen) from (
        select debit_fen from ledger.hour_total
        where hospital_id = ${hospitalId} and account = 'income' and business_date <= ${TODAY}
        union all select debit_fen from ledger.rollup
        where hospital_id = ${hospitalId} and account = 'income' and business_date <= ${TODAY}) p`.execute(
      tx,
    )
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
  expect(plan).toMatch(/Index (Only )?Scan using hour_total_pkey/)
  expect(plan).toMatch(/Index Cond: .*account = 'income'.*business_date <=/)
})
