import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../../kernel/id.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import {
  addDays,
  type BusinessDate,
  businessDate,
  businessDateOf,
  DAY_MS,
  MINUTE_MS,
} from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { PaymentId } from '../payment.ts'
import { PERSON } from '../testing/hospital.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { createWorlds, paidPayment } from '../testing/worlds.ts'
import type { NumberedStatement } from './statements.ts'
import { newRegion, type Region } from './testing/region.ts'

const TODAY = businessDate('2026-11-21')
const YEAR = { from: TODAY, to: addDays(TODAY, 365) }

let worlds: Awaited<ReturnType<typeof createWorlds>>
let region: Region

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (region = newRegion(worlds)))

const statementOf = (days: { from: BusinessDate; to: BusinessDate } = YEAR) =>
  region.statements.statementOfPerson(PERSON, days)

type MoveRow = {
  hospitalId: HospitalId
  paymentId: PaymentId
  provider: string
  part: string
  kind: 'charge' | 'return'
  amountFen: Fen
  isOfRefund: boolean
  at: Date
}

/** Every movement of money at the two hospitals, as it is written down. */
async function allMoves(): Promise<MoveRow[]> {
  const found = await Promise.all(
    region.hospitals.map(({ db, hospitalId }) =>
      inHospital(db, hospitalId, (tx) =>
        sql<MoveRow>`select hospital_id as "hospitalId", payment_id as "paymentId", provider, part,
          kind, amount_fen as "amountFen", refund_id is not null as "isOfRefund", at
          from payments.move where hospital_id = ${hospitalId}`.execute(tx),
      ),
    ),
  )
  return found.flatMap(({ rows }) => rows)
}

/** What moves come to, worked out in the plainest way. */
function sumOf(moves: readonly MoveRow[]) {
  const sum = (wanted: (move: MoveRow) => boolean) =>
    addFen(ZERO, ...moves.filter(wanted).map(({ amountFen }) => amountFen))
  const netFen = subtractFen(
    sum(({ kind }) => kind === 'charge'),
    sum(({ kind }) => kind === 'return'),
  )
  const paidFen = sum(({ kind, isOfRefund }) => kind === 'charge' && !isOfRefund)
  return { paidFen, refundedFen: subtractFen(paidFen, netFen), netFen }
}

async function expectAddsUp(statement: NumberedStatement): Promise<void> {
  const moves = await allMoves()
  const { items, totals, bySource, byHospital, byMonth } = statement
  expect(totals).toMatchObject(sumOf(moves))
  const selfPaid = moves.filter(({ part }) => ['self_pay', 'deposit', 'credit'].includes(part))
  expect(totals.selfPaidFen).toBe(sumOf(selfPaid).netFen)
  for (const { provider, part, ...amounts } of bySource) {
    expect(amounts).toEqual(sumOf(moves.filter((m) => m.provider === provider && m.part === part)))
  }
  for (const { hospitalId, name: _name, count, ...amounts } of byHospital) {
    expect(amounts).toEqual(sumOf(moves.filter((move) => move.hospitalId === hospitalId)))
    expect(count).toBe(items.filter((item) => item.hospitalId === hospitalId).length)
  }
  const monthOf = ({ paidAt }: { paidAt: Date }) => businessDateOf(paidAt).slice(0, 7)
  for (const { month, count, ...amounts } of byMonth) {
    const ids = new Set(items.filter((i) => monthOf(i) === month).map((i) => i.paymentId))
    expect(amounts).toEqual(sumOf(moves.filter(({ paymentId }) => ids.has(paymentId))))
    expect(count).toBe(ids.size)
  }
  for (const table of [items, bySource, byHospital, byMonth]) {
    expect(addFen(ZERO, ...table.map(({ netFen }) => netFen))).toBe(totals.netFen)
    expect(addFen(ZERO, ...table.map(({ paidFen }) => paidFen))).toBe(totals.paidFen)
  }
  for (const { sources, refunds, ...item } of items) {
    expect(addFen(ZERO, ...sources.map(({ netFen }) => netFen))).toBe(item.netFen)
    expect(addFen(ZERO, ...refunds.map(({ amountFen }) => amountFen))).toBe(item.refundedFen)
  }
}

/** The states are those that the payer sees on the payment's own page. */
async function expectStatesAgree({ items }: NumberedStatement): Promise<void> {
  for (const { hospitalId, paymentId, state } of items) {
    const world = region.hospitals.find((one) => one.hospitalId === hospitalId)
    expect(state).toBe((await world?.picture(paymentId))?.payerState)
  }
}

type Deed =
  | { do: 'pay'; at: 0 | 1; lines: number[]; ends: 'well' | 'refused' | 'unsaid' | 'late' }
  | { do: 'refund'; at: 0 | 1; which: number; line: number; trouble: 'none' | 'declined' | 'waits' }
  | { do: 'days'; days: number }

const place = fc.constantFrom(0 as const, 1 as const)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      at: place,
      lines: fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 1, maxLength: 3 }),
      ends: fc.constantFrom('well', 'well', 'well', 'refused', 'unsaid', 'late' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      at: place,
      which: fc.nat({ max: 5 }),
      line: fc.integer({ min: 0, max: 3 }),
      trouble: fc.constantFrom('none', 'none', 'declined', 'waits' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('days' as const),
      days: fc.integer({ min: 1, max: 40 }),
    }),
  },
)

/** Does it, and notes which payments there are. What the hub refuses is refused. */
async function act(step: Deed, paid: [PaymentId, string][][]): Promise<void> {
  if (step.do === 'days') {
    for (const world of region.hospitals) {
      world.clock.advance(step.days * DAY_MS)
      await world.payments.sweep(world.hospitalId)
    }
    return
  }
  const world = region.hospitals[step.at]
  const own = paid[step.at]
  if (!own) throw new Error('there are two hospitals')
  if (step.do === 'refund') return refund(world, own[step.which % (own.length || 1)], step)
  const billNo = `B${own.length}`
  const { script } = world.hospital
  script.refuses = step.ends === 'refused' ? 'bill_void' : null
  script.trouble = step.ends === 'unsaid' ? 'refuse_to_say' : null
  const id =
    step.ends === 'late'
      ? await payLate(world, step.lines, billNo)
      : await paidPayment(world, step.lines, billNo)
  Object.assign(script, { refuses: null, trouble: null })
  own.push([id, billNo])
}

/** The payer's time runs out, and the money comes after all. */
async function payLate(world: PaymentsWorld, lines: number[], billNo: string): Promise<PaymentId> {
  const id = await world.quote([world.hospital.addBill(billNo, lines)])
  await world.confirm(id)
  await world.pass(20 * MINUTE_MS)
  world.wallet.payAll(true)
  await world.payments.recheck(world.hospitalId, id)
  await world.pass(MINUTE_MS)
  return id
}

async function refund(
  world: PaymentsWorld,
  target: [PaymentId, string] | undefined,
  { line, trouble }: Extract<Deed, { do: 'refund' }>,
): Promise<void> {
  if (!target) return
  const { script } = world.wallet
  script.declinesRefunds = trouble === 'declined' ? 'not_enough' : null
  script.refundsWait = trouble === 'waits'
  await world.refund(target[0], target[1], line === 0 ? [] : [line]).catch(() => undefined)
  Object.assign(script, { declinesRefunds: null, refundsWait: false })
}

describe('[P7] the totals of a statement', () => {
  it('are those of the moves to the fen, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(deed, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 300 }),
        async (deeds, cut) => {
          region = newRegion(worlds)
          const paid: [PaymentId, string][][] = [[], []]
          for (const step of deeds) await act(step, paid)
          const whole = await statementOf()
          await expectAddsUp(whole)
          await expectStatesAgree(whole)

          const day = addDays(TODAY, cut)
          const early = await statementOf({ from: TODAY, to: day })
          const late = await statementOf({ from: addDays(day, 1), to: YEAR.to })
          expect([...early.items, ...late.items]).toEqual(whole.items)
          const times = whole.items.map(({ paidAt }) => paidAt.getTime())
          expect(times).toEqual(times.toSorted((a, b) => a - b))
        },
      ),
      { numRuns: 20 },
    )
  }, 120_000)

  it('know money that came to nothing, that is on its way, and that came late', async () => {
    const { first } = region
    await paidPayment(first, [10_000])
    first.hospital.script.refuses = 'bill_void'
    await paidPayment(first, [4_000], 'B2')
    first.hospital.script.refuses = null
    await payLate(first, [3_000], 'B3')
    const back = await paidPayment(first, [1_000, 500], 'B4')
    first.wallet.script.refundsWait = true
    await first.refund(back, 'B4', [2])
    first.hospital.script.trouble = 'refuse_to_say'
    await paidPayment(first, [2_000], 'B5')
    const statement = await statementOf()
    expect(statement.items.map(({ state, netFen }) => [state, netFen])).toEqual([
      ['succeeded', 10_000],
      ['returned', 0],
      ['returned', 0],
      ['returning', 1_195],
      ['confirming', 2_000],
    ])
    await expectAddsUp(statement)
    await expectStatesAgree(statement)
  })
})

describe('[P7] a statement', () => {
  it('has of each payment the receipts, who paid and what came back', async () => {
    const { first } = region
    const id = await paidPayment(first, [10_000, 5_000])
    await first.refund(id, 'B1', [2])
    await first.pass(MINUTE_MS)
    const { items, holder } = await statementOf()
    expect(holder).toEqual({ name: '王小明', idCardNo: '3****************3' })
    expect(items).toMatchObject([
      {
        hospitalName: '市立医院',
        paymentId: id,
        visitNo: 'V1',
        state: 'part_refunded',
        paidFen: 15_000,
        refundedFen: 5_000,
        netFen: 10_000,
        sources: [
          { provider: 'wechat', part: 'self_pay', paidFen: 5_850, netFen: 3_900 },
          { provider: 'insurance', part: 'pooled', paidFen: 9_150, netFen: 6_100 },
        ],
        bills: [{ billNo: 'B1', title: '内科 张医生', totalFen: 15_000, receiptNo: 'RC-B1' }],
        refunds: [{ billNo: 'B1', status: 'succeeded', reason: '退药', amountFen: 5_000 }],
      },
    ])
    expect(items[0]?.refunds[0]?.receiptNo).toMatch(/^RR-/)
  })

  it('counts a payment to the day on which it was paid in Shanghai', async () => {
    const { first } = region
    first.clock.set(new Date('2026-11-30T23:59:30+08:00'))
    await paidPayment(first, [1_000])
    first.clock.set(new Date('2026-12-01T00:00:10+08:00'))
    await paidPayment(first, [2_000], 'B2')
    const november = await statementOf({ from: TODAY, to: businessDate('2026-11-30') })
    const december = await statementOf({
      from: businessDate('2026-12-01'),
      to: businessDate('2026-12-01'),
    })
    expect(november.totals.paidFen).toBe(1_000)
    expect(december.byMonth.map(({ month, paidFen }) => [month, paidFen])).toEqual([
      ['2026-12', 2_000],
    ])
  })

  it('refuses more payments than it can hold, and says how many it can', async () => {
    const { first, second } = region
    const id = await paidPayment(first, [1_000])
    await copies(first, id, 1_999)
    expect((await statementOf()).items).toHaveLength(2_000)
    await paidPayment(second, [1_000])
    await expect(statementOf()).rejects.toMatchObject({
      code: 'payments.statement_too_many_payments',
      kind: 'rejected',
      params: { most: 2_000 },
    })
    expect((await statementOf({ from: addDays(TODAY, 1), to: YEAR.to })).items).toEqual([])
  })
})

/** So many payments more, like this one but for their ids. */
const copies = ({ db, hospitalId }: PaymentsWorld, id: PaymentId, count: number) =>
  inHospital(db, hospitalId, async (tx) => {
    const copyId = sql`('0190b3a0-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`
    await sql`insert into payments.payment select (jsonb_populate_record(p,
        jsonb_build_object('id', ${copyId}))).* from payments.payment p, generate_series(1, ${count}::int) n
      where p.hospital_id = ${hospitalId} and p.id = ${id}`.execute(tx)
    await sql`insert into payments.move select (jsonb_populate_record(m, jsonb_build_object(
        'payment_id', ${copyId}, 'our_no', m.our_no || n))).*
      from payments.move m, generate_series(1, ${count}::int) n
      where m.hospital_id = ${hospitalId} and m.payment_id = ${id}`.execute(tx)
    await sql`insert into payments.payment_bill select (jsonb_populate_record(b,
        jsonb_build_object('payment_id', ${copyId}))).*
      from payments.payment_bill b, generate_series(1, ${count}::int) n
      where b.hospital_id = ${hospitalId} and b.payment_id = ${id}`.execute(tx)
  })
