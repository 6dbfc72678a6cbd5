import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { HOUR_MS, SECOND_MS } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import {
  addApplication,
  bearer,
  credentialsOf,
  form,
  HOSPITAL,
  openPartnersWorld,
  OTHER_HOSPITAL,
  type PartnersWorld,
  serve,
  type TestApplication,
  tokenOf,
} from './testing/world.ts'

const GRANT = { grant_type: 'client_credentials' }
const ACTOR = systemActor('test')
const EVENTS = `/v1/hospitals/${HOSPITAL}/partner/events`

let world: PartnersWorld
beforeAll(async () => void (world = await openPartnersWorld()))
afterAll(() => world[Symbol.asyncDispose]())

const read = (token: string, url = EVENTS) => world.app.inject({ url, headers: bearer(token) })

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${secret}`).toString('base64')}`,
})

describe('a token', () => {
  it('is given for the secret, in the form or in the header, and opens what its scopes say', async () => {
    const client = await addApplication(world)
    const inForm = await form(world, 'token', { ...GRANT, ...credentialsOf(client) })
    expect(inForm.statusCode).toBe(200)
    expect(inForm.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' })
    expect(inForm.json()).toEqual({
      access_token: expect.stringMatching(/^yqt_test_[0-9a-f]{64}$/),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope:
        'bookings:write events:read grants:write payments:read payments:write reconciliation:read refunds:write schedules:read verify:read',
    })
    const header = basic(client.application.clientId, client.clientSecret)
    const inHeader = await form(world, 'token', { ...GRANT, scope: 'events:read' }, header)
    expect(inHeader.json()).toMatchObject({ scope: 'events:read' })
    const { access_token: token } = inHeader.json<{ access_token: string }>()
    expect((await read(token)).statusCode).toBe(200)
  })

  it('is kept as a digest, and so is the secret', async () => {
    const client = await addApplication(world)
    const token = await tokenOf(world, client)
    const { rows } = await sql<{ text: string }>`
      select t::text as text from partners.access_token t
      union all select s::text from partners.application_secret s`.execute(world.db)
    const dump = rows.map(({ text }) => text).join('\n')
    expect(dump).toContain(client.secretId)
    for (const secret of [token, client.clientSecret]) {
      expect(dump).not.toContain(secret.slice(-20))
    }
  })

  it('ends after an hour, and says so', async () => {
    const token = await tokenOf(world, await addApplication(world))
    world.clock.advance(HOUR_MS - SECOND_MS)
    expect((await read(token)).statusCode).toBe(200)
    world.clock.advance(SECOND_MS)
    const late = await read(token)
    expect(late.statusCode).toBe(401)
    expect(late.json()).toMatchObject({ code: 'partners.token_invalid' })
    expect(late.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })

  it.each([
    ['none', {}, 'http.unauthenticated'],
    ['one that nobody has', bearer(`yqt_test_${'0'.repeat(64)}`), 'partners.token_invalid'],
    ['one of a live installation', bearer(`yqt_live_${'0'.repeat(64)}`), 'partners.token_invalid'],
    ['a word', bearer('yqt_x'), 'partners.token_invalid'],
    ['an api key', bearer(`yqk_${'0'.repeat(64)}`), 'http.unauthenticated'],
    ['another scheme', { authorization: 'Digest yqt_x' }, 'http.unauthenticated'],
  ])('is wanted: %s does not do', async (_what, headers, code) => {
    const answer = await world.app.inject({ url: EVENTS, headers })
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toMatchObject({ code })
  })

  it('opens nothing beyond its scopes, and nothing at another hospital', async () => {
    const client = await addApplication(world)
    const narrow = await read(await tokenOf(world, client, 'payments:read'))
    expect(narrow.statusCode).toBe(403)
    expect(narrow.json()).toMatchObject({
      code: 'partners.scope_missing',
      params: { scope: 'events:read' },
    })
    expect(narrow.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_scope", scope="events:read"',
    )
    const token = await tokenOf(world, client)
    for (const place of [OTHER_HOSPITAL, 3, '0x1', '1e0']) {
      const foreign = await read(token, `/v1/hospitals/${place}/partner/events`)
      expect([403, 400]).toContain(foreign.statusCode)
    }
  })

  it('is worth less from the moment the hospital takes something back', async () => {
    const client = await addApplication(world)
    const { id } = client.application
    const token = await tokenOf(world, client)
    await world.partners.changeApplication(HOSPITAL, id, { scopes: ['payments:read'] }, ACTOR)
    expect((await read(token)).statusCode).toBe(403)
    await world.partners.changeApplication(HOSPITAL, id, { scopes: ['events:read'] }, ACTOR)
    expect((await read(token)).statusCode).toBe(200)
    await world.partners.setApplicationStatus(HOSPITAL, id, 'disabled', ACTOR)
    const off = await read(token)
    expect([off.statusCode, off.json<{ code: string }>().code]).toEqual([
      403,
      'partners.application_disabled',
    ])
  })
})

describe('a token request is refused', () => {
  let client: TestApplication
  beforeAll(async () => void (client = await addApplication(world, { scopes: ['events:read'] })))

  const own = () => credentialsOf(client)
  const cases: [string, () => Record<string, string>, number, string][] = [
    ['without a grant type', () => own(), 400, 'invalid_request'],
    [
      'for another grant',
      () => ({ ...own(), grant_type: 'password' }),
      400,
      'unsupported_grant_type',
    ],
    ['without a client', () => GRANT, 401, 'invalid_client'],
    [
      'for an unknown client',
      () => ({ ...GRANT, ...own(), client_id: 'yqc_0' }),
      401,
      'invalid_client',
    ],
    [
      'with another secret',
      () => ({ ...GRANT, ...own(), client_secret: `yqs_test_${'0'.repeat(64)}` }),
      401,
      'invalid_client',
    ],
    [
      'with its own secret as a live one',
      () => ({ ...GRANT, ...own(), client_secret: client.clientSecret.replace('test', 'live') }),
      401,
      'invalid_client',
    ],
    [
      'for a scope it has not',
      () => ({ ...GRANT, ...own(), scope: 'payments:read' }),
      400,
      'invalid_scope',
    ],
    [
      'for a scope that is none',
      () => ({ ...GRANT, ...own(), scope: 'everything' }),
      400,
      'invalid_scope',
    ],
    [
      'with more than it has among it',
      () => ({ ...GRANT, ...own(), scope: 'events:read payments:read' }),
      400,
      'invalid_scope',
    ],
    [
      'with a field too long',
      () => ({ ...GRANT, ...own(), scope: 'x'.repeat(2_001) }),
      400,
      'invalid_request',
    ],
  ]
  it.each(cases)('%s', async (_what, fields, status, error) => {
    const answer = await form(world, 'token', fields())
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ error })
    expect(answer.headers['www-authenticate']).toBe(
      status === 401 ? 'Basic realm="oauth"' : undefined,
    )
  })

  it('with credentials in two places, or a field twice, or as JSON', async () => {
    const header = basic(client.application.clientId, client.clientSecret)
    const twice = await form(world, 'token', { ...GRANT, ...own() }, header)
    expect(twice.json()).toMatchObject({ error: 'invalid_request' })
    const send = (payload: string, type: string) =>
      world.app.inject({
        method: 'POST',
        url: '/v1/oauth/token',
        headers: { 'content-type': type },
        payload,
      })
    const doubled = await send(
      'grant_type=client_credentials&grant_type=password',
      'application/x-www-form-urlencoded',
    )
    expect([doubled.statusCode, doubled.json()]).toMatchObject([400, { error: 'invalid_request' }])
    const json = await send(JSON.stringify({ ...GRANT, ...own() }), 'application/json')
    expect([json.statusCode, json.json()]).toMatchObject([400, { error: 'invalid_request' }])
    const huge = await send(`scope=${'x'.repeat(9_000)}`, 'application/x-www-form-urlencoded')
    expect([huge.statusCode, huge.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })

  it('by a live installation, for what a sandbox has given, even with its database', async () => {
    const token = await tokenOf(world, client)
    const app = await serve({ ...world.options, environment: 'live' })
    const refused = await form({ app }, 'token', { ...GRANT, ...own() })
    expect([refused.statusCode, refused.json()]).toMatchObject([401, { error: 'invalid_client' }])
    expect((await app.inject({ url: EVENTS, headers: bearer(token) })).statusCode).toBe(401)
    expect((await read(token)).statusCode).toBe(200)
    await app.close()
  })

  it('for a client that calls from an address that may not', async () => {
    const elsewhere = await addApplication(world, { allowedAddresses: ['203.0.113.0/24'] })
    const outside = await form(world, 'token', { ...GRANT, ...credentialsOf(elsewhere) })
    expect([outside.statusCode, outside.json()]).toMatchObject([
      400,
      { error: 'unauthorized_client' },
    ])
    const here = await addApplication(world, { allowedAddresses: ['127.0.0.1', '::1'] })
    expect(await tokenOf(world, here)).toMatch(/^yqt_test_/)
  })
})

describe('a secret', () => {
  it('is followed by another while it still works; a third has to wait', async () => {
    const client = await addApplication(world)
    const { id } = client.application
    const next = await world.partners.rotateSecret(HOSPITAL, id, HOUR_MS, ACTOR)
    await expect(world.partners.rotateSecret(HOSPITAL, id, HOUR_MS, ACTOR)).rejects.toMatchObject({
      code: 'partners.secrets_too_many',
    })
    const both = [client, { ...client, clientSecret: next.clientSecret }]
    const statuses = async () =>
      Promise.all(
        both.map(async (one) => {
          const answer = await form(world, 'token', { ...GRANT, ...credentialsOf(one) })
          return answer.statusCode
        }),
      )
    expect(await statuses()).toEqual([200, 200])
    world.clock.advance(HOUR_MS)
    expect(await statuses()).toEqual([401, 200])
    await world.partners.rotateSecret(HOSPITAL, id, 0, ACTOR)
    expect(await statuses()).toEqual([401, 401])
  })

  it('that is revoked takes its tokens with it, and no other’s', async () => {
    const client = await addApplication(world)
    const { id } = client.application
    const next = await world.partners.rotateSecret(HOSPITAL, id, HOUR_MS, ACTOR)
    const lost = await tokenOf(world, client)
    const kept = await tokenOf(world, { ...client, clientSecret: next.clientSecret })
    await world.partners.revokeSecret(HOSPITAL, id, client.secretId, ACTOR)
    expect([(await read(lost)).statusCode, (await read(kept)).statusCode]).toEqual([401, 200])
    await expect(
      world.partners.revokeSecret(HOSPITAL, id, client.secretId, ACTOR),
    ).rejects.toMatchObject({ code: 'partners.secret_not_found' })
  })
})

describe('revocation and introspection', () => {
  it('are for the client’s own tokens; another’s is as if it were not there', async () => {
    const [mine, theirs] = [await addApplication(world), await addApplication(world)]
    const token = await tokenOf(world, mine, 'events:read')
    const look = async (client: TestApplication) => {
      const answer = await form(world, 'introspect', { ...credentialsOf(client), token })
      return answer.json<Record<string, unknown>>()
    }
    const iat = Math.floor(world.clock.now().getTime() / SECOND_MS)
    expect(await look(mine)).toEqual({
      active: true,
      scope: 'events:read',
      client_id: mine.application.clientId,
      token_type: 'Bearer',
      iat,
      exp: iat + 3_600,
    })
    expect(await look(theirs)).toEqual({ active: false })
    const byOther = await form(world, 'revoke', { ...credentialsOf(theirs), token })
    expect([byOther.statusCode, (await read(token)).statusCode]).toEqual([200, 200])
    const byOwner = await form(world, 'revoke', { ...credentialsOf(mine), token })
    expect([byOwner.statusCode, (await read(token)).statusCode]).toEqual([200, 401])
    expect(await look(mine)).toEqual({ active: false })
    const again = await form(world, 'revoke', { ...credentialsOf(mine), token })
    expect(again.statusCode).toBe(200)
    const nobody = await form(world, 'revoke', { token })
    expect(nobody.statusCode).toBe(401)
  })
})

describe('guessing', () => {
  it('is slowed down for that client at that address, and for no other', async () => {
    await using fresh = await openPartnersWorld()
    const [client, other] = [await addApplication(fresh), await addApplication(fresh)]
    const wrong = {
      ...GRANT,
      ...credentialsOf(client),
      client_secret: `yqs_test_${'1'.repeat(64)}`,
    }
    for (let i = 0; i < 10; i++) {
      expect((await form(fresh, 'token', wrong)).statusCode).toBe(401)
    }
    const blocked = await form(fresh, 'token', { ...GRANT, ...credentialsOf(client) })
    expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '30'])
    expect((await form(fresh, 'token', { ...GRANT, ...credentialsOf(other) })).statusCode).toBe(200)
    fresh.clock.advance(30 * SECOND_MS)
    expect((await form(fresh, 'token', wrong)).statusCode).toBe(401)
    const longer = await form(fresh, 'token', wrong)
    expect([longer.statusCode, longer.headers['retry-after']]).toEqual([429, '60'])
    fresh.clock.advance(60 * SECOND_MS)
    expect(await tokenOf(fresh, client)).toMatch(/^yqt_/)
    expect((await form(fresh, 'token', wrong)).statusCode).toBe(401)
  })

  it('over many clients is slowed down at that address', async () => {
    await using fresh = await openPartnersWorld()
    const client = await addApplication(fresh)
    const statuses = []
    for (let i = 0; i < 51; i++) {
      const guess = { ...GRANT, client_id: `yqc_${i}`, client_secret: 'x' }
      statuses.push((await form(fresh, 'token', guess)).statusCode)
    }
    expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true)
    expect(statuses[50]).toBe(429)
    const right = await form(fresh, 'token', { ...GRANT, ...credentialsOf(client) })
    expect(right.statusCode).toBe(429)
  })
})
