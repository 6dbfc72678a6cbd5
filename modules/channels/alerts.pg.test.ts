import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import { bankTerms, type Bed, HOSPITAL, openBed } from './testing/bed.ts'
import { newOrder } from './testing/scripted-channel.ts'

let bed: Bed

beforeAll(async () => {
  bed = await openBed()
  await bed.ask('PUT', '/icbc', bankTerms())
  await bed.tier('icbc', 'core')
})
afterAll(() => bed.close())

describe('health and alerts', () => {
  it('[S2] alert somebody of a channel that is down, and measure how long they took', async () => {
    expect(await bed.channels.housekeeping(HOSPITAL)).toBeNull()
    bed.icbc.script.answer = 'unknown'
    const bank = bed.channels.guard(bed.icbc.channel)
    expect(bed.channels.guard(bed.icbc.channel)).toBe(bank)
    for (let i = 0; i < 20; i++) {
      const order = newOrder(HOSPITAL, bed, { presence: null })
      await bank.charge({ hospitalId: HOSPITAL, trace: () => undefined }, order)
    }
    const dueAt = await bed.channels.nextDueAt(HOSPITAL)
    if (!dueAt) throw new Error('housekeeping is due')
    if (dueAt > bed.clock.now()) bed.clock.set(dueAt)
    await bed.channels.housekeeping(HOSPITAL)

    const { body } = await bed.ask('GET', '/alerts?state=open', undefined, 'auditor')
    const classes = body.items.map((alert: { class: string }) => alert.class)
    expect(classes.toSorted()).toEqual(['down', 'errors'])
    const down = body.items.find((alert: { class: string }) => alert.class === 'down')
    expect(down).toMatchObject({ channel: 'icbc', isOverdue: false, acknowledgedBy: null })
    expect(down.figures.calls).toBe(20)

    bed.clock.advance(5 * MINUTE_MS)
    const path = `/alerts/${down.id}/acknowledgement`
    const answered = await bed.ask('POST', path, { note: '已联系银行' })
    expect(answered).toMatchObject({ status: 200, body: { note: '已联系银行', isOverdue: false } })
    expect(answered.body.acknowledgedBy).toMatch(/^staff:/)
    expect(await bed.ask('POST', path, { note: null })).toMatchObject({
      status: 409,
      body: { code: 'channels.alert_acknowledged' },
    })
    expect(
      await bed.ask('POST', `/alerts/${bed.newId()}/acknowledgement`, { note: null }),
    ).toMatchObject({
      status: 404,
    })
    expect((await bed.ask('POST', path, { note: null }, 'auditor')).status).toBe(403)
  })

  it('[P4] show the channel as down in the list, and offer it to nobody', async () => {
    const { body } = await bed.ask('GET', '/icbc')
    expect(body.health).toMatchObject({ state: 'half_open' })
    bed.icbc.script.answer = 'unknown'
    const query = bed.channels
      .guard(bed.icbc.channel)
      .query({ hospitalId: HOSPITAL, trace: () => undefined }, newOrder(HOSPITAL, bed))
    await query
    expect((await bed.ask('GET', '/icbc')).body.health.state).toBe('open')
    expect((await bed.tryOut()).rejected).toMatchObject([
      { channel: 'icbc', reason: { code: 'down' } },
    ])
  })

  it('[S2] close the alert when the channel answers again, and mark what nobody answered in time', async () => {
    bed.clock.advance(20 * MINUTE_MS)
    bed.icbc.script.answer = 'ok'
    const bank = bed.channels.guard(bed.icbc.channel)
    for (let i = 0; i < 30; i++) {
      await bank.query({ hospitalId: HOSPITAL, trace: () => undefined }, newOrder(HOSPITAL, bed))
    }
    bed.clock.advance(6 * MINUTE_MS)
    for (let i = 0; i < 3; i++) {
      await bed.channels.housekeeping(HOSPITAL)
      bed.clock.advance(MINUTE_MS)
    }
    const { body } = await bed.ask('GET', '/alerts?channel=icbc')
    const byClass = Object.fromEntries(
      body.items.map((alert: { class: string }) => [alert.class, alert]),
    )
    expect(byClass.down.closedAt).not.toBeNull()
    expect(byClass.errors).toMatchObject({ isOverdue: true, acknowledgedAt: null })
    expect(byClass.errors.closedAt).not.toBeNull()
    expect((await bed.ask('GET', '/alerts?state=open')).body.items).toEqual([])
    expect((await bed.ask('GET', '/alerts?state=closed&limit=1')).body.items).toHaveLength(1)
  })

  it('have nothing to do once all is quiet', async () => {
    bed.clock.advance(10 * MINUTE_MS)
    await bed.channels.housekeeping(HOSPITAL)
    expect(await bed.channels.nextDueAt(HOSPITAL)).toBeNull()
    expect(await bed.channels.nextDueAt(9 as HospitalId)).toBeNull()
  })

  it('are looked at once there is something that only this process knows', async () => {
    const call = {
      channel: 'wechat',
      operation: 'query' as const,
      outcome: 'pending',
      durationMs: 5,
    }
    bed.channels.observe({ ...call, hospitalId: HOSPITAL, at: bed.clock.now() })
    const dueAt = await bed.channels.nextDueAt(HOSPITAL)
    expect(dueAt && dueAt > bed.clock.now()).toBe(true)
    bed.clock.advance(2 * MINUTE_MS)
    expect(await bed.channels.housekeeping(HOSPITAL)).toBeNull()
  })

  it('show the past in steps', async () => {
    const { body, status } = await bed.ask('GET', '/icbc/health?stepMinutes=60')
    expect(status).toBe(200)
    const calls = body.items.reduce((sum: number, point: { calls: number }) => sum + point.calls, 0)
    expect(calls).toBe(51)
    expect(body.items[0]).toMatchObject({ p50Ms: 100 })
    const from = '2026-01-01T00:00:00Z'
    expect(await bed.ask('GET', `/icbc/health?stepMinutes=1&from=${from}`)).toMatchObject({
      status: 400,
      body: { code: 'channels.range_too_long' },
    })
    expect((await bed.ask('GET', '/icbc/health?from=yesterday')).status).toBe(400)
  })
})
