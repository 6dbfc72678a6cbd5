import { afterEach, describe, expect, it } from 'vitest'

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { FaultPlan } from '../kit/simulator.ts'
import { RETRY_AFTER_MS } from './notices.ts'
import { OPENID, PUBLIC_KEY_ID, startTestBed, type TestBed } from './testing/bed.ts'

let bed: TestBed
afterEach(() => bed.stop())

const openBed = async (faults?: FaultPlan) => {
  bed = await startTestBed(faults && { faults })
  return bed
}

/** Moves the clock to each next thing due, as a simulation does, and gives the times of delivery. */
async function runOut(until = 3 * DAY_MS): Promise<number[]> {
  const start = bed.clock.now().getTime()
  const times: number[] = []
  for (;;) {
    const dueAt = bed.simulator.nextDueAt()
    if (!dueAt || dueAt.getTime() > start + until) return times
    if (dueAt > bed.clock.now()) bed.clock.set(dueAt)
    const before = bed.receiver.received.length
    await bed.simulator.runDue()
    const arrived = bed.receiver.received.length - before
    times.push(...Array<number>(arrived).fill(bed.clock.now().getTime() - start))
  }
}

describe('a notice', () => {
  it('carries the payment, sealed and signed', async () => {
    await openBed()
    const { body } = await bed.placeAndPay({ attach: 'visit 7' })
    expect(bed.simulator.nextDueAt()).toEqual(bed.clock.now())
    expect(await bed.simulator.runDue()).toBe(1)
    expect(bed.simulator.nextDueAt()).toBeNull()
    const [notice, ...more] = bed.receiver.received
    expect(more).toEqual([])
    expect(notice?.isSigned).toBe(true)
    expect(notice?.headers).toMatchObject({
      'content-type': 'application/json',
      'wechatpay-serial': PUBLIC_KEY_ID,
    })
    expect(JSON.parse(notice?.text ?? '')).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      create_time: '2026-11-21T09:30:00+08:00',
      event_type: 'TRANSACTION.SUCCESS',
      resource_type: 'encrypt-resource',
      summary: '支付成功',
      resource: {
        original_type: 'transaction',
        algorithm: 'AEAD_AES_256_GCM',
        associated_data: 'transaction',
        nonce: expect.stringMatching(/^.{12}$/),
        ciphertext: expect.any(String),
      },
    })
    expect(notice?.resource).toMatchObject({
      out_trade_no: body.out_trade_no,
      trade_state: 'SUCCESS',
      attach: 'visit 7',
      payer: { openid: OPENID },
    })
  })

  it.each([200, 204])('is done with by %i', async (status) => {
    await openBed()
    bed.receiver.answer = status
    await bed.placeAndPay()
    expect(await runOut()).toEqual([0])
    expect(bed.simulator.notices()).toMatchObject([{ status: 'acknowledged' }])
  })

  it('is brought again for 24 h 4 min, each time newly signed, and then given up', async () => {
    await openBed()
    bed.receiver.answer = 500
    await bed.placeAndPay()
    const times = await runOut()
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
    expect(gaps).toEqual(
      [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600].map(
        (seconds) => seconds * SECOND_MS,
      ),
    )
    expect(RETRY_AFTER_MS.reduce((sum, ms) => sum + ms, 0)).toBe(24 * HOUR_MS + 4 * MINUTE_MS)
    expect(bed.simulator.notices()).toMatchObject([{ status: 'given_up' }])
    const { received } = bed.receiver
    expect(received.every(({ isSigned }) => isSigned)).toBe(true)
    expect(new Set(received.map(({ text }) => text)).size).toBe(1)
    for (const name of ['wechatpay-signature', 'wechatpay-nonce']) {
      expect(new Set(received.map(({ headers }) => headers[name])).size).toBe(16)
    }
  })

  it.each([201, 302, 404, 503])('is brought again after %i', async (status) => {
    await openBed()
    bed.receiver.answer = status
    await bed.placeAndPay()
    await bed.simulator.runDue()
    bed.receiver.answer = 204
    expect(await runOut()).toEqual([15 * SECOND_MS])
    expect(bed.simulator.notices()).toMatchObject([
      {
        deliveries: [
          { outcome: 'refused', status },
          { outcome: 'acknowledged', status: 204 },
        ],
      },
    ])
  })

  it('is brought again after five seconds of silence, or when nobody is there', async () => {
    await openBed()
    bed.receiver.answer = 'silence'
    await bed.placeAndPay()
    await bed.placeAndPay({ notify_url: 'http://127.0.0.1:1/nobody' })
    const began = performance.now()
    expect(await bed.simulator.runDue()).toBe(2)
    expect(performance.now() - began).toBeGreaterThan(4_900)
    expect(performance.now() - began).toBeLessThan(8_000)
    expect(bed.simulator.notices().map(({ deliveries }) => deliveries)).toMatchObject([
      [{ outcome: 'no_answer', status: null }],
      [{ outcome: 'no_answer', status: null }],
    ])
    expect(bed.simulator.nextDueAt()).toEqual(new Date('2026-11-21T09:30:15+08:00'))
  }, 15_000)

  it('is not noted when stopping cuts it short', async () => {
    await openBed()
    bed.receiver.answer = 'silence'
    await bed.placeAndPay()
    const running = bed.simulator.runDue()
    while (bed.receiver.received.length === 0) await new Promise((later) => setTimeout(later, 5))
    await bed.simulator.stop()
    expect(await running).toBe(0)
  })

  it('comes after those due before it', async () => {
    await openBed((point) =>
      point.key === '甲#1' && point.operation.startsWith('notify')
        ? { kind: 'delay_notice', ms: 1_000 }
        : null,
    )
    for (const description of ['甲', '乙', '丙']) await bed.placeAndPay({ description })
    await runOut()
    const order = bed.simulator.orders().map(({ outTradeNo }) => outTradeNo)
    expect(bed.receiver.received.map(({ resource }) => resource?.['out_trade_no'])).toEqual([
      order[1],
      order[2],
      order[0],
    ])
  })
})

describe('faults of notices', () => {
  const only =
    (fault: ReturnType<FaultPlan>, attempts: number[] = [1]): FaultPlan =>
    ({ operation, attempt }) =>
      operation === 'notify TRANSACTION.SUCCESS' && attempts.includes(attempt) ? fault : null

  it('lose_notice: it never comes', async () => {
    await openBed(only({ kind: 'lose_notice' }))
    await bed.placeAndPay()
    expect(await runOut()).toEqual([])
    expect(bed.simulator.notices()).toMatchObject([{ status: 'lost', deliveries: [] }])
  })

  it('delay_notice: the first delivery comes later, by the clock', async () => {
    await openBed(only({ kind: 'delay_notice', ms: 90 * MINUTE_MS }))
    await bed.placeAndPay()
    expect(await runOut()).toEqual([90 * MINUTE_MS])
  })

  it('duplicate_notice: it comes again a second apart, though acknowledged', async () => {
    await openBed(only({ kind: 'duplicate_notice', times: 2 }))
    await bed.placeAndPay()
    expect(await runOut()).toEqual([0, 1_000, 2_000])
    expect(new Set(bed.receiver.received.map(({ text }) => text)).size).toBe(1)
    expect(bed.simulator.notices()).toMatchObject([{ status: 'acknowledged' }])
  })

  it('duplicate_notice: refused copies do not use up the retries', async () => {
    await openBed(only({ kind: 'duplicate_notice', times: 1 }))
    bed.receiver.answer = 500
    await bed.placeAndPay()
    const times = await runOut()
    expect(times).toHaveLength(1 + 1 + RETRY_AFTER_MS.length)
    expect(times.slice(0, 3)).toEqual([0, 1_000, 16_000])
  })

  it('drop: one delivery is lost and the next is on schedule', async () => {
    await openBed(only({ kind: 'drop' }))
    await bed.placeAndPay()
    expect(await runOut()).toEqual([15 * SECOND_MS])
  })

  it('garble: a signature probe, which is no acknowledgement even if answered 2xx', async () => {
    await openBed(only({ kind: 'garble' }))
    await bed.placeAndPay()
    expect(await runOut()).toEqual([0, 15 * SECOND_MS])
    const [probe, notice] = bed.receiver.received
    expect(probe?.headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\//)
    expect(probe?.isSigned).toBe(false)
    expect(notice?.isSigned).toBe(true)
    expect(bed.simulator.notices()[0]?.deliveries).toMatchObject([
      { outcome: 'probe', status: 204 },
      { outcome: 'acknowledged' },
    ])
  })
})
