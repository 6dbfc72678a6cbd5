import { createHash, createPublicKey, verify } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import type { ApplicationKey } from './application.ts'
import { rsaSigner, signedHeaders, type Signer, sm2Signer } from './testing/signer.ts'
import {
  addApplication,
  HOSPITAL,
  openPartnersWorld,
  type PartnersWorld,
  serve,
  type TestApplication,
} from './testing/world.ts'

const ACTOR = systemActor('test')
const ENDPOINTS = `/v1/hospitals/${HOSPITAL}/partner/endpoints`
const EVENTS = `/v1/hospitals/${HOSPITAL}/partner/events`
const BODY = JSON.stringify({
  url: 'https://bank.example/hooks',
  eventTypes: ['payment.succeeded'],
})

let world: PartnersWorld
let client: TestApplication
const rsa = rsaSigner()
const sm = sm2Signer()
const keys = new Map<Signer, ApplicationKey>()
let nonces = 0

beforeAll(async () => {
  world = await openPartnersWorld()
  client = await addApplication(world)
  for (const signer of [rsa, sm]) keys.set(signer, await addKey(signer))
})
afterAll(() => world[Symbol.asyncDispose]())

function addKey(signer: Signer, validity: { from?: Date; until?: Date } = {}) {
  const { from = null, until = addMs(world.clock.now(), 30 * DAY_MS) } = validity
  const key = { algorithm: signer.algorithm, publicKey: signer.publicKey }
  const wish = { ...key, validFrom: from, validUntil: until }
  return world.partners.addKey(HOSPITAL, client.application.id, wish, ACTOR)
}

const nowS = () => Math.floor(world.clock.now().getTime() / SECOND_MS)
const nonce = () => `nonce${String(++nonces).padStart(16, '0')}`

function stamped(signer: Signer, request: { method: string; path: string; body?: string }) {
  const keyId = keys.get(signer)?.id ?? ''
  return signedHeaders(signer, { ...request, keyId, timestamp: nowS(), nonce: nonce() })
}

const get = (headers: Record<string, string>, url = EVENTS) => world.app.inject({ url, headers })

const post = (headers: Record<string, string>, payload = BODY, url = ENDPOINTS) =>
  world.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  })

describe.each([
  ['RSA with SHA-256', rsa],
  ['SM2 with SM3', sm],
])('a request signed by %s', (_name, signer) => {
  it('is its application’s, with a body and without', async () => {
    const read = await get(stamped(signer, { method: 'GET', path: EVENTS }))
    expect(read.statusCode).toBe(200)
    const path = `${EVENTS}?limit=5&types=payment.succeeded`
    expect((await get(stamped(signer, { method: 'GET', path }), path)).statusCode).toBe(200)
    const written = await post(stamped(signer, { method: 'POST', path: ENDPOINTS, body: BODY }))
    expect(written.statusCode).toBe(201)
  })

  it('S-20: is nobody’s when a part of it is another', async () => {
    const own = () => stamped(signer, { method: 'POST', path: ENDPOINTS, body: BODY })
    const changed = BODY.replace('bank.example', 'thief.example')
    const answers = [
      await post(own(), changed),
      await post(own(), BODY, `${ENDPOINTS}?x=1`),
      await get(own(), ENDPOINTS),
      await post({ ...own(), 'x-partner-nonce': 'a'.repeat(20) }),
      await post({ ...own(), 'x-partner-timestamp': String(nowS() + 1) }),
      await post({ ...own(), 'x-partner-key-id': keys.get(signer === rsa ? sm : rsa)?.id ?? '' }),
      await post({ ...own(), 'x-partner-key-id': world.newId() }),
      await post({ ...own(), 'x-partner-key-id': "' or 1=1 --" }),
      await post({ ...own(), 'x-partner-signature': Buffer.alloc(256, 1).toString('base64') }),
      await post({ ...own(), 'x-partner-signature': '' }),
      await post({ ...own(), 'x-partner-nonce': 'short' }),
      await post({ ...own(), 'x-partner-nonce': `${'a'.repeat(20)}\n` }),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 401))
    const codes = new Set(answers.map((answer) => answer.json<{ code: string }>().code))
    expect([...codes]).toEqual(['partners.signature_invalid'])
  })

  it('is of now when the clocks are five minutes apart, and no more', async () => {
    const keyId = keys.get(signer)?.id ?? ''
    const at = (offset: number) => {
      const timestamp = nowS() + offset
      const request = { keyId, method: 'GET', path: EVENTS, timestamp, nonce: nonce() }
      return get(signedHeaders(signer, request))
    }
    expect([(await at(-300)).statusCode, (await at(300)).statusCode]).toEqual([200, 200])
    for (const offset of [-301, 301]) {
      const answer = await at(offset)
      expect([answer.statusCode, answer.json()]).toMatchObject([
        401,
        { code: 'partners.timestamp_outside', params: { now: world.clock.now().toISOString() } },
      ])
    }
  })
})

describe('a replay', () => {
  it('S-21: is refused however many come at once, at this process and at another', async () => {
    const other = await serve(world.options)
    const headers = stamped(rsa, { method: 'POST', path: ENDPOINTS, body: BODY })
    const request = {
      method: 'POST' as const,
      url: ENDPOINTS,
      headers: { 'content-type': 'application/json', ...headers },
      payload: BODY,
    }
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? world.app : other).inject(request)),
    )
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)])
    expect(answers.find(({ statusCode }) => statusCode === 409)?.json()).toMatchObject({
      code: 'partners.request_replayed',
    })
    await other.close()
  })

  it('is one also when the first was refused for what it asked', async () => {
    const path = '/v1/hospitals/2/partner/events'
    const headers = stamped(rsa, { method: 'GET', path })
    expect((await get(headers, path)).statusCode).toBe(403)
    expect((await get(headers, path)).statusCode).toBe(409)
  })

  it('is none when the same nonce comes after its time, in a request of its own', async () => {
    const again = nonce()
    const keyId = keys.get(rsa)?.id ?? ''
    const sign = () =>
      signedHeaders(rsa, { keyId, method: 'GET', path: EVENTS, timestamp: nowS(), nonce: again })
    expect((await get(sign())).statusCode).toBe(200)
    world.clock.advance(15 * MINUTE_MS)
    expect((await get(sign())).statusCode).toBe(409)
    world.clock.advance(SECOND_MS)
    expect((await get(sign())).statusCode).toBe(200)
  })
})

describe('a key', () => {
  it('counts from its first to its last moment, and not once it is revoked', async () => {
    const signer = rsaSigner()
    const from = addMs(world.clock.now(), MINUTE_MS)
    const key = await addKey(signer, { from, until: addMs(from, MINUTE_MS) })
    keys.set(signer, key)
    const ask = async () => (await get(stamped(signer, { method: 'GET', path: EVENTS }))).statusCode
    expect(await ask()).toBe(401)
    world.clock.set(from)
    expect(await ask()).toBe(200)
    world.clock.advance(MINUTE_MS)
    expect(await ask()).toBe(401)
    const next = rsaSigner()
    const { id } = await addKey(next)
    keys.set(next, { ...key, id })
    const askNext = async () =>
      (await get(stamped(next, { method: 'GET', path: EVENTS }))).statusCode
    expect(await askNext()).toBe(200)
    await world.partners.endKey(HOSPITAL, client.application.id, id, ACTOR)
    expect(await askNext()).toBe(401)
  })

  it('of an application that is switched off, or that calls from elsewhere, opens nothing', async () => {
    const fenced = await addApplication(world, { allowedAddresses: ['203.0.113.7'] })
    const signer = sm2Signer()
    const wish = { algorithm: signer.algorithm, publicKey: signer.publicKey, validFrom: null }
    const until = { validUntil: addMs(world.clock.now(), DAY_MS) }
    const { application } = fenced
    keys.set(
      signer,
      await world.partners.addKey(HOSPITAL, application.id, { ...wish, ...until }, ACTOR),
    )
    const outside = await get(stamped(signer, { method: 'GET', path: EVENTS }))
    expect(outside.json()).toMatchObject({ code: 'partners.address_not_allowed' })
    const inside = await world.app.inject({
      url: EVENTS,
      headers: stamped(signer, { method: 'GET', path: EVENTS }),
      remoteAddress: '203.0.113.7',
    })
    expect(inside.statusCode).toBe(200)
    await world.partners.setApplicationStatus(HOSPITAL, application.id, 'disabled', ACTOR)
    const off = await world.app.inject({
      url: EVENTS,
      headers: stamped(signer, { method: 'GET', path: EVENTS }),
      remoteAddress: '203.0.113.7',
    })
    expect(off.json()).toMatchObject({ code: 'partners.application_disabled' })
  })
})

describe('an answer', () => {
  it.each(['ed25519', 'sm2'] as const)(
    'is signed by the platform’s %s key on request',
    async (algorithm) => {
      const headers = stamped(rsa, { method: 'GET', path: EVENTS })
      const answer = await get({ ...headers, 'x-partner-sign-answer': algorithm })
      const published = await world.app.inject('/v1/partner-keys')
      const { items } = published.json<{
        items: { keyId: string; algorithm: string; publicKey: string }[]
      }>()
      const key = items.find(({ keyId }) => keyId === answer.headers['x-partner-answer-key-id'])
      expect(key?.algorithm).toBe(algorithm)
      const digest = createHash('sha256').update(answer.body).digest('hex')
      const time = String(answer.headers['x-partner-answer-timestamp'])
      const text = `${time}\n${headers['x-partner-nonce']}\n${digest}\n`
      const signature = Buffer.from(String(answer.headers['x-partner-answer-signature']), 'base64')
      const isGenuine = (of: string) =>
        algorithm === 'ed25519'
          ? verify(null, Buffer.from(of), createPublicKey(key?.publicKey ?? ''), signature)
          : sm2.doVerifySignature(of, signature.toString('hex'), key?.publicKey ?? '', {
              hash: true,
              der: true,
            })
      expect(isGenuine(text)).toBe(true)
      expect(isGenuine(text.replace(headers['x-partner-nonce'] ?? '', 'other'))).toBe(false)
    },
  )

  it('is signed for nobody else', async () => {
    const plain = await get(stamped(rsa, { method: 'GET', path: EVENTS }))
    expect(plain.headers['x-partner-answer-signature']).toBeUndefined()
    const stranger = await get({ 'x-partner-sign-answer': 'ed25519' })
    expect(stranger.headers['x-partner-answer-signature']).toBeUndefined()
  })
})
