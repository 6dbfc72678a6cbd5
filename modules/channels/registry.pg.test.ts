import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { inHospital } from '../../platform/db.ts'
import { type Bed, bankTerms, HOSPITAL, openBed, terms } from './testing/bed.ts'

let bed: Bed

beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

describe('the registry', () => {
  it('[P4] takes a channel in, not admitted until it is given a tier', async () => {
    expect(await bed.ask('GET', '')).toEqual({
      status: 200,
      body: {
        items: [],
        unregistered: [
          { name: 'wechat', methods: ['account', 'qr_code'] },
          { name: 'icbc', methods: ['card', 'qr_code'] },
        ],
      },
    })
    const saved = await bed.ask('PUT', '/wechat', terms())
    expect(saved.status).toBe(200)
    expect(saved.body).toMatchObject({
      name: 'wechat',
      tier: null,
      isConnected: true,
      health: { state: 'closed', calls: 0, availabilityPpm: null },
      ...terms(),
    })
    expect((await bed.tryOut()).rejected).toEqual([
      { channel: 'wechat', reason: { code: 'not_admitted', params: {} } },
    ])
    expect(await bed.ask('PUT', '/icbc', bankTerms(), 'finance')).toMatchObject({ status: 200 })
    expect(await bed.ask('PUT', '/unionpay', terms({ order: 2 }))).toMatchObject({
      body: { isConnected: false },
    })
    const { body } = await bed.ask('GET', '', undefined, 'auditor')
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      'wechat',
      'icbc',
      'unionpay',
    ])
  })

  it('changes terms and keeps the tier', async () => {
    await bed.tier('wechat', 'core')
    const changed = await bed.ask('PUT', '/wechat', terms({ feePpm: 6_000, departments: ['0203'] }))
    expect(changed.body).toMatchObject({ tier: 'core', feePpm: 6_000, departments: ['0203'] })
    expect(await bed.ask('GET', '/wechat')).toEqual(changed)
    await bed.ask('PUT', '/wechat', terms())
  })

  it.each<[string, string, object, number, string, object]>([
    ['a name of no provider', '/WeChat', {}, 400, 'http.invalid_request', {}],
    ['a name that is a route', '/alerts', {}, 400, 'channels.channel_name_reserved', {}],
    ['no method', '/x', { methods: [] }, 400, 'http.invalid_request', {}],
    ['a method that is none', '/x', { methods: ['cash'] }, 400, 'http.invalid_request', {}],
    [
      'a method twice',
      '/x',
      { methods: ['card', 'card'] },
      400,
      'channels.list_has_duplicates',
      { field: 'methods' },
    ],
    ['a fee in yuan', '/x', { feePpm: 0.38 }, 400, 'http.invalid_request', {}],
    ['a limit of nothing', '/x', { paymentLimitFen: 0 }, 400, 'http.invalid_request', {}],
    [
      'a day shorter than a payment',
      '/x',
      { paymentLimitFen: 2, dayLimitFen: 1 },
      400,
      'channels.day_limit_too_low',
      {},
    ],
    [
      'shares of more than all',
      '/x',
      { sharePpm: 600_001 },
      422,
      'channels.shares_over_whole',
      { sharePpm: 1_000_001 },
    ],
    ['a field too many', '/x', { colour: 'red' }, 400, 'http.invalid_request', {}],
  ])('refuses %s', async (_what, path, changes, status, code, params) => {
    const refused = await bed.ask('PUT', path, terms(changes))
    expect(refused).toMatchObject({ status, body: { code, params } })
  })

  it('is kept by IT and finance, and read by auditors, each of their own hospital', async () => {
    expect((await bed.ask('GET', '', undefined, null)).status).toBe(401)
    expect((await bed.ask('GET', '', undefined, 'cashier')).status).toBe(403)
    expect((await bed.ask('GET', '', undefined, 'person')).status).toBe(403)
    expect((await bed.ask('PUT', '/wechat', terms(), 'auditor')).status).toBe(403)
    expect((await bed.ask('GET', '/hospitals/2/channels')).status).toBe(403)
  })

  it('takes a channel out when it is switched off, and says which is not there', async () => {
    expect(await bed.ask('DELETE', '/unionpay')).toMatchObject({
      status: 409,
      body: { code: 'channels.channel_enabled' },
    })
    await bed.ask('PUT', '/unionpay', terms({ enabled: false }))
    expect((await bed.ask('DELETE', '/unionpay')).status).toBe(204)
    for (const [method, path] of [
      ['GET', '/unionpay'],
      ['DELETE', '/unionpay'],
      ['POST', '/unionpay/reports'],
    ] as const) {
      expect(await bed.ask(method, path)).toMatchObject({
        status: 404,
        body: { code: 'channels.channel_not_found', params: { channel: 'unionpay' } },
      })
    }
  })

  it('writes down who changed what', async () => {
    const { rows } = await inHospital(bed.db, HOSPITAL, (tx) =>
      sql<{ action: string; actor: string }>`select action, actor, detail from platform.audit
        where hospital_id = ${HOSPITAL} and subject = 'channel:unionpay' order by id`.execute(tx),
    )
    expect(rows.map(({ action }) => action)).toEqual([
      'channels.save',
      'channels.save',
      'channels.remove',
    ])
    expect(rows[0]?.actor).toMatch(/^staff:/)
  })
})
