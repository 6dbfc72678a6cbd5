import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Id } from '../../kernel/id.ts'
import { addFen, fen } from '../../kernel/money.ts'
import { addDays, businessDate, toShanghaiIso } from '../../kernel/time.ts'
import { movesOfDay } from '../../modules/payments/index.ts'
import { reconciliationRoutes } from '../../modules/reconciliation/index.ts'
import type { NormalisedRow } from '../../modules/reconciliation/matching/row.ts'
import { HOSPITAL, reconciliationWorld } from '../../modules/reconciliation/testing/world.ts'
import { inHospital } from '../../platform/db.ts'
import { createHttp } from '../../platform/http/server.ts'
import { systemActor } from '../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { listFiles } from './list-files.ts'

const D = businessDate('2026-11-20')
const NEXT = addDays(D, 1)
const CHECKS = '/hospitals/1/reconciliation/cross-checks'

/** What we hold, what the wallet lists, and what the hospital's cash desks wrote down, which comes as a file. */
const PLAN = {
  isActive: true,
  inputs: {
    hub: { from: 'own', source: 'wechat' },
    wallet: { from: 'list', source: 'wechat' },
    desks: { from: 'file', source: 'desks' },
  },
  rules: {
    id: 'desks',
    sides: [
      { name: 'hub', role: 'hub' },
      { name: 'wallet', role: 'provider' },
      { name: 'desks', role: 'his' },
    ],
    relations: [
      {
        id: 'trades',
        form: 'rows',
        sides: ['hub', 'wallet', 'desks'],
        kinds: ['charge', 'return'],
        key: { id: 'number', columns: { hub: 'our_no', wallet: 'our_no', desks: 'our_no' } },
        same: [],
        toleranceFen: 0,
        dateWindowDays: 0,
        passes: [],
      },
    ],
    carryOver: { days: 0, windowMinutes: 0 },
  },
}

let folder = ''
let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>
let files: ReturnType<typeof listFiles>
let reconciliation: ReturnType<typeof world.make>
const used: TestDatabase[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cross-checks-'))
})
beforeEach(async () => {
  db = await createTestDatabase()
  used.push(db)
  world = reconciliationWorld(db)
  files = listFiles(folder)
  reconciliation = world.make({ listFile: files.listFile, matchingFolder: join(folder, 'runs') })
})
afterAll(async () => {
  for (const database of used) await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Six payments of D, compared with the wallet's list; the plan is agreed on by two. */
async function aDay() {
  const { crossChecks } = reconciliation
  const wish = { name: 'desks', validFrom: D, content: PLAN }
  const id = await crossChecks.propose(HOSPITAL, wish, systemActor('finance-1'))
  const agreed = { agrees: true, reason: '核对过' }
  await crossChecks.decide({ hospitalId: HOSPITAL, id }, agreed, systemActor('finance-2'))
  for (const billNo of ['B1', 'B2', 'B3', 'B4', 'B5', 'B6']) await world.pay(billNo)
  await world.passTo(NEXT, '11:00:00')
  await crossChecks.wake(HOSPITAL, { source: 'wechat', date: D })
}

/** What the desks wrote down: each charge of ours, changed as told. */
async function deskRows(change: (rows: NormalisedRow[]) => NormalisedRow[]) {
  const moves = await inHospital(db, HOSPITAL, (tx) => movesOfDay(tx, HOSPITAL, D, 'wechat'))
  const rows = moves.map(({ kind, ourNo, parts, at }, i): NormalisedRow => ({
    lineNo: i + 1,
    kind,
    ourNo,
    providerNo: null,
    amountFen: addFen(...parts.map(({ amountFen }) => amountFen)),
    feeFen: null,
    occurredAt: toShanghaiIso(at),
    businessDate: D,
    account: null,
    memo: null,
  }))
  return change(rows)
}

/** One is missing, one is of another amount, one nobody else has. */
const broken = (rows: NormalisedRow[]): NormalisedRow[] => [
  ...rows.slice(1, -1),
  ...rows.slice(-1).map((row) => ({ ...row, amountFen: fen(row.amountFen + 300) })),
  ...rows.slice(0, 1).map((row) => ({ ...row, ourNo: 'CASH-1', amountFen: fen(2_500) })),
]

const crossCases = async (status?: 'open' | 'resolved') =>
  (await world.cases(status))
    .filter((one) => one.class === 'cross_check')
    .map(({ reason, amountFen }) => `${reason} ${amountFen}`)
    .toSorted()

async function checkWith(change: (rows: NormalisedRow[]) => NormalisedRow[]) {
  await files.put('desks', D, await deskRows(change))
  await reconciliation.onListTaken({ hospitalId: HOSPITAL, fileId: 'f', source: 'desks', date: D })
  await reconciliation.crossChecks.sweep(HOSPITAL)
}

describe('[B2] lists of several sources against each other', () => {
  it('waits for a list, compares when it is there, and gives persons what differs', async () => {
    await aDay()
    await reconciliation.crossChecks.sweep(HOSPITAL)
    const range = { from: D, to: D }
    const between = () => reconciliation.crossChecks.between(HOSPITAL, range)
    expect(await between()).toMatchObject([
      { status: 'waiting', reason: 'file desks', dueAt: null },
    ])
    await checkWith(broken)
    expect(await between()).toMatchObject([{ status: 'complete', reason: null, dueAt: null }])
    expect(await crossCases('open')).toEqual([
      'amount_his 300',
      'his_missing 4000',
      'his_only 2500',
    ])
    expect(await readdir(join(folder, 'runs'))).toEqual([])
  }, 120_000)

  it('ends the cases when a later version of the list agrees, and opens none again that a person resolved', async () => {
    await aDay()
    await checkWith(broken)
    const [first] = (await world.cases('open')).filter(({ class: cls }) => cls === 'cross_check')
    const end = { resolution: 'corrected_by_hospital' as const, note: '收费处已补录' }
    await reconciliation.resolveCase(HOSPITAL, first?.id as never, end, systemActor('finance-1'))
    const left = await crossCases('open')
    expect(left).toHaveLength(2)
    await reconciliation.crossChecks.again(HOSPITAL, { name: 'desks', date: D })
    await reconciliation.crossChecks.sweep(HOSPITAL)
    expect(await crossCases('open')).toEqual(left)
    await checkWith((rows) => rows)
    expect(await crossCases('open')).toEqual([])
    expect(await crossCases('resolved')).toHaveLength(3)
  }, 120_000)

  it('opens no second case for what a list shows to differ by itself', async () => {
    let hidden = ''
    world.wallet.script.relist = (lines) => {
      hidden ||= lines.find(({ kind }) => kind === 'charge')?.ourNo ?? ''
      return lines.filter(({ ourNo }) => ourNo !== hidden)
    }
    await aDay()
    expect(await world.differences(D)).toMatchObject([{ class: 'ours_only', source: 'wechat' }])
    await checkWith((rows) => rows)
    expect(await crossCases()).toEqual([])
    const [{ runId } = { runId: null }] = await reconciliation.crossChecks.between(HOSPITAL, {
      from: D,
      to: D,
    })
    const run = await reconciliation.crossChecks.run(HOSPITAL, runId ?? '')
    expect(run?.summary?.classes).toMatchObject({ provider_missing: { count: 1 } })
  }, 120_000)

  it('is another’s when whoever had it died, and comes to the same', async () => {
    await aDay()
    await files.put('desks', D, await deskRows(broken))
    const dead = sql`update reconciliation.cross_check_day set due_at = ${world.clock.now()},
      in_work_until = ${new Date(world.clock.now().getTime() + 3_600_000)}`
    await inHospital(db, HOSPITAL, (tx) => dead.execute(tx))
    expect(await reconciliation.crossChecks.sweep(HOSPITAL)).toBe(0)
    world.clock.set(new Date(world.clock.now().getTime() + 3_600_001))
    expect(await reconciliation.crossChecks.sweep(HOSPITAL)).toBe(1)
    expect(await crossCases('open')).toEqual([
      'amount_his 300',
      'his_missing 4000',
      'his_only 2500',
    ])
  }, 120_000)

  it('is a person’s when the rows cannot be read', async () => {
    await aDay()
    await checkWith((rows) => rows.map((row) => ({ ...row, amountFen: 1.5 as never })))
    expect((await world.cases('open')).filter((one) => one.class === 'cross_check')).toMatchObject([
      { subject: `cross_check:desks:${D}:failed`, amountFen: 0 },
    ])
    await checkWith((rows) => rows)
    expect(await crossCases('open')).toEqual([])
  }, 120_000)
})

describe('[B2] a list that comes as a file', () => {
  it('is the list of the day of its source, and another version of it is compared anew', async () => {
    world.wallet.script.statement = { outcome: 'not_ready', reason: 'by file only' }
    await world.pay('B1')
    await world.passTo(NEXT, '11:00:00')
    const read = world.make({ listFile: files.listFile })
    const take = async (change: (rows: NormalisedRow[]) => NormalisedRow[]) => {
      await files.put('wechat', D, await deskRows(change))
      await read.onListTaken({ hospitalId: HOSPITAL, fileId: 'f', source: 'wechat', date: D })
      await read.sweep(HOSPITAL)
    }
    await take((rows) => rows.map((row) => ({ ...row, amountFen: fen(row.amountFen + 7) })))
    const short = async () =>
      (await world.differences(D)).map((d) => `${d.source} ${d.class} ${d.present}`)
    expect(await short()).toEqual(['wechat amount true'])
    await take((rows) => rows)
    expect(await short()).toEqual(['wechat amount false'])
    expect(await world.statements(D, 'wechat')).toMatchObject([{ version: 2 }, { version: 1 }])
  }, 60_000)
})

describe('the routes', () => {
  it('tell what is agreed on, how far it came, and what was found; and refuse by name', async () => {
    const http = await createHttp({
      newId: world.newId,
      authenticate: async ({ headers }) => ({
        kind: 'staff',
        staffId: String(headers['x-staff'] ?? STAFF) as Id<'Staff'>,
        hospitalId: HOSPITAL,
        roles: ['finance'],
      }),
    })
    const routes = reconciliationRoutes(reconciliation, { db, clock: world.clock })
    await http.register(routes)
    await http.ready()
    const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
      const { statusCode: status, body } = await http.inject({
        method,
        url,
        ...(payload ? { payload } : {}),
      })
      return { status, body: body === '' ? null : JSON.parse(body) }
    }
    await aDay()
    await checkWith(broken)
    const listed = await ask('GET', `${CHECKS}?from=${D}&to=${D}`)
    expect(listed).toMatchObject({ status: 200, body: { items: [{ status: 'complete' }] } })
    const [{ runId }] = listed.body.items
    const run = await ask('GET', `${CHECKS}/runs/${runId}`)
    expect(run.body.rules).toMatchObject([{ rule: 'number', matches: 4 }])
    expect(run.body.classes).toHaveLength(3)
    const found = await ask('GET', `${CHECKS}/runs/${runId}/differences?class=amount_his`)
    expect(found.body.items).toMatchObject([{ class: 'amount_his', repair: 'adjust_by_two' }])
    expect(found.body.items[0].rows).toHaveLength(3)

    const wish = { name: 'desks', validFrom: D }
    const wrong = { ...wish, content: { ...PLAN, inputs: { hub: PLAN.inputs.hub } } }
    const refused = await ask('POST', `${CHECKS}/plans`, wrong)
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'reconciliation.cross_check_wrong' },
    })
    const proposed = await ask('POST', `${CHECKS}/plans`, { ...wish, content: PLAN })
    expect(proposed.status).toBe(201)
    const decision = { agrees: true, reason: '同意' }
    expect(
      await ask('POST', `${CHECKS}/plans/${proposed.body.id}/decision`, decision),
    ).toMatchObject({ status: 422, body: { code: 'reconciliation.decided_by_same_person' } })
    expect(await ask('GET', `${CHECKS}/runs/${'0'.repeat(64)}`)).toMatchObject({ status: 404 })
    expect(await ask('GET', `${CHECKS}?from=2026-01-01&to=${D}`)).toMatchObject({ status: 400 })
    expect(await ask('POST', `${CHECKS}/none/${D}/rerun`)).toMatchObject({ status: 404 })
    await http.close()
  }, 120_000)
})

const STAFF = '0190b3a0-0000-7000-8000-0000000000aa'
