import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createBankLines } from '../../apps/hub/bank-lines.ts'
import { BARCODE, HOSPITAL, MASTER_KEY, MERCHANT, openBank, TERMINAL } from './iso8583-bench.ts'

let bench: Awaited<ReturnType<typeof openBank>>
let lines: ReturnType<typeof createBankLines>

beforeEach(async () => {
  bench = await openBank()
  lines = createBankLines({
    clock: bench.clock,
    random: { bytes: (count) => new Uint8Array(count).fill(7) },
    timeoutMs: 2_000,
    traces: bench.traces,
    dayFile: async () => null,
    log: () => undefined,
  })
})
afterEach(async () => {
  await lines.stop()
  await bench.close()
})

const stored = (port = bench.bank.port) => ({
  name: 'bank',
  profile: 'ascii128',
  host: '127.0.0.1',
  port,
  merchantId: MERCHANT,
  operator: '001',
  terminals: [{ terminal: TERMINAL, masterKey: MASTER_KEY }],
  methods: ['card', 'barcode'],
  macAlgorithm: null,
  prefix: null,
  reversalTries: 3,
  dayFile: { cutOver: '00:00:00', readyAt: '06:00:00' },
})

describe('[P2] the lines of banks', () => {
  it('end the batch of a terminal that has taken something, once, and leave an empty one alone', async () => {
    const bank = lines.open(stored(), { hospitalId: HOSPITAL, kind: 'bank' })
    expect(await lines.settleBatches()).toEqual([])
    const before = await bench.traces.terminal(terminal)
    const order = bench.newOrder({
      method: 'barcode',
      presence: { token: BARCODE, ip: null, returnUrl: null },
    })
    expect(await bank.charge(bench.call, order)).toMatchObject({ outcome: 'confirmed' })
    expect(await lines.settleBatches()).toEqual([])
    const after = await bench.traces.terminal(terminal)
    expect(after.batch).not.toBe(before.batch)
    expect(await lines.settleBatches()).toEqual([])
    expect((await bench.traces.terminal(terminal)).batch).toBe(after.batch)
  })

  it('name a terminal whose bank does not answer', async () => {
    const bank = lines.open(stored(), { hospitalId: HOSPITAL, kind: 'bank' })
    const presence = { token: BARCODE, ip: null, returnUrl: null }
    await bank.charge(bench.call, bench.newOrder({ method: 'barcode', presence }))
    bench.faults.push({ fault: { kind: 'refuse' }, on: /^05/ })
    expect(await lines.settleBatches()).toMatchObject([
      { hospitalId: HOSPITAL, channel: 'bank', terminal: TERMINAL },
    ])
  })

  it('begin anew when the connection is saved anew', async () => {
    const first = lines.open(stored(), { hospitalId: HOSPITAL, kind: 'bank' })
    const second = lines.open(stored(), { hospitalId: HOSPITAL, kind: 'bank' })
    expect(second).not.toBe(first)
    const presence = { token: BARCODE, ip: null, returnUrl: null }
    const order = bench.newOrder({ method: 'barcode', presence })
    expect(await second.charge(bench.call, order)).toMatchObject({ outcome: 'confirmed' })
    expect(() => lines.open({}, { hospitalId: HOSPITAL, kind: 'bank' })).toThrow(/params_invalid/)
  })
})

const terminal = { hospitalId: HOSPITAL, provider: 'bank', terminal: TERMINAL }
