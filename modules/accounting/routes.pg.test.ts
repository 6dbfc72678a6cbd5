import { afterAll, beforeAll, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { noCanaries } from '../../platform/canary.ts'
import { inHospital } from '../../platform/db.ts'
import { createPublish } from '../../platform/events.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Principal } from '../../platform/principal.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { createLedger } from '../ledger/index.ts'
import { createAccounting } from './accounting.ts'
import { accountingRoutes } from './routes.ts'
import { STANDARD_LAYOUTS } from './standard-layouts.ts'

const HOSPITAL = 360 as HospitalId
const DAY = businessDate('2026-11-20')
const { clock, newId } = testPlatform()
const staff = (role: 'finance' | 'auditor' | 'cashier'): Principal => ({
  kind: 'staff',
  staffId: newId<'Staff'>(),
  hospitalId: HOSPITAL,
  roles: [role],
})

let db: TestDatabase
let app: Awaited<ReturnType<typeof createHttp>>
let principal = staff('finance')

beforeAll(async () => {
  db = await createTestDatabase()
  const accounting = createAccounting({
    db,
    clock,
    newId,
    audit: createAudit({ clock, newId }),
    publish: createPublish({ clock, newId, wake: () => undefined }),
    incomeOf: async (_tx, _hospitalId, entries) => entries.map(() => null),
  })
  app = await createHttp({ newId, logger: false, authenticate: async () => principal })
  await app.register(accountingRoutes(accounting))
  await app.ready()
  const ledger = createLedger({ clock, newId, canaries: noCanaries })
  for (const payment of [1, 2, 3]) {
    await inHospital(db, HOSPITAL, (tx) =>
      ledger.post(tx, {
        hospitalId: HOSPITAL,
        businessDate: DAY,
        cause: `charge:${payment}`,
        subject: `payment:${payment}`,
        memo: '',
        transfers: [
          {
            debit: { code: 'receivable/wechat/self_pay', kind: 'asset' },
            credit: { code: 'in-transit', kind: 'liability' },
            amountFen: fen(payment * 100),
          },
        ],
      }),
    )
  }
})
afterAll(async () => {
  await app.close()
  await db[Symbol.asyncDispose]()
})

async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const url = `/hospitals/${HOSPITAL}/accounting/${path}`
  const answer = await app.inject({ method, url, ...(body ? { payload: body } : {}) })
  return { status: answer.statusCode, answer, json: () => answer.json<Record<string, never>>() }
}

const RANGE = `from=${DAY}&to=${DAY}`
type Item = { id: string; key: string; amountFen: number; subject: string }
const itemsOf = (read: { json: () => Record<string, never> }) =>
  read.json()['items'] as unknown as Item[]

it('[B5] finance makes vouchers, goes from a line to its payments, and hands the file over', async () => {
  expect((await call('POST', `days/${DAY}/vouchers`)).json()).toMatchObject({
    status: 'complete',
    version: 1,
    transfers: 3,
    findings: [],
  })
  expect((await call('GET', `days?${RANGE}`)).json()).toMatchObject({ items: [{ version: 1 }] })
  const [voucher] = itemsOf(await call('GET', `vouchers?${RANGE}`))
  expect(voucher).toMatchObject({
    type: '收',
    no: 1,
    financialFen: 600,
    budgetFen: 600,
    erpNo: null,
  })
  const path = `vouchers/${voucher?.id}`
  expect((await call('GET', `${path}/lines?book=financial`)).json()).toMatchObject({
    items: [
      { lineNo: 1, subject: '1021', debitFen: 600, creditFen: 0, aux: { channel: 'wechat' } },
      { lineNo: 2, subject: '2305.09', debitFen: 0, creditFen: 600 },
    ],
  })
  expect((await call('GET', path)).json()).toMatchObject({
    voucher: { no: 1, erpNo: null },
    subjects: { '1021': expect.any(String) as string },
    isStandard: true,
  })
  const standard = (await call('GET', 'standard-terms')).json()
  expect(standard).toMatchObject({ layouts: [{ name: 'u8' }, { name: 'kingdee' }] })
  const first = itemsOf(await call('GET', `${path}/financial/1/sources?limit=2`))
  expect(first.map(({ subject }) => subject)).toEqual(['payment:1', 'payment:2'])
  const after = encodeURIComponent(first[1]?.key ?? '')
  const rest = itemsOf(await call('GET', `${path}/financial/1/sources?limit=2&after=${after}`))
  expect([...first, ...rest].reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(600)

  const wish = { layout: 'kingdee', from: DAY, to: DAY }
  const made = (await call('POST', 'exports', wish)).json() as unknown as Item & { digest: string }
  expect((await call('POST', 'exports', wish)).json()).toMatchObject({ id: made.id })
  expect((await call('GET', 'exports')).json()).toMatchObject({ items: [{ vouchers: 1 }] })
  const file = await call('GET', `exports/${made.id}/file`)
  expect(file.answer.headers).toMatchObject({
    'content-disposition': `attachment; filename="kingdee-${DAY}-${DAY}.csv"`,
    etag: `"${made.digest}"`,
  })
  const again = await call('GET', `exports/${made.id}/file`)
  expect(again.answer.rawPayload.equals(file.answer.rawPayload)).toBe(true)

  const taken = { vouchers: [{ voucherId: voucher?.id, erpNo: '记-17' }] }
  expect((await call('POST', 'acknowledgements', taken)).status).toBe(204)
  expect(itemsOf(await call('GET', `vouchers?${RANGE}`))).toMatchObject([{ erpNo: '记-17' }])
})

it('names what cannot be handed over or made', async () => {
  const codeOf = async (method: 'GET' | 'POST', path: string, body?: object) =>
    (await call(method, path, body)).json()['code']
  const wish = { layout: 'u8', from: DAY, to: DAY }
  const nobody = newId<'Voucher'>()
  expect(await codeOf('POST', 'exports', { ...wish, layout: 'sap' })).toBe(
    'accounting.layout_not_found',
  )
  expect(await codeOf('POST', 'exports', { ...wish, from: '2026-11-19' })).toBe(
    'accounting.day_incomplete',
  )
  expect(await codeOf('POST', 'exports', { ...wish, from: '2026-01-01' })).toBe(
    'accounting.range_too_long',
  )
  expect(await codeOf('POST', 'exports', { ...wish, to: '2026-11-21' })).toBe(
    'accounting.day_not_over',
  )
  expect(await codeOf('POST', 'days/2026-11-21/vouchers')).toBe('accounting.day_not_over')
  expect(await codeOf('GET', `vouchers/${nobody}/lines?book=budget`)).toBe(
    'accounting.voucher_not_found',
  )
  expect(await codeOf('GET', `exports/${nobody}/file`)).toBe('accounting.export_not_found')
  const columns = [{ title: 'x', value: '{nothing}', uncertain: false }]
  const content = { ...STANDARD_LAYOUTS.get('u8'), columns }
  const layout = { kind: 'layout', name: 'own', validFrom: DAY, content }
  expect(await codeOf('POST', 'terms', layout)).toBe('accounting.layout_wrong')
  const proposed = await call('POST', 'terms', { ...layout, content: STANDARD_LAYOUTS.get('u8') })
  const { id } = proposed.json() as unknown as Item
  const decision = { agrees: true, reason: 'ours' }
  expect(await codeOf('POST', `terms/${id}/decision`, decision)).toBe(
    'accounting.decided_by_same_person',
  )
  principal = staff('finance')
  expect((await call('POST', `terms/${id}/decision`, decision)).status).toBe(204)
  expect((await call('GET', 'terms?kind=layout')).json()).toMatchObject({
    items: [{ name: 'own' }],
  })
  expect((await call('POST', 'exports', { ...wish, layout: 'own', from: DAY })).status).toBe(200)
})

it('is for finance to hand over, for auditors to read, and for nobody else', async () => {
  principal = staff('auditor')
  expect((await call('GET', `vouchers?${RANGE}`)).status).toBe(200)
  expect((await call('POST', 'exports', { layout: 'u8', from: DAY, to: DAY })).status).toBe(403)
  principal = staff('cashier')
  expect((await call('GET', `vouchers?${RANGE}`)).status).toBe(403)
})
