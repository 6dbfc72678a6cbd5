import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { addDays, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { lenderId } from '../terms.ts'
import { totalOf } from './loan.ts'
import { threeBooks } from './testing/agreement.ts'
import { loansWorld, type LoansWorld } from './testing/world.ts'

let database: TestDatabase
let world: LoansWorld

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const booksAgree = async () => {
  const { instalments, subLedger, ledger } = await threeBooks(database, world.lender)
  expect(subLedger).toEqual(instalments)
  expect(ledger).toEqual(instalments)
}

const openOf = async (loan: Parameters<LoansWorld['loans']['loanOf']>[0]) => {
  const { loan: row, instalments } = await world.loans.loanOf(loan)
  const open = instalments.filter(({ status }) => status === 'open')
  return { status: row.status, stage: row.stage, instalments, open }
}

// Each test has a lender of its own.
let lenders = 900_000
const newWorld = () => (world = loansWorld(database, lenderId((lenders += 1))))

describe('a loan that is repaid', () => {
  it('costs nothing until its due day, and frees the line', async () => {
    const { open, passTo, pay, repaid } = newWorld()
    const loan = await open(50_000)
    await passTo(loan.dueOn)
    const row = await pay(loan, 'full')
    expect(row).toMatchObject({ status: 'done', amount_fen: 50_000, interest_fen: 0 })
    expect(await openOf(loan)).toMatchObject({ status: 'settled', open: [] })
    expect(repaid.map(({ amountFen }) => amountFen)).toEqual([50_000])
    await booksAgree()
  })

  it('after its due day bears one and a half times the rate, by the day', async () => {
    const { open, passTo, pay, stages } = newWorld()
    const loan = await open(100_000)
    await passTo(addDays(loan.dueOn, 10))
    // 14.6 % × 1.5 a year is 60 fen a day on 1,000 yuan; the tenth day is accrued by the payment itself.
    const row = await pay(loan, 'full')
    expect(row).toMatchObject({ penalty_fen: 600, principal_fen: 100_000, amount_fen: 100_600 })
    expect(stages.map(({ stage, suspends }) => [stage, suspends])).toEqual([
      ['overdue', true],
      ['attention', true],
      ['current', false],
    ])
    await booksAgree()
  })

  it('in part before its time: less is due, and nothing is owed for it', async () => {
    const { open, passTo, pay } = newWorld()
    const loan = await open(100_000)
    await passTo(addDays(loan.dueOn, -10))
    await pay(loan, 'partial', 30_000)
    await passTo(addDays(loan.dueOn, 1))
    expect((await openOf(loan)).open[0]?.open).toMatchObject({ principalFen: 70_000 })
    await expect(pay(loan, 'partial', 80_000)).rejects.toThrow('credit.repayment_too_much')
    await pay(loan, 'full')
    await expect(pay(loan, 'full')).rejects.toThrow('credit.nothing_owed')
    await booksAgree()
  })

  it('by somebody of the family, once for a number', async () => {
    const { open, loans, newId, collector } = newWorld()
    const loan = await open(20_000)
    const request = {
      lenderId: world.lender,
      loanId: loan.loanId,
      repaymentNo: 'family-1',
      payerId: newId<'Person'>(),
      source: 'family',
      scope: 'partial',
      amountFen: fen(5_000),
    } as const
    await Promise.all([loans.repay(request), loans.repay(request)])
    await loans.repay(request)
    expect(collector.takenFen()).toBe(5_000)
    expect(totalOf((await openOf(loan)).open[0]?.open ?? ({} as never))).toBe(15_000)
    const other = { ...request, amountFen: fen(6_000) }
    await expect(loans.repay(other)).rejects.toThrow('credit.repayment_reused')
    await booksAgree()
  })
})

describe('a loan in instalments', () => {
  it('[N5] is offered with its rate, changed by consent, and paid as it was shown', async () => {
    const { open, passTo, pay, loans } = newWorld()
    const loan = await open(120_000)
    const ways = await loans.waysOf(loan)
    expect(ways.map(({ refusedBy }) => refusedBy)).toEqual([
      null,
      null,
      null,
      'credit.offer_above_cap',
    ])
    const offer = ways[0]?.offer
    if (!offer) throw new Error('it is offered')
    const consent = { aprPpm: offer.apr.shownPpm, totalFen: offer.totalFen }
    const change = { ...loan, way: 'equal_payment', periods: 3, consent } as const
    const wrong = { ...change, consent: { ...consent, aprPpm: 1 } }
    await expect(loans.changeWay(wrong)).rejects.toThrow('credit.offer_changed')
    await loans.changeWay(change)
    await loans.changeWay(change)
    await expect(loans.changeWay({ ...change, way: 'flat_fee', periods: 12 })).rejects.toThrow(
      'credit.loan_in_instalments',
    )
    for (const due of offer.schedule) {
      await passTo(due.dueOn)
      const row = await pay(loan, 'due')
      expect(row).toMatchObject({
        principal_fen: due.principalFen,
        interest_fen: due.interestFen,
        penalty_fen: 0,
      })
    }
    expect((await openOf(loan)).status).toBe('settled')
    await booksAgree()
  })

  it('repaid in whole in the middle of a period: interest to that day, no later fees', async () => {
    const { open, passTo, pay, loans } = newWorld()
    const loan = await open(120_000, 'flat_fee')
    const { instalments } = await loans.loanOf(loan)
    await passTo(addDays(instalments[0]?.dueOn ?? loan.dueOn, 5))
    const row = await pay(loan, 'full')
    expect(row).toMatchObject({ principal_fen: 120_000, fee_fen: 720 })
    expect((await openOf(loan)).status).toBe('settled')
    await booksAgree()
  })

  it('a partial payment before its time makes the rest anew, by the same rules', async () => {
    const { open, passTo, pay, loans } = newWorld()
    const loan = await open(120_000, 'equal_payment')
    const before = (await loans.loanOf(loan)).instalments
    const first = before[0]?.dueOn ?? loan.dueOn
    await passTo(addDays(first, -10))
    await pay(loan, 'partial', 40_000)
    const { open: rest } = await openOf(loan)
    expect(rest).toHaveLength(3)
    const principal = rest.reduce((sum, { open: { principalFen } }) => sum + principalFen, 0)
    const interest = (await loans.loanOf(loan)).instalments[0]?.paid.interestFen ?? 0
    expect(interest).toBeGreaterThan(0)
    expect(principal).toBe(120_000 - 40_000 + interest)
    await booksAgree()
    for (const { dueOn } of rest) {
      await passTo(dueOn)
      await pay(loan, 'due')
    }
    expect((await openOf(loan)).status).toBe('settled')
    await booksAgree()
  })

  it('a refund of the hospital lowers what is owed, once, and says what was repaid before', async () => {
    const { open, passTo, pay, loans, clock, db } = newWorld()
    const loan = await open(90_000, 'equal_principal')
    const before = (await loans.loanOf(loan)).instalments
    await passTo(before[0]?.dueOn ?? loan.dueOn)
    await pay(loan, 'due')
    await passTo(addDays(before[0]?.dueOn ?? loan.dueOn, 7))
    const reduce = (amountFen: number, cause: string) =>
      inHospital(db, world.lender, (tx) =>
        loans.reducePrincipal(tx, {
          lenderId: world.lender,
          loanId: loan.loanId,
          amountFen: fen(amountFen),
          at: clock.now(),
          cause,
        }),
      )
    expect(await reduce(30_000, 'r1')).toMatchObject({ reducedFen: 30_000 })
    expect(await reduce(30_000, 'r1')).toMatchObject({ reducedFen: 30_000 })
    const { open: rest } = await openOf(loan)
    expect(rest.map(({ open: { principalFen } }) => principalFen)).toEqual(Array(5).fill(9_000))
    expect(await reduce(60_000, 'r2')).toMatchObject({ reducedFen: 45_000 })
    const { open: left } = await openOf(loan)
    expect(left.map(({ open: owed }) => owed.principalFen)).toEqual([0])
    expect(left[0]?.open.interestFen).toBeGreaterThan(0)
    await pay(loan, 'full')
    expect((await openOf(loan)).status).toBe('settled')
    // The settler posts the reductions itself; here nobody did.
    const { instalments, ledger } = await threeBooks(database, world.lender)
    expect(ledger.principal - instalments.principal).toBe(75_000)
    await inHospital(db, world.lender, (tx) =>
      world.deps.ledger.post(tx, {
        hospitalId: world.lender,
        businessDate: loan.dueOn,
        cause: 'refunds',
        subject: 'refunds',
        memo: '',
        transfers: [
          {
            debit: { code: 'owed/hospital/1', kind: 'liability' },
            credit: { code: 'loans/principal', kind: 'asset' },
            amountFen: fen(75_000),
          },
        ],
      }),
    )
    await booksAgree()
  })
})

describe('automatic debit', () => {
  it('is tried on the due day and one, three and seven days later, once a day', async () => {
    const { open, passTo, loans, collector, inBook } = newWorld()
    const loan = await open(10_000)
    collector.script = 'refuses'
    for (let late = 0; late <= 8; late++) {
      await passTo(addDays(loan.dueOn, late))
      await loans.debitDue(world.lender)
      await loans.debitDue(world.lender)
    }
    const rows = await inBook(sql<{ on: string; status: string }>`
      select business_date as on, status from credit.repayment
      where hospital_id = ${world.lender} and loan_id = ${loan.loanId} order by business_date`)
    expect(rows.map(({ on }) => on)).toEqual([0, 1, 3, 7].map((late) => addDays(loan.dueOn, late)))
    expect(rows.every(({ status }) => status === 'refused')).toBe(true)
    const events = await inBook(sql<{ kind: string }>`
      select kind from credit.loan_event
      where hospital_id = ${world.lender} and loan_id = ${loan.loanId} and kind like 'reminder:%' order by at`)
    expect(events.map(({ kind }) => kind)).toEqual(
      [-3, 0, 1, 3, 7].map((days) => `reminder:${days}`),
    )
  })

  it('an unknown answer is asked about, and nothing else is taken meanwhile', async () => {
    const { open, passTo, pay, loans, collector, clock } = newWorld()
    const loan = await open(10_000)
    await passTo(loan.dueOn)
    collector.script = 'takes_and_is_silent'
    await loans.debitDue(world.lender)
    await expect(pay(loan, 'full')).rejects.toThrow('credit.repayment_running')
    clock.advance(MINUTE_MS)
    expect(await loans.resolveRepayments(world.lender)).toBe(0)
    collector.script = 'takes'
    // It was asked about just now: the bank has a minute before it is asked again.
    expect(await loans.resolveRepayments(world.lender)).toBe(0)
    clock.advance(MINUTE_MS)
    expect(await loans.resolveRepayments(world.lender)).toBe(1)
    expect((await openOf(loan)).status).toBe('settled')
    expect(collector.takenFen()).toBe(10_000)
    await booksAgree()
  })

  it('what was never taken is asked for again under its number', async () => {
    const { open, passTo, loans, collector, clock } = newWorld()
    const loan = await open(10_000)
    await passTo(loan.dueOn)
    collector.script = 'is_silent'
    await loans.debitDue(world.lender)
    collector.script = 'takes'
    clock.advance(MINUTE_MS)
    expect(await loans.resolveRepayments(world.lender)).toBe(1)
    expect(collector.taken.size).toBe(1)
    expect((await openOf(loan)).status).toBe('settled')
  })

  it('money taken for what a refund has paid meanwhile is the payer’s', async () => {
    const { open, passTo, loans, collector, clock, db, inBook } = newWorld()
    const loan = await open(10_000)
    await passTo(loan.dueOn)
    collector.script = 'takes_and_is_silent'
    await loans.debitDue(world.lender)
    await inHospital(db, world.lender, (tx) =>
      loans.reducePrincipal(tx, {
        lenderId: world.lender,
        loanId: loan.loanId,
        amountFen: fen(4_000),
        at: clock.now(),
        cause: 'r3',
      }),
    )
    collector.script = 'takes'
    clock.advance(MINUTE_MS)
    await loans.resolveRepayments(world.lender)
    const [row] = await inBook(sql<{ excess: number; principal: number }>`
      select excess_fen as excess, principal_fen as principal from credit.repayment
      where hospital_id = ${world.lender} and loan_id = ${loan.loanId}`)
    expect(row).toEqual({ excess: 4_000, principal: 6_000 })
    expect((await openOf(loan)).status).toBe('settled')
  })
})

describe('a sweep over many', () => {
  it('goes on past a debit and a repayment that fail, and says which', async () => {
    const { open, passTo, loans, collector, clock } = newWorld()
    const all = [await open(10_000), await open(20_000), await open(30_000)]
    await passTo(all[0]?.dueOn ?? ('' as never))
    const failed: string[] = []
    const note = (_error: unknown, subject: string) => void failed.push(subject)
    collector.breaksOn = all[0]?.loanId ?? null
    collector.script = 'is_silent'
    expect(await loans.debitDue(world.lender, note)).toBe(2)
    expect(failed).toEqual([`loan:${all[0]?.loanId}`])
    collector.script = 'takes'
    clock.advance(MINUTE_MS)
    expect(await loans.resolveRepayments(world.lender, note)).toBe(2)
    expect(failed).toHaveLength(2)
    expect(failed[1]).toMatch(/^repayment:debit:/)
  })

  it('notes two repayments of a day, and writes both down', async () => {
    const { open, pay, inBook } = newWorld()
    const loan = await open(30_000)
    await pay(loan, 'partial', 1_000)
    await pay(loan, 'partial', 2_000)
    const events = await inBook(sql`select about from credit.loan_event
      where hospital_id = ${world.lender} and loan_id = ${loan.loanId} and kind = 'repayment:done:payer'`)
    const audits = await inBook(sql`select actor from platform.audit
      where hospital_id = ${world.lender} and subject = ${`loan:${loan.loanId}`} and action = 'credit.repaid'`)
    expect(events).toHaveLength(2)
    expect(audits).toEqual(Array(2).fill({ actor: `person:${loan.personId}` }))
  })
})

describe('a loan that is given up', () => {
  const actor = (name: string) => ({ name: `staff:${name}`, requestId: null })

  it('and refunded by the hospital owes the borrower only what they repaid, once for a cause', async () => {
    const { open, passTo, pay, loans, clock, db } = newWorld()
    const loan = await open(100_000)
    await pay(loan, 'partial', 30_000)
    await passTo(addDays(loan.dueOn, 100))
    await loans.proposeWriteOff({ ...loan, reason: 'gone' }, actor('a'))
    await loans.approveWriteOff(loan, actor('b'))
    const reduce = (amountFen: number, cause: string) =>
      inHospital(db, world.lender, (tx) =>
        loans.reducePrincipal(tx, {
          lenderId: world.lender,
          loanId: loan.loanId,
          amountFen: fen(amountFen),
          at: clock.now(),
          cause,
        }),
      )
    expect(await reduce(60_000, 'r1')).toEqual({ reducedFen: 0, recoveredFen: 60_000 })
    expect(await reduce(60_000, 'r1')).toEqual({ reducedFen: 0, recoveredFen: 60_000 })
    expect(await reduce(40_000, 'r2')).toEqual({ reducedFen: 0, recoveredFen: 10_000 })
  })

  it('[N7] is so by two people, and what comes later is income', async () => {
    const { open, passTo, pay, loans, repaid, inBook } = newWorld()
    const loan = await open(100_000)
    const proposal = { ...loan, reason: 'gone abroad' }
    await expect(loans.proposeWriteOff(proposal, actor('a'))).rejects.toThrow(
      'credit.loan_not_overdue',
    )
    await passTo(addDays(loan.dueOn, 100))
    expect((await openOf(loan)).stage).toBe('substandard')
    const { now } = await loans.portfolio(world.lender)
    expect(now.badDebtPpm).toBeGreaterThan(0)
    await expect(loans.approveWriteOff(loan, actor('b'))).rejects.toThrow(
      'credit.write_off_not_proposed',
    )
    await loans.proposeWriteOff(proposal, actor('a'))
    await expect(loans.approveWriteOff(loan, actor('a'))).rejects.toThrow(
      'credit.write_off_by_another',
    )
    await loans.approveWriteOff(loan, actor('b'))
    await loans.approveWriteOff(loan, actor('b'))
    expect(repaid.map(({ amountFen }) => amountFen)).toEqual([100_000])
    await passTo(addDays(loan.dueOn, 130))
    const row = await pay(loan, 'partial', 6_100)
    expect(row).toMatchObject({ penalty_fen: 6_000, principal_fen: 100 })
    const [recovered] = await inBook(sql<{ fen: number }>`
      select credit_fen as fen from ledger.account_balance
      where hospital_id = ${world.lender} and code = 'income/recovered'`)
    expect(recovered?.fen).toBe(6_100)
  })
})
