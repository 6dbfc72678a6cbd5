import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { businessDate, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { movesOfDay } from './moves-store.ts'
import type { PaymentId } from './payment.ts'
import { paymentsOfPeople } from './people-store.ts'
import {
  dayFigures,
  listMoves,
  listPaymentIds,
  moveTotals,
  type PaymentFilter,
} from './reads-store.ts'
import { settledBillsOfDay, settledRefundsOfDay } from './settled-store.ts'
import { PERSON } from './testing/hospital.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { createWorlds, paidPayment } from './testing/worlds.ts'

// Every figure that finance sees is the sum of rows that it can see too.

const TODAY = businessDate('2026-11-21')
const TOMORROW = businessDate('2026-11-22')
const STAFF = { name: 'staff:1', requestId: null }

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

const read = <T>(query: (tx: Tx) => Promise<T>) => inHospital(world.db, world.hospitalId, query)
const listed = (filter: Omit<PaymentFilter, 'limit'>) =>
  read((tx) => listPaymentIds(tx, world.hospitalId, { ...filter, limit: 50 }))
const figures = (day = TODAY) => read((tx) => dayFigures(tx, world.hospitalId, day))

describe('the figures of a day', () => {
  it('are those of the payments and refunds that are listed', async () => {
    const succeeded = await paidPayment(world, [10_000, 5_000])
    const refunded = await paidPayment(world, [8_000], 'B2')
    await world.refund(refunded, 'B2', [])
    world.hospital.script.refuses = 'bill_void'
    const failed = await paidPayment(world, [4_000], 'B3')
    world.hospital.script.refuses = null
    world.hospital.script.trouble = 'refuse_to_say'
    const underway = await paidPayment(world, [2_000], 'B4')

    expect(await figures()).toEqual({
      succeeded: { count: 2, amountFen: 23_000 },
      refunded: { count: 1, amountFen: 8_000 },
      inTransit: { count: 1 },
      attention: { count: 0 },
    })
    expect(await listed({ paidOn: TODAY })).toEqual([refunded, succeeded])
    expect(await listed({ inTransit: true })).toEqual([underway])
    expect(await listed({ statuses: ['failed'] })).toEqual([failed])
    expect(await listed({ billNo: 'B2' })).toEqual([refunded])
    expect(await listed({ createdOn: TOMORROW })).toEqual([])
    expect(await figures(TOMORROW)).toMatchObject({ succeeded: { count: 0, amountFen: 0 } })
    expect((await world.balances())['in-transit']).toBe(-2_000)
  })

  it('count what a person must look at until it is over, payments and refunds alike', async () => {
    world.hospital.script.trouble = 'refuse_to_say'
    const slow = await paidPayment(world, [10_000])
    await world.pass(40 * MINUTE_MS)
    world.hospital.script.trouble = null
    expect(await listed({ attention: true })).toEqual([slow])
    expect((await figures()).attention).toEqual({ count: 1 })
    await world.pass(40 * MINUTE_MS)
    expect((await world.picture(slow)).payment).toMatchObject({
      status: 'succeeded',
      attention: 'overdue',
    })
    expect(await listed({ attention: true })).toEqual([])

    // A refund of a payment that succeeded, and one of a payment that was paid after its end.
    world.wallet.script.declinesRefunds = 'not_enough'
    await world.refund(slow, 'B1', [])
    const late = await closedPaidLate()
    expect((await listed({ attention: true })).toSorted()).toEqual([slow, late].toSorted())
    expect((await figures()).attention).toEqual({ count: 2 })
  })

  it('take a payment that the reconciliation gave back off the hospital’s list', async () => {
    const id = await paidPayment(world, [10_000])
    const settled = () => read((tx) => settledBillsOfDay(tx, world.hospitalId, TODAY))
    expect(await settled()).toMatchObject([{ paymentId: id, billNo: 'B1', amountFen: 10_000 }])
    await world.payments.giveBack(world.hospitalId, id, STAFF)
    await world.pass(MINUTE_MS)
    expect(await settled()).toEqual([])
    expect(await figures()).toMatchObject({
      succeeded: { count: 1, amountFen: 10_000 },
      refunded: { count: 1, amountFen: 10_000 },
    })
    // The hospital never agreed to a refund here: it was told to forget the payment.
    expect(await read((tx) => settledRefundsOfDay(tx, world.hospitalId, TODAY))).toEqual([])
  })

  /** Closed for want of a payer who then paid all the same, and whose money cannot go back. */
  async function closedPaidLate(): Promise<PaymentId> {
    const id = await world.quote([world.hospital.addBill('B2', [10_000])])
    await world.confirm(id)
    await world.pass(20 * MINUTE_MS)
    world.wallet.payAll(true)
    await world.payments.recheck(world.hospitalId, id)
    await world.pass(MINUTE_MS)
    return id
  }
})

describe('the movements of a day', () => {
  it('add up to its totals, in pages as well as at once', async () => {
    const id = await paidPayment(world, [10_000, 5_000])
    await world.refund(id, 'B1', [2])
    await paidPayment(world, [3_000], 'B2')
    const all = await read((tx) =>
      listMoves(tx, world.hospitalId, { businessDate: TODAY, limit: 100 }),
    )
    expect(all).toHaveLength(7)
    const paged = []
    for (let after: string | undefined; ;) {
      const [row] = await read((tx) =>
        listMoves(tx, world.hospitalId, { businessDate: TODAY, limit: 1, after }),
      )
      if (!row) break
      paged.push(row)
      after = `${row.ourNo} ${row.part}`
    }
    expect(paged).toEqual(all)

    const totals = await read((tx) => moveTotals(tx, world.hospitalId, TODAY))
    for (const { provider, kind, part, count, amountFen } of totals) {
      const filter = { businessDate: TODAY, provider, kind, part, limit: 100 }
      const rows = await read((tx) => listMoves(tx, world.hospitalId, filter))
      expect([rows.length, rows.reduce((sum, row) => sum + row.amountFen, 0)]).toEqual([
        count,
        amountFen,
      ])
    }
    expect(totals.map((t) => [t.provider, t.kind, t.amountFen])).toEqual([
      ['insurance', 'charge', 9_000 + 6_000 + 1_800],
      ['insurance', 'return', 9_000],
      ['wechat', 'charge', 6_000 + 1_200],
      ['wechat', 'return', 2_000],
    ])
  })

  it('are handed to the reconciliation with their parts', async () => {
    const id = await paidPayment(world, [10_000])
    const moves = await read((tx) => movesOfDay(tx, world.hospitalId, TODAY, 'insurance'))
    expect(moves).toMatchObject([
      {
        kind: 'charge',
        paymentId: id,
        refundId: null,
        parts: [{ kind: 'pooled', amountFen: 6_000 }],
      },
    ])
    expect(await read((tx) => movesOfDay(tx, world.hospitalId, TOMORROW, 'insurance'))).toEqual([])
  })
})

describe('the payments of records of people', () => {
  it('[F-116] are theirs alone, newest first, each with the refunds of it that are under way', async () => {
    const first = await paidPayment(world, [10_000])
    const second = await paidPayment(world, [8_000], 'B2')
    await world.refund(second, 'B2', [])
    world.hospital.script.trouble = 'refuse_to_say'
    await world.refund(first, 'B1', [])
    const rows = await read((tx) => paymentsOfPeople(tx, world.hospitalId, [PERSON]))
    expect(
      rows.map(({ paymentId, amountFen, openRefunds }) => [paymentId, amountFen, openRefunds]),
    ).toEqual([
      [second, 8_000, 0],
      [first, 10_000, 1],
    ])
    const stranger = '00000000-0000-7000-8000-00000000ffff' as typeof PERSON
    expect(await read((tx) => paymentsOfPeople(tx, world.hospitalId, [stranger]))).toEqual([])
  })
})
