import { afterAll, beforeAll, expect, it } from 'vitest'

import { addMs, DAY_MS } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { coverageRoutes } from './routes.ts'
import { createFixture, type Fixture, HOSPITAL, settled, VERSION } from './testing/fixture.ts'

let db: TestDatabase
let fixture: Fixture
let app: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  db = await createTestDatabase()
  fixture = createFixture(db, 'coverage-routes')
  const { newId, clock, insurers } = fixture
  app = await createHttp({
    newId,
    authenticate: async ({ headers }) =>
      typeof headers['x-as'] === 'string' ? (JSON.parse(headers['x-as']) as Principal) : null,
  })
  const insurersOf = () => Promise.resolve(insurers)
  await app.register(coverageRoutes({ coverage: fixture.start(), db, clock, insurersOf }))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

const BASE = `/hospitals/${HOSPITAL}/coverage`

async function ask(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { body, as }: { body?: object; as?: Principal } = {},
) {
  const principal = as ?? { kind: 'person', personId: fixture.personId }
  const answer = await app.inject({
    method,
    url: BASE + path,
    headers: { 'x-as': JSON.stringify(principal) },
    ...(body ? { payload: body } : {}),
  })
  const read: Record<string, unknown> = answer.body === '' ? {} : answer.json()
  return { status: answer.statusCode, body: read }
}

const finance: Principal = {
  kind: 'staff',
  staffId: 's1' as Extract<Principal, { kind: 'staff' }>['staffId'],
  hospitalId: HOSPITAL,
  roles: ['finance'],
}

it('[N3] a person allows, finds, binds and withdraws; finance follows the claims', async () => {
  expect(await ask('GET', '/insurers/hyb/policies')).toMatchObject({
    status: 422,
    body: { code: 'coverage.consent_missing' },
  })
  const expiresAt = addMs(fixture.clock.now(), DAY_MS).toISOString()
  const wish = {
    insurerCode: 'hyb',
    purpose: 'policy_check',
    version: VERSION,
    scope: [],
    expiresAt,
  }
  const given = await ask('POST', '/consents', { body: wish })
  expect(given).toMatchObject({ status: 201, body: { inForce: true } })
  expect(await ask('GET', '/insurers/hyb/policies')).toMatchObject({
    body: { items: [{ policyNo: 'P-1', bound: false }] },
  })
  const policy = { insurerCode: 'hyb', policyNo: 'P-1' }
  expect((await ask('POST', '/policies', { body: policy })).status).toBe(201)
  expect(await ask('GET', '')).toMatchObject({
    body: {
      insurers: [{ code: 'hyb' }, { code: 'other' }],
      policies: [{ policyNo: 'P-1', bound: true, capFen: 1_000_000, productKind: 'ordinary' }],
      texts: [{ version: VERSION }, { version: VERSION }],
    },
  })

  await settled(fixture)
  expect(await ask('GET', '/my-claims')).toMatchObject({
    body: { items: [{ status: 'waiting', policyNo: 'P-1', payFen: 16_000, owedFen: 0 }] },
  })
  const list = await ask('GET', '/claims?limit=1&status=waiting', { as: finance })
  expect(list).toMatchObject({ status: 200, body: { items: [{ policyNo: '****P-1' }] } })
  expect(await ask('GET', '/claims?open=true', { as: finance })).toMatchObject({
    body: { items: [] },
  })
  expect((await ask('GET', '/claims')).status).toBe(403)
  expect((await ask('GET', '/claims', { as: { ...finance, roles: ['it'] } })).status).toBe(403)

  const withdrawal = `/consents/${String(given.body.id)}/withdrawal`
  expect((await ask('POST', withdrawal)).status).toBe(204)
  expect(await ask('POST', withdrawal)).toMatchObject({ status: 404 })
  expect((await ask('DELETE', '/policies/hyb/P-1')).status).toBe(204)
  expect(await ask('DELETE', '/policies/hyb/P-1')).toMatchObject({
    body: { code: 'coverage.policy_not_bound' },
  })
})
