import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { Fault } from '../kit/simulator.ts'
import type { AlipaySimulator } from './index.ts'
import {
  BUYER_ID,
  type KeyPair,
  makeKeyPair,
  type Receiver,
  START,
  startChecked,
  startReceiver,
  testClock,
  type TestClock,
  testOptions,
} from './testing/bed.ts'
import { testMerchant, type TestMerchant } from './testing/merchant.ts'

let dir: string
let keys: { app: KeyPair; platform: KeyPair; root: KeyPair }
let clock: TestClock
let simulator: AlipaySimulator
let merchant: TestMerchant
let receiver: Receiver
let faultOf: (attempt: number) => Fault | null

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'alipay-notices-'))
  const pair = (name: string) => makeKeyPair(dir, name)
  keys = { app: pair('app'), platform: pair('platform'), root: pair('root') }
})
afterAll(() => rmSync(dir, { recursive: true }))
beforeEach(async () => {
  clock = testClock()
  faultOf = () => null
  receiver = await startReceiver()
  const faults = ({ operation, attempt }: { operation: string; attempt: number }) =>
    operation === 'notify' ? faultOf(attempt) : null
  simulator = await startChecked(testOptions(keys, { clock, faults }))
  merchant = testMerchant(simulator.url, clock, keys)
})
afterEach(async () => {
  await simulator.stop()
  await receiver.stop()
})

async function pay() {
  const content = {
    out_trade_no: 'N1',
    total_amount: '50.00',
    subject: '缴费 100% +',
    buyer_id: BUYER_ID,
  }
  const more = { notify_url: `${receiver.url}/notify` }
  await merchant.ask('alipay.trade.create', content, { more })
  expect(await simulator.pay({ outTradeNo: 'N1' }, BUYER_ID)).toBe('paid')
}

/** Moves the clock from one due work to the next until there is none, and tells how long after the start each was. */
async function runAll(): Promise<number[]> {
  const times: number[] = []
  for (let due = simulator.nextDueAt(); due !== null; due = simulator.nextDueAt()) {
    if (due > clock.now()) clock.set(due)
    await simulator.runDue()
    times.push(clock.now().getTime() - new Date(START).getTime())
  }
  return times
}

it('comes again for a day until it hears success and nothing else', async () => {
  await pay()
  receiver.answer = 'success\n'
  const times = await runAll()
  const waits = times.map((time, i) => time - (times[i - 1] ?? 0))
  expect(waits).toEqual([
    0,
    2 * SECOND_MS,
    2 * SECOND_MS,
    4 * MINUTE_MS,
    10 * MINUTE_MS,
    10 * MINUTE_MS,
    HOUR_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    15 * HOUR_MS,
  ])
  expect(simulator.notices()).toMatchObject([{ status: 'given_up', subject: 'N1' }])
  expect(new Set(receiver.received.map((notice) => notice['notify_id'])).size).toBe(1)
})

it('ends with the first success', async () => {
  await pay()
  expect(await runAll()).toEqual([0])
  expect(simulator.notices()).toMatchObject([{ status: 'acknowledged' }])
  expect(receiver.received[0]).toMatchObject({ subject: '缴费 100% +', total_amount: '50.00' })
})

it('tells of a refund in part with the state of the trade, and of the last with its end', async () => {
  await pay()
  for (const [amount, requestNo] of [
    ['20.00', 'R1'],
    ['30.00', 'R2'],
  ]) {
    const content = { out_trade_no: 'N1', refund_amount: amount, out_request_no: requestNo }
    await merchant.ask('alipay.trade.refund', content)
  }
  await runAll()
  expect(receiver.received).toMatchObject([
    { trade_status: 'TRADE_SUCCESS' },
    { trade_status: 'TRADE_SUCCESS', out_biz_no: 'R1', refund_fee: '20.00' },
    { trade_status: 'TRADE_CLOSED', out_biz_no: 'R2', refund_fee: '50.00' },
  ])
})

describe('faults', () => {
  const only = (fault: Fault) => (attempt: number) => (attempt === 1 ? fault : null)

  it.each<[Fault, number[], string]>([
    [{ kind: 'lose_notice' }, [], 'lost'],
    [{ kind: 'delay_notice', ms: HOUR_MS }, [HOUR_MS], 'acknowledged'],
    [{ kind: 'drop' }, [2 * SECOND_MS], 'acknowledged'],
    [{ kind: 'duplicate_notice', times: 2 }, [0, SECOND_MS, 2 * SECOND_MS], 'acknowledged'],
    [{ kind: 'garble' }, [0, 2 * SECOND_MS], 'acknowledged'],
  ])('%o', async (fault, heardAt, status) => {
    faultOf = only(fault)
    await pay()
    await runAll()
    const [notice] = simulator.notices()
    const delivered = notice?.deliveries.filter(({ outcome }) => outcome !== 'cut') ?? []
    const after = delivered.map(({ at }) => at.getTime() - new Date(START).getTime())
    expect({ after, status: notice?.status }).toEqual({ after: heardAt, status })
    expect(receiver.received).toHaveLength(heardAt.length)
  })
})

it('is not due where the merchant named no address', async () => {
  const content = { out_trade_no: 'N2', total_amount: '1.00', subject: '缴费', buyer_id: BUYER_ID }
  await merchant.ask('alipay.trade.create', content)
  await simulator.pay({ outTradeNo: 'N2' }, BUYER_ID)
  expect(simulator.nextDueAt()).toBeNull()
})
