import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { noCanaries } from '../../../platform/canary.ts'
import type { Role } from '../../../platform/principal.ts'
import { createSeal } from '../../../platform/seal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { wakeBySweep } from '../../../platform/wake.ts'
import { createHub, type Hub } from '../../hub/create-hub.ts'
import { createWorld } from '../../simulators/world/index.ts'
import { savePersonas } from './personas.ts'
import { seedLenders } from './seed-lenders.ts'
import { DEMO_PASSWORD, seedRegion, staffLogin } from './seed.ts'

const world = createWorld('seed test', { people: 60 })
let db: TestDatabase
let hub: Hub

beforeAll(async () => {
  db = await createTestDatabase()
  const platform = { db, ...testPlatform() }
  hub = createHub({
    ...platform,
    seal: createSeal(new Uint8Array(32).fill(7), platform.random),
    wake: wakeBySweep,
    canaries: noCanaries,
    providerTimeoutMs: 1_000,
    quoteDeadlineMs: 1_000,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  await seedRegion(hub, world)
  await seedLenders(hub, world)
  await savePersonas(hub, world)
})
afterAll(() => db[Symbol.asyncDispose]())

const whoIs = async (app: 'patient' | 'console', login: string) => {
  const { token } = await hub.identity.login({ app, login, password: DEMO_PASSWORD })
  return hub.identity.authenticateToken(token, app)
}

describe('the staff of the demo region', () => {
  it.each<Role>(['finance', 'cashier', 'auditor', 'it'])(
    'has at every hospital one with the role %s and no other',
    async (role) => {
      for (const { id } of world.hospitals) {
        expect(await whoIs('console', staffLogin(id, role))).toMatchObject({
          kind: 'staff',
          hospitalId: id,
          roles: [role],
        })
      }
    },
  )

  it('keeps the logins that others rely on', () => {
    expect(world.hospitals.map(({ id }) => staffLogin(id))).toEqual([
      'finance1',
      'finance2',
      'finance3',
    ])
  })
})

describe('the personas', () => {
  it('can all sign in, and are payers and staff of several roles', async () => {
    const personas = await hub.identity.demoPersonas()
    const who = await Promise.all(personas.map(({ app, login }) => whoIs(app, login)))
    const kinds = who.map((principal) =>
      principal?.kind === 'staff'
        ? `${principal.roles.join(' ')} of ${principal.hospitalId}`
        : principal?.kind,
    )
    expect(kinds).toEqual([
      ...world.people.slice(0, 5).map(() => 'person'),
      ...world.hospitals.map(({ id }) => `finance of ${id}`),
      'cashier of 1',
      'auditor of 1',
      'it of 1',
      'doctor of 1',
      'it of 1',
      'cashier of 3',
      'finance of 900001',
      'finance of 900001',
      'auditor of 900001',
    ])
  })

  it('say what they are, and finance alone is called so', async () => {
    const personas = await hub.identity.demoPersonas()
    const staff = personas.filter(({ app }) => app === 'console')
    expect(staff.filter(({ label }) => label.zh.includes('财务'))).toHaveLength(3)
    expect(staff.filter(({ label }) => label.en.includes('finance'))).toHaveLength(3)
    expect(new Set(personas.map(({ label }) => label.zh)).size).toBe(personas.length)
  })
})
