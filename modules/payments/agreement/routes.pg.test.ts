import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Principal } from '../../../platform/principal.ts'
import { openHub, PATIENT, STRANGER, type TestHub } from '../testing/hub.ts'
import type { PaymentsWorld } from '../testing/world.ts'
import { createWorlds } from '../testing/worlds.ts'

let worlds: Awaited<ReturnType<typeof createWorlds>>
let world: PaymentsWorld
let hub: TestHub

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(async () => {
  world = worlds.newWorld()
  hub = await openHub(world)
})
afterEach(() => hub.app.close())

async function call(
  as: Principal,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  ...rest: [payload?: object | undefined, key?: string]
) {
  const response = await hub.call(as, method, `/agreements${path}`, ...rest)
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
}

const LIMITS = { limitPerPaymentFen: 10_000, limitPerDayFen: 20_000 }
const WISH = { channel: 'wechat', ...LIMITS, returnUrl: 'http://127.0.0.1/patient/agreements' }

it('[I3] a payer signs, sees, changes and ends an agreement, and nobody else does', async () => {
  const offered = await call(PATIENT, 'GET', '')
  expect(offered.body).toEqual({
    items: [],
    offers: [{ channel: 'wechat', mostPerPaymentFen: 50_000, mostPerDayFen: 100_000 }],
  })
  const begun = await call(PATIENT, 'POST', '', WISH, 'sign')
  expect(begun).toMatchObject({
    status: 201,
    body: { agreement: { state: 'signing' }, payerAction: { kind: 'page' } },
  })
  expect((await call(PATIENT, 'POST', '', WISH, 'sign')).body).toEqual(begun.body)
  const { id } = begun.body['agreement'] as { id: string }
  world.wallet.signing.signAll()
  await world.pass(MINUTE_MS)

  expect((await call(PATIENT, 'GET', `/${id}`)).body).toMatchObject({ state: 'active', ...LIMITS })
  expect((await call(STRANGER, 'GET', '')).body).toMatchObject({ items: [] })
  for (const [method, path, body] of [
    ['GET', `/${id}`, undefined],
    ['PUT', `/${id}/limits`, LIMITS],
    ['POST', `/${id}/revocation`, undefined],
  ] as const) {
    const refused = await call(STRANGER, method, path, body)
    expect(refused).toMatchObject({ status: 404, body: { code: 'payments.agreement_not_found' } })
  }
  const smaller = { limitPerPaymentFen: 5_000, limitPerDayFen: 5_000 }
  const changed = await call(PATIENT, 'PUT', `/${id}/limits`, smaller)
  expect(changed).toMatchObject({ status: 200, body: smaller })
  const ended = await call(PATIENT, 'POST', `/${id}/revocation`)
  expect(ended).toMatchObject({ status: 200, body: { state: 'revoked', endReason: 'by_payer' } })
  expect(await call(PATIENT, 'PUT', `/${id}/limits`, LIMITS)).toMatchObject({
    status: 409,
    body: { code: 'payments.agreement_over' },
  })
  const { rows } = await inHospital(world.db, world.hospitalId, (tx) =>
    sql<{ action: string; actor: string }>`select action, actor from platform.audit
      where hospital_id = ${world.hospitalId} and action like 'agreements.%' order by id`.execute(
      tx,
    ),
  )
  expect(rows.map(({ action, actor }) => `${action} ${actor.split(':')[0]}`)).toEqual([
    'agreements.sign person',
    'agreements.active system',
    'agreements.limits person',
    'agreements.revoke person',
    'agreements.revoked system',
  ])
})

it.each([
  ['a channel without', { ...WISH, channel: 'unionpay' }, 400, 'payments.agreements_not_offered'],
  [
    'too much',
    { ...WISH, limitPerPaymentFen: 50_001, limitPerDayFen: 60_000 },
    400,
    'limits_wrong',
  ],
  ['a day below a payment', { ...WISH, limitPerDayFen: 9_999 }, 400, 'limits_wrong'],
  ['nothing', { ...WISH, limitPerPaymentFen: 0 }, 400, 'http.'],
  ['an address of no page', { ...WISH, returnUrl: 'javascript:alert(1)' }, 400, 'http.'],
])('refuses %s', async (_name, wish, status, code) => {
  const answer = await call(PATIENT, 'POST', '', wish)
  expect(answer.status).toBe(status)
  expect(answer.body['code']).toContain(code)
  expect((await call(PATIENT, 'GET', '')).body).toMatchObject({ items: [] })
})
