import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Role } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { reconciliationRoutes } from './index.ts'
import { HOSPITAL, reconciliationWorld } from './testing/world.ts'

const D = businessDate('2026-11-20')
const NEXT = businessDate('2026-11-21')
const DAYS = `/hospitals/1/reconciliation/days`
const CASES = `/hospitals/1/reconciliation/cases`

let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>
let http: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  db = await createTestDatabase()
  world = reconciliationWorld(db)
  const staffId = world.newId<'Staff'>() as Id<'Staff'>
  http = await createHttp({
    newId: world.newId,
    authenticate: async ({ headers }) => {
      const role = headers['x-role']
      if (typeof role !== 'string') return null
      return { kind: 'staff', staffId, hospitalId: HOSPITAL, roles: [role as Role] }
    },
  })
  await http.register(reconciliationRoutes(world.reconciliation, { db, clock: world.clock }))
  await http.ready()

  // A day with a repaired difference, one in a case, and a list of which the second reading says more.
  world.hospital.script.loses = true
  const id = await world.pay('B1')
  world.hospital.script.loses = false
  await world.pay('B2', [20_000, 5_000])
  await world.refund(id, 'B1')
  world.wallet.script.relist = (lines, date) =>
    date === D
      ? lines.map((line, i) => (i === 0 ? { ...line, amountFen: fen(line.amountFen + 5) } : line))
      : lines
  await world.passTo(NEXT, '10:20:00')
})
afterAll(async () => {
  await http.close()
  await db[Symbol.asyncDispose]()
})

async function ask(url: string, role: Role | null = 'finance', body?: object) {
  const response = await http.inject({
    method: body ? 'POST' : 'GET',
    url,
    headers: role ? { 'x-role': role } : {},
    ...(body && Object.keys(body).length > 0 ? { payload: body } : {}),
  })
  return { status: response.statusCode, body: response.json() }
}

describe('the ageing of open cases', () => {
  it('has each open case in one age, and each age opens its rows', async () => {
    const { body } = await ask(`${CASES}-ageing`, 'auditor')
    const figures = body.items as { age: string; count: number; amountFen: number }[]
    expect(figures.map(({ age, count }) => [age, count])).toEqual([
      ['2h', 1],
      ['1d', 0],
      ['3d', 0],
      ['7d', 0],
      ['older', 0],
    ])
    const rows = await Promise.all(
      figures.map(async ({ age }) => (await ask(`${CASES}?status=open&age=${age}`)).body.items),
    )
    expect(rows.map((items: unknown[]) => items.length)).toEqual([1, 0, 0, 0, 0])
    expect((await ask(`${CASES}?age=9d`)).status).toBe(400)
  })
})

describe('the calendar', () => {
  it('[B2] shows each day with its lists, its verdict and its differences by class', async () => {
    const { status, body } = await ask(`${DAYS}?from=${D}&to=${NEXT}`, 'auditor')
    expect(status).toBe(200)
    expect(body.items).toHaveLength(1)
    const [day] = body.items
    expect(day).toMatchObject({ date: D, status: 'closed', verdict: 'in_case', lastError: null })
    expect(
      day.arrivals.map((a: { source: string; status: string }) => [a.source, a.status]),
    ).toEqual([
      ['his', 'received'],
      ['insurance', 'received'],
      ['wechat', 'received'],
    ])
    const counts = Object.fromEntries(day.classes.map((c: { class: string }) => [c.class, c]))
    expect(counts.ours_only).toMatchObject({ repaired: 1, inCase: 0 })
    expect(counts.amount).toMatchObject({ repaired: 0, inCase: 1 })
  })

  it.each([
    ['no range', `${DAYS}?from=${D}`, 400],
    ['a day that is none', `${DAYS}?from=2026-02-30&to=2026-03-01`, 400],
    ['a range too long', `${DAYS}?from=2020-01-01&to=2026-01-01`, 400],
    ['a day there is nothing of', `${DAYS}/2026-11-19`, 404],
    ['a list that is not there', `${DAYS}/${D}/statements/alipay/lines`, 404],
    ['a version that is not there', `${DAYS}/${D}/statements/his/lines?version=9`, 404],
    ['another hospital', `/hospitals/2/reconciliation/days?from=${D}&to=${D}`, 403],
  ])('refuses %s', async (_what, url, status) => {
    expect((await ask(url)).status).toBe(status)
  })

  it.each([
    ['nobody', null, 401],
    ['a cashier', 'cashier', 403],
    ['the IT department', 'it', 403],
  ] as const)('is not for %s', async (_who, role, status) => {
    expect((await ask(`${DAYS}/${D}`, role)).status).toBe(status)
    expect((await ask(CASES, role)).status).toBe(status)
  })
})

describe('one day', () => {
  it('[B2] every figure of every party is the sum of the rows its query lists', async () => {
    const { body } = await ask(`${DAYS}/${D}`)
    expect(body.sources.map((s: { source: string }) => s.source)).toEqual([
      'his',
      'insurance',
      'wechat',
    ])
    let figures = 0
    for (const { comparison } of body.sources) {
      for (const { ours, gaps, theirs } of comparison.identity) {
        const gapFen = gaps.reduce((sum: number, gap: Figure) => sum + gap.amountFen, 0)
        expect(ours.amountFen + gapFen).toBe(theirs.amountFen)
        expect(await sumOf(ours.list)).toEqual([ours.count, ours.amountFen])
        expect(await sumOf(theirs.list)).toEqual([theirs.count, theirs.amountFen])
        for (const gap of gaps) {
          const [, gapOfRows] = await sumOf(gap.list)
          expect(gapOfRows).toBe(gap.amountFen)
        }
        figures += 2 + gaps.length
      }
    }
    expect(figures).toBe(13)
  })

  it('[B2] puts all three sides beside each other', async () => {
    const { body } = await ask(`${DAYS}/${D}`)
    // B1 was paid and refunded on the day, so 25,000 of B2 are left; the wallet's list says 5 fen more.
    expect(body.bridge).toEqual({
      providersFen: 25_005,
      oursFen: 25_000,
      keptHereFen: 0,
      settledFen: 25_000,
      hospitalFen: 25_000,
      inBetweenFen: 0,
    })
  })

  it('lists differences by page and by what they are', async () => {
    const all = await ask(`${DAYS}/${D}/differences`)
    const ids = all.body.items.map((d: { id: string }) => d.id)
    const first = await ask(`${DAYS}/${D}/differences?limit=1`)
    const rest = await ask(`${DAYS}/${D}/differences?after=${first.body.items[0].id}`)
    expect([...first.body.items, ...rest.body.items].map((d) => d.id)).toEqual(ids)
    const present = await ask(`${DAYS}/${D}/differences?present=true`)
    expect(present.body.items).toMatchObject([
      { class: 'amount', oursFen: 4_000, theirsFen: 4_005 },
    ])
    const gone = await ask(`${DAYS}/${D}/differences?present=false&status=repaired&source=his`)
    expect(gone.body.items).toMatchObject([{ repair: 'tell_hospital', repairOutcome: 'done' }])
  })

  it('lists lines by page', async () => {
    const lines = `${DAYS}/${D}/statements/insurance/lines`
    const all = (await ask(lines)).body
    const first = (await ask(`${lines}?limit=2`)).body
    const rest = (await ask(`${lines}?after=${first.items.at(-1).lineNo}`)).body
    expect([...first.items, ...rest.items]).toEqual(all.items)
    expect(all.items.every((line: { basis: string }) => line.basis === 'agreed')).toBe(true)
  })

  it('is run again on request, by finance only', async () => {
    expect((await ask(`${DAYS}/${D}/rerun`, 'auditor', {})).status).toBe(403)
    const { status, body } = await ask(`${DAYS}/${D}/rerun`, 'finance', {})
    expect([status, body]).toEqual([202, { date: D }])
    expect((await ask(`${DAYS}/${NEXT}/rerun`, 'finance', {})).body.code).toBe(
      'reconciliation.day_not_over',
    )
    await world.settle()
    expect((await ask(`${DAYS}/${D}`)).body).toMatchObject({ status: 'closed', verdict: 'in_case' })
  })
})

describe('cases', () => {
  it('[B3] are listed, taken, noted and resolved, each with its trace', async () => {
    const { body } = await ask(`${CASES}?status=open&class=amount`, 'auditor')
    expect(body.items).toMatchObject([{ class: 'amount', amountFen: 5, owner: null, date: D }])
    const url = `${CASES}/${body.items[0].id}`
    expect((await ask(url)).body.differences).toMatchObject([
      { class: 'amount', status: 'in_case' },
    ])

    expect((await ask(`${url}/owner`, 'auditor', {})).status).toBe(403)
    const taken = await ask(`${url}/owner`, 'finance', {})
    expect([taken.status, taken.body.owner]).toEqual([200, expect.stringMatching(/^staff:/)])
    const noted = await ask(`${url}/notes`, 'finance', { text: '已联系微信' })
    expect([noted.status, noted.body.notes]).toMatchObject([201, [{ text: '已联系微信' }]])
    expect((await ask(`${url}/notes`, 'finance', { text: '' })).status).toBe(400)
    expect((await ask(`${url}/notes`, 'finance', { text: 'a\0b' })).status).toBe(400)
    expect((await ask(`${url}/resolution`, 'finance', { resolution: 'paid' })).status).toBe(400)

    const word = { resolution: 'corrected_by_provider', note: '微信已更正' }
    const resolved = await ask(`${url}/resolution`, 'finance', word)
    expect(resolved.body).toMatchObject({ status: 'resolved', isOverdue: false })
    expect(resolved.body.differences).toMatchObject([{ status: 'explained' }])
    expect((await ask(`${url}/resolution`, 'finance', word)).status).toBe(200)
    const other = await ask(`${url}/resolution`, 'finance', { ...word, resolution: 'refunded' })
    expect(other.body.code).toBe('reconciliation.case_resolved')
    expect((await ask(`${url}/owner`, 'finance', {})).status).toBe(409)
    expect((await ask(url)).body.notes).toHaveLength(2)
    expect((await ask(`${DAYS}/${D}`)).body.verdict).toBe('balanced')
    expect((await ask(`${CASES}/${world.newId()}`)).status).toBe(404)
  })

  it('describes itself', () => {
    const operations = Object.values(http.swagger().paths ?? {}).flatMap((path) =>
      Object.values(path as Record<string, { operationId?: string }>).map((o) => o.operationId),
    )
    expect(new Set(operations)).toEqual(
      new Set([
        'addCaseNote',
        'decideCrossCheckPlan',
        'getCrossCheckRun',
        'listCrossCheckDifferences',
        'listCrossCheckPlans',
        'listCrossChecks',
        'proposeCrossCheckPlan',
        'rerunCrossCheck',
        'exportDifferencesAsCsv',
        'exportDifferencesAsXlsx',
        'exportOwnRowsAsCsv',
        'exportOwnRowsAsXlsx',
        'exportStatementLinesAsCsv',
        'exportStatementLinesAsXlsx',
        'getCase',
        'getCaseAgeing',
        'getReconciliationDay',
        'listCases',
        'listDifferences',
        'listOwnRows',
        'listReconciliationDays',
        'listStatementLines',
        'rerunReconciliationDay',
        'resolveCase',
        'takeCase',
      ]),
    )
  })
})

type Figure = { count: number; amountFen: number }
type Row = { amountFen?: number; theirsFen?: number; oursFen?: number }

/** How many rows the query lists, and what they add up to. */
async function sumOf(list: string): Promise<[number, number]> {
  const { status, body } = await ask(`/hospitals/1/${list}`)
  expect(status).toBe(200)
  const amount = (row: Row) => row.amountFen ?? (row.theirsFen ?? 0) - (row.oursFen ?? 0)
  return [body.items.length, body.items.reduce((sum: number, row: Row) => sum + amount(row), 0)]
}
