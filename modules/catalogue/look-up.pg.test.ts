import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { businessDate } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { openDb } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createCatalogue } from './catalogue.ts'
import type { CatalogueEntry } from './entry.ts'
import { catalogueRoutes } from './routes.ts'
import { entry } from './testing/entries.ts'

const platform = testPlatform('2026-11-23T10:00:00+08:00', 'look-up')
let db: TestDatabase
let app: Awaited<ReturnType<typeof createHttp>>

async function* rows(entries: readonly CatalogueEntry[]) {
  for (const one of entries) yield await Promise.resolve(one)
}

beforeAll(async () => {
  db = await createTestDatabase()
  const catalogue = createCatalogue({ ...platform, db, audit: createAudit(platform) })
  const load = (region: string, version: string, on: string, entries: readonly CatalogueEntry[]) =>
    catalogue.loadVersion({
      region,
      version,
      effectiveOn: businessDate(on),
      entries: rows(entries),
    })
  const first = [
    entry('XA01'),
    entry('XB02', { name: '布洛芬片', coverClass: 'B', firstSharePpm: 100_000 }),
    entry('XC03', { name: '布洛芬混悬液', validTo: businessDate('2026-10-31') }),
  ]
  await load('370100', '2026-01', '2026-01-01', first)
  await load('370100', '2026-11', '2026-11-01', [
    ...first.slice(0, 1),
    entry('XB02', { name: '布洛芬片', coverClass: 'A', priceLimits: { any: 12_000_000 } }),
    first[2] ?? entry('XC03'),
  ])
  await load('310000', '沪-1', '2026-01-01', [entry('XB02', { name: '布洛芬片', coverClass: 'C' })])
  app = await createHttp({
    newId: platform.newId,
    authenticate: async () => ({ kind: 'person', personId: platform.newId() }),
    logger: false,
  })
  const billOf = async () => null
  await app.register(catalogueRoutes({ catalogue, db, clock: platform.clock, billOf }))
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

const ask = async (path: string) => (await app.inject(path)).json<Record<string, unknown>>()

describe('[I6] the drug catalogue of another region', () => {
  it('is looked up by a piece of the name or the code, as it stood on a day', async () => {
    expect(await ask('/catalogue/entries?region=370100&text=洛芬')).toMatchObject({
      version: '2026-11',
      next: null,
      items: [
        {
          code: 'XB02',
          coverClass: 'A',
          priceLimits: [{ level: 'any', limitMicroYuan: 12_000_000 }],
        },
      ],
    })
    expect(await ask('/catalogue/entries?region=370100&text=布洛芬&on=2026-10-01')).toMatchObject({
      version: '2026-01',
      items: [{ code: 'XB02', coverClass: 'B', firstSharePpm: 100_000 }, { code: 'XC03' }],
    })
    expect(await ask('/catalogue/entries?region=310000&text=XB0')).toMatchObject({
      items: [{ code: 'XB02', coverClass: 'C' }],
    })
    const page = await ask('/catalogue/entries?region=370100&limit=1')
    expect(page).toMatchObject({ items: [{ code: 'XA01' }], next: 'XA01' })
    expect(await ask('/catalogue/entries?region=370100&limit=1&after=XA01')).toMatchObject({
      items: [{ code: 'XB02' }],
      next: null,
    })
  })

  it('names the regions there are, and what is wrong with a question', async () => {
    expect(await ask('/catalogue/regions')).toMatchObject({
      items: [
        { region: '310000', version: '沪-1' },
        { region: '370100', version: '2026-11' },
      ],
    })
    const wrong = {
      'region=440000': 'catalogue.version_not_found',
      'region=370100&on=2025-01-01': 'catalogue.version_not_found',
      'region=370100&on=2026-02-30': 'catalogue.date_invalid',
      'region=37': 'http.invalid_request',
      'region=370100&limit=101': 'http.invalid_request',
    }
    for (const [query, code] of Object.entries(wrong)) {
      expect(await ask(`/catalogue/entries?${query}`), query).toMatchObject({ code })
    }
  })

  it('reads by the index of names, not the whole region', async () => {
    const owner = openDb({ url: db.url })
    await sql`insert into catalogue.entry (region, code, since_seq, name, kind, content, content_hash)
      select '440000', 'Y' || i, 1, '药' || chr(20000 + i % 9000) || chr(30000 + i % 700), 'drug', '{}', ''
      from generate_series(1, 30000) i`.execute(owner)
    await sql`analyze catalogue.entry`.execute(owner)
    const { rows: lines } = await sql<{
      'QUERY PLAN': string
    }>`explain select * from catalogue.entry
      where region = '370100' and platform.grams(name) @> array['布洛', '洛芬'] and name like '%布洛芬%'
      order by code limit 20`.execute(owner)
    await owner.destroy()
    expect(lines.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/entry_by_gram|entry_pkey/)
    expect(lines.map((line) => line['QUERY PLAN']).join('\n')).not.toContain('Seq Scan')
  })
})
