import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { createHttp } from '../../../platform/http/server.ts'
import type { Role } from '../../../platform/principal.ts'
import { createTestDatabase, type TestDatabase } from '../../../platform/testing/database.ts'
import { reconciliationRoutes } from '../index.ts'
import { HOSPITAL, reconciliationWorld } from '../testing/world.ts'

const D = businessDate('2026-11-20')
const NEXT = businessDate('2026-11-21')
const DAY = `/hospitals/1/reconciliation/days/${D}`

/** More than is read at once. */
const FOREIGN = 520

let db: TestDatabase
let http: Awaited<ReturnType<typeof createHttp>>

beforeAll(async () => {
  db = await createTestDatabase()
  const world = reconciliationWorld(db)
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
  await world.pay('B1', [20_000])
  world.wallet.script.relist = (lines, date) => {
    const [line] = lines
    if (date !== D || !line) return lines
    const foreign = Array.from({ length: FOREIGN }, (_, i) => ({
      ...line,
      ourNo: i === 0 ? '=HYPERLINK("http://x")' : `STRANGE${i}`,
      providerNo: `42000023${String(i).padStart(8, '0')}`,
      amountFen: fen(100 + i),
    }))
    return [...lines, ...foreign]
  }
  await world.passTo(NEXT, '10:20:00')
}, 120_000)
afterAll(async () => {
  await http.close()
  await db[Symbol.asyncDispose]()
})

const get = (path: string, role: Role = 'finance') =>
  http.inject({ url: `${DAY}/${path}`, headers: { 'x-role': role } })

/** The rows of a CSV file without quotes in it, as cells. */
const rowsOf = (text: string) =>
  text
    .replace('\uFEFF', '')
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(','))

describe('lists for a spreadsheet', () => {
  it('[B3] a CSV has every row of the filter, whatever its length, and adds up', async () => {
    const whole = await get('differences.csv')
    expect(whole.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="differences-${D}.csv"`,
      'x-content-type-options': 'nosniff',
    })
    expect(whole.body.startsWith('\uFEFF业务日期,来源,')).toBe(true)
    const [, ...rows] = rowsOf(whole.body)
    expect(rows).toHaveLength(FOREIGN)
    expect(new Set(rows.map((cells) => cells[5])).size).toBe(FOREIGN)
    const [, ...none] = rowsOf((await get('differences.csv?class=amount')).body)
    expect(none).toEqual([])
    const [, ...lines] = rowsOf((await get('statements/wechat/lines.csv')).body)
    expect(lines).toHaveLength(FOREIGN + 1)
    expect(lines.map(([lineNo]) => Number(lineNo))).toEqual(
      Array.from({ length: FOREIGN + 1 }, (_, i) => i + 1),
    )
    const [, ...own] = rowsOf((await get('own-rows.csv?source=wechat&kind=charge')).body)
    expect(own.map((cells) => cells[2])).toEqual(['80.00'])
  })

  it('nothing in it is computed by a spreadsheet, and numbers stay whole', async () => {
    const { body } = await get('statements/wechat/lines.csv')
    expect(body).toContain(`,"'=HYPERLINK(""http://x"")","\t4200002300000000",1.00,`)
    const xlsx = await get('statements/wechat/lines.xlsx')
    const files = unzipSync(xlsx.rawPayload)
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
    expect(sheet).not.toContain('<f>')
    expect(sheet.match(/<row>/g)).toHaveLength(FOREIGN + 2)
    expect(sheet).toContain('>=HYPERLINK(')
  })

  it('is for finance and auditors; a list that is not there is said so', async () => {
    expect((await get('differences.csv', 'auditor')).statusCode).toBe(200)
    expect((await get('differences.xlsx', 'cashier')).statusCode).toBe(403)
    expect((await get('statements/alipay/lines.csv')).json()).toMatchObject({
      code: 'reconciliation.statement_not_found',
    })
    expect((await get('statements/wechat/lines.csv?version=9')).statusCode).toBe(404)
  })
})
