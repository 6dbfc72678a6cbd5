import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { problemsOf } from '../ledger/testing/checks.ts'
import { threeBooks } from './loan/testing/agreement.ts'
import { lenderId, type LenderId, type PersonId } from './terms.ts'
import { HOSPITAL } from './testing/fixture.ts'
import { createLending, type Lending } from './testing/lending.ts'

const STAFF = (name: string) => ({ name: `staff:${name}`, requestId: null })

let db: TestDatabase
let world: Lending
let seed = 0
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())
beforeEach(async () => void (world = await newWorld()))

function newWorld() {
  seed += 2
  return createLending(db, `ends-${seed}`, lenderId(920_000 + seed), lenderId(920_001 + seed))
}

const booksAgree = async (of: LenderId) => {
  expect(await inHospital(db, of, (tx) => problemsOf(tx, of))).toEqual([])
  const { instalments, subLedger, ledger } = await threeBooks(db, of)
  expect([subLedger, ledger]).toEqual([instalments, instalments])
}

const agreed = (personId: PersonId, changes: { visitNo?: string | null; isStay?: boolean }) =>
  world.credit.agreeToVisit(
    {
      lenderId: world.lender,
      visitId: world.newId<'CreditVisit'>(),
      personId,
      careHospitalId: HOSPITAL,
      visitNo: 'V-1',
      isStay: false,
      reserveFen: fen(50_000),
      way: null,
      consentVersion: 'v1',
      ...changes,
    },
    STAFF('desk'),
  )

const left = (about: { personId?: PersonId; visitNo?: string; hospital?: HospitalId }) => ({
  personId: about.personId ?? null,
  visitNo: about.visitNo ?? null,
  careHospitalId: about.hospital ?? HOSPITAL,
})

describe('[N5] when a person leaves', () => {
  it('the visit of that number is settled once, and told once', async () => {
    const { personId, key } = await world.visited(world.lender)
    const elsewhere = left({ visitNo: 'V-1', hospital: 18 as HospitalId })
    expect(await world.credit.endVisits(elsewhere, 'left')).toEqual([])
    const told = await Promise.all(
      [1, 2, 3].map(() => world.credit.endVisits(left({ visitNo: 'V-1' }), 'left')),
    )
    expect(told.flat()[0]).toMatchObject({ id: key.visitId, status: 'settled' })
    expect(await world.credit.endVisits(left({ visitNo: 'V-1' }), 'left')).toEqual([])
    expect(world.told).toEqual([{ id: key.visitId, status: 'settled' }])
    expect(await world.loansOf(world.lender, personId)).toHaveLength(1)
    await booksAgree(world.lender)
  })

  it('a stay goes on until its discharge, and a visit of the whole day ends by its person', async () => {
    const personId = await world.person(world.lender, 200_000)
    const stay = await agreed(personId, { visitNo: 'S-1', isStay: true })
    const day = await agreed(personId, { visitNo: null })
    expect(await world.credit.endVisits(left({ visitNo: 'S-1' }), 'left')).toEqual([])
    const gone = await world.credit.endVisits(left({ personId }), 'left')
    expect(gone).toMatchObject([{ id: day.id, status: 'empty' }])
    const home = await world.credit.endVisits(left({ visitNo: 'S-1' }), 'discharged')
    expect(home).toMatchObject([{ id: stay.id, status: 'empty', endCause: 'discharged' }])
    expect(await world.use(world.lender, personId)).toEqual([0, 0])
    await expect(world.credit.endVisits(left({}), 'left')).rejects.toThrow('visit_not_named')
  })
})

describe('[N5] a refund', () => {
  it('reduces the draw, then the loan, and then is owed to the payer, who is paid by two', async () => {
    const { personId, order, key } = await world.visited(world.lender, 30_000)
    const back = (amount: number) =>
      world.credit.source.refund(world.call, world.refundOf(order, amount))
    await back(10_000)
    expect(await world.use(world.lender, personId)).toEqual([20_000, 20_000])
    const { loanId } = await world.credit.settleVisit(key, 'left')
    await back(5_000)
    expect(await world.use(world.lender, personId)).toEqual([0, 15_000])
    if (!loanId) throw new Error('the visit is a loan')
    const paid = { about: { loanId }, amountFen: fen(15_000), receivedAt: world.clock.now() }
    const report = { lenderId: world.lender, reference: 'B-1', payer: 'self', ...paid } as const
    await world.collections.reportReceived(report, STAFF('bank'))
    await back(15_000)
    expect(await world.balance(world.lender, 'owed/payers')).toBe(-15_000)
    await payOut(personId)
    expect(await world.balance(world.lender, 'owed/payers')).toBe(0)
    await booksAgree(world.lender)
  })

  async function payOut(personId: PersonId) {
    const { payouts } = world.credit
    const wish = (amount: number) => ({
      lenderId: world.lender,
      id: world.newId<'CreditPayout'>(),
      to: { personId },
      amountFen: fen(amount),
      grounds: '已还款后退费',
    })
    await expect(payouts.propose(wish(15_001), STAFF('a'))).rejects.toThrow('payout_too_much')
    const raced = await Promise.allSettled(
      [1, 2, 3].map(() => payouts.propose(wish(15_000), STAFF('a'))),
    )
    const [made] = raced.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const verdict = { lenderId: world.lender, id: made?.id ?? world.newId(), transferNo: 'T-1' }
    await expect(payouts.decide(verdict, STAFF('a'))).rejects.toThrow('payout_by_another')
    await Promise.all([payouts.decide(verdict, STAFF('b')), payouts.decide(verdict, STAFF('b'))])
    const other = { ...verdict, transferNo: 'T-2' }
    await expect(payouts.decide(other, STAFF('b'))).rejects.toThrow('payout_decided')
    expect((await payouts.owed(world.lender)).payers).toEqual([])
  }
})

it('[P8] what people drew at a hospital is paid to it by two, never more than is owed', async () => {
  await world.visited(world.lender, 30_000)
  const { payouts } = world.credit
  const wish = (amount: number) => ({
    lenderId: world.lender,
    id: world.newId<'CreditPayout'>(),
    to: { careHospitalId: HOSPITAL },
    amountFen: fen(amount),
    grounds: '2026-11 结算',
  })
  const raced = await Promise.allSettled(
    [20_000, 20_000, 20_000].map((amount) => payouts.propose(wish(amount), STAFF('a'))),
  )
  expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const [proposed] = await payouts.list(world.lender)
  const refused = { lenderId: world.lender, id: proposed?.id ?? world.newId(), transferNo: null }
  expect(await payouts.decide(refused, STAFF('b'))).toMatchObject({ status: 'refused' })
  const again = await payouts.propose(wish(30_000), STAFF('a'))
  await payouts.decide({ ...refused, id: again.id, transferNo: 'T-9' }, STAFF('b'))
  expect(await world.balance(world.lender, `owed/hospital/${HOSPITAL}`)).toBe(0)
  expect(await world.balance(world.lender, 'treasury')).toBe(-30_000)
  expect((await payouts.owed(world.lender)).hospitals).toEqual([
    { careHospitalId: HOSPITAL, owedFen: 0, heldFen: 0 },
  ])
})

it('[N7] a refund after the loan was given up pays no defaulter', async () => {
  const { personId, key, order } = await world.visited(world.lender, 30_000)
  const { loanId } = await world.credit.settleVisit(key, 'left')
  const [loan] = await world.loansOf(world.lender, personId)
  if (!loanId || !loan?.instalments[0]) throw new Error('the visit is a loan')
  await world.passTo(world.lender, addDays(loan.instalments[0].dueOn, 100))
  const ref = { lenderId: world.lender, loanId }
  await world.loans.proposeWriteOff({ ...ref, reason: 'gone' }, STAFF('a'))
  await world.loans.approveWriteOff(ref, STAFF('b'))
  await world.credit.source.refund(world.call, world.refundOf(order, 30_000))
  expect(await world.balance(world.lender, 'owed/payers')).toBe(0)
  expect(await world.balance(world.lender, 'income/recovered')).toBe(-30_000)
  expect(await world.balance(world.lender, `owed/hospital/${HOSPITAL}`)).toBe(0)
  expect(await world.use(world.lender, personId)).toEqual([0, 0])
  await booksAgree(world.lender)
})

it('[N5] a stay of which nobody tells the discharge is settled on its last day', async () => {
  const personId = await world.person(world.lender, 200_000)
  const stay = await agreed(personId, { visitNo: 'V-1', isStay: true })
  await world.drawn(personId, 20_000)
  const key = { lenderId: world.lender, visitId: stay.id }
  world.clock.advance(59 * DAY_MS)
  await world.credit.sweep(world.lender)
  expect(await world.credit.visit(key)).toMatchObject({ status: 'open' })
  world.clock.advance(DAY_MS)
  expect(await world.credit.nextDueAt(world.lender)).toEqual(stay.endsAt)
  await world.credit.sweep(world.lender)
  expect(await world.credit.visit(key)).toMatchObject({ status: 'settled', settledFen: 20_000 })
})

it('a visit that fails is put off, and due again later', async () => {
  const personId = await world.person(world.lender, 200_000)
  const visit = await agreed(personId, {})
  await world.drawn(personId, 20_000)
  const broken = sql`update credit.line set product_id = 'lost' where person_id = ${personId}`
  await inHospital(db, world.lender, (tx) => broken.execute(tx))
  world.clock.set(visit.endsAt)
  const failed: string[] = []
  const sweep = () => world.credit.sweep(world.lender, (_error, what) => void failed.push(what))
  expect([await sweep(), await sweep()]).toEqual([1, 0])
  expect(failed).toEqual([`visit:${visit.id}`])
  expect(await world.credit.nextDueAt(world.lender)).toEqual(addMs(visit.endsAt, MINUTE_MS))
  const mended = sql`update credit.line set product_id = 'visit-1' where person_id = ${personId}`
  await inHospital(db, world.lender, (tx) => mended.execute(tx))
  world.clock.advance(MINUTE_MS)
  await sweep()
  const key = { lenderId: world.lender, visitId: visit.id }
  expect(await world.credit.visit(key)).toMatchObject({ status: 'settled' })
})

describe('[N6] a line whose loan is overdue', () => {
  it('is suspended on the stage, and used again when the loan is paid', async () => {
    const { personId, key } = await world.visited(world.lender)
    const { loanId } = await world.credit.settleVisit(key, 'left')
    const [loan] = await world.loansOf(world.lender, personId)
    if (!loanId || !loan?.instalments[0]) throw new Error('the visit is a loan')
    await world.passTo(world.lender, addDays(loan.instalments[0].dueOn, 2))
    expect(await world.line(personId, world.lender)).toMatchObject({ status: 'suspended' })
    expect(await world.credit.creditOf(personId, HOSPITAL)).toEqual({ remainingFen: 0 })
    await expect(agreed(personId, { visitNo: 'V-2' })).rejects.toThrow('line_not_active')
    await booksAgree(world.lender)
    const report = {
      lenderId: world.lender,
      reference: 'B-1',
      about: { loanId },
      amountFen: fen(30_018),
      receivedAt: world.clock.now(),
      payer: 'self',
    } as const
    await world.collections.reportReceived(report, STAFF('bank'))
    expect(await world.line(personId, world.lender)).toMatchObject({ status: 'suspended' })
    await world.collections.reportReceived(
      { ...report, reference: 'B-2', amountFen: fen(18) },
      STAFF('bank'),
    )
    expect(await world.line(personId, world.lender)).toMatchObject({ status: 'active' })
    expect(await world.credit.creditOf(personId, HOSPITAL)).toEqual({ remainingFen: 100_000 })
    await booksAgree(world.lender)
  })

  it('that the staff suspended stays so when the loan is paid', async () => {
    const { personId, key } = await world.visited(world.lender)
    const { loanId } = await world.credit.settleVisit(key, 'left')
    const [loan] = await world.loansOf(world.lender, personId)
    if (!loanId || !loan?.instalments[0]) throw new Error('the visit is a loan')
    const line = await world.line(personId, world.lender)
    const lineKey = { lenderId: world.lender, lineId: line.id }
    const by = { actor: STAFF('a'), reason: '核查' }
    await world.credit.changeLine(lineKey, { kind: 'suspended' }, by)
    await world.passTo(world.lender, addDays(loan.instalments[0].dueOn, 2))
    await world.collections.reportReceived(
      {
        lenderId: world.lender,
        reference: 'B-1',
        about: { loanId },
        amountFen: fen(30_036),
        receivedAt: world.clock.now(),
        payer: 'self',
      },
      STAFF('bank'),
    )
    expect(await world.loansOf(world.lender, personId)).toMatchObject([
      { loan: { status: 'settled' } },
    ])
    expect(await world.line(personId, world.lender)).toMatchObject({ status: 'suspended' })
  })

  it('owes its penalty also when the hospital gives the whole bill back', async () => {
    const { personId, key, order } = await world.visited(world.lender)
    await world.credit.settleVisit(key, 'left')
    const [loan] = await world.loansOf(world.lender, personId)
    if (!loan?.instalments[0]) throw new Error('the visit is a loan')
    await world.passTo(world.lender, addDays(loan.instalments[0].dueOn, 2))
    await world.credit.source.refund(world.call, world.refundOf(order, 30_000))
    expect(await world.loansOf(world.lender, personId)).toMatchObject([
      { loan: { status: 'open' }, instalments: [{ open: { principalFen: 0, penaltyFen: 36 } }] },
    ])
    expect(await world.use(world.lender, personId)).toEqual([0, 0])
    await booksAgree(world.lender)
  })
})

it('creditOf is the least of both limits, and null where no lender serves', async () => {
  const personId = await world.person(world.lender, 80_000)
  expect(await world.credit.creditOf(personId, HOSPITAL)).toEqual({ remainingFen: 80_000 })
  await world.hospitalLimit(world.lender, 5_000)
  expect(await world.credit.creditOf(personId, HOSPITAL)).toEqual({ remainingFen: 5_000 })
  expect(await world.credit.creditOf(personId, 99 as HospitalId)).toBeNull()
  expect(await world.credit.creditOf(world.newId<'Person'>(), HOSPITAL)).toBeNull()
})

it('[N5] forty draws at once, each a loan of its own, pass no limit and wait for no second connection', async () => {
  const personId = await world.person(world.lender, 30_000)
  const orders = []
  for (let i = 0; i < 40; i++) orders.push(await world.ordered(personId, 1_000, true))
  const { source } = world.credit
  const answers = await Promise.all(
    orders.map(async (order) => {
      const held = await source.hold(world.call, order)
      return held.outcome === 'held' ? source.charge(world.call, order) : held
    }),
  )
  const drawn = answers.filter(({ outcome }) => outcome === 'confirmed')
  expect([drawn.length, await world.use(world.lender, personId)]).toEqual([30, [0, 30_000]])
  expect(await world.loansOf(world.lender, personId)).toHaveLength(30)
  await booksAgree(world.lender)
})

it('[N5] of early payment, settlement, refund and the bank’s word in any order one wins, and no fen is lost', async () => {
  const racers = fc.shuffledSubarray(['pay', 'settle', 'sweep', 'refund', 'bank', 'end'] as const, {
    minLength: 2,
  })
  await fc.assert(
    fc.asyncProperty(racers, fc.integer({ min: 2, max: 40_000 }), async (names, amount) => {
      const { lender } = (world = await newWorld())
      const at = await world.visited(lender, amount)
      const pay = () =>
        world.credit.payVisitEarly({
          ...at.key,
          personId: at.personId,
          repaymentId: world.newId<never>(),
        })
      const does = {
        pay,
        settle: () => world.credit.settleVisit(at.key, 'left'),
        sweep: () => world.credit.sweep(lender),
        refund: () => world.credit.source.refund(world.call, world.refundOf(at.order, 1)),
        bank: answerAll,
        end: () => world.credit.endVisits(left({ personId: at.personId }), 'left'),
      }
      await Promise.allSettled(names.map((name) => does[name]()))
      await answerAll()
      await world.credit.sweep(lender)
      await world.credit.settleVisit(at.key, 'left')
      const visit = await world.credit.visit(at.key)
      const loans = await world.loansOf(lender, at.personId)
      const isRepaid = visit?.status === 'repaid'
      expect([visit?.status, loans.length]).toEqual(isRepaid ? ['repaid', 0] : ['settled', 1])
      const [reserved, drawn] = await world.use(lender, at.personId)
      const owed = (await world.balance(lender, 'loans/principal')) as number
      const collected = (await world.balance(lender, 'collected')) as number
      expect([reserved, drawn, collected > 0]).toEqual([0, owed, isRepaid])
      expect(world.told).toHaveLength(1)
      await booksAgree(lender)
    }),
    { numRuns: 30, seed: 20_261_122 },
  )
}, 120_000)

/** The bank has all that is announced to it. */
async function answerAll() {
  for (const { number, amount_fen: amountFen } of await world.collections.asking(world.lender)) {
    await world.collections.reportReceived(
      {
        lenderId: world.lender,
        reference: `ALL-${number}`,
        about: { number },
        amountFen,
        receivedAt: world.clock.now(),
        payer: 'self',
      },
      STAFF('bank'),
    )
  }
}
