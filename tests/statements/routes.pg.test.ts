import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type BillRow, tradeBill } from '../../adapters/channels/wechatpay/testing/bills.ts'
import { createHttpsFetcher } from '../../adapters/lists/https/index.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import {
  createFolderStore,
  createStatementFiles,
  statementFileRoutes,
} from '../../modules/statements/index.ts'
import { createAudit } from '../../platform/audit.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal, Role } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'

const staff = (hospitalId: number, ...roles: Role[]): Principal => ({
  kind: 'staff',
  staffId: 's1' as Id<'Staff'>,
  hospitalId: hospitalId as HospitalId,
  roles,
})
const FINANCE = staff(1, 'finance')
const FILES = '/hospitals/1/statement-files'

let db: TestDatabase
let folder: string
let app: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  db = await createTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'statement-routes-'))
  const platform = testPlatform()
  const files = createStatementFiles({
    db,
    ...platform,
    audit: createAudit(platform),
    store: createFolderStore({ folder, newId: platform.newId }),
    fetchers: new Map([['https', createHttpsFetcher(platform)]]),
    seal: createSeal(platform.random.bytes(32), platform.random),
  })
  app = await createHttp({
    newId: platform.newId,
    authenticate: async ({ headers }) => JSON.parse(String(headers['x-as'])) as Principal,
  })
  await app.register(statementFileRoutes(files))
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const as = (principal: Principal) => ({ 'x-as': JSON.stringify(principal) })
const get = (url: string, principal = FINANCE) => app.inject({ url, headers: as(principal) })
const send = (payload: Buffer | string, query: object, principal = FINANCE) =>
  app.inject({
    method: 'POST',
    url: FILES,
    query: { source: 'wechat', name: 'bill.csv', layout: 'wechat-trade', ...query },
    payload,
    headers: { ...as(principal), 'content-type': 'application/octet-stream' },
  })

const row = (amountFen: number): BillRow => ({
  state: 'SUCCESS',
  time: '2026-11-20 09:30:00',
  transactionId: 'T1',
  tradeNo: 'P1',
  amountFen,
  feeUnits: 0,
  product: '=cmd|x',
})

describe('handing in a list', () => {
  it('takes it, knows it again, keeps what it refuses, and gives all of it back harmless', async () => {
    const date = '2026-11-20'
    const taken = await send(tradeBill([row(100)]), { date })
    expect([taken.statusCode, taken.json()]).toMatchObject([
      201,
      {
        status: 'taken',
        taken: { version: 1, totals: { rows: 1, chargeFen: 100 } },
        refusal: null,
      },
    ])
    expect((await send(tradeBill([row(100)]), { date })).statusCode).toBe(200)
    const again = await send(tradeBill([row(200)]), { date })
    expect(again.json()).toMatchObject({
      taken: { version: 2, changes: { added: 0, removed: 0, changed: 1 } },
    })
    const name = '账单"\r\n;x=.csv'
    const refused = await send('<script>alert(1)</script>', { date, name })
    expect([refused.statusCode, refused.json()]).toMatchObject([
      201,
      { status: 'refused', taken: null, refusal: { code: 'layout' } },
    ])
    const { id } = refused.json<{ id: string }>()
    const content = await get(`${FILES}/${id}/content`)
    expect(content.body).toBe('<script>alert(1)</script>')
    expect(content.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    })
    expect(content.headers['content-disposition']).toMatch(
      /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/,
    )
    const rows = await get(`${FILES}/${again.json<{ id: string }>().id}/rows.csv`)
    expect(rows.body).toContain(`,1900000109,'=cmd|x\r\n`)
    const changes = await get(`${FILES}/${again.json<{ id: string }>().id}/changes.csv`)
    expect(changes.body.split('\r\n')).toHaveLength(4)
    const second = `${FILES}/${again.json<{ id: string }>().id}`
    expect((await get(`${second}/rows`)).json()).toMatchObject({
      items: [{ no: 1, change: null, kind: 'charge', ourNo: 'P1', amountFen: 200, memo: '=cmd|x' }],
    })
    expect((await get(`${second}/rows?after=1`)).json()).toEqual({ items: [] })
    expect((await get(`${second}/changes`)).json()).toMatchObject({
      items: [
        { no: 1, change: 'before', amountFen: 100, providerNo: 'T1' },
        { no: 2, change: 'after', amountFen: 200, providerNo: 'T1' },
      ],
    })
    expect((await get(`${second}/changes?after=1&limit=1`)).json()).toMatchObject({
      items: [{ no: 2, change: 'after' }],
    })
    expect((await get(`${second}/rows`, staff(2, 'finance'))).statusCode).toBe(403)
    expect((await get(`${FILES}/${id}/rows`)).json()).toMatchObject({
      code: 'statements.file_not_taken',
    })
    expect((await get(`${FILES}/${id}/rows.csv`)).json()).toMatchObject({
      code: 'statements.file_not_taken',
    })
    const page = await get(`${FILES}?limit=2`)
    const { items } = page.json<{ items: { id: string; status: string }[] }>()
    expect(items.map(({ status }) => status)).toEqual(['refused', 'taken'])
    const next = await get(`${FILES}?limit=2&before=${items[1]?.id}`)
    expect(next.json<{ items: unknown[] }>().items).toHaveLength(1)
  })

  it('is for finance of the hospital; others may not, and auditors only look', async () => {
    const auditor = staff(1, 'auditor')
    for (const principal of [auditor, staff(1, 'cashier'), staff(2, 'finance')]) {
      expect((await send('x', {}, principal)).statusCode).toBe(403)
    }
    expect((await get(FILES, auditor)).statusCode).toBe(200)
    expect((await get(FILES, staff(2, 'finance'))).statusCode).toBe(403)
    const { items } = (await get(FILES)).json<{ items: { id: string }[] }>()
    const stranger = await get(`/hospitals/2/statement-files/${items[0]?.id}`, staff(2, 'finance'))
    expect(stranger.json()).toMatchObject({ code: 'statements.file_not_found' })
  })

  it.each<[string, object, string]>([
    ['an unknown source', { source: 'nobody', layout: undefined }, 'statements.source_unknown'],
    ['an unknown layout', { layout: 'nothing' }, 'statements.layout_not_found'],
    ['a source that is a path', { source: '../x' }, 'http.invalid_request'],
    ['a date that is none', { date: '20261120' }, 'http.invalid_request'],
  ])('refuses %s', async (_what, query, code) => {
    const wish = Object.fromEntries(
      Object.entries(query).filter(([, value]) => value !== undefined),
    )
    const search = new URLSearchParams({ name: 'x', source: 'wechat', ...wish })
    const url = `${FILES}?${search.toString()}`
    const answer = await app.inject({
      method: 'POST',
      url,
      payload: 'x',
      headers: { ...as(FINANCE), 'content-type': 'application/octet-stream' },
    })
    expect(answer.json()).toMatchObject({ code })
  })
})

describe('what is expected', () => {
  it('is set by finance and shown', async () => {
    const url = '/hospitals/1/statement-schedules/bank'
    const body = {
      layout: 'bank-csv',
      account: null,
      namePattern: null,
      firstDate: '2026-11-20',
      dayOffset: 1,
      expectedAt: '10:00',
      lateAt: '12:00',
      missingAt: '15:00',
      calendar: 'weekdays',
      daysOff: ['2026-11-23'],
      daysOn: [],
      isActive: true,
    }
    const put = (payload: object) =>
      app.inject({ method: 'PUT', url, payload, headers: as(FINANCE) })
    expect((await put(body)).statusCode).toBe(200)
    expect((await put({ ...body, lateAt: '09:00' })).json()).toMatchObject({
      code: 'statements.schedule_wrong',
    })
    const listed = await get('/hospitals/1/statement-schedules')
    expect(listed.json()).toEqual({ items: [{ source: 'bank', ...body }] })
    const layouts = await get('/hospitals/1/statement-layouts')
    expect(layouts.json<{ items: unknown[] }>().items.length).toBeGreaterThanOrEqual(14)
    const arrivals = '/hospitals/1/statement-arrivals?from=2026-11-01&to='
    expect((await get(`${arrivals}2026-11-30`)).json()).toEqual({ items: [] })
    expect((await get(`${arrivals}2027-11-30`)).json()).toMatchObject({
      code: 'statements.range_too_long',
    })
  })
})

describe('where lists are fetched', () => {
  const PLACE = '/hospitals/1/statement-schedules/icbc-fetched'
  const IT = staff(1, 'it')
  const put = (url: string, payload: object, principal: Principal) =>
    app.inject({ method: 'PUT', url, payload, headers: as(principal) })
  const plan = { url: 'https://bank.example/{date}.csv', headers: { 'x-key': '{secret.key}' } }
  const wish = { adapter: 'https', plan, isActive: true, secrets: { key: 'never-told' } }

  it('is said by IT, whose secrets go in and never come out', async () => {
    expect((await put(`${PLACE}/fetching`, wish, IT)).json()).toMatchObject({
      code: 'statements.source_unknown',
    })
    const schedule = {
      layout: 'bank-csv',
      account: null,
      namePattern: null,
      firstDate: '2026-11-20',
      dayOffset: 1,
      expectedAt: '08:00',
      lateAt: '10:00',
      missingAt: '12:00',
      calendar: 'every_day',
      daysOff: [],
      daysOn: [],
      isActive: true,
    }
    expect((await put(PLACE, schedule, FINANCE)).statusCode).toBe(200)
    expect((await get(`${PLACE}/fetching`, IT)).json()).toMatchObject({
      code: 'statements.fetching_not_found',
    })
    const saved = await put(`${PLACE}/fetching`, wish, IT)
    const { secrets: _secrets, ...shown } = wish
    const view = { ...shown, source: 'icbc-fetched', secretNames: ['key'] }
    expect([saved.statusCode, saved.json()]).toEqual([200, view])
    const kept = await put(`${PLACE}/fetching`, { ...wish, secrets: {} }, IT)
    expect(kept.json()).toEqual(view)
    expect((await get(`${PLACE}/fetching`, IT)).body).not.toContain('never-told')
  })

  it('is said by nobody else, and not by a plan that cannot work', async () => {
    const foreign = staff(2, 'it')
    const answers = [
      await put(`${PLACE}/fetching`, wish, FINANCE),
      await put(`${PLACE}/fetching`, wish, foreign),
      await put(`${PLACE}/fetching`, { ...wish, adapter: 'ftp' }, IT),
      await put(`${PLACE}/fetching`, { ...wish, secrets: { key: 'a\r\nb' } }, IT),
      await put(`${PLACE}/fetching`, { ...wish, secrets: { key: null } }, IT),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 400, 400, 422])
  })
})
