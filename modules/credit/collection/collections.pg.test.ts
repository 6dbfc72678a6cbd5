import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { addDays, HOUR_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { systemActor } from '../../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { problemsOf } from '../../ledger/testing/checks.ts'
import { threeBooks } from '../loan/testing/agreement.ts'
import { lenderId, type LenderId, type LoanId, type PersonId } from '../terms.ts'
import { createLending, type Lending } from '../testing/lending.ts'
import type { Received } from './report.ts'

const BANK_STAFF = systemActor('bank')

let db: TestDatabase
let world: Lending
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => {
  seed += 2
  world = await createLending(
    db,
    `collections-${seed}`,
    lenderId(910_000 + seed),
    lenderId(910_001 + seed),
  )
})

const booksAgree = async (of: LenderId) => {
  expect(await inHospital(db, of, (tx) => problemsOf(tx, of))).toEqual([])
  const { instalments, subLedger, ledger } = await threeBooks(db, of)
  expect([subLedger, ledger]).toEqual([instalments, instalments])
}

/** A loan that came of a visit, and the day on which it is due. */
async function lent(of: LenderId, amount = 30_000) {
  const { personId, key, order } = await world.visited(of, amount)
  const { loanId } = await world.credit.settleVisit(key, 'left')
  const [found] = await world.loansOf(of, personId)
  const dueOn = found?.instalments[0]?.dueOn
  if (!loanId || !dueOn) throw new Error('the visit is a loan')
  return { lenderId: of, personId, loanId, dueOn, order, visitId: key.visitId }
}

let numbers = 0
const repay = (
  { lenderId: of, loanId, personId }: { lenderId: LenderId; loanId: LoanId; personId: PersonId },
  scope: 'partial' | 'due' | 'full',
  amount?: number,
  source: 'payer' | 'family' = 'payer',
) =>
  world.loans.repay({
    lenderId: of,
    loanId,
    repaymentNo: `R-${(numbers += 1)}`,
    payerId: source === 'family' ? world.newId<'Person'>() : personId,
    source,
    scope,
    ...(amount === undefined ? {} : { amountFen: fen(amount) }),
  })

const report = (changes: Partial<Received> & Pick<Received, 'about'>) =>
  world.collections.reportReceived(
    {
      lenderId: world.lender,
      reference: `B-${seed}`,
      amountFen: fen(30_000),
      receivedAt: world.clock.now(),
      payer: 'self',
      ...changes,
    },
    BANK_STAFF,
  )

const loanOf = async ({ lenderId: of, personId }: { lenderId: LenderId; personId: PersonId }) =>
  (await world.loansOf(of, personId))[0]?.loan

describe('[N7] a repayment with a bank that only wants the ledger', () => {
  it('is announced, and done when the bank says it has the money, once for its reference', async () => {
    const loan = await lent(world.lender)
    expect(await repay(loan, 'full')).toMatchObject({ status: 'asking' })
    const [asked] = await world.collections.asking(world.lender)
    expect(asked).toMatchObject({ loan_id: loan.loanId, amount_fen: 30_000, source: 'payer' })
    const about = { number: asked?.number ?? '' }
    const told = await Promise.all([report({ about }), report({ about }), report({ about })])
    expect(told.map(({ booked_as }) => booked_as)).toEqual(Array(3).fill('announced'))
    expect(await loanOf(loan)).toMatchObject({ status: 'settled' })
    expect(await world.use(world.lender, loan.personId)).toEqual([0, 0])
    expect(await world.collections.asking(world.lender)).toEqual([])
    await expect(report({ about, amountFen: fen(1) })).rejects.toThrow('credit.report_differs')
    expect(await world.balance(world.lender, 'collected')).toBe(30_000)
    await booksAgree(world.lender)
  })

  it('that the bank refuses is refused, and may be wanted again', async () => {
    const loan = await lent(world.lender)
    await repay(loan, 'full')
    const [asked] = await world.collections.asking(world.lender)
    const refusal = { lenderId: world.lender, number: asked?.number ?? '', reason: 'no_money' }
    await world.collections.refuse(refusal, BANK_STAFF)
    await world.collections.refuse(refusal, BANK_STAFF)
    expect(await world.loans.resolveRepayments(world.lender)).toBe(0)
    expect(await repay(loan, 'partial', 5_000)).toMatchObject({ status: 'asking' })
  })

  it('that nobody answers in time is taken back; money that comes all the same is booked', async () => {
    const loan = await lent(world.lender)
    await repay(loan, 'full')
    const [asked] = await world.collections.asking(world.lender)
    world.clock.advance(2 * HOUR_MS)
    expect(await world.loans.resolveRepayments(world.lender)).toBe(1)
    const late = await report({ about: { number: asked?.number ?? '' } })
    expect(late.booked_as).toBe('repayment')
    expect(await loanOf(loan)).toMatchObject({ status: 'settled' })
    await booksAgree(world.lender)
  })

  it('of another amount than announced is booked as what it is', async () => {
    const loan = await lent(world.lender)
    await repay(loan, 'full')
    const [asked] = await world.collections.asking(world.lender)
    await report({ about: { number: asked?.number ?? '' }, amountFen: fen(12_000) })
    expect(await loanOf(loan)).toMatchObject({ status: 'open' })
    expect(await world.use(world.lender, loan.personId)).toEqual([0, 18_000])
    expect(await repay(loan, 'full')).toMatchObject({ status: 'asking', amount_fen: 18_000 })
    await booksAgree(world.lender)
  })

  it('by family, in part and without being announced; what is too much is the payer’s', async () => {
    const loan = await lent(world.lender)
    const about = { loanId: loan.loanId }
    await report({ about, reference: 'F-1', amountFen: fen(10_000), payer: 'family' })
    await report({ about, reference: 'F-2', amountFen: fen(25_000) })
    await report({ about, reference: 'F-3', amountFen: fen(700) })
    expect(await loanOf(loan)).toMatchObject({ status: 'settled' })
    expect(await world.balance(world.lender, 'owed/payers')).toBe(-5_700)
    const { payers } = await world.credit.payouts.owed(world.lender)
    expect(payers).toEqual([{ personId: loan.personId, owedFen: 5_700, heldFen: 0 }])
    await booksAgree(world.lender)
  })

  it('about nothing of ours, or of tomorrow, is an error that is named', async () => {
    const nothing: LoanId = world.newId<'Loan'>()
    await expect(report({ about: { loanId: nothing } })).rejects.toThrow('credit.loan_not_found')
    await expect(report({ about: { number: 'X' } })).rejects.toThrow('collection_not_found')
    const receivedAt = new Date(world.clock.now().getTime() + HOUR_MS)
    const future = report({ about: { loanId: nothing }, receivedAt })
    await expect(future).rejects.toThrow('credit.report_in_future')
  })

  it('after the loan was given up is recovered, as income', async () => {
    const loan = await lent(world.lender)
    await world.passTo(world.lender, addDays(loan.dueOn, 100))
    const actor = (name: string) => ({ name, requestId: null })
    await world.loans.proposeWriteOff({ ...loan, reason: '失联' }, actor('a'))
    await world.loans.approveWriteOff(loan, actor('b'))
    await report({ about: { loanId: loan.loanId }, amountFen: fen(4_000) })
    expect(await world.balance(world.lender, 'income/recovered')).toBe(-4_000)
    await booksAgree(world.lender)
  })
})

describe('[N7] an automatic debit with a bank that only wants the ledger', () => {
  it('is announced on each day of the ladder until the bank has the money', async () => {
    const loan = await lent(world.lender)
    const seen: (string | undefined)[] = []
    for (const late of [0, 1, 2, 3]) {
      await world.passTo(world.lender, addDays(loan.dueOn, late))
      await world.loans.resolveRepayments(world.lender)
      await world.loans.debitDue(world.lender)
      const [asked] = await world.collections.asking(world.lender)
      seen.push(asked?.source)
      if (late === 3)
        await report({ about: { number: asked?.number ?? '' }, amountFen: fen(30_054) })
    }
    expect(seen).toEqual(['debit', 'debit', undefined, 'debit'])
    expect(await loanOf(loan)).toMatchObject({ status: 'settled' })
    await booksAgree(world.lender)
  })
})

describe('[N5] an early payment with a bank that only wants the ledger', () => {
  const payEarly = (at: Awaited<ReturnType<Lending['visited']>>) =>
    world.credit.payVisitEarly({
      ...at.key,
      personId: at.personId,
      repaymentId: world.newId<never>() as Id<never>,
    })

  it('keeps the visit waiting until the bank has the money', async () => {
    const at = await world.visited(world.lender)
    expect(await payEarly(at)).toMatchObject({ status: 'paying' })
    const [asked] = await world.collections.asking(world.lender)
    await report({ about: { number: asked?.number ?? '' } })
    expect(await world.credit.visit(at.key)).toMatchObject({ status: 'repaid' })
    expect(await world.use(world.lender, at.personId)).toEqual([0, 0])
    await booksAgree(world.lender)
  })

  it('that came too late pays the loan, or is the payer’s where there is none', async () => {
    const settled = await world.visited(world.lender)
    const open = await world.visited(world.lender)
    await payEarly(settled)
    await payEarly(open)
    const asked = await world.collections.asking(world.lender)
    const numberOf = ({ key }: typeof open) =>
      asked.find(({ visit_id }) => visit_id === key.visitId)?.number ?? ''
    world.clock.advance(2 * HOUR_MS + MINUTE_MS)
    await world.credit.settleVisit(settled.key, 'left')
    await world.credit.sweep(world.lender)
    expect(await world.credit.visit(settled.key)).toMatchObject({ status: 'settled' })
    expect(await world.credit.visit(open.key)).toMatchObject({ status: 'open' })
    const late = { reference: 'L-1', about: { number: numberOf(settled) } }
    expect((await report(late)).booked_as).toBe('repayment')
    const surplus = { reference: 'L-2', about: { number: numberOf(open) } }
    expect((await report(surplus)).booked_as).toBe('owed_to_payer')
    const { payers } = await world.credit.payouts.owed(world.lender)
    expect(payers).toEqual([{ personId: open.personId, owedFen: 30_000, heldFen: 0 }])
    await booksAgree(world.lender)
  })
})

describe('[N7] a repayment with a bank that has an interface', () => {
  it('is one of the bank’s, about the visit, under a number that is kept', async () => {
    const loan = await lent(world.bankId)
    expect(await repay(loan, 'partial', 10_000)).toMatchObject({ status: 'done' })
    expect(await repay(loan, 'full')).toMatchObject({ status: 'done', amount_fen: 20_000 })
    const numbersAtBank = [...world.bank.repayments.keys()]
    expect(numbersAtBank.every((number) => /^[0-9A-Z]{30}$/.test(number))).toBe(true)
    expect([...world.bank.repayments.values()].map(({ amountFen }) => amountFen)).toEqual([
      10_000, 20_000,
    ])
    expect(world.bank.asked.map(({ scope, about }) => [scope, about])).toEqual([
      ['partial', { visitId: loan.visitId }],
      ['full', { visitId: loan.visitId }],
    ])
    expect(await loanOf(loan)).toMatchObject({ status: 'settled' })
    await booksAgree(world.bankId)
  })

  it('of a draw outside of a visit is about that draw', async () => {
    const personId = await world.person(world.bankId)
    const order = await world.drawn(personId, 8_000, true)
    const [found] = await world.loansOf(world.bankId, personId)
    if (!found) throw new Error('a single draw is a loan')
    await repay({ lenderId: world.bankId, personId, loanId: found.loan.id }, 'full')
    expect(world.bank.asked.map(({ about }) => about)).toEqual([{ drawNo: order.tradeNo }])
  })

  it.each(['lost_answer', 'lost_request'] as const)(
    'in doubt (%s) is asked about under the same number, and ends by what the bank says',
    async (fault) => {
      const loan = await lent(world.bankId)
      world.bank.fault('repay', fault)
      expect(await repay(loan, 'full')).toMatchObject({ status: 'asking' })
      world.clock.advance(MINUTE_MS)
      expect(await world.loans.resolveRepayments(world.bankId)).toBe(1)
      const isPaid = fault === 'lost_answer'
      expect(await loanOf(loan)).toMatchObject({ status: isPaid ? 'settled' : 'open' })
      expect(world.bank.repayments.size).toBe(isPaid ? 1 : 0)
      const again = await repay(loan, 'full').then(
        ({ status }) => status,
        (error: unknown) => String(error),
      )
      expect(again).toMatch(isPaid ? 'credit.nothing_owed' : 'done')
      await booksAgree(world.bankId)
    },
  )

  it('by debit without money is tried again on the days of the ladder', async () => {
    const loan = await lent(world.bankId)
    world.bank.fault('repay', { refuse: 'no_money' })
    await world.passTo(world.bankId, loan.dueOn)
    await world.loans.debitDue(world.bankId)
    expect(await loanOf(loan)).toMatchObject({ status: 'open' })
    await world.passTo(world.bankId, addDays(loan.dueOn, 1))
    await world.loans.debitDue(world.bankId)
    expect(await loanOf(loan)).toMatchObject({ status: 'settled' })
    await booksAgree(world.bankId)
  })

  it('by family is paid at the bank, which says so', async () => {
    const loan = await lent(world.bankId)
    expect(await repay(loan, 'partial', 5_000, 'family')).toMatchObject({
      status: 'refused',
      refusal: 'family_pays_at_the_bank',
    })
    const about = { loanId: loan.loanId }
    await report({ lenderId: world.bankId, about, amountFen: fen(5_000), payer: 'family' })
    expect(await world.use(world.bankId, loan.personId)).toEqual([0, 25_000])
    await booksAgree(world.bankId)
  })
})
