import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { addMs, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import {
  addApplication,
  asStaff,
  bearer,
  HOSPITAL,
  openPartnersWorld,
  OTHER_HOSPITAL,
  type PartnersWorld,
  tokenOf,
} from './testing/world.ts'

// What a hospital's IT reads when a partner says "it does not work".

let world: PartnersWorld
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())

const IT = asStaff('it')

type Logged = {
  id: string
  applicationId: string
  path: string
  status: number
  errorCode: string | null
  requestId: string
  address: string
  proof: string
}

const partnerAt = (hospitalId: HospitalId) => `/v1/hospitals/${hospitalId}/partner`

const get = (headers: object, url: string) =>
  world.app.inject({ method: 'GET', url, headers: { ...headers } })

/** A line is written once the answer has gone: whoever has just asked may have to look twice. */
async function logOf(query = '', hospitalId = HOSPITAL): Promise<Logged[]> {
  const url = `/v1/hospitals/${hospitalId}/partner-requests?${query}`
  const answer = await get(asStaff('it', hospitalId), url)
  expect(answer.statusCode).toBe(200)
  return answer.json<{ items: Logged[] }>().items
}

it('shows every call of every application at the hospital, and by whom and how it was proven', async () => {
  const [first, second] = [await addApplication(world), await addApplication(world)]
  const token = await tokenOf(world, first)
  const other = bearer(await tokenOf(world, second))
  await get(bearer(token), `${partnerAt(HOSPITAL)}/events`)
  const missing = await get(other, `${partnerAt(HOSPITAL)}/events/${world.newId()}`)
  await get(other, `${partnerAt(OTHER_HOSPITAL)}/events`)

  await expect.poll(() => logOf()).toHaveLength(4)
  const log = await logOf()
  expect(log).toMatchObject([
    { applicationId: second.application.id, status: 404, errorCode: 'partners.event_not_found' },
    { applicationId: first.application.id, status: 200, proof: 'token', address: '127.0.0.1' },
    { applicationId: second.application.id, path: '/v1/oauth/token', proof: 'secret' },
    { applicationId: first.application.id, path: '/v1/oauth/token', status: 200 },
  ])
  // The number that the partner was given leads to the line.
  const { instance } = missing.json<{ instance: string }>()
  expect(await logOf(`requestId=${instance}`)).toEqual([log[0]])
  expect(await logOf('status=4xx')).toEqual([log[0]])
  expect(await logOf('status=5xx')).toEqual([])
  expect(await logOf(`applicationId=${first.application.id}&status=2xx`)).toEqual([log[1], log[3]])
  expect(await logOf('limit=1')).toEqual([log[0]])
  expect(await logOf(`before=${log[1]?.id}&limit=1`)).toEqual([log[2]])

  const one = await get(IT, `/v1/hospitals/1/partner-requests/${log[1]?.id}`)
  expect(one.json()).toEqual(log[1])
  const auditor = await get(asStaff('auditor'), '/v1/hospitals/1/partner-requests')
  expect(auditor.json()).toEqual({ items: log })
  const finance = await get(asStaff('finance'), '/v1/hospitals/1/partner-requests')
  expect(finance.statusCode).toBe(403)
})

it('shows another hospital what was asked there, and nothing else', async () => {
  const { application, ...secret } = await addApplication(world)
  const admission = { clientId: application.clientId, scopes: ['events:read' as const] }
  const actor = { name: 'system:test', requestId: null }
  await world.partners.admitApplication(OTHER_HOSPITAL, admission, actor)
  const token = await tokenOf(world, { application, ...secret })
  await get(bearer(token), `${partnerAt(HOSPITAL)}/events`)
  await get(bearer(token), `${partnerAt(OTHER_HOSPITAL)}/events`)
  const theirs = async () => (await logOf('', OTHER_HOSPITAL)).map(({ path }) => path)
  await expect.poll(theirs).toEqual([`${partnerAt(OTHER_HOSPITAL)}/events`])
  const [ours] = await logOf('limit=1')
  const foreign = `/v1/hospitals/${OTHER_HOSPITAL}/partner-requests/${ours?.id}`
  const answer = await get(asStaff('it', OTHER_HOSPITAL), foreign)
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
    404,
    'partners.request_not_found',
  ])
})

it('is cut by time', async () => {
  const client = await addApplication(world)
  const token = bearer(await tokenOf(world, client))
  const from = world.clock.now()
  const ask = () => get(token, `${partnerAt(HOSPITAL)}/events`)
  await ask()
  world.clock.advance(10 * MINUTE_MS)
  const between = world.clock.now()
  await ask()
  await ask()
  world.clock.advance(10 * MINUTE_MS)
  await ask()
  const own = `applicationId=${client.application.id}`
  const since = (moment: Date) => `since=${encodeURIComponent(moment.toISOString())}`
  const until = (moment: Date) => `until=${encodeURIComponent(moment.toISOString())}`
  await expect.poll(() => logOf(`${own}&${since(between)}`)).toHaveLength(3)
  expect(await logOf(`${own}&${since(between)}&${until(addMs(between, 1))}`)).toHaveLength(2)
  expect(await logOf(`${own}&${since(from)}&${until(between)}&status=2xx`)).toHaveLength(2)
  expect(await logOf(`${own}&${since(addMs(from, HOUR_MS))}`)).toEqual([])
  expect((await get(IT, '/v1/hospitals/1/partner-requests?since=yesterday')).statusCode).toBe(400)
})

it('has the call that was turned away, for its makers to see why', async () => {
  const client = await addApplication(world)
  const { id } = client.application
  const token = bearer(await tokenOf(world, client))
  const actor = { name: 'system:test', requestId: null }
  const allowedAddresses = ['203.0.113.7']
  await world.partners.changeApplication(HOSPITAL, id, { allowedAddresses }, actor)
  await get(token, `${partnerAt(HOSPITAL)}/events`)
  await world.partners.setApplicationStatus(HOSPITAL, id, 'disabled', actor)
  await get(token, `${partnerAt(HOSPITAL)}/events`)
  await expect
    .poll(() => logOf(`applicationId=${id}&status=4xx`))
    .toMatchObject([
      { status: 403, errorCode: 'partners.application_disabled' },
      { status: 403, errorCode: 'partners.address_not_allowed' },
    ])
})
