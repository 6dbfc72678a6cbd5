import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { auditAbout } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { type Role, systemActor } from '../../platform/principal.ts'
import { type Bench, openBench } from './testing/bench.ts'
import { addApplication, asStaff, openPartnersWorld, type PartnersWorld } from './testing/world.ts'

let world: PartnersWorld
let bench: Bench
beforeAll(async () => {
  world = await openPartnersWorld()
  bench = await openBench(world)
})
afterAll(async () => {
  await bench.receiver.stop()
  await world[Symbol.asyncDispose]()
})

type Wish = { method: 'POST' | 'PATCH' | 'DELETE'; of?: string; payload?: object }

/** A request of the staff of a hospital about the endpoints of the bench's application there. */
function ask(
  { method, of = '', payload }: Wish,
  role: Role = 'it',
  hospitalId: HospitalId = bench.hospitalId,
) {
  const { id } = bench.client.application
  const url = `/v1/hospitals/${hospitalId}/partner-applications/${id}/endpoints${of}`
  const headers = asStaff(role, hospitalId)
  return world.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
}

const wish = () => ({ url: bench.receiver.url, eventTypes: ['payment.succeeded'] })

async function add() {
  const answer = await ask({ method: 'POST', payload: wish() })
  expect(answer.statusCode).toBe(201)
  expect(answer.headers['cache-control']).toBe('no-store')
  const { endpoint, secret } = answer.json<{ endpoint: { id: string }; secret: string }>()
  return { id: endpoint.id, secret, body: answer.body }
}

describe('the hospital’s IT', () => {
  it('adds an endpoint, whose secret is shown once and signs what is sent there', async () => {
    const { id, secret } = await add()
    bench.receiver.trust(secret)
    await bench.payEnds()
    expect(await bench.deliverAll()).toBe(1)
    expect(bench.receiver.received.at(-1)?.signedBy).toEqual([secret])
    // The application sees it as its own, and nobody sees the secret again.
    const listed = await bench.call('GET', '/endpoints')
    expect(listed.json<{ items: { id: string }[] }>().items.map((one) => one.id)).toContain(id)
    expect(listed.body).not.toContain(secret)
  })

  it('changes it, switches it off and on, gives it a new secret, and ends it', async () => {
    const { id, secret } = await add()
    const change = (payload: object) => ask({ method: 'PATCH', of: `/${id}`, payload })
    const moved = await change({ url: `${bench.receiver.url}/2`, eventTypes: ['refund.refused'] })
    expect(moved.json()).toMatchObject({ eventTypes: ['refund.refused'], status: 'active' })
    expect((await change({ status: 'disabled' })).json()).toMatchObject({ status: 'disabled' })
    expect((await change({ status: 'active' })).json()).toMatchObject({ status: 'active' })
    const rotated = await ask({ method: 'POST', of: `/${id}/secret` })
    expect(rotated.statusCode).toBe(201)
    const body = rotated.json<{ secret: string; earlierUntil: string }>()
    expect(body.secret).toMatch(/^whsec_/)
    expect(body.secret).not.toBe(secret)
    expect((await ask({ method: 'DELETE', of: `/${id}` })).statusCode).toBe(204)
    expect(await bench.endpointView(id)).toBeUndefined()
    expect((await change({ status: 'active' })).json()).toMatchObject({
      code: 'partners.endpoint_not_found',
    })
  })

  it('is written down as who did it', async () => {
    const { id } = await add()
    await ask({ method: 'DELETE', of: `/${id}` })
    const rows = await inHospital(world.db, bench.hospitalId, (tx) =>
      auditAbout(tx, bench.hospitalId, `endpoint:${id}`),
    )
    expect(rows.map(({ actor, action }) => ({ actor, action }))).toEqual([
      { actor: expect.stringMatching(/^staff:/), action: 'partners.add_endpoint' },
      { actor: expect.stringMatching(/^staff:/), action: 'partners.remove_endpoint' },
    ])
  })

  it('lets an application hear nothing that it may not read', async () => {
    const hospitalId = (bench.hospitalId + 500) as HospitalId
    const scopes = ['events:read', 'reconciliation:read'] as const
    const { application } = await addApplication(world, { hospitalId, scopes })
    const answer = await world.app.inject({
      method: 'POST',
      url: `/v1/hospitals/${hospitalId}/partner-applications/${application.id}/endpoints`,
      headers: asStaff('it', hospitalId),
      payload: wish(),
    })
    expect(answer.json()).toMatchObject({ code: 'partners.event_types_not_allowed' })
  })

  it('gives no address of a private network', async () => {
    const payload = { ...wish(), url: 'https://10.0.0.1/hook' }
    const answer = await ask({ method: 'POST', payload })
    expect(answer.json()).toMatchObject({ code: 'partners.endpoint_url_refused' })
  })
})

it.each(['auditor', 'finance', 'cashier'] as const)(
  'no %s may change where anybody is told',
  async (role) => {
    const { id } = await add()
    const asks: Wish[] = [
      { method: 'POST', payload: wish() },
      { method: 'PATCH', of: `/${id}`, payload: { status: 'disabled' } },
      { method: 'DELETE', of: `/${id}` },
      { method: 'POST', of: `/${id}/secret` },
    ]
    for (const each of asks) expect((await ask(each, role)).statusCode).toBe(403)
  },
)

it('a hospital that has not let the application in, and another’s endpoint, are not found', async () => {
  const { id } = await add()
  const elsewhere = 999 as HospitalId
  expect((await ask({ method: 'POST', payload: wish() }, 'it', elsewhere)).json()).toMatchObject({
    code: 'partners.application_not_found',
  })
  const { clientId } = bench.client.application
  const scopes = ['events:read', 'payments:read'] as const
  const actor = systemActor('test')
  await world.partners.admitApplication(elsewhere, { clientId, scopes }, actor)
  const foreign = await ask({ method: 'DELETE', of: `/${id}` }, 'it', elsewhere)
  expect(foreign.json()).toMatchObject({ code: 'partners.endpoint_not_found' })
})
