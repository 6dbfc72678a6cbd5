import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { SCOPES } from '../../modules/partners/scope.ts'
import { startReceiver } from '../../modules/partners/testing/receiver.ts'
import {
  addApplication,
  openPartnersWorld,
  type PartnersWorld,
  payEnds,
} from '../../modules/partners/testing/world.ts'
import { systemActor } from '../../platform/principal.ts'
import { createWebhooks } from './webhooks.ts'

// Longer than the test: whoever waits for the silent receiver does not come to its end.
const DELIVERY_TIMEOUT_MS = 600_000
const PATIENCE_MS = 20
const SLOW = 1 as HospitalId
const QUICK = 2 as HospitalId
const ACTOR = systemActor('test')

let world: PartnersWorld
beforeAll(async () => {
  world = await openPartnersWorld({ deliveryTimeoutMs: DELIVERY_TIMEOUT_MS })
})
const receivers: Awaited<ReturnType<typeof startReceiver>>[] = []
afterAll(async () => {
  // First, as what is on its way to a silent one goes on for as long as that is there.
  for (const receiver of receivers) await receiver.stop()
  await world[Symbol.asyncDispose]()
})

/** An application's receiver at a hospital, told of payments there. */
async function openReceiver(hospitalId: HospitalId) {
  const receiver = await startReceiver()
  receivers.push(receiver)
  const { application } = await addApplication(world, { hospitalId })
  const owner = { hospitalId, applicationId: application.id, scopes: SCOPES }
  const endpoint = {
    url: receiver.url,
    eventTypes: ['payment.succeeded' as const],
    extraSignature: null,
  }
  await world.partners.addEndpoint(owner, endpoint, ACTOR)
  return receiver
}

const MOST_LOOKS = 500

/** Goes on as the worker does, from sweep to sweep, until it is so. */
async function until(isSo: () => boolean, sweep: () => Promise<unknown>): Promise<void> {
  for (let look = 0; !isSo() && look < MOST_LOOKS; look++) {
    await sweep()
    await sleep(20)
  }
  expect(isSo()).toBe(true)
}

it('a receiver that is silent delays neither another of its hospital nor other hospitals', async () => {
  const hospitals = { list: async () => [{ id: SLOW }, { id: QUICK }] }
  const options = { atOnce: 2, patienceMs: PATIENCE_MS }
  const { deliver, settled } = createWebhooks({ hospitals, partners: world.partners }, options)
  const silent = await openReceiver(SLOW)
  silent.answerWith({ never: true })
  const [neighbour, elsewhere] = [await openReceiver(SLOW), await openReceiver(QUICK)]
  for (let i = 0; i < 6; i++) await payEnds(world, 'succeeded', 15_000, SLOW)
  await payEnds(world, 'succeeded', 15_000, QUICK)

  const all = () => [silent, neighbour, elsewhere].map(({ received }) => received.length)
  await until(() => silent.received.length > 0 && all()[1] === 6 && all()[2] === 1, deliver)
  // Those of one endpoint are four at most in one go.
  const sentToSilent = silent.received.length
  expect(sentToSilent).toBeLessThanOrEqual(4)

  await payEnds(world, 'succeeded', 15_000, SLOW)
  await payEnds(world, 'succeeded', 15_000, QUICK)
  await until(() => all()[1] === 7 && all()[2] === 2, deliver)
  // Nothing more is sent to one that has not answered yet.
  expect(silent.received).toHaveLength(sentToSilent)

  // It hangs up; what was on its way has come to an end, and is to come again.
  silent.hangUp()
  await settled()
  expect(await world.partners.nextDueAt(SLOW)).not.toBeNull()
})
