import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addDays, type BusinessDate, businessDateOf, instantAt } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { administer } from '../../../platform/testing/admin.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { lenderId, REPAYMENT_WAYS } from '../terms.ts'
import { closeDay } from './day-close.ts'
import { threeBooks } from './testing/agreement.ts'
import { loansWorld, type LoansWorld } from './testing/world.ts'

const LOANS = 24
const BATCH = 5
const CLOSED = '2026-06-30' as BusinessDate

let database: TestDatabase
let lenders = 900_100
let plain: Awaited<ReturnType<typeof stateOf>>

beforeAll(async () => {
  database = await createTestDatabase()
  const world = await busyBook()
  await closeDay(world.deps, world.lender, CLOSED, 1_000)
  plain = await stateOf(world)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('a day close', () => {
  it('[N7] accrues, lets fall due and moves the overdue, and the three books agree', async () => {
    expect(plain.books.instalments.interest).toBeGreaterThan(0)
    expect(plain.books.instalments.fee).toBeGreaterThan(0)
    expect(plain.books.instalments.penalty).toBeGreaterThan(0)
    expect(plain.day?.portfolio).toMatchObject({
      openLoans: LOANS,
      principalFen: plain.books.ledger.principal,
      badDebtPpm: 0,
    })
    expect(plain.loans.some(({ stage }) => stage === 'attention')).toBe(true)
  })

  it('of a worker that stood still closes every missed day in order, once', async () => {
    const { open, passTo, loans, lender, clock, inBook } = loansWorld(
      database,
      lenderId((lenders += 1)),
    )
    const loan = await open(100_000)
    await passTo(loan.dueOn)
    clock.set(instantAt(addDays(loan.dueOn, 4), '00:30:00'))
    const yesterday = addDays(loan.dueOn, 3)
    expect(await loans.closeDaysTo(lender, yesterday)).toBe(4)
    expect(await loans.closeDaysTo(lender, yesterday)).toBe(0)
    const days = await inBook(sql<{ on: string; status: string }>`
      select business_date as on, status from credit.lender_day
      where hospital_id = ${lender} and business_date >= ${loan.dueOn} order by business_date`)
    expect(days).toEqual(
      [0, 1, 2, 3].map((late) => ({ on: addDays(loan.dueOn, late), status: 'closed' })),
    )
    const reminders = await inBook(sql<{ kind: string }>`select kind from credit.loan_event
      where hospital_id = ${lender} and kind like 'reminder:%' order by business_date`)
    expect(reminders.map(({ kind }) => kind)).toEqual(
      ['-3', '0', '1', '3'].map((n) => `reminder:${n}`),
    )
  })

  it('begins with the first loan where no day was ever closed', async () => {
    const { loans, lender, clock } = loansWorld(database, lenderId((lenders += 1)))
    const on = businessDateOf(clock.now())
    expect(await loans.closeDaysTo(lender, addDays(on, -1))).toBe(1)
    const other = loansWorld(database, lenderId((lenders += 1)))
    await other.open(1_000)
    other.clock.set(instantAt(addDays(on, 3)))
    expect(await other.loans.closeDaysTo(other.lender, addDays(on, 2))).toBe(3)
  })

  it('in batches comes to the same, and a second time does nothing', async () => {
    const world = await busyBook()
    await closeDay(world.deps, world.lender, CLOSED, BATCH)
    expect(await stateOf(world)).toEqual(plain)
    await closeDay(world.deps, world.lender, CLOSED, BATCH)
    expect(await stateOf(world)).toEqual(plain)
  })

  it.each(['before posting', 'after posting', 'telling of stages'])(
    'that dies again and again while %s comes to the same',
    async (when) => {
      const world = await busyBook()
      const random = seededRandom(when)
      const dies = () => {
        if (randomBelow(random, 3) > 0) throw new Error('killed')
      }
      const { ledger, onStages } = world.deps
      const deps = {
        ...world.deps,
        ledger: {
          ...ledger,
          post: async (...args: Parameters<typeof ledger.post>) => {
            if (when === 'before posting') dies()
            const result = await ledger.post(...args)
            if (when === 'after posting') dies()
            return result
          },
        },
        onStages: async (...args: Parameters<typeof onStages>) => {
          if (when === 'telling of stages') dies()
          await onStages(...args)
        },
      }
      let deaths = 0
      while (!(await closeDay(deps, world.lender, CLOSED, BATCH).catch(() => null))) deaths += 1
      expect(deaths).toBeGreaterThan(1)
      expect(await stateOf(world)).toEqual(plain)
    },
  )

  it('whose connections are cut by the server goes on where it stood', async () => {
    const world = await busyBook()
    let cuts = 0
    const { ledger } = world.deps
    const deps = {
      ...world.deps,
      ledger: {
        ...ledger,
        post: async (...args: Parameters<typeof ledger.post>) => {
          const result = await ledger.post(...args)
          if (cuts++ < 2) await cutAll(database.url)
          return result
        },
      },
    }
    while (!(await closeDay(deps, world.lender, CLOSED, BATCH).catch(() => null))) continue
    expect(cuts).toBeGreaterThan(2)
    expect(await stateOf(world)).toEqual(plain)
  })

  it('by two at once comes to the same', async () => {
    const world = await busyBook()
    const both = () => closeDay(world.deps, world.lender, CLOSED, BATCH)
    await Promise.all([both(), both()])
    expect(await stateOf(world)).toEqual(plain)
  })

  it('with payments in between leaves no fen behind', async () => {
    const world = await busyBook()
    const loans = await world.inBook(sql<{ loanId: never; personId: never }>`
      select id as "loanId", person_id as "personId" from credit.loan where hospital_id = ${world.lender}`)
    await Promise.all([
      closeDay(world.deps, world.lender, CLOSED, 2),
      ...loans.slice(0, 12).map((loan) => world.pay(loan, 'partial', 7_777)),
      ...loans.slice(12, 18).map((loan) => world.pay(loan, 'full')),
    ])
    const { instalments, subLedger, ledger } = await threeBooks(database, world.lender)
    expect(subLedger).toEqual(instalments)
    expect(ledger).toEqual(instalments)
  })

  it('of a day that goes on is refused', async () => {
    const world = await busyBook()
    const today = addDays(CLOSED, 1)
    await expect(closeDay(world.deps, world.lender, today)).rejects.toThrow('credit.day_not_over')
  })

  it('shows nothing of it to another lender', async () => {
    const rows = await inHospital(database, lenderId(900_099), (tx) =>
      sql`select 1 from credit.loan union all select 1 from credit.lender_day`.execute(tx),
    )
    expect(rows.rows).toEqual([])
  })
})

/** Loans of every way, opened over months, all unpaid, on the morning after the day to close. */
async function busyBook(): Promise<LoansWorld> {
  const world = loansWorld(database, lenderId((lenders += 1)))
  for (let i = 0; i < LOANS; i++) {
    world.clock.set(instantAt(addDays('2026-04-20' as BusinessDate, i * 3), '10:00:00'))
    await world.open(12_345 + i * 10_007, REPAYMENT_WAYS[i % REPAYMENT_WAYS.length])
  }
  world.clock.set(instantAt(addDays(CLOSED, 1), '00:30:00'))
  return world
}

/** All that a close can change, without what names the lender or a batch. */
async function stateOf({ lender, inBook }: LoansWorld) {
  const instalments = await inBook(sql<Record<string, unknown>>`
    select * from credit.instalment where hospital_id = ${lender} order by loan_id, no`)
  const loans = await inBook(sql<{ id: string; stage: string; since: string | null }>`
    select id, stage, overdue_since as since from credit.loan where hospital_id = ${lender} order by id`)
  const entries = await inBook(sql<Record<string, unknown>>`
    select * from credit.loan_entry where hospital_id = ${lender} order by loan_id, cause`)
  const events = await inBook(sql<{ kind: string }>`
    select loan_id, kind, detail from credit.loan_event where hospital_id = ${lender} order by loan_id, kind`)
  const [day] = await inBook(sql<{ loans: number; portfolio: unknown }>`
    select status, loans, interest_fen, fee_fen, penalty_fen, portfolio
    from credit.lender_day where hospital_id = ${lender}`)
  const books = await threeBooks(database, lender)
  expect(books.subLedger).toEqual(books.instalments)
  expect(books.ledger).toEqual(books.instalments)
  const nameless = (rows: Record<string, unknown>[]) =>
    rows.map(({ hospital_id: _lender, ...row }) => row)
  return {
    instalments: nameless(instalments),
    loans,
    entries: nameless(entries),
    events,
    day,
    books,
  }
}

const cutAll = (url: string) =>
  administer(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  )
