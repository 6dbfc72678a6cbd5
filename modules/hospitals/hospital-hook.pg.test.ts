import Type from 'typebox'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { createHttp } from '../../platform/http/server.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { addHospitalHook, createHospitals } from './index.ts'

const { clock, random, newId } = testPlatform()

let db: TestDatabase
let app: Awaited<ReturnType<typeof openApp>>
let hospitals: ReturnType<typeof createHospitals>
let handled = 0

beforeAll(async () => {
  db = await createTestDatabase()
  const seal = createSeal(new Uint8Array(32).fill(7), random)
  hospitals = createHospitals({ db, clock, newId, seal, systemOf: async () => null })
  app = await openApp()
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

/** Routes of a hospital for anybody and for staff of hospital 1, and one that is of no hospital. */
async function openApp() {
  const staffId = newId() as Id<'Staff'>
  const http = await createHttp({
    newId,
    authenticate: async () => ({
      kind: 'staff',
      staffId,
      hospitalId: 1 as HospitalId,
      roles: ['finance'],
    }),
  })
  addHospitalHook(http, hospitals)
  const params = Type.Object({ hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }) })
  const route = (access: 'public' | 'staff') => ({
    config: { access: [access] },
    schema: { params },
  })
  const answer = async () => ({ handled: ++handled })
  await http.register(async (scope) => {
    scope.get('/hospitals/:hospitalId/bills', route('public'), answer)
    scope.post('/hospitals/:hospitalId/payments', route('staff'), answer)
    scope.get('/me', { config: { access: ['public'] } }, answer)
  })
  await http.ready()
  return http
}

const register = (id: number) =>
  hospitals.register({
    id: id as HospitalId,
    insuranceCode: `H3702000000${id}`,
    name: '海岳医院',
    shortName: '海岳',
    level: '三级甲等',
    status: 'active',
  })

const ask = async (path: string, method: 'GET' | 'POST' = 'GET') => {
  const response = await app.inject({ method, url: path })
  return [response.statusCode, response.json().code ?? null]
}

it('a hospital that is not there is said so on every route of it, and nothing is done', async () => {
  for (const [path, method] of [
    ['/hospitals/1/bills', 'GET'],
    ['/hospitals/1/payments', 'POST'],
    ['/hospitals/1679615/bills', 'GET'],
  ] as const) {
    expect(await ask(path, method)).toEqual([404, 'hospitals.hospital_not_found'])
  }
  expect(handled).toBe(0)
})

it('is there from the moment it is registered, and is asked for only once', async () => {
  await register(1)
  expect(await ask('/hospitals/1/bills')).toEqual([200, null])
  expect(await ask('/hospitals/1/payments', 'POST')).toEqual([200, null])
  expect(await ask('/hospitals/2/bills')).toEqual([404, 'hospitals.hospital_not_found'])
})

it('what is no number, not one’s own, or of no hospital answers as before', async () => {
  expect(await ask('/hospitals/x/bills')).toEqual([400, 'http.invalid_request'])
  expect(await ask('/hospitals/0/bills')).toEqual([400, 'http.invalid_request'])
  expect(await ask('/hospitals/2/payments', 'POST')).toEqual([403, 'http.forbidden'])
  expect(await ask('/me')).toEqual([200, null])
  expect(await ask('/hospitals/1/nothing')).toEqual([404, 'http.not_found'])
})
