import { createNewId, type HospitalId } from '../../../../kernel/id.ts'
import { createHttp } from '../../../../platform/http/server.ts'
import type { Principal, Role } from '../../../../platform/principal.ts'
import { createSeal } from '../../../../platform/seal.ts'
import { systemClock, systemRandom } from '../../../../platform/system.ts'
import { createTestDatabase } from '../../../../platform/testing/database.ts'
import { wakeBySweep } from '../../../../platform/wake.ts'
import { createHub } from '../../../hub/create-hub.ts'
import { channelDraftRoutes } from '../routes.ts'

export const HOSPITAL = 1 as HospitalId

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** A hospital without channels, and the routes by which its staff describe one. */
export async function openBed({ isDemo }: { isDemo: boolean }) {
  const [clock, random] = [systemClock, systemRandom]
  const newId = createNewId(clock, random)
  const db = await createTestDatabase()
  const platform = { db, clock, random, newId }
  const hub = createHub({
    ...platform,
    seal: createSeal(random.bytes(32), random),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 5_000,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  await hub.hospitals.register({
    id: HOSPITAL,
    insuranceCode: 'H31010100001',
    name: '测试医院',
    shortName: '测试',
    level: '三级甲等',
    status: 'active',
  })
  const staffId = newId<'Staff'>()
  const http = await createHttp({
    newId,
    authenticate: async ({ headers }): Promise<Principal | null> => {
      const role = headers['x-role']
      if (typeof role !== 'string') return null
      return { kind: 'staff', staffId, hospitalId: HOSPITAL, roles: [role as Role] }
    },
  })
  await http.register(channelDraftRoutes(hub, platform, { isDemo }))
  await http.ready()

  /** Asks a route by its path below the hospital's drafts, or by its whole path. */
  async function ask(method: Method, path: string, body?: object, role: Role | null = 'it') {
    const response = await http.inject({
      method,
      url: /^\/(hospitals|channel-)/.test(path) ? path : `/hospitals/1/channel-drafts${path}`,
      headers: role ? { 'x-role': role } : {},
      ...(body ? { payload: body } : {}),
    })
    const text = response.body
    return { status: response.statusCode, text, body: text === '' ? null : response.json() }
  }

  return {
    db,
    hub,
    ask,
    close: async () => {
      await http.close()
      await hub.partners.close()
      await db[Symbol.asyncDispose]()
    },
  }
}

export type Bed = Awaited<ReturnType<typeof openBed>>
