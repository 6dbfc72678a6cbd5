import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { businessDate } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Institution, InstitutionKind } from './institution.ts'
import { createRegistry, type Registry } from './registry.ts'
import { registryRoutes } from './routes.ts'
import { institution } from './testing/institutions.ts'

const REGION = '370100'
const platform = testPlatform('2026-11-23T10:00:00+08:00', 'registry')
let db: TestDatabase
let registry: Registry

beforeAll(async () => {
  db = await createTestDatabase()
  registry = createRegistry({ ...platform, db })
})
afterAll(() => db[Symbol.asyncDispose]())

const list = (
  institutions: readonly Institution[],
  { region = REGION, kind = 'hospital' as InstitutionKind, at = '2026-11-20T00:00:00Z' } = {},
) => ({ region, kind, source: 'list' as const, asOf: new Date(at), institutions })

const SPRING = { latitude: 36.661, longitude: 117.016 }
const HOSPITALS = [
  institution('H37010200001', {
    name: '济南市趵突泉医院',
    level: '3',
    address: '历下区泺源大街1号',
    phone: '0531-81230001',
    place: SPRING,
    settles: ['outpatient', 'inpatient'],
  }),
  institution('H37010300002', {
    name: '重庆路社区卫生服务中心',
    area: '370103',
    place: { latitude: 36.64, longitude: 116.99 },
    settles: ['outpatient'],
  }),
  institution('H37010200003', {
    name: '千佛山医院',
    place: { latitude: 36.65, longitude: 117.03 },
  }),
  institution('H37010200004', { name: '旧医院', validTo: businessDate('2026-11-22') }),
]

const codesOf = ({ items }: Awaited<ReturnType<Registry['lookUp']>>) =>
  items.map(({ institution: { code } }) => code)

describe('[I6] lists of designated institutions', () => {
  it('takes one in, and finds what is in force by name, initials, area and what it settles', async () => {
    const loaded = await registry.loadList(list(HOSPITALS))
    expect(loaded).toMatchObject({ seq: 1, begun: 4, ended: 0 })
    const all = await registry.lookUp({ region: '37', limit: 10 })
    expect(codesOf(all)).toEqual(['H37010200001', 'H37010200003', 'H37010300002'])
    expect(all.asOf).toEqual(new Date('2026-11-20T00:00:00Z'))
    const find = async (wish: Parameters<Registry['lookUp']>[0]) =>
      codesOf(await registry.lookUp(wish))
    expect(await find({ text: '趵突', limit: 9 })).toEqual(['H37010200001'])
    expect(await find({ text: '泉', limit: 9 })).toEqual(['H37010200001'])
    expect(await find({ text: 'QFS', limit: 9 })).toEqual(['H37010200003'])
    expect(await find({ text: 'cqlsq', limit: 9 })).toEqual(['H37010300002'])
    expect(await find({ text: '突趵', limit: 9 })).toEqual([])
    expect(await find({ text: '%', limit: 9 })).toEqual([])
    expect(await find({ region: '370103', limit: 9 })).toEqual(['H37010300002'])
    expect(await find({ region: '370000', limit: 9 })).toHaveLength(3)
    expect(await find({ settles: 'inpatient', limit: 9 })).toEqual(['H37010200001'])
    expect(await find({ kind: 'pharmacy', limit: 9 })).toEqual([])
  })

  it('gives the nearest first, with the metres between, and none beyond the reach', async () => {
    const near = { ...SPRING, withinM: 50_000 }
    const found = await registry.lookUp({ near, limit: 10 })
    expect(codesOf(found)).toEqual(['H37010200001', 'H37010200003', 'H37010300002'])
    expect(found.items.map(({ distanceM }) => distanceM)).toEqual([0, 1748, 3291])
    expect(codesOf(await registry.lookUp({ near: { ...near, withinM: 2_000 }, limit: 9 }))).toEqual(
      ['H37010200001', 'H37010200003'],
    )
    const first = await registry.lookUp({ near, limit: 2 })
    const second = await registry.lookUp({ near, limit: 2, after: first.next ?? '' })
    expect([...codesOf(first), ...codesOf(second)]).toEqual(codesOf(found))
    expect(second.next).toBeNull()
  })

  it('pages by area and code, and neither skips nor repeats', async () => {
    const seen: string[] = []
    for (let after: string | null | undefined; after !== null;) {
      const page = await registry.lookUp({ limit: 1, after })
      seen.push(...codesOf(page))
      after = page.next
    }
    expect(seen).toEqual(['H37010200001', 'H37010200003', 'H37010300002'])
  })

  it('puts the next list in its place: what vanished is kept as ended, the same is kept once', async () => {
    const next = HOSPITALS.filter(({ code }) => code !== 'H37010200003')
    const loaded = await registry.loadList(list(next, { at: '2026-11-21T00:00:00Z' }))
    expect(loaded).toMatchObject({ seq: 2, begun: 0, ended: 1 })
    expect(codesOf(await registry.lookUp({ text: '千佛山', limit: 9 }))).toEqual([])
    expect(await registry.byCode('H37010200003')).toMatchObject({
      isEnded: true,
      institution: { name: '千佛山医院' },
    })
    const { rows } = await sql`select code, since_seq, until_seq from registry.institution
      where region = ${REGION} order by code`.execute(db)
    expect(rows).toEqual([
      { code: 'H37010200001', since_seq: 1, until_seq: null },
      { code: 'H37010200003', since_seq: 1, until_seq: 2 },
      { code: 'H37010200004', since_seq: 1, until_seq: null },
      { code: 'H37010300002', since_seq: 1, until_seq: null },
    ])
  })

  it('leaves what only a published list tells when the centre names it anew', async () => {
    const standing = HOSPITALS.filter(({ code }) => code !== 'H37010200003')
    const named = standing.map(({ code, name, area }) =>
      institution(code, { name, area, level: '2' }),
    )
    const asOf = new Date('2026-11-22T00:00:00Z')
    await registry.loadList({ ...list(named), source: 'centre', asOf })
    const { institution: now, asOf: told } = await registry.byCode('H37010200001')
    expect(now).toMatchObject({ level: '2', phone: '0531-81230001', place: SPRING })
    expect(told).toEqual(asOf)
  })

  it('refuses a list that is wrong, older or most likely cut, and keeps what stood', async () => {
    const at = '2026-11-23T00:00:00Z'
    const refusals = [
      [list([], { at }), 'registry.list_empty'],
      [list(HOSPITALS), 'registry.list_out_of_order'],
      [list(HOSPITALS.slice(0, 1), { at }), 'registry.list_shrunk'],
      [list([...HOSPITALS, institution('H37010200001')], { at }), 'registry.institution_repeated'],
      [
        list([...HOSPITALS, institution('X', { area: '37' })], { at }),
        'registry.institution_invalid',
      ],
      [list(HOSPITALS, { at, region: '3701' }), 'registry.region_invalid'],
    ] as const
    for (const [wrong, code] of refusals) {
      await expect(registry.loadList(wrong)).rejects.toMatchObject({ code })
    }
    expect(codesOf(await registry.lookUp({ limit: 9 }))).toEqual(['H37010200001', 'H37010300002'])
    expect(await registry.latestEdition(REGION, 'hospital')).toMatchObject({ seq: 3 })
  })

  it('of two loads at once takes one whole list, and the other says so or follows', async () => {
    const load = (name: string) =>
      registry.loadList(
        list([institution('A1', { name }), institution('A2', { name })], { kind: 'agency' }),
      )
    const done = await Promise.allSettled([load('甲办'), load('乙办'), load('丙办')])
    const refused = done.filter((one) => one.status === 'rejected')
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'registry.list_under_way' })
    const { items } = await registry.lookUp({ kind: 'agency', limit: 9 })
    expect(items).toHaveLength(2)
    expect(new Set(items.map((one) => one.institution.name)).size).toBe(1)
  })
})

describe('[I6] look-ups over HTTP', () => {
  it('answers with the age of what it says, and names what is wrong with a question', async () => {
    const app = await createHttp({
      newId: platform.newId,
      authenticate: async () => ({ kind: 'person', personId: platform.newId() }),
      logger: false,
    })
    await app.register(registryRoutes(registry), { prefix: '/v1' })
    const ask = async (query: string) => {
      const answer = await app.inject(`/v1/institutions${query}`)
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
    }
    expect(await ask('?text=趵突泉')).toMatchObject({
      status: 200,
      body: {
        next: null,
        asOf: '2026-11-20T00:00:00.000Z',
        items: [{ code: 'H37010200001', asOf: '2026-11-22T00:00:00.000Z', distanceM: null }],
      },
    })
    expect(await ask('/H37010200003')).toMatchObject({ status: 200, body: { isEnded: true } })
    const wrong = {
      '?region=3': 'registry.region_invalid',
      '?region=ab': 'registry.region_invalid',
      '?latitude=36': 'registry.place_incomplete',
      '?withinM=500': 'registry.place_incomplete',
      '?latitude=91&longitude=0': 'registry.place_invalid',
      '?after=x': 'registry.cursor_invalid',
      '?latitude=36&longitude=117&after=n500': 'registry.cursor_invalid',
      '?limit=101': 'http.invalid_request',
      '?kind=clinic': 'http.invalid_request',
      '/H0': 'registry.institution_not_found',
    }
    for (const [query, code] of Object.entries(wrong)) {
      expect((await ask(query)).body, query).toMatchObject({ code })
    }
    await app.close()
  })
})
