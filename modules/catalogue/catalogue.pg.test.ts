import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createCatalogue } from './catalogue.ts'
import type { CatalogueEntry } from './entry.ts'
import { decisionsOf, listItems } from './item-store.ts'
import { catalogueRoutes } from './routes.ts'
import { entry, item, terms, year } from './testing/entries.ts'
import { changesBetween, entriesOf } from './version-store.ts'

const REGION = '370100'
const HOSPITAL = 17 as HospitalId
const OTHER = 18 as HospitalId
const ACTOR = { name: 'staff:s1', requestId: null }

const platform = testPlatform('2026-11-23T10:00:00+08:00', 'catalogue')
let db: TestDatabase
let catalogue: ReturnType<typeof createCatalogue>

beforeAll(async () => {
  db = await createTestDatabase()
  catalogue = start()
})
afterAll(() => db[Symbol.asyncDispose]())

const start = () => createCatalogue({ ...platform, db, audit: createAudit(platform) })

async function* rows(entries: readonly CatalogueEntry[], thenFails = false) {
  for (const one of entries) yield await Promise.resolve(one)
  if (thenFails) throw new Error('the line was cut')
}

const source = (version: string, on: string, entries: readonly CatalogueEntry[]) => ({
  region: REGION,
  version,
  effectiveOn: businessDate(on),
  entries: rows(entries),
})

const FIRST = [
  entry('X1'),
  entry('X2', {
    name: '奥美拉唑肠溶胶囊',
    substance: '奥美拉唑',
    form: '肠溶胶囊',
    spec: '20mg×14粒',
  }),
  entry('X3', { name: '阿莫西林胶囊(进口)', coverClass: 'C', spec: '0.5g×24粒' }),
]
const SECOND = [
  entry('X1', { coverClass: 'B', firstSharePpm: 100_000 }),
  FIRST[2] ?? entry('X3'),
  entry('X4', { name: '布洛芬缓释胶囊', substance: '布洛芬', spec: '0.3g×20' }),
]

describe.sequential('a version of the catalogue', () => {
  it('is there whole or not at all', async () => {
    const cut = { ...source('2026-01', '2026-01-01', []), entries: rows(FIRST, true) }
    await expect(catalogue.loadVersion(cut)).rejects.toThrow('the line was cut')
    const twice = source('2026-01', '2026-01-01', [...FIRST, entry('X1')])
    await expect(catalogue.loadVersion(twice)).rejects.toThrow('catalogue.entry_repeated')
    const broken = source('2026-01', '2026-01-01', [entry('X1', { firstSharePpm: 1_000_001 })])
    await expect(catalogue.loadVersion(broken)).rejects.toThrow('catalogue.entry_invalid')
    await expect(catalogue.loadVersion(source('2026-01', '2026-01-01', []))).rejects.toThrow(
      'catalogue.version_empty',
    )
    const left = await db
      .withTables<{ 'catalogue.staged_entry': { code: string } }>()
      .selectFrom('catalogue.staged_entry')
      .select('code')
      .execute()
    expect(left).toEqual([])
    expect(await catalogue.loadVersion(source('2026-01', '2026-01-01', FIRST))).toMatchObject({
      seq: 1,
      entryCount: 3,
    })
    await expect(catalogue.loadVersion(source('2026-01', '2026-01-01', FIRST))).rejects.toThrow(
      'catalogue.version_taken',
    )
  })

  it('of two loads at once is one; the other is told', async () => {
    const loads = ['a', 'b'].map((name) =>
      createCatalogue({ ...platform, db, audit: createAudit(platform) }).loadVersion({
        ...source(name, '2026-01-01', FIRST),
        region: '110000',
      }),
    )
    const results = await Promise.allSettled(loads)
    const lost = results.filter(({ status }) => status === 'rejected')
    expect(results.length - lost.length).toBeGreaterThanOrEqual(1)
    for (const one of lost) {
      expect(String((one as PromiseRejectedResult).reason)).toContain('catalogue.version_under_way')
    }
  })

  it('places a hospital’s items; what staff decides is theirs', async () => {
    await expect(catalogue.learnItems(HOSPITAL, [item('1')])).rejects.toThrow('hospital_not_set')
    const setting = { region: REGION, level: '3', acceptFrom: 900 } as const
    await catalogue.setHospital(HOSPITAL, setting, ACTOR)
    const learnt = await catalogue.learnItems(HOSPITAL, [
      item('1'),
      item('2', { name: '奥美拉唑肠溶胶嚢', spec: '20mg*14' }),
      item('3', { name: '挂号费', chargeCategory: '13' }),
      item('4', { name: '阿莫西林胶囊', spec: '0.5g*24', unitPriceFen: fen(5_000) }),
    ])
    expect(learnt.map(({ standing: { status, entryCode } }) => [status, entryCode])).toEqual([
      ['matched', 'X1'],
      ['waiting', null],
      ['waiting', null],
      ['matched', 'X3'],
    ])
    const decide = (itemCode: string, entryCode: string | null) =>
      catalogue.decide(HOSPITAL, { itemCode, entryCode }, ACTOR)
    await expect(decide('2', 'X9')).rejects.toThrow('catalogue.entry_not_found')
    await expect(decide('9', 'X1')).rejects.toThrow('catalogue.item_not_found')
    expect((await decide('2', 'X2')).standing).toMatchObject({ status: 'decided', entryCode: 'X2' })
    expect((await decide('3', null)).standing).toMatchObject({ status: 'decided', entryCode: null })
    const kept = await inHospital(db, HOSPITAL, (tx) => decisionsOf(tx, HOSPITAL, ['2', '3']))
    expect(kept.get('2')).toMatchObject({ decidedBy: 'staff:s1', decidedAt: platform.clock.now() })
    expect(await inHospital(db, OTHER, (tx) => listItems(tx, OTHER, { limit: 10 }))).toEqual([])
  })

  it('is compared with the one before, and the old one stays', async () => {
    await expect(catalogue.loadVersion(source('2025-12', '2025-12-01', SECOND))).rejects.toThrow(
      'catalogue.version_out_of_order',
    )
    await catalogue.loadVersion(source('2026-12', '2026-12-01', SECOND))
    const changes = await changesBetween(db, REGION, { from: 1, to: 2 }, { limit: 10 })
    expect(changes.map(({ code, change }) => [code, change])).toEqual([
      ['X1', 'changed'],
      ['X2', 'ended'],
      ['X4', 'new'],
    ])
    const codesIn = async (seq: number) =>
      (await entriesOf(db, { region: REGION, seq }, { limit: 10 })).map(({ code }) => code)
    expect([await codesIn(1), await codesIn(2)]).toEqual([
      ['X1', 'X2', 'X3'],
      ['X1', 'X3', 'X4'],
    ])
    const unchanged = await db
      .withTables<{ 'catalogue.entry': { code: string; region: string } }>()
      .selectFrom('catalogue.entry')
      .select('code')
      .where('region', '=', REGION)
      .where('code', '=', 'X3')
      .execute()
    expect(unchanged).toHaveLength(1)
  })

  it('in force later has items placed anew: decisions hold where their entry still is', async () => {
    expect(await catalogue.rematch(HOSPITAL)).toBe(0)
    platform.clock.set(new Date('2026-12-02T10:00:00+08:00'))
    expect(await catalogue.rematch(HOSPITAL)).toBe(4)
    expect(await catalogue.rematch(HOSPITAL)).toBe(0)
    const items = await inHospital(db, HOSPITAL, (tx) => listItems(tx, HOSPITAL, { limit: 10 }))
    expect(items.map(({ standing: { status, entryCode } }) => [status, entryCode])).toEqual([
      ['matched', 'X1'],
      ['waiting', null],
      ['decided', null],
      ['matched', 'X3'],
    ])
    expect(items[1]?.standing.reasons[0]).toEqual({
      code: 'decision_ended',
      params: { entryCode: 'X2' },
    })
    const renamed = await catalogue.learnItems(HOSPITAL, [
      item('3', { name: '诊查费', chargeCategory: '02' }),
    ])
    expect(renamed[0]?.standing).toMatchObject({
      status: 'waiting',
      reasons: [{ code: 'item_changed' }, { code: 'nothing_similar' }],
    })
  })
})

const LINES = [
  {
    ...item('4', { name: '阿莫西林胶囊', spec: '0.5g*24', unitPriceFen: fen(5_000) }),
    lineNo: 1,
    quantity: 2,
    amountFen: fen(10_000),
  },
  { ...item('1', { unitPriceFen: fen(20_000) }), lineNo: 2, quantity: 1, amountFen: fen(20_000) },
]

describe.sequential('a bill', () => {
  it('is explained by today’s version, with what is covered in its place and the estimate', async () => {
    const insured = { insutype: '310', visitKind: 'outpatient', year: year() } as const
    await expect(catalogue.explainBill(HOSPITAL, LINES, insured)).rejects.toThrow(
      'catalogue.policy_not_found',
    )
    const key = { region: REGION, insutype: '310', level: '3', visitKind: 'outpatient' } as const
    await expect(
      catalogue.putPolicy({
        ...key,
        from: businessDate('2026-01-01'),
        terms: terms({ segments: [] }),
      }),
    ).rejects.toThrow('catalogue.policy_invalid')
    await catalogue.putPolicy({ ...key, from: businessDate('2026-01-01'), terms: terms() })
    const bill = await catalogue.explainBill(HOSPITAL, LINES, insured)
    expect(bill).toMatchObject({
      version: '2026-12',
      // 200.00 of class B: 20.00 first, 100.00 deductible, 70 % of 80.00.
      estimate: {
        isEstimate: true,
        ownFen: 10_000,
        firstShareFen: 2_000,
        fundFen: 5_600,
        cashFen: 24_400,
      },
      lines: [
        { coverClass: 'C', alternatives: [{ itemCode: '1', isOfSameSpec: false }] },
        { coverClass: 'B', alternatives: [] },
      ],
    })
    const before = await start().explainBill(HOSPITAL, LINES, null, businessDate('2026-11-30'))
    expect(before).toMatchObject({
      version: '2026-01',
      estimate: null,
      lines: [{}, { coverClass: 'A' }],
    })
  })

  it('is measured once against what the insurer settled, for the hospital to see', async () => {
    const measured = {
      businessDate: businessDate('2026-12-02'),
      insutype: '310',
      totalFen: fen(30_000),
      estimated: { inScopeFen: fen(18_000), fundFen: fen(5_600), cashFen: fen(24_400) },
    }
    const settled = (fund: number) => ({
      inScopeFen: fen(18_000),
      fundFen: fen(fund),
      cashFen: fen(30_000 - fund),
    })
    await catalogue.measure(HOSPITAL, { ...measured, settlementNo: 'S1', settled: settled(5_600) })
    await catalogue.measure(HOSPITAL, { ...measured, settlementNo: 'S2', settled: settled(6_000) })
    await catalogue.measure(HOSPITAL, { ...measured, settlementNo: 'S2', settled: settled(0) })
    const app = await createHttp({
      newId: platform.newId,
      authenticate: async ({ headers }) =>
        typeof headers['x-as'] === 'string' ? (JSON.parse(headers['x-as']) as Principal) : null,
    })
    const mine = { lines: LINES, insured: null }
    const billOf = async (_hospital: HospitalId, _person: string, billNo: string) =>
      billNo === 'B-1' ? mine : null
    await app.register(catalogueRoutes({ catalogue, db, clock: platform.clock, billOf }))
    await app.ready()
    const as = (principal: object) => ({ 'x-as': JSON.stringify(principal) })
    const staff = as({ kind: 'staff', staffId: 's1', hospitalId: HOSPITAL, roles: ['finance'] })
    const person = as({ kind: 'person', personId: 'p1' })
    const his = as({ kind: 'his', hospitalId: HOSPITAL })
    const ask = async (
      method: 'GET' | 'POST',
      path: string,
      headers: Record<string, string>,
      payload?: object,
    ): Promise<{ status: number; body: Record<string, unknown> }> => {
      const url = `/hospitals/${HOSPITAL}/catalogue${path}`
      const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
      return { status: answer.statusCode, body: answer.json() }
    }
    expect(
      await ask('GET', '/estimate-accuracy?from=2026-12-01&to=2026-12-31', staff),
    ).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            insutype: '310',
            settlements: 2,
            exact: 1,
            averageCashFen: 200,
            averageCashOffFen: 200,
            worstCashOffFen: 400,
          },
        ],
      },
    })
    expect(
      await ask('GET', '/estimate-accuracy?from=2026-02-30&to=2026-12-31', staff),
    ).toMatchObject({
      status: 400,
      body: { code: 'catalogue.date_invalid' },
    })
    expect(
      await ask('GET', `/entries?text=${encodeURIComponent('布洛')}&limit=1`, staff),
    ).toMatchObject({
      body: { version: '2026-12', items: [{ code: 'X4' }] },
    })
    expect(await ask('GET', '/entries?text=%25', staff)).toMatchObject({ body: { items: [] } })
    expect(await ask('GET', '/entries?limit=2&after=X1', staff)).toMatchObject({
      body: { items: [{ code: 'X3' }, { code: 'X4' }] },
    })
    expect(await ask('GET', '/versions', staff)).toMatchObject({
      body: {
        region: REGION,
        items: [
          { seq: 2, isCurrent: true },
          { seq: 1, isCurrent: false },
        ],
      },
    })
    expect(await ask('GET', '/versions/2/changes?after=X1', staff)).toMatchObject({
      body: {
        items: [
          { code: 'X2', change: 'ended', after: null },
          { code: 'X4', change: 'new' },
        ],
      },
    })
    expect((await ask('GET', '/versions/9/changes', staff)).status).toBe(404)
    expect(await ask('GET', '/items', staff)).toMatchObject({
      body: {
        items: [
          { code: '2', status: 'waiting' },
          { code: '3', status: 'waiting' },
        ],
      },
    })
    expect(
      await ask('POST', '/items/2/decision', staff, { entryCode: 'X4', reason: '同一种药' }),
    ).toMatchObject({
      body: { status: 'decided', entryCode: 'X4' },
    })
    expect(
      (await ask('POST', '/items/2/decision', person, { entryCode: 'X4', reason: '同一种药' }))
        .status,
    ).toBe(403)
    expect(await ask('POST', '/items', his, { items: [item('7/8')] })).toMatchObject({
      body: { items: [{ code: '7/8', status: 'matched' }] },
    })
    expect(await ask('GET', '/bills/B-1/explanation', person)).toMatchObject({
      body: { estimate: null, lines: [{ coverClass: 'C', reasons: [{ code: 'class_c' }] }, {}] },
    })
    expect((await ask('GET', '/bills/B-2/explanation', person)).status).toBe(404)
    expect(await ask('POST', '/explanation', his, { lines: LINES })).toMatchObject({ status: 200 })
    await app.close()
  })
})
