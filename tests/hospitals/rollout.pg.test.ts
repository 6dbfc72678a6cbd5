import { Pool } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { send, signIn } from '../../apps/bench/payments/load.ts'
import { HOSPITALS, openTestHub, PAYER } from '../../apps/bench/testing/hub.ts'
import { assert } from '../../kernel/assert.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

const [FIRST, SECOND] = HOSPITALS
const IT = { name: 'staff:it', requestId: null }

let database: TestDatabase
let hub: Awaited<ReturnType<typeof openTestHub>>
let api: Pool
let cookie: string
beforeAll(async () => {
  database = await createTestDatabase()
  hub = await openTestHub(database)
  api = new Pool(hub.url)
  cookie = await signIn(api, PAYER)
})
afterAll(async () => {
  await api.close()
  await hub.close()
  await database[Symbol.asyncDispose]()
})

const plan = (hospitalId: number, billNo: string) =>
  send({ api, cookie, path: '' }, 'POST', `/v1/hospitals/${hospitalId}/payments`, {
    bills: [{ billNo, version: 1 }],
    channel: 'wechat',
    useAccount: true,
  })

it('[H4] a department that is not switched on takes no money online, and another hospital’s does', async () => {
  assert(FIRST && SECOND, 'there are hospitals')
  await expect(plan(FIRST, 'B1')).resolves.toMatchObject({ status: 'quoted' })
  const terms = {
    stage: 'pilot',
    scenes: ['booking'],
    departments: null,
    note: '先开预约',
  } as const
  await hub.hub.rollouts.change(FIRST, terms, 0, IT)
  await expect(plan(FIRST, 'B2')).rejects.toThrow(/billing\.not_online_here/)
  await expect(plan(SECOND, 'B3')).resolves.toMatchObject({ status: 'quoted' })
  const wide = { ...terms, stage: 'expansion', scenes: ['booking', 'payment'] } as const
  await hub.hub.rollouts.change(FIRST, wide, 1, IT)
  await expect(plan(FIRST, 'B2')).resolves.toMatchObject({ status: 'quoted' })
})
