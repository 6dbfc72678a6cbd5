import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { addMs, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { claimDue } from './delivery-store.ts'
import { type Bench, openBench } from './testing/bench.ts'
import { startReceiver } from './testing/receiver.ts'
import { openPartnersWorld, type PartnersWorld } from './testing/world.ts'

let world: PartnersWorld
let bench: Bench
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => void (bench = await openBench(world)))
afterEach(() => bench.receiver.stop())

describe('an endpoint', () => {
  it('gets a new secret, and the one before signs too for a day', async () => {
    const { id, secret } = await bench.addEndpoint()
    const rotated = await bench.call('POST', `/endpoints/${id}/secret`)
    const next = rotated.json<{ secret: string; earlierUntil: string }>()
    bench.receiver.trust(next.secret)
    expect(next.earlierUntil).toBe(addMs(world.clock.now(), DAY_MS).toISOString())
    await bench.payEnds()
    await bench.deliverAll()
    expect(bench.receiver.received.at(-1)?.signedBy).toEqual([secret, next.secret])
    world.clock.advance(DAY_MS)
    await bench.payEnds()
    await bench.deliverAll()
    expect(bench.receiver.received.at(-1)?.signedBy).toEqual([next.secret])
  })

  it('that is off holds what comes, and that is removed is told no more', async () => {
    const { id } = await bench.addEndpoint()
    await bench.call('PATCH', `/endpoints/${id}`, { status: 'disabled' })
    await bench.payEnds()
    await bench.deliverAll()
    expect(await bench.deliveries()).toMatchObject([{ status: 'held' }])
    await bench.call('PATCH', `/endpoints/${id}`, { status: 'active' })
    await bench.deliverAll()
    expect(bench.receiver.received).toHaveLength(1)
    await bench.payEnds()
    expect((await bench.call('DELETE', `/endpoints/${id}`)).statusCode).toBe(204)
    await bench.deliverAll()
    expect(bench.receiver.received).toHaveLength(1)
    expect((await bench.call('DELETE', `/endpoints/${id}`)).statusCode).toBe(404)
    expect(await bench.endpointView(id)).toBeUndefined()
  })

  it('is one of ten at most', async () => {
    for (let i = 0; i < 10; i++) await bench.addEndpoint()
    const wish = { url: bench.receiver.url, eventTypes: ['payment.succeeded'] }
    const eleventh = await bench.call('POST', '/endpoints', wish)
    expect([eleventh.statusCode, eleventh.json()]).toMatchObject([
      409,
      { code: 'partners.endpoints_too_many' },
    ])
  })

  it('of a slow receiver keeps no other waiting', async () => {
    const fast = await startReceiver()
    const slow = await bench.addEndpoint()
    bench.receiver.answerWith({ never: true })
    for (let i = 0; i < 12; i++) await bench.payEnds()
    const added = await bench.call('POST', '/endpoints', {
      url: fast.url,
      eventTypes: ['payment.succeeded'],
    })
    expect(added.statusCode).toBe(201)
    await bench.payEnds()
    await bench.deliverOnce()
    expect(fast.received).toHaveLength(1)
    expect(bench.receiver.received).toHaveLength(4)
    expect((await bench.endpointView(slow.id))?.status).toBe('active')
    await fast.stop()
  })

  it('left by a worker that died is served by another after a minute', async () => {
    await bench.addEndpoint()
    await bench.payEnds()
    const share = { now: world.clock.now(), most: 10, mostOfOne: 10, notTo: [] }
    const claimed = await inHospital(world.db, bench.hospitalId, (tx) =>
      claimDue(tx, bench.hospitalId, share),
    )
    expect(claimed).toHaveLength(1)
    expect(await bench.deliverAll()).toBe(0)
    world.clock.advance(MINUTE_MS)
    expect(await bench.deliverAll()).toBe(1)
    expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', attempts: 2 }])
  })
})

describe('an event sent again', () => {
  it('goes to all that asked for its type, or to the one that is named', async () => {
    const { id } = await bench.addEndpoint()
    await bench.payEnds()
    await bench.deliverAll()
    const [event] = (await bench.call('GET', '/events')).json<{ items: { id: string }[] }>().items
    const resent = await bench.call('POST', `/events/${event?.id}/resend`, {})
    expect([resent.statusCode, resent.json()]).toMatchObject([
      202,
      { items: [{ endpointId: id, status: 'pending', round: 2, attempts: 0 }] },
    ])
    const late = await bench.addEndpoint(['refund.succeeded'])
    const named = await bench.call('POST', `/events/${event?.id}/resend`, { endpointId: late.id })
    expect(named.json()).toMatchObject({ items: [{ endpointId: late.id, round: 1 }] })
    await bench.deliverAll()
    const ids = bench.receiver.received.map((one) => one.headers['webhook-id'])
    expect(ids).toEqual([event?.id, event?.id, event?.id])
    const detail = await bench.call('GET', `/events/${event?.id}`)
    expect(detail.json<{ deliveries: object[] }>().deliveries).toHaveLength(2)
  })

  it('needs an endpoint that is there and switched on, and an event that is', async () => {
    const { id } = await bench.addEndpoint()
    await bench.payEnds()
    const [event] = (await bench.call('GET', '/events')).json<{ items: { id: string }[] }>().items
    const unknown = await bench.call('POST', `/events/${world.newId()}/resend`, {})
    expect(unknown.json()).toMatchObject({ code: 'partners.event_not_found' })
    await bench.call('PATCH', `/endpoints/${id}`, { status: 'disabled' })
    for (const payload of [{}, { endpointId: id }, { endpointId: world.newId() }]) {
      const off = await bench.call('POST', `/events/${event?.id}/resend`, payload)
      expect([off.statusCode, off.json()]).toMatchObject([
        404,
        { code: 'partners.endpoint_not_found' },
      ])
    }
  })
})
