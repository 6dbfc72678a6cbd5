import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { businessDate } from '../../kernel/time.ts'
import { openDb } from '../../platform/db.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Institution } from './institution.ts'
import { createRegistry } from './registry.ts'
import { queryByArea, queryByPlace, type Wanted } from './search-store.ts'
import { institution } from './testing/institutions.ts'

// Whether a look-up reads what it answers, or the whole table: of a region as large as a province has.

const MANY = 100_000
const platform = testPlatform('2026-11-23T10:00:00+08:00', 'registry at size')
let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
  const registry = createRegistry({ ...platform, db })
  const asOf = new Date('2026-11-20T00:00:00Z')
  for (const [kind, from] of [
    ['hospital', 0],
    ['pharmacy', MANY / 2],
  ] as const) {
    const institutions = Array.from({ length: MANY / 2 }, (_, i) => numbered(from + i))
    await registry.loadList({ region: '370000', kind, source: 'list', asOf, institutions })
  }
  // As the server does by itself after a while; for it one must own the table.
  const owner = openDb({ url: db.url })
  await sql`analyze registry.institution`.execute(owner)
  await owner.destroy()
}, 180_000)
afterAll(() => db[Symbol.asyncDispose]())

const LETTERS = Array.from(
  '安宝北昌春大德东福光广国海和恒华惠吉济健江金康乐利民明南宁平庆仁瑞山生泰天同万西祥新兴阳益永玉源',
)

function numbered(i: number): Institution {
  const letter = (by: number) => LETTERS[Math.floor(i / by) % LETTERS.length] ?? ''
  const area = `37${String(1 + (i % 16)).padStart(2, '0')}${String(1 + (i % 12)).padStart(2, '0')}`
  const kind = i < MANY / 2 ? '医院' : '大药房'
  return institution(`${i < MANY / 2 ? 'H' : 'P'}${area}${String(i).padStart(6, '0')}`, {
    name: `${letter(1)}${letter(51)}${letter(2_601)}${i === 77_777 ? '趵突' : ''}${kind}`,
    area,
    place: { latitude: 35 + (i % 313) / 100, longitude: 116 + (i % 509) / 100 },
    settles: i % 100 === 0 ? ['chronic', 'drugs'] : ['drugs'],
  })
}

const ALL: Wanted = {
  kind: null,
  areaPrefix: '',
  text: null,
  settles: null,
  on: businessDate('2026-11-23'),
}
const FIRST = { after: null, limit: 21 }
const NEAR = { place: { latitude: 36.6, longitude: 117 }, withinM: 50_000, offset: 0, limit: 21 }

it.each([
  ['the first page of all', queryByArea(ALL, FIRST)],
  ['a city', queryByArea({ ...ALL, areaPrefix: '3707', kind: 'pharmacy' }, FIRST)],
  ['a district', queryByArea({ ...ALL, areaPrefix: '370304' }, FIRST)],
  ['a word of every second name', queryByArea({ ...ALL, text: '医院' }, FIRST)],
  ['a word of one name', queryByArea({ ...ALL, text: '趵突' }, FIRST)],
  ['one letter', queryByArea({ ...ALL, text: '泰' }, FIRST)],
  ['initials', queryByArea({ ...ALL, text: 'btdyf' }, FIRST)],
  ['a word of no name', queryByArea({ ...ALL, text: '不见于此' }, FIRST)],
  ['what few settle', queryByArea({ ...ALL, settles: 'chronic', kind: 'pharmacy' }, FIRST)],
  ['the nearest', queryByPlace(ALL, NEAR)],
  ['the nearest pharmacies', queryByPlace({ ...ALL, kind: 'pharmacy' }, NEAR)],
  ['the nearest that few settle', queryByPlace({ ...ALL, settles: 'chronic' }, NEAR)],
  ['the nearest of a name', queryByPlace({ ...ALL, text: '趵突' }, NEAR)],
])('[I6] reads no whole table for %s', async (_what, query) => {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`
    explain (analyze, format json) ${query}`.execute(db)
  const nodes = nodesOf(rows[0]?.['QUERY PLAN'][0].Plan)
  const onTable = nodes.filter((node) => node['Relation Name'] === 'institution')
  expect(onTable.length).toBeGreaterThan(0)
  expect(onTable.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  const read = nodes.map((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0))
  expect(Math.max(...read)).toBeLessThan(MANY / 10)
})

type PlanNode = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

const nodesOf = (node: PlanNode | undefined): PlanNode[] =>
  node ? [node, ...(node.Plans ?? []).flatMap(nodesOf)] : []
