import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { TraceNumbers as Port } from '../../adapters/channels/iso8583/index.ts'
import { memoryTraceNumbers } from '../../adapters/channels/iso8583/testing/memory-trace-numbers.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { addMs, businessDate, DAY_MS } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createTraceNumbers } from './trace-numbers.ts'

let db: TestDatabase
beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

const NOW = new Date('2026-11-21T10:00:00+08:00')
let hospitals = 0
const newHospital = () => ++hospitals as HospitalId

const charge = (hospitalId: HospitalId, ourNo: string, changes: object = {}) => ({
  hospitalId,
  provider: 'bank',
  terminal: 'T0000001',
  ourNo,
  kind: 'charge' as const,
  operation: 'sale',
  amountFen: fen(12_345),
  at: NOW,
  ...changes,
})

// What the adapter asks for is met by both: the port is checked by the compiler.
const implementations: [string, () => Port][] = [
  ['in the database', () => createTraceNumbers({ db })],
  ['in memory', () => memoryTraceNumbers()],
]

describe.each(implementations)('trace numbers %s', (_where, create) => {
  it('count up at each terminal, and give the same number to the same of ours', async () => {
    const traces = create()
    const hospitalId = newHospital()
    const first = await traces.take(charge(hospitalId, 'A'))
    expect(first).toMatchObject({ first: true, record: { trace: '000001', batch: '000001' } })
    expect(await traces.take(charge(hospitalId, 'A'))).toEqual({ ...first, first: false })
    const second = await traces.take(charge(hospitalId, 'A', { kind: 'return' }))
    expect(second?.record.trace).toBe('000002')
    const elsewhere = await traces.take(charge(hospitalId, 'B', { terminal: 'T0000002' }))
    expect(elsewhere?.record.trace).toBe('000001')
    expect(await traces.find(charge(hospitalId, 'A'))).toEqual(first?.record)
    expect(await traces.find(charge(hospitalId, 'C'))).toBeNull()
  })

  it('keep the keys and the batch of a sign-in, and count in the new batch', async () => {
    const traces = create()
    const key = charge(newHospital(), 'A')
    expect(await traces.terminal(key)).toEqual({ batch: '000001', workingKeys: null, version: 0 })
    const state = await traces.signedIn(key, { batch: '000009', workingKeys: 'aa:bb' })
    expect(state).toEqual({ batch: '000009', workingKeys: 'aa:bb', version: 1 })
    expect(await traces.terminal(key)).toEqual(state)
    expect((await traces.take(key))?.record.batch).toBe('000009')
  })

  it('change only from a state that was expected, and keep what is not changed', async () => {
    const traces = create()
    const owner = charge(newHospital(), 'A')
    await traces.take(owner)
    const approval = {
      state: 'approved',
      providerNo: '112100000001',
      authorisation: null,
      approvedFen: fen(12_345),
      approvedAt: NOW,
    } as const
    const reversing = { state: 'reversing', reversalTries: 1 } as const
    expect(await traces.move(owner, ['open'], reversing)).toMatchObject(reversing)
    expect(await traces.move(owner, ['open'], approval)).toMatchObject(reversing)
    const again = await traces.move(owner, ['reversing'], { state: 'open' })
    expect(again).toMatchObject({ state: 'open', reversalTries: 1 })
    expect(await traces.move(owner, ['open'], approval)).toMatchObject(approval)
    expect(await traces.find(owner)).toMatchObject(approval)
  })

  it('add up what a batch approved', async () => {
    const traces = create()
    const key = charge(newHospital(), 'A')
    const approve = async (ourNo: string, amountFen: number, kind: 'charge' | 'return') => {
      const owner = { ...key, ourNo, kind, amountFen: fen(amountFen) }
      await traces.take(owner)
      const approvedFen = fen(amountFen)
      await traces.move(owner, ['open'], {
        state: 'approved',
        providerNo: ourNo,
        approvedFen,
        approvedAt: NOW,
      })
    }
    await approve('A', 100, 'charge')
    await approve('B', 250, 'charge')
    await approve('C', 30, 'return')
    await traces.take({ ...key, ourNo: 'D' })
    expect(await traces.batchTotals(key, '000001')).toEqual({
      charges: { count: 2, amountFen: 350 },
      returns: { count: 1, amountFen: 30 },
    })
    const none = { count: 0, amountFen: 0 }
    expect(await traces.batchTotals(key, '000002')).toEqual({ charges: none, returns: none })
  })

  it('are listed by the days on which they were taken or sent again', async () => {
    const traces = create()
    const hospitalId = newHospital()
    for (const [i, time] of [
      '20T23:59:59',
      '21T00:00:00',
      '22T23:59:59',
      '23T00:00:00',
    ].entries()) {
      await traces.take(charge(hospitalId, `N${i}`, { at: new Date(`2026-11-${time}+08:00`) }))
    }
    const sentAgainAt = new Date('2026-11-22T06:00:00+08:00')
    await traces.take(charge(hospitalId, 'N4', { at: new Date('2026-11-19T09:00:00+08:00') }))
    const again = { state: 'open', sentAgainAt } as const
    expect(await traces.move(charge(hospitalId, 'N4'), ['open'], again)).toMatchObject(again)
    const at = { hospitalId, provider: 'bank' }
    const [from, to] = [businessDate('2026-11-21'), businessDate('2026-11-22')]
    const found = await traces.usedBetween(at, from, to)
    expect(found.map(({ ourNo }) => ourNo)).toEqual(expect.arrayContaining(['N1', 'N2', 'N4']))
    expect(found).toHaveLength(3)
  })
})

describe('in the database', () => {
  const traces = () => createTraceNumbers({ db })

  it('go round after 999,999, and stop rather than give one twice within a day', async () => {
    const hospitalId = newHospital()
    await traces().take(charge(hospitalId, 'first'))
    await setLastTrace(hospitalId, 999_998)
    const take = async (ourNo: string, at = NOW) =>
      (await traces().take(charge(hospitalId, ourNo, { at })))?.record.trace ?? null
    expect(await take('A')).toBe('999999')
    expect(await take('B')).toBeNull()
    expect(await take('B', addMs(NOW, DAY_MS - 1))).toBeNull()
    expect(await take('B', addMs(NOW, DAY_MS))).toBe('000001')
    expect(await take('C', addMs(NOW, DAY_MS))).toBe('000002')
  })

  it('give a hundred at once a hundred different numbers without a gap', async () => {
    const hospitalId = newHospital()
    const taken = await Promise.all(
      Array.from({ length: 100 }, (_, i) => traces().take(charge(hospitalId, `N${i}`))),
    )
    const numbers = taken.map((each) => Number(each?.record.trace)).toSorted((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(taken.every((each) => each?.first)).toBe(true)
  })

  it('give one of ours that is wanted at many terminals at once to exactly one', async () => {
    const hospitalId = newHospital()
    const taken = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        traces().take(charge(hospitalId, 'same', { terminal: `T000000${i % 4}` })),
      ),
    )
    expect(taken.filter((each) => each?.first)).toHaveLength(1)
    const names = taken.map((each) => `${each?.record.terminal}/${each?.record.trace}`)
    expect(new Set(names).size).toBe(1)
  })

  it('let exactly one of many that want the same change have it', async () => {
    const owner = charge(newHospital(), 'A')
    await traces().take(owner)
    const approval = {
      state: 'approved',
      providerNo: '1',
      approvedFen: fen(1),
      approvedAt: NOW,
    } as const
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0
          ? traces().move(owner, ['open'], approval)
          : traces().move(owner, ['open'], { state: 'reversing', reversalTries: 1 }),
      ),
    )
    const { state, reversalTries } = (await traces().find(owner)) ?? {}
    expect([`approved 0`, `reversing 1`]).toContain(`${state} ${reversalTries}`)
  })

  it('behave like the ones in memory, whatever is asked', async () => {
    const command = fc.record({
      ourNo: fc.constantFrom('A', 'B', 'C', 'D'),
      terminal: fc.constantFrom('T0000001', 'T0000002'),
      kind: fc.constantFrom('charge' as const, 'return' as const),
      hours: fc.integer({ min: 0, max: 48 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const model = memoryTraceNumbers()
        const hospitalId = newHospital()
        for (const { hours, ...changes } of commands) {
          const request = charge(hospitalId, '', { ...changes, at: addMs(NOW, hours * 3_600_000) })
          expect(await traces().take(request)).toEqual(await model.take(request))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('are seen by their own hospital only, and are never deleted', async () => {
    const [mine, other] = [newHospital(), newHospital()]
    await traces().take(charge(mine, 'A'))
    expect(await traces().find(charge(other, 'A'))).toBeNull()
    const client = new pg.Client(db.url)
    await client.connect()
    await client.query('set role yiqiao_app')
    const { rows } = await client.query('select * from channels.trace_number')
    expect(rows).toEqual([])
    await client.query(`set app.hospital_id = '${mine}'`)
    await expect(client.query('delete from channels.trace_number')).rejects.toThrow('permission')
    await client.end()
  })
})

async function setLastTrace(hospitalId: HospitalId, lastTrace: number): Promise<void> {
  const client = new pg.Client(db.url)
  await client.connect()
  await client.query(`set app.hospital_id = '${hospitalId}'`)
  await client.query('update channels.terminal set last_trace = $1 where hospital_id = $2', [
    lastTrace,
    hospitalId,
  ])
  await client.end()
}
