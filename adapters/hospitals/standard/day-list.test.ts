import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import type { HisAnswer, HospitalSystem } from '../../../modules/hospitals/index.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createStandardHis } from './index.ts'
import { startLoopbackHis } from './testing/loopback-his.ts'
import { dayRow, ok } from './testing/samples.ts'

let loopback: Awaited<ReturnType<typeof startLoopbackHis>>
let his: HospitalSystem
const call = { trace: () => undefined }

beforeAll(async () => {
  loopback = await startLoopbackHis()
  his = createStandardHis(loopback.params, { ...testPlatform(), timeoutMs: 400 })
})
afterAll(() => loopback.close())
beforeEach(() => void (loopback.heard.length = 0))

const reasonOf = (answer: HisAnswer<unknown>) =>
  answer.outcome === 'unknown' ? answer.reason : `not unknown but ${answer.outcome}`

describe('the list of a day', () => {
  const day = businessDate('2026-11-20')
  const refundRow = { ...dayRow, kind: 'refund', refundNo: 'RF1' }
  const totals = { payments: 2, paymentsFen: 6_000, refunds: 1, refundsFen: 3_000 }
  const pages = [[dayRow, { ...dayRow, paymentNo: 'PAY2' }], [refundRow]]
  const turns = (change: (page: number) => object = () => ({})) =>
    (loopback.answer = (_operation, { page }: { page: number }) => ({
      body: ok({ rows: pages[page - 1], page, pages: 2, totals, ...change(page) }),
    }))

  it('is turned page by page and read as a whole', async () => {
    turns()
    const answer = await his.dayList(call, day)
    expect(loopback.heard.map(({ body }) => body)).toEqual([
      { businessDate: '2026-11-20', page: 1 },
      { businessDate: '2026-11-20', page: 2 },
    ])
    const at = new Date('2026-11-20T02:00:00Z')
    const rows = pages.flat().map((row) => ({ ...row, at }))
    expect(answer).toEqual({ outcome: 'ok', data: { rows, totals } })
  })

  it.each([0, 1])('may be empty, on %i pages', async (count) => {
    const none = { payments: 0, paymentsFen: 0, refunds: 0, refundsFen: 0 }
    loopback.answer = () => ({ body: ok({ rows: [], page: 1, pages: count, totals: none }) })
    expect(await his.dayList(call, day)).toEqual({
      outcome: 'ok',
      data: { rows: [], totals: none },
    })
  })

  it.each<[string, (page: number) => object, RegExp]>([
    ['a row is missing', (page) => (page === 2 ? { rows: [] } : {}), /0 refunds are listed/],
    ['the sum is another', () => ({ totals: { ...totals, paymentsFen: 1 } }), /add up to 6000/],
    ['a page comes twice', () => ({ page: 1 }), /page 1 came for page 2/],
    ['a row comes twice', () => ({ rows: pages[0], totals: { ...totals, payments: 4 } }), /twice/],
    [
      'the totals change while turning',
      (page) => ({ totals: { ...totals, payments: page } }),
      /another list/,
    ],
    ['the pages never end', () => ({ pages: 2_001 }), /more than 2000/],
    ['tenders do not add up', () => ({ rows: [{ ...dayRow, amountFen: 1 }] }), /tenders add up/],
    ['a refund has no number', () => ({ rows: [{ ...dayRow, kind: 'refund' }] }), /its refund/],
  ])('is unknown when %s', async (_what, change, reason) => {
    turns(change)
    expect(reasonOf(await his.dayList(call, day))).toMatch(reason)
  })

  it('is unknown when one page is busy', async () => {
    loopback.answer = (_operation, { page }: { page: number }) =>
      page === 1
        ? { body: ok({ rows: pages[0], page, pages: 2, totals }) }
        : { body: { code: 'SYSTEM_BUSY', message: '' } }
    expect(reasonOf(await his.dayList(call, day))).toMatch(/busy/)
  })
})
