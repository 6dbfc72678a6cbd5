import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import type { Role } from '../../platform/principal.ts'
import { type Bench, openBench } from './testing/bench.ts'
import { asStaff, openPartnersWorld, type PartnersWorld } from './testing/world.ts'

let world: PartnersWorld
let bench: Bench
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => void (bench = await openBench(world)))
afterEach(() => bench.receiver.stop())

const staff = (
  method: 'GET' | 'POST',
  path: string,
  payload?: object,
  role: Role = 'it',
  hospitalId: HospitalId = bench.hospitalId,
) =>
  world.app.inject({
    method,
    url: `/v1/hospitals/${hospitalId}/partner-applications/${bench.client.application.id}${path}`,
    headers: asStaff(role, hospitalId),
    ...(payload ? { payload } : {}),
  })

const rangeAround = (extra: object = {}) => ({
  since: addMs(world.clock.now(), -HOUR_MS).toISOString(),
  until: addMs(world.clock.now(), HOUR_MS).toISOString(),
  ...extra,
})

it('a delivery is shown to staff with its tries, and sent again when they say so', async () => {
  await bench.addEndpoint()
  bench.receiver.answerWith({ status: 503, body: 'down' })
  await bench.payEnds()
  await bench.deliverAll()
  const [failed] = (await staff('GET', '/deliveries')).json<{ items: { id: string }[] }>().items
  expect(failed).toMatchObject({
    status: 'pending',
    eventType: 'payment.succeeded',
    lastOutcome: 'refused',
    lastStatus: 503,
    lastError: null,
  })
  const shown = await staff('GET', `/deliveries/${failed?.id}`)
  expect(shown.json()).toMatchObject({ attempts: [{ responseStatus: 503, responseBody: 'down' }] })

  bench.receiver.answerWith({ status: 200 })
  const replayed = await staff('POST', `/deliveries/${failed?.id}/replay`)
  expect([replayed.statusCode, replayed.json()]).toEqual([
    202,
    expect.objectContaining({ status: 'pending', round: 2, attempts: 0 }),
  ])
  await bench.deliverAll()
  expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', round: 2 }])
  expect(bench.receiver.received).toHaveLength(2)
})

it('what kept a delivery from arriving stands at it', async () => {
  await bench.addEndpoint()
  await bench.receiver.stop()
  await bench.payEnds()
  await bench.deliverAll()
  expect(await bench.deliveries()).toMatchObject([
    { lastOutcome: 'unreachable', lastStatus: null, lastError: expect.stringMatching(/\w/) },
  ])
})

it('all that a receiver missed is sent again once it is back, and what it took is not', async () => {
  await bench.addEndpoint()
  await bench.payEnds()
  await bench.deliverAll()
  bench.receiver.answerWith({ status: 500 })
  for (let payment = 0; payment < 3; payment++) await bench.payEnds()
  await bench.deliverAll()
  bench.receiver.answerWith({ status: 200 })
  bench.receiver.received.splice(0)
  const answer = await staff('POST', '/replays', rangeAround())
  expect([answer.statusCode, answer.json()]).toEqual([202, { count: 3, isWhole: true }])
  await bench.deliverAll()
  expect(bench.receiver.events().map(({ sequence }) => sequence)).toEqual([2, 3, 4])

  const again = await staff('POST', '/replays', rangeAround({ statuses: ['delivered'] }))
  expect(again.json()).toEqual({ count: 4, isWhole: true })
  await bench.deliverAll()
  expect(await bench.deliveries()).toMatchObject(
    [2, 3, 3, 3].map(() => ({ status: 'delivered', attempts: 1 })),
  )
})

it('the application asks for it itself, for its own endpoint and time alone', async () => {
  const { id: endpointId } = await bench.addEndpoint()
  bench.receiver.answerWith({ status: 500 })
  await bench.payEnds()
  await bench.deliverAll()
  const empty = {
    since: addMs(world.clock.now(), -2 * DAY_MS),
    until: addMs(world.clock.now(), -DAY_MS),
  }
  const nothing = await bench.call('POST', '/replays', empty)
  expect(nothing.json()).toEqual({ count: 0, isWhole: true })
  const other = await bench.call('POST', '/replays', rangeAround({ endpointId: world.newId() }))
  expect(other.json()).toMatchObject({ code: 'partners.endpoint_not_found' })
  const own = await bench.call('POST', '/replays', rangeAround({ endpointId }))
  expect(own.json()).toEqual({ count: 1, isWhole: true })
})

it('nothing is sent again to an endpoint that is off, by another hospital, or by who only reads', async () => {
  const { id: endpointId } = await bench.addEndpoint()
  await bench.payEnds()
  await bench.deliverAll()
  const [delivery] = await bench.deliveries()
  const replay = `/deliveries/${delivery?.id}/replay`
  for (const role of ['auditor', 'finance'] as const) {
    expect((await staff('POST', replay, undefined, role)).statusCode).toBe(403)
    expect((await staff('POST', '/replays', rangeAround(), role)).statusCode).toBe(403)
  }
  const foreign = 999 as HospitalId
  expect((await staff('POST', replay, undefined, 'it', foreign)).json()).toMatchObject({
    code: 'partners.delivery_not_found',
  })
  await bench.call('PATCH', `/endpoints/${endpointId}`, { status: 'disabled' })
  for (const path of [replay, '/replays']) {
    const payload = path === replay ? undefined : rangeAround()
    expect((await staff('POST', path, payload)).json()).toMatchObject({
      code: 'partners.endpoint_not_found',
    })
  }
  expect((await staff('POST', '/replays', { since: 'x', until: 'y' })).statusCode).toBe(400)
})
