import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { businessDate, DAY_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { PaymentId } from './payment.ts'
import { picturesOf } from './pictures.ts'
import { dayFigures, listPaymentIds, listRefunds, type RefundFilter } from './reads-store.ts'
import type { PaymentsWorld } from './testing/world.ts'
import { createWorlds, paidPayment } from './testing/worlds.ts'
import { pictureOf } from './view.ts'

const TODAY = businessDate('2026-11-21')
const TOMORROW = businessDate('2026-11-22')

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(() => void (world = worlds.newWorld()))

const read = <T>(query: (tx: Tx) => Promise<T>) => inHospital(world.db, world.hospitalId, query)

describe('a page of payments', () => {
  const counting = () => {
    const counted = { queries: 0 }
    const plugin: KyselyPlugin = {
      transformQuery({ node }) {
        counted.queries++
        return node
      },
      transformResult: async ({ result }) => result,
    }
    return { counted, plugin }
  }

  it('takes one question to each table, however many there are, and shows each as it is alone', async () => {
    const ids: PaymentId[] = []
    for (let i = 1; i <= 4; i++) {
      const lineFens = Array.from({ length: i }, () => 1_000 * i)
      ids.unshift(await paidPayment(world, lineFens, `B${i}`))
    }
    await world.refund(ids[0] as PaymentId, 'B4', [1])
    await world.refund(ids[0] as PaymentId, 'B4', [3])
    await world.refund(ids[2] as PaymentId, 'B2', [])
    const { counted, plugin } = counting()
    const pictures = await read((tx) =>
      picturesOf(tx.withPlugin(plugin) as Tx, world.hospitalId, ids),
    )
    expect(counted.queries).toBe(7) // parts and moves of refunds, and wishes for them, among them
    const alone = []
    for (const id of ids) alone.push(await read((tx) => pictureOf(tx, world.hospitalId, id)))
    expect(pictures).toEqual(alone)
    expect(pictures.map(({ refunds }) => refunds.length)).toEqual([2, 0, 1, 0])
    expect(await read((tx) => listPaymentIds(tx, world.hospitalId, { limit: 50 }))).toEqual(ids)
  })

  it('asks nothing for none, and leaves out what is not there or is another hospital’s', async () => {
    const id = await paidPayment(world)
    const unknown = world.newId<'Payment'>()
    const pictures = await read((tx) => picturesOf(tx, world.hospitalId, [unknown, id]))
    expect(pictures.map(({ payment }) => payment.id)).toEqual([id])
    expect(await read((tx) => picturesOf(tx, world.hospitalId, []))).toEqual([])
    const other = worlds.newWorld()
    expect(
      await inHospital(world.db, other.hospitalId, (tx) => picturesOf(tx, other.hospitalId, [id])),
    ).toEqual([])
  })
})

describe('[P1] the list of refunds', () => {
  const listed = async (filter: Omit<RefundFilter, 'limit'>, limit = 50) =>
    (await read((tx) => listRefunds(tx, world.hospitalId, { ...filter, limit }))).map(
      ({ cause, status, billNo }) => `${cause} ${status} ${billNo ?? ''}`.trim(),
    )

  async function threeRefunds(): Promise<void> {
    const id = await paidPayment(world, [10_000, 5_000])
    await world.refund(id, 'B1', [1])
    world.hospital.script.refuses = 'bill_void'
    await paidPayment(world, [4_000], 'B2')
    world.hospital.script.refuses = null
    await world.pass(DAY_MS)
    const slow = await paidPayment(world, [6_000], 'B3')
    world.wallet.script.declinesRefunds = 'NOTENOUGH'
    await world.refund(slow, 'B3', [])
  }

  it('has each of them, newest first, by status, cause, day and what waits for a person', async () => {
    await threeRefunds()
    const all = ['requested returning B3', 'compensation succeeded', 'requested succeeded B1']
    expect(await listed({})).toEqual(all)
    expect(await listed({ statuses: ['succeeded'] })).toEqual(all.slice(1))
    expect(await listed({ causes: ['requested'] })).toEqual([all[0], all[2]])
    expect(await listed({ causes: ['late', 'compensation'] })).toEqual([all[1]])
    expect(await listed({ createdOn: TODAY })).toEqual(all.slice(1))
    expect(await listed({ createdOn: TOMORROW })).toEqual([all[0]])
    expect(await listed({ returnedOn: TODAY })).toEqual(all.slice(1))
    expect(await listed({ returnedOn: TOMORROW })).toEqual([])
    expect(await listed({ attention: true })).toEqual([all[0]])
  })

  it('[U-42] adds up to the figure of the day', async () => {
    await threeRefunds()
    const filter = { statuses: ['succeeded'], returnedOn: TODAY, ofIncome: true } as const
    const refunds = await read((tx) => listRefunds(tx, world.hospitalId, { ...filter, limit: 50 }))
    const { refunded } = await read((tx) => dayFigures(tx, world.hospitalId, TODAY))
    expect(refunds.map(({ amountFen }) => amountFen)).toEqual([10_000])
    expect(refunded).toEqual({ count: 1, amountFen: 10_000 })
  })

  it('goes on page by page where the page before ended', async () => {
    await threeRefunds()
    const page = await read((tx) => listRefunds(tx, world.hospitalId, { limit: 2 }))
    const before = page.at(-1)?.id
    expect(page).toHaveLength(2)
    expect(await listed({ before }, 2)).toEqual(['requested succeeded B1'])
  })
})
