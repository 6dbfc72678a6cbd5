import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'

import type { Id } from '../../../kernel/id.ts'
import { fen, formatYuan } from '../../../kernel/money.ts'
import { createHttp } from '../../../platform/http/server.ts'
import { readPdf } from '../../../platform/pdf/testing/read-pdf.ts'
import type { Principal } from '../../../platform/principal.ts'
import { PERSON } from '../testing/hospital.ts'
import { createWorlds, paidPayment } from '../testing/worlds.ts'
import { statementRoutes } from './routes.ts'
import { newRegion, type Region } from './testing/region.ts'

const YEAR = { from: '2026-11-21', to: '2027-11-21' }
const PERIOD = `from=${YEAR.from}&to=${YEAR.to}`
const PATIENT: Principal = { kind: 'person', personId: PERSON }
const STRANGER: Principal = {
  kind: 'person',
  personId: '0190b3a0-0000-7000-8000-000000000002' as Id<'Person'>,
}

let worlds: Awaited<ReturnType<typeof createWorlds>>
let region: Region
let app: Awaited<ReturnType<typeof openHub>>

beforeAll(async () => void (worlds = await createWorlds()))
afterAll(() => worlds.dispose())
beforeEach(async () => {
  region = newRegion(worlds)
  app = await openHub(region)
})
afterEach(() => app.close())

type Shown = {
  statementNo: string
  checkCode: string
  totals: { paidFen: number; netFen: number; selfPaidFen: number }
}

/** The routes of statements on a server, where everybody is who they say. */
async function openHub({ first, statements }: Region) {
  const http = await createHttp({
    newId: first.newId,
    authenticate: async ({ headers }) =>
      headers['x-as'] ? (JSON.parse(String(headers['x-as'])) as Principal) : null,
  })
  await http.register(statementRoutes(statements, { publicUrl: 'https://pay.example.cn' }), {
    prefix: '/v1',
  })
  return http
}

const call = (path: string, as: Principal | null = PATIENT) =>
  app.inject({ url: `/v1${path}`, headers: as ? { 'x-as': JSON.stringify(as) } : {} })

/** What somebody who is handed a paper types from it. */
const verify = (number: string, paper: { code: string; name: string }) =>
  app.inject({ method: 'POST', url: `/v1/statements/${number}/verification`, payload: paper })

it('[P7] a person gets their own statement, and nobody else’s', async () => {
  await paidPayment(region.first, [10_000])
  const own = await call(`/me/statement?${PERIOD}`)
  expect([own.statusCode, own.headers['cache-control']]).toEqual([200, 'no-store'])
  expect(own.json()).toMatchObject({
    ...YEAR,
    totals: { paidFen: 10_000, refundedFen: 0, netFen: 10_000, selfPaidFen: 3_900 },
    items: [{ paidFen: 10_000, paidAt: '2026-11-21T02:00:05.000Z', bills: [{ billNo: 'B1' }] }],
  })
  const strangers = await call(`/me/statement?${PERIOD}`, STRANGER)
  expect(strangers.json()).toMatchObject({ totals: { paidFen: 0 }, items: [] })
  expect((await call(`/me/statement?${PERIOD}`, null)).statusCode).toBe(401)
  const staff: Principal = {
    kind: 'staff',
    staffId: 's' as Id<'Staff'>,
    hospitalId: region.first.hospitalId,
    roles: ['finance'],
  }
  for (const path of ['/me/statement', '/me/statement.csv', '/me/statement.pdf']) {
    expect((await call(`${path}?${PERIOD}`, staff)).statusCode).toBe(403)
  }
})

it('[P7] the table is a file that spreadsheets open', async () => {
  const id = await paidPayment(region.first, [10_000, 5_000])
  await region.first.refund(id, 'B1', [2])
  const answer = await call(`/me/statement.csv?${PERIOD}`)
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="statement-2026-11-21-2027-11-21.csv"',
    'cache-control': 'no-store',
  })
  expect([...answer.rawPayload.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const rows = answer.body.trim().split('\r\n')
  expect(rows.map((row) => row.split(',')[8])).toEqual(['合计(元)', '150.00', '-50.00'])
})

it('[P7] the document is a file with the amounts of the statement, under a number that is genuine', async () => {
  const id = await paidPayment(region.first, [10_000, 5_000])
  await region.first.refund(id, 'B1', [2])
  const answer = await call(`/me/statement.pdf?${PERIOD}`)
  expect([answer.statusCode, answer.headers]).toMatchObject([
    200,
    {
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="statement-2026-11-21-2027-11-21.pdf"',
      'cache-control': 'no-store',
    },
  ])
  const texts = readPdf(answer.rawPayload)
    .pages.flat()
    .map(({ text }) => text)
  const own = (await call(`/me/statement?${PERIOD}`)).json<Shown>()
  for (const amountFen of [own.totals.paidFen, own.totals.netFen, own.totals.selfPaidFen]) {
    expect(texts.some((text) => text.startsWith(formatYuan(fen(amountFen))))).toBe(true)
  }
  expect(texts).toEqual(expect.arrayContaining(['王小明', own.statementNo, own.checkCode]))
  expect(texts.at(-1)).toContain('https://pay.example.cn/patient/verify')
  const after = (name: string) => texts[texts.indexOf(name) + 1] ?? ''
  const verified = await verify(after('编号'), { code: after('校验码'), name: after('姓名') })
  expect(verified.json()).toMatchObject({ valid: true })
})

it('[P7] the document of another person has nothing of theirs, and is for persons only', async () => {
  await paidPayment(region.first, [10_000])
  const strangers = await call(`/me/statement.pdf?${PERIOD}`, STRANGER)
  const texts = readPdf(strangers.rawPayload)
    .pages.flat()
    .map(({ text }) => text)
  expect(texts).toContain('共 0 笔')
  expect(texts).not.toContain('100.00')
  expect((await call(`/me/statement.pdf?${PERIOD}`, null)).statusCode).toBe(401)
})

it.each([
  ['', 400, 'http.invalid_request'],
  ['from=2026-01-01', 400, 'http.invalid_request'],
  ['from=2026-02-30&to=2026-03-01', 400, 'http.invalid_request'],
  ['from=2026-1-1&to=2026-03-01', 400, 'http.invalid_request'],
  ['from=2026-01-01&to=9999-12-31', 400, 'http.invalid_request'],
  ['from=2026-03-01&to=2026-02-28', 400, 'payments.statement_period_reversed'],
  ['from=2026-01-01&to=2027-01-02', 400, 'payments.statement_period_too_long'],
])('the period "%s" is refused with %i %s', async (period, status, code) => {
  for (const path of ['/me/statement', '/me/statement.csv', '/me/statement.pdf']) {
    const answer = await call(`${path}?${period}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code }])
  }
})

it.each(['from=2026-01-01&to=2027-01-01', 'from=2028-02-29&to=2028-02-29'])(
  'the period "%s" is one',
  async (period) => {
    expect((await call(`/me/statement?${period}`)).statusCode).toBe(200)
    expect((await call(`/me/statement.csv?${period}`)).statusCode).toBe(200)
    expect((await call(`/me/statement.pdf?${period}`)).statusCode).toBe(200)
  },
)

it('[P7] whoever reimburses it is told period and totals, and only by number and code', async () => {
  await paidPayment(region.first, [10_000])
  const { statementNo, checkCode } = (await call(`/me/statement?${PERIOD}`)).json<{
    statementNo: string
    checkCode: string
  }>()
  const name = '王小明'
  const genuine = await verify(statementNo, { code: checkCode, name })
  expect([genuine.statusCode, genuine.json()]).toEqual([
    200,
    {
      valid: true,
      statement: {
        ...YEAR,
        generatedAt: region.first.clock.now().toISOString(),
        paidFen: 10_000,
        netFen: 10_000,
        selfPaidFen: 3_900,
        idEnds: expect.stringMatching(/^\d[\dX]$/) as string,
      },
    },
  ])
  const forged = statementNo.replace('-10000-', '-90000-')
  expect(forged).not.toBe(statementNo)
  for (const [number, code, whose] of [
    [forged, checkCode, name],
    [statementNo, '0000-0000-0000-0000', name],
    ['nothing', checkCode, name],
    // Another person's paper, with this number and code on it.
    [statementNo, checkCode, '李小红'],
    [statementNo, checkCode, ''],
  ] as const) {
    const answer = await verify(number, { code, name: whose })
    expect([answer.statusCode, answer.json()]).toEqual([200, { valid: false, statement: null }])
  }
  const withoutCode = { method: 'POST', url: `/v1/statements/${statementNo}/verification` } as const
  expect((await app.inject({ ...withoutCode, payload: { name } })).statusCode).toBe(400)
})
