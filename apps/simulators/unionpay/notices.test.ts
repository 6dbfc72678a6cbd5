import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../kernel/time.ts'
import type { Fault } from '../kit/simulator.ts'
import type { UnionPayFaultPoint } from './context.ts'
import { startUnionPay } from './index.ts'
import {
  CARD,
  isSignedByUnionPay,
  MER_ID,
  postForm,
  startTestBed,
  type TestBed,
  testOptions,
} from './testing/bed.ts'

let bed: TestBed
afterEach(() => bed.stop())

async function paid(changes = {}) {
  const order = bed.order(changes)
  const { qrCode = '' } = await bed.back(order)
  await bed.simulator.pay({ qrCode }, CARD)
  return order
}

describe('a notice', () => {
  it('is a signed form about what was paid, and acknowledged by 200', async () => {
    bed = await startTestBed()
    const order = await paid({ reqReserved: 'ours' })
    await bed.simulator.runDue()
    expect(bed.inbox.received).toHaveLength(1)
    const [notice = {}] = bed.inbox.received
    expect(notice).toMatchObject({ orderId: order['orderId'], respCode: '00', reqReserved: 'ours' })
    expect(isSignedByUnionPay(notice)).toBe(true)
    expect(notice['signPubKeyCert']).toContain('\r\n')
    expect(bed.simulator.notices()).toMatchObject([{ status: 'acknowledged', deliveries: 1 }])
    expect(bed.simulator.nextDueAt()).toBeNull()
  })

  it('comes five times in twelve minutes when nobody acknowledges it, and then no more', async () => {
    bed = await startTestBed()
    bed.inbox.answer = 500
    await paid()
    await bed.simulator.runDue()
    const waits: number[] = []
    for (let due = bed.simulator.nextDueAt(); due !== null; due = bed.simulator.nextDueAt()) {
      const waitMs = due.getTime() - bed.clock.now().getTime()
      waits.push(waitMs / MINUTE_MS)
      await bed.pass(waitMs)
    }
    expect(waits).toEqual([1, 2, 4, 5])
    expect(bed.inbox.received).toHaveLength(5)
    expect(new Set(bed.inbox.received.map((notice) => notice['signature'])).size).toBe(1)
    expect(bed.simulator.notices()).toMatchObject([{ status: 'given_up', deliveries: 5 }])
  })

  it.each<[Fault, number, number]>([
    [{ kind: 'lose_notice' }, 0, 0],
    [{ kind: 'duplicate_notice', times: 2 }, 1, 3],
    [{ kind: 'delay_notice', ms: 60_000 }, 0, 1],
  ])('under %j comes as the plan says', async (fault, atOnce, inAll) => {
    bed = await startTestBed({
      faults: ({ operation, attempt }) =>
        operation.startsWith('notify') && attempt === 1 ? fault : null,
    })
    await paid()
    await bed.simulator.runDue()
    expect(bed.inbox.received).toHaveLength(atOnce)
    await bed.pass(60_000)
    await bed.pass(60_000)
    expect(bed.inbox.received).toHaveLength(inAll)
  })
})

describe('faults of calls', () => {
  const faultOf = (wanted: string, fault: Fault) => {
    const points: UnionPayFaultPoint[] = []
    const plan = (point: UnionPayFaultPoint) => {
      points.push(point)
      const isFirst = point.attempt === 1 && point.key.endsWith('#1')
      return point.operation === wanted && isFirst ? fault : null
    }
    return { points, plan }
  }

  it('leave nothing behind when refused, dropped, declined or lied about', async () => {
    for (const fault of [
      { kind: 'refuse' },
      { kind: 'drop' },
      { kind: 'decline', code: '38' },
      { kind: 'lie' },
    ] as const) {
      bed = await startTestBed({ faults: faultOf('back 01-07', fault).plan })
      const order = bed.order()
      const answer = await bed.back(order).catch(() => ({ respCode: 'none' }))
      expect(answer.respCode).toBe(
        { refuse: '06', drop: 'none', decline: '38', lie: '00' }[fault.kind],
      )
      expect(bed.simulator.transactions()).toEqual([])
      expect(await bed.back(order)).toMatchObject({ respCode: '00' })
      if (fault.kind !== 'lie') await bed.stop()
    }
  })

  it('are done when only the answer is lost or spoilt, and named by what is paid for', async () => {
    const { plan, points } = faultOf('back 01-07', { kind: 'lose_answer' })
    bed = await startTestBed({ faults: plan })
    const order = bed.order()
    expect(await bed.back(order).catch(() => 'cut')).toBe('cut')
    expect(bed.simulator.transactions()).toHaveLength(1)
    expect(await bed.back(order)).toMatchObject({ respCode: '00' })
    await bed.back(bed.order())
    expect(points.map(({ key, attempt }) => `${key} ${attempt}`)).toEqual([
      '门诊缴费#1 1',
      '门诊缴费#1 2',
      '门诊缴费#2 1',
    ])
  })
})

describe('a restart', () => {
  it('goes on where it was: books, orders and notices that are due', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'unionpay-'))
    try {
      bed = await startTestBed({ databaseFile: join(dir, 'a.sqlite') })
      const order = await paid()
      await bed.simulator.stop()
      const options = testOptions({ databaseFile: join(dir, 'a.sqlite'), clock: bed.clock })
      const again = await startUnionPay(options)
      expect(again.transactions()).toMatchObject([{ orderId: order['orderId'], state: 'done' }])
      expect(again.card(CARD)?.balanceFen).toBe(100_000_000 - 2_850)
      expect(await again.runDue()).toBe(1)
      expect(bed.inbox.received).toHaveLength(1)
      expect(again.checkBooks()).toEqual([])
      await again.stop()
      const others = testOptions({ databaseFile: join(dir, 'a.sqlite'), merchants: [] })
      await expect(startUnionPay(others)).rejects.toThrow(`merchant ${MER_ID} of the file`)
      await bed.inbox.stop()
    } finally {
      rmSync(dir, { recursive: true })
      bed = await startTestBed()
    }
  })
})

it('answers nonsense with a refusal, and goes on', async () => {
  bed = await startTestBed()
  for (const path of ['/gateway/api/backTransReq.do', '/gateway/api/frontTransReq.do', '/']) {
    const { statusCode } = await postForm(`${bed.simulator.url}${path}`, { a: 'b', merId: MER_ID })
    expect(statusCode).toBeLessThan(500)
  }
  expect(await bed.back(bed.order())).toMatchObject({ respCode: '00' })
})
