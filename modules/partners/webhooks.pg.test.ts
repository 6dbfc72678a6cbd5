import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate, DAY_MS, HOUR_MS, SECOND_MS } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import { type Bench, openBench } from './testing/bench.ts'
import {
  addApplication,
  bearer,
  deliverAll,
  openPartnersWorld,
  type PartnersWorld,
  payEnds,
  tokenOf,
} from './testing/world.ts'

let world: PartnersWorld
let bench: Bench
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => void (bench = await openBench(world)))
afterEach(() => bench.receiver.stop())

const NEWS = { paymentNo: 'P0', status: 'succeeded', failureCode: null, version: 4 }

describe('an event', () => {
  it('reaches who asked for it, signed, thin and once', async () => {
    const { secret } = await bench.addEndpoint()
    const paymentId = await bench.payEnds('succeeded', 12_345)
    await world.partners.onPaymentEnded({
      hospitalId: bench.hospitalId,
      paymentId,
      status: 'succeeded',
    })
    expect(await bench.deliverAll()).toBe(1)
    const [taken] = bench.receiver.received
    expect(taken?.signedBy).toEqual([secret])
    expect(taken?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-timestamp': String(Math.floor(world.clock.now().getTime() / SECOND_MS)),
    })
    expect(bench.receiver.events()).toEqual([
      {
        id: taken?.headers['webhook-id'],
        type: 'payment.succeeded',
        version: '1',
        sequence: 1,
        occurredAt: world.clock.now().toISOString(),
        hospitalId: bench.hospitalId,
        data: {
          paymentId,
          paymentNo: expect.stringMatching(/^P\d+$/),
          status: 'succeeded',
          totalFen: 12_345,
          failureCode: null,
          version: 4,
        },
      },
    ])
    const [delivery] = await bench.deliveries()
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, dueAt: null })
    expect(await bench.attemptsOf(delivery?.id ?? '')).toMatchObject([
      { outcome: 'delivered', responseStatus: 200, responseBody: 'ok', error: null },
    ])
  })

  it('is made of each end of a payment and a refund, and of what went back by itself', async () => {
    const { id } = await bench.addEndpoint([
      'payment.succeeded',
      'payment.failed',
      'payment.closed',
      'payment.returned',
      'refund.succeeded',
      'refund.refused',
    ])
    for (const status of ['succeeded', 'failed', 'closed']) await bench.payEnds(status)
    await bench.refundEnds('succeeded', 'requested')
    await bench.refundEnds('refused', 'requested')
    await bench.refundEnds('succeeded', 'compensation')
    await bench.refundEnds('succeeded', 'late')
    await bench.deliverAll()
    expect(
      bench.receiver
        .events()
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual([
      'payment.closed',
      'payment.failed',
      'payment.returned',
      'payment.returned',
      'payment.succeeded',
      'refund.refused',
      'refund.succeeded',
    ])
    expect((await bench.endpointView(id))?.status).toBe('active')
  })

  it('is not made of what is still under way', async () => {
    for (const status of ['quoted', 'charging', 'settling', 'compensating']) {
      await bench.payEnds(status)
    }
    for (const status of ['approving', 'returning', 'completing'] as const) {
      await bench.refundEnds(status, 'requested')
    }
    await bench.refundEnds('refused', 'compensation')
    expect(await bench.feed()).toEqual({ items: [], newest: 0 })
  })

  it('[H1] of a bill that changed and a report that is ready is told by number, and not whose it is', async () => {
    await bench.addEndpoint(['bill.changed', 'report.ready'])
    const { hospitalId } = bench
    const tell = (noticeNo: string, kind: string, about: object) =>
      world.partners.onNoticeHeard({ hospitalId, noticeNo, kind, about })
    await tell('N1', 'bill.changed', { billNo: 'B1', patientNo: 'P1' })
    await tell('N1', 'bill.changed', { billNo: 'B1', patientNo: 'P1' })
    await tell('N2', 'report.ready', { reportNo: 'R1', patientNo: 'P1' })
    await tell('N3', 'patient.merged', { patientNo: 'P1', mergedPatientNo: 'P2' })
    await bench.deliverAll()
    expect(bench.receiver.events().map((event) => [event.type, event.data])).toEqual([
      ['bill.changed', { billNo: 'B1' }],
      ['report.ready', { reportNo: 'R1' }],
    ])
  })

  it('of a low deposit is told once each time, without a word of whose it is', async () => {
    await bench.addEndpoint(['deposit.low'])
    const { hospitalId } = bench
    const low = { hospitalId, accountId: 'a1', stayNo: 'S-1', freeFen: fen(900), lowFen: fen(1000) }
    for (const at of ['2026-11-21T02:10:00.000Z', '2026-11-21T02:10:00.000Z']) {
      await world.partners.onDepositLow({ ...low, at })
    }
    await world.partners.onDepositLow({ ...low, at: '2026-11-25T02:10:00.000Z' })
    await bench.deliverAll()
    const data = { accountId: 'a1', stayNo: 'S-1', freeFen: 900, lowFen: 1000 }
    expect(bench.receiver.events().map((event) => [event.type, event.data])).toEqual([
      ['deposit.low', data],
      ['deposit.low', data],
    ])
  })

  it('of reconciliation is told once for each closing and each difference', async () => {
    await bench.addEndpoint(['reconciliation.day_closed', 'reconciliation.difference_opened'])
    const date = businessDate('2026-11-20')
    const closed = { hospitalId: bench.hospitalId, date, closedAt: '2026-11-21T02:10:00.000Z' }
    const gap = { source: 'wechat', class: 'ours_only', oursFen: fen(500), theirsFen: fen(0) }
    const difference = { hospitalId: bench.hospitalId, differenceId: 'd1', date, ...gap }
    for (let i = 0; i < 2; i++) {
      await world.partners.onDayClosed(closed)
      await world.partners.onDifferenceOpened(difference)
    }
    await world.partners.onDayClosed({ ...closed, closedAt: '2026-11-22T02:10:00.000Z' })
    await bench.deliverAll()
    const told = bench.receiver.events().toSorted((a, b) => a.sequence - b.sequence)
    expect(told.map(({ type, data }) => [type, data])).toEqual([
      ['reconciliation.day_closed', { date, closedAt: '2026-11-21T02:10:00.000Z' }],
      [
        'reconciliation.difference_opened',
        {
          differenceId: 'd1',
          date,
          source: 'wechat',
          class: 'ours_only',
          oursFen: 500,
          theirsFen: 0,
        },
      ],
      ['reconciliation.day_closed', { date, closedAt: '2026-11-22T02:10:00.000Z' }],
    ])
  })

  it('is written once however often and at once it is told, and numbered without a gap', async () => {
    await bench.addEndpoint()
    const told = Array.from({ length: 12 }, (_, i) => bench.payEnds('succeeded', 100 + i))
    const ids = await Promise.all(told)
    const news = world.newId<'Payment'>()
    world.payments.set(news, { ...NEWS, totalFen: fen(500) })
    ids.push(news)
    const { hospitalId } = bench
    const tell = (paymentId: string) =>
      world.partners.onPaymentEnded({ hospitalId, paymentId, status: 'succeeded' })
    await Promise.all(ids.flatMap((id) => [tell(id), tell(id)]))
    const { items, newest } = await bench.feed('limit=200')
    expect(items.map(({ sequence }) => sequence)).toEqual(ids.map((_, i) => i + 1))
    expect(newest).toBe(13)
    expect(await bench.deliverAll()).toBe(13)
  })

  it('is sent by several workers at once, each delivery by one', async () => {
    await bench.addEndpoint()
    for (let i = 0; i < 6; i++) await bench.payEnds()
    const workers = Array.from({ length: 3 }, () => bench.deliverAll())
    const tried = await Promise.all(workers)
    expect(tried.reduce((sum, n) => sum + n, 0)).toBe(6)
    expect(new Set(bench.receiver.events().map(({ id }) => id)).size).toBe(6)
    expect(bench.receiver.received).toHaveLength(6)
  })
})

describe('who may hear', () => {
  it('is the application alone, with the scope for the type, at its hospital', async () => {
    const { hospitalId } = bench
    const scopes = ['events:read', 'reconciliation:read'] as const
    const narrow = await addApplication(world, { hospitalId, scopes })
    const narrowHeaders = bearer(await tokenOf(world, narrow))
    const url = `${bench.path}/endpoints`
    const wish = { url: bench.receiver.url, eventTypes: ['payment.succeeded'] }
    const refused = await world.app.inject({
      method: 'POST',
      url,
      headers: narrowHeaders,
      payload: wish,
    })
    expect([refused.statusCode, refused.json()]).toMatchObject([
      403,
      { code: 'partners.event_types_not_allowed', params: { type: 'payment.succeeded' } },
    ])
    const { id } = await bench.addEndpoint()
    await bench.payEnds()
    const feed = await world.app.inject({ url: `${bench.path}/events`, headers: narrowHeaders })
    expect(feed.json()).toEqual({ items: [], newest: 1 })
    const [event] = (await bench.call('GET', '/events')).json<{ items: { id: string }[] }>().items
    const foreign = [
      ['GET', `/events/${event?.id}`, 404],
      ['POST', `/events/${event?.id}/resend`, 404],
      ['PATCH', `/endpoints/${id}`, 404],
      ['DELETE', `/endpoints/${id}`, 404],
      ['POST', `/endpoints/${id}/secret`, 404],
    ] as const
    for (const [method, path, status] of foreign) {
      const payload = method === 'PATCH' ? { status: 'disabled' } : {}
      const request = { method, url: bench.path + path, headers: narrowHeaders }
      const bodied =
        path.endsWith('/secret') || method === 'DELETE' ? request : { ...request, payload }
      expect((await world.app.inject(bodied)).statusCode).toBe(status)
    }
    const [own] = await bench.deliveries()
    const theirs = await world.app.inject({
      url: `${bench.path}/deliveries/${own?.id}`,
      headers: narrowHeaders,
    })
    expect(theirs.statusCode).toBe(404)
    const elsewhere = 99 as HospitalId
    await payEnds(world, 'succeeded', 100, elsewhere)
    expect(await deliverAll(world, elsewhere)).toBe(0)
  })

  it('loses what it heard when the hospital lets it in no more, and gets what waited when it does again', async () => {
    await bench.addEndpoint()
    await bench.payEnds()
    const { id } = bench.client.application
    const actor = systemActor('test')
    await world.partners.setApplicationStatus(bench.hospitalId, id, 'disabled', actor)
    await bench.payEnds()
    await bench.deliverAll()
    expect(bench.receiver.received).toHaveLength(0)
    await world.partners.setApplicationStatus(bench.hospitalId, id, 'active', actor)
    await bench.deliverAll()
    expect(bench.receiver.events().map(({ sequence }) => sequence)).toEqual([1])
  })
})

describe('the feed', () => {
  it('goes on after a number, by type, a page at a time', async () => {
    for (let i = 0; i < 5; i++) await bench.payEnds(i % 2 === 0 ? 'succeeded' : 'closed')
    const sequences = async (query: string) => {
      const answer = await bench.call('GET', `/events?${query}`)
      return answer.json<{ items: { sequence: number }[] }>().items.map((one) => one.sequence)
    }
    expect(await sequences('limit=2')).toEqual([1, 2])
    expect(await sequences('after=2&limit=2')).toEqual([3, 4])
    expect(await sequences('types=payment.closed')).toEqual([2, 4])
    expect(await sequences('after=5')).toEqual([])
    expect((await bench.call('GET', '/events?waitSeconds=26')).statusCode).toBe(400)
    expect((await bench.call('GET', '/events?types=payment.invented')).statusCode).toBe(400)
  })

  it('waits for an event when there is none', async () => {
    const waiting = bench.call('GET', '/events?waitSeconds=20')
    await bench.payEnds()
    const answer = await waiting
    expect(answer.json()).toMatchObject({ items: [{ sequence: 1 }], newest: 1 })
  })
})

it('what is a month old is forgotten, with its deliveries, and the numbers go on', async () => {
  await bench.addEndpoint()
  await bench.payEnds()
  await bench.deliverAll()
  expect(await world.partners.purgeEvents(bench.hospitalId)).toBe(0)
  world.clock.advance(30 * DAY_MS + HOUR_MS)
  expect(await world.partners.purgeEvents(bench.hospitalId)).toBe(1)
  await bench.renew()
  expect(await bench.deliveries()).toEqual([])
  await bench.payEnds()
  expect((await bench.call('GET', '/events')).json()).toMatchObject({ items: [{ sequence: 2 }] })
})
