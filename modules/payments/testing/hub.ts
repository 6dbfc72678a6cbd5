import type { Id } from '../../../kernel/id.ts'
import { createHttp } from '../../../platform/http/server.ts'
import type { Principal, Role } from '../../../platform/principal.ts'
import type { Acting } from '../acting.ts'
import { financeRoutes } from '../finance-routes.ts'
import { noticeRoutes } from '../notice-routes.ts'
import { paymentRoutes } from '../routes.ts'
import { PERSON } from './hospital.ts'
import type { PaymentsWorld } from './world.ts'

export const PATIENT: Principal = { kind: 'person', personId: PERSON }

export const STRANGER: Principal = {
  kind: 'person',
  personId: '0190b3a0-0000-7000-8000-000000000002' as Id<'Person'>,
}

export type TestHub = Awaited<ReturnType<typeof openHub>>

/** The routes of payments on a server, where everybody is who they say. */
export async function openHub({ payments, newId, hospitalId }: PaymentsWorld, acting?: Acting) {
  const app = await createHttp({
    newId,
    authenticate: async ({ headers }) => JSON.parse(String(headers['x-as'])) as Principal,
  })
  const v1 = { prefix: '/v1' }
  await app.register(paymentRoutes(payments, payments.dependencies, acting), v1)
  await app.register(financeRoutes(payments.dependencies), v1)
  await app.register(noticeRoutes(payments), v1)
  await app.ready()
  let keys = 0
  return {
    app,
    /** Somebody of the hospital; the same person for the same name. */
    staff: (role: Role, name = 's1'): Principal => ({
      kind: 'staff',
      staffId: name as Id<'Staff'>,
      hospitalId,
      roles: [role],
    }),
    /** A request below the hospital's path, under a key of its own unless it is given one. */
    call: (
      as: Principal,
      method: 'GET' | 'POST' | 'PUT',
      path: string,
      payload?: object,
      key = `key-${++keys}`,
    ) =>
      app.inject({
        method,
        url: `/v1/hospitals/${hospitalId}${path}`,
        headers: { 'x-as': JSON.stringify(as), 'idempotency-key': key },
        ...(payload ? { payload } : {}),
      }),
  }
}
