import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { DAY_MS, SECOND_MS } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import { type Bench, openBench } from './testing/bench.ts'
import { startReceiver } from './testing/receiver.ts'
import { addApplication, openPartnersWorld, type PartnersWorld, payEnds } from './testing/world.ts'

let world: PartnersWorld
let bench: Bench
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => void (bench = await openBench(world)))
afterEach(() => bench.receiver.stop())

describe('a receiver that fails', () => {
  it('is tried twelve times in 24 hours by the plan, and then no more', async () => {
    await bench.addEndpoint()
    bench.receiver.answerWith({ status: 500, body: 'out of order' })
    await bench.payEnds()
    const start = world.clock.now()
    const moments: number[] = []
    for (;;) {
      await bench.deliverAll()
      moments.push((world.clock.now().getTime() - start.getTime()) / SECOND_MS)
      const due = await bench.nextDueAt()
      if (due === null) break
      world.clock.set(due)
    }
    const seconds = [0, 5, 30, 120, 600, 1_800]
    const hours = [1, 2, 4, 8, 16, 24].map((hour) => hour * 3_600)
    expect(moments).toEqual([...seconds, ...hours])
    expect(bench.receiver.received).toHaveLength(12)
    expect(new Set(bench.receiver.received.map((one) => one.headers['webhook-id'])).size).toBe(1)
    await bench.renew()
    const [delivery] = await bench.deliveries()
    expect(delivery).toMatchObject({ status: 'given_up', attempts: 12, dueAt: null })
    const attempts = await bench.attemptsOf(delivery?.id ?? '')
    expect(attempts).toHaveLength(12)
    expect(attempts.at(-1)).toMatchObject({
      outcome: 'refused',
      responseStatus: 500,
      responseBody: 'out of order',
    })
  })

  it('and recovers gets it then', async () => {
    const { id } = await bench.addEndpoint()
    bench.receiver.answerWith({ status: 503 })
    await bench.payEnds()
    await bench.deliverAll()
    expect((await bench.endpointView(id))?.failingSince).toBe(world.clock.now().toISOString())
    bench.receiver.answerWith({ status: 204, body: '' })
    world.clock.advance(5 * SECOND_MS)
    await bench.deliverAll()
    expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', attempts: 2 }])
    expect((await bench.endpointView(id))?.failingSince).toBeNull()
  })

  it('by being slow, by redirecting or by not being there is one, each by its name', async () => {
    await bench.addEndpoint()
    const outcomes = []
    const other = await startReceiver()
    const answers = [
      { never: true },
      { status: 302, headers: { location: other.url } },
      { status: 308, headers: { location: 'http://169.254.169.254/' } },
      { status: 404 },
    ]
    for (const answer of answers) {
      bench.receiver.answerWith(answer)
      await bench.payEnds()
      await bench.deliverOnce()
      outcomes.push((await bench.deliveries())[0]?.lastOutcome)
    }
    await bench.receiver.stop()
    await bench.payEnds()
    await bench.deliverOnce()
    outcomes.push((await bench.deliveries())[0]?.lastOutcome)
    expect(outcomes).toEqual(['timeout', 'redirected', 'redirected', 'refused', 'unreachable'])
    expect(other.received).toHaveLength(0)
    await other.stop()
  })

  it('talks on and on, and only the beginning is kept', async () => {
    await bench.addEndpoint()
    bench.receiver.answerWith({ status: 500, body: `\0${'话'.repeat(2_000)}` })
    await bench.payEnds()
    await bench.deliverAll()
    const [delivery] = await bench.deliveries()
    const [attempt] = await bench.attemptsOf(delivery?.id ?? '')
    expect(attempt?.responseBody.length).toBeLessThanOrEqual(2_048)
    expect(attempt?.responseBody).toMatch(/^话{600,}/)
  })

  it('is switched off after three days of nothing else, with an alert, and misses nothing', async () => {
    const { id } = await bench.addEndpoint()
    bench.receiver.answerWith({ status: 500 })
    for (let day = 0; day < 3; day++) {
      await bench.payEnds()
      await bench.deliverAll()
      world.clock.advance(DAY_MS)
      await bench.renew()
      expect((await bench.endpointView(id))?.status).toBe('active')
    }
    await bench.deliverAll()
    expect(await bench.endpointView(id)).toMatchObject({
      status: 'disabled',
      disabledReason: 'failing',
    })
    const alerts = (await bench.call('GET', '/alerts')).json<{ items: object[] }>().items
    expect(alerts).toMatchObject([
      { kind: 'endpoint_failing', endpointId: id, at: world.clock.now().toISOString() },
    ])
    const before = bench.receiver.received.length
    await bench.payEnds()
    await bench.deliverAll()
    expect(bench.receiver.received).toHaveLength(before)
    bench.receiver.answerWith({ status: 200 })
    await bench.call('PATCH', `/endpoints/${id}`, { status: 'active' })
    await bench.deliverAll()
    const since = bench.receiver.events().slice(before)
    expect(since.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    expect((await bench.deliveries()).every(({ status }) => status === 'delivered')).toBe(true)
  })

  it('and says 410 is switched off at once', async () => {
    const { id } = await bench.addEndpoint()
    bench.receiver.answerWith({ status: 410 })
    await bench.payEnds()
    await bench.payEnds()
    await bench.deliverAll()
    expect(await bench.endpointView(id)).toMatchObject({
      status: 'disabled',
      disabledReason: 'gone',
    })
    expect((await bench.call('GET', '/alerts')).json()).toMatchObject({
      items: [{ kind: 'endpoint_gone', detail: 'refused 410' }],
    })
    expect((await bench.deliveries()).map(({ status }) => status)).not.toContain('delivered')
    expect(await bench.nextDueAt()).toBeNull()
  })
})

describe('a name that leads to our own networks', () => {
  it('is not called, whatever it led to before', async () => {
    const answer = await bench.call('POST', '/endpoints', {
      url: `https://bank.example:${bench.receiver.port}/`,
      eventTypes: ['payment.succeeded'],
    })
    expect(answer.statusCode).toBe(201)
    for (const addresses of [['10.0.0.1'], ['93.184.216.34', '169.254.169.254'], []]) {
      world.names.set('bank.example', addresses)
      await bench.payEnds()
      await bench.deliverOnce()
      const [delivery] = await bench.deliveries()
      expect(delivery?.lastOutcome).toBe('blocked')
    }
    expect(bench.receiver.received).toHaveLength(0)
  })

  it.each([
    ['http://bank.example/', 'not_https'],
    ['https://192.168.1.1/', 'private'],
    ['https://a:b@bank.example/', 'has_credentials'],
    ['https://[fd00::1]/', 'private'],
  ])('or an address like %s is not taken in', async (url, reason) => {
    const wish = { url, eventTypes: ['payment.succeeded'] }
    const refused = await bench.call('POST', '/endpoints', wish)
    expect([refused.statusCode, refused.json()]).toMatchObject([
      400,
      { code: 'partners.endpoint_url_refused', params: { reason } },
    ])
    const { id } = await bench.addEndpoint()
    expect((await bench.call('PATCH', `/endpoints/${id}`, { url })).statusCode).toBe(400)
  })

  it('or this machine itself is not called by a live installation', async () => {
    await using live = await openPartnersWorld({ environment: 'live' })
    const { application, access } = await addApplication(live)
    const { hospitalId, scopes } = access
    const owner = { hospitalId, applicationId: application.id, scopes }
    const wish = { eventTypes: ['payment.succeeded' as const], extraSignature: null }
    const actor = systemActor('test')
    const add = (url: string) => live.partners.addEndpoint(owner, { ...wish, url }, actor)
    await expect(add(bench.receiver.url)).rejects.toMatchObject({
      code: 'partners.endpoint_url_refused',
    })
    live.names.set('bank.example', ['127.0.0.1'])
    await add(`https://bank.example:${bench.receiver.port}/`)
    await payEnds(live)
    await live.partners.deliverDue(hospitalId)
    const [sent] = await live.partners.deliveryLog(hospitalId, application.id, { limit: 5 })
    expect(sent?.lastOutcome).toBe('blocked')
  })
})
