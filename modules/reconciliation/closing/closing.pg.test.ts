import { unzipSync } from 'fflate'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { createHttp } from '../../../platform/http/server.ts'
import { readPdf } from '../../../platform/pdf/testing/read-pdf.ts'
import type { Role } from '../../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import type { BooksOfDays } from '../dependencies.ts'
import { closingRoutes } from '../index.ts'
import { HOSPITAL, reconciliationWorld } from '../testing/world.ts'
import { digestOf } from './day-facts.ts'

const D = businessDate('2026-11-20')
const NEXT = businessDate('2026-11-21')
const LATER = businessDate('2026-11-22')
const CLOSING = `/hospitals/1/reconciliation/days/${D}/closing`
const VERSION = `/hospitals/1/reconciliation/days/${D}/closings`

let db: TestDatabase
let world: ReturnType<typeof reconciliationWorld>
let http: Awaited<ReturnType<typeof createHttp>>
let missingInBooks = 0
const books: string[] = []
let isRelisted = true

const booksOfDays: BooksOfDays = {
  missing: async () => missingInBooks,
  close: async (_tx, _hospital, date) => void books.push(`closed ${date}`),
  reopen: async (_tx, _hospital, date) => void books.push(`reopened ${date}`),
}

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
  const reconciliation = world.make({ books: booksOfDays })
  const hospitalOf = async () => ({ id: HOSPITAL, name: '市人民医院' })
  const nameOf = async () => '王会计'
  await http.register(closingRoutes({ reconciliation, hospitalOf, nameOf }))
  await http.ready()
  // The wallet lists one payment with five fen more than was taken: a person has a case of it.
  await world.pay('B1')
  await world.pay('B2', [20_000, 5_000])
  world.wallet.script.relist = (lines, date) =>
    date === D && isRelisted
      ? lines.map((line, i) => (i === 0 ? { ...line, amountFen: fen(line.amountFen + 5) } : line))
      : lines
})
afterAll(async () => {
  await http.close()
  await db[Symbol.asyncDispose]()
})

async function ask(url: string, body?: object, role: Role = 'finance') {
  const method = body ? 'POST' : 'GET'
  const response = await http.inject({
    method,
    url,
    headers: { 'x-role': role },
    ...(body ? { payload: body } : {}),
  })
  return { status: response.statusCode, body: response.json() }
}

const checksOf = ({ body }: Awaited<ReturnType<typeof ask>>) =>
  (body.checklist as { name: string; outcome: string; count: number }[])
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, outcome, count }) => `${name} ${outcome} ${count}`)

describe('[B2] closing a day', () => {
  it('is refused while the day is not over, or a list is not there', async () => {
    await world.passTo(NEXT, '00:20:00')
    expect((await ask(CLOSING.replace(D, NEXT), {})).body.code).toBe('reconciliation.day_not_over')
    const early = await ask(CLOSING, { note: '先关账' })
    expect([early.status, early.body.code]).toEqual([409, 'reconciliation.day_not_ready'])
    expect(early.body.params.open).toContain('lists_received')
    expect((await ask(CLOSING.replace(D, '2026-11-01'))).body.checklist[0].outcome).toBe('open')
  })

  it('with a case still open needs a note that says why, and finance to do it', async () => {
    await world.passTo(NEXT, '10:20:00')
    expect(checksOf(await ask(CLOSING))).toEqual(['cases_resolved warned 1'])
    expect((await ask(CLOSING, {})).body.code).toBe('reconciliation.note_needed')
    expect((await ask(CLOSING, { note: '先关账' }, 'auditor')).status).toBe(403)
    expect(books).toEqual([])
  })

  it('waits for books that others keep of the day', async () => {
    missingInBooks = 2
    expect(checksOf(await ask(CLOSING))).toContain('books_complete open 2')
    expect((await ask(CLOSING, { note: '先关账' })).body.params.open).toBe('books_complete')
    missingInBooks = 0
  })

  it('keeps every figure as it stood, locks the day, and closes its books with it', async () => {
    const closed = await ask(CLOSING, { note: '五分钱待微信回复' })
    expect([closed.status, closed.body.isLocked, books]).toEqual([201, true, [`closed ${D}`]])
    expect((await ask(CLOSING, { note: '再关' })).body.code).toBe('reconciliation.day_locked')
    const { body } = await ask(`${VERSION}/1`)
    const wechat = body.sources.find(({ source }: { source: string }) => source === 'wechat')
    expect(wechat.identity[0]).toMatchObject({
      kind: 'charge',
      ours: { count: 2, amountFen: 14_000 },
      gaps: [{ class: 'amount', count: 0, amountFen: 5 }],
      theirs: { count: 2, amountFen: 14_005 },
    })
    const [kept] = await inHospital(db, HOSPITAL, async (tx) => {
      const rows = await sql<{ facts: object; digest: string }>`
        select facts, digest from reconciliation.day_closing where hospital_id = ${HOSPITAL}`.execute(
        tx,
      )
      return rows.rows
    })
    expect(kept?.digest).toBe(digestOf(kept?.facts))
  })

  it('is never changed: the application may only add', async () => {
    const change = inHospital(db, HOSPITAL, (tx) =>
      sql`update reconciliation.day_closing set note = null where hospital_id = ${HOSPITAL}`.execute(
        tx,
      ),
    )
    await expect(change).rejects.toThrow(/permission denied/)
  })
})

describe('the report', () => {
  it('prints the identity of each party, the case and the digest', async () => {
    const { raw, status } = await download(`${VERSION}/1/report.pdf`)
    expect(status).toBe(200)
    const words = readPdf(raw)
      .pages.flatMap((page) => page.map(({ text }) => text))
      .join(' ')
    expect(words).toContain('对账日报')
    expect(words).toContain('市人民医院')
    expect(words).toMatch(/微信支付.*140\.00.*0\.05.*140\.05/)
    expect(words).toContain('五分钱待微信回复')
    expect(words).toContain('经办 王会计')
  })

  it('is a workbook too, in which nothing is a formula', async () => {
    const { raw } = await download(`${VERSION}/1/report.xlsx`)
    const files = unzipSync(new Uint8Array(raw))
    const sheets = Object.entries(files).filter(([name]) => name.includes('worksheets/sheet'))
    const text = sheets.map(([, bytes]) => new TextDecoder().decode(bytes)).join('')
    expect(sheets).toHaveLength(6)
    expect(text).toContain('140.05')
    expect(text).not.toContain('<f>')
  })

  it('is of a version that there is', async () => {
    expect((await ask(`${VERSION}/7`)).body.code).toBe('reconciliation.closing_not_found')
    expect((await ask(`${VERSION}/7/report.pdf`)).status).toBe(404)
  })
})

async function download(url: string) {
  const response = await http.inject({ url, headers: { 'x-role': 'auditor' } })
  return { status: response.statusCode, raw: response.rawPayload }
}

describe('F-109: a closed day that comes out otherwise', () => {
  it('says what changed, is opened with a reason, and closed anew as another version', async () => {
    // The wallet gives its list out again, as it should have been: the next morning's look finds it.
    isRelisted = false
    await world.passTo(LATER, '11:00:00')
    const { body } = await ask(CLOSING)
    expect(body.isLocked).toBe(true)
    expect(body.changedSince).toMatchObject([
      { source: 'wechat', kind: 'charge', side: 'theirs', deltaFen: -5 },
    ])
    expect((await ask(`${CLOSING}/reopening`, { reason: '微' })).status).toBe(400)
    const reopened = await ask(`${CLOSING}/reopening`, { reason: '微信重出账单' })
    expect([reopened.status, reopened.body.isLocked]).toEqual([201, false])
    expect((await ask(`${CLOSING}/reopening`, { reason: '再来一次' })).body.code).toBe(
      'reconciliation.day_not_locked',
    )
    const again = await ask(CLOSING, {})
    expect(again.status).toBe(201)
    expect(again.body.closings.map(({ version }: { version: number }) => version)).toEqual([2, 1])
    expect(again.body.closings[1].reopened.reason).toBe('微信重出账单')
    expect(again.body.changedSince).toEqual([])
    expect((await ask(`${VERSION}/2`)).body.changes).toMatchObject([{ deltaFen: -5 }])
    expect(books).toEqual([`closed ${D}`, `reopened ${D}`, `closed ${D}`])
  })

  it('two who close at once make one version', async () => {
    await ask(`${CLOSING}/reopening`, { reason: '并发' })
    const both = await Promise.all([ask(CLOSING, {}), ask(CLOSING, {})])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  })
})
