import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addDays, addMs, businessDate, DAY_MS, MINUTE_MS } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { balanceOf, balancePage } from './balance-store.ts'
import { closingsOf, nextOpenDate } from './closing.ts'
import type { PostRequest } from './request.ts'
import { newBatchBooks, post, TODAY } from './testing/books.ts'

let db: TestDatabase

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

const newBooks = () => newBatchBooks(db)

describe('[B1] a business date', () => {
  const by = { actor: 'staff:1' }
  const yesterday = addDays(TODAY, -1)
  const onYesterday = (request: PostRequest): PostRequest => ({
    ...request,
    businessDate: yesterday,
  })

  it('that is closed refuses, says where a correction goes, and tells what is there already', async () => {
    const books = newBooks()
    await books.batch(onYesterday(post('c1', 100)))
    const close = (date = yesterday) =>
      books.inBooks((tx) =>
        books.ledger.closeDate(tx, books.hospitalId, { businessDate: date, ...by }),
      )
    expect(await close()).toEqual({ outcome: 'changed', version: 1 })
    expect(await close()).toEqual({ outcome: 'unchanged', version: 1 })
    expect(
      await books.batch(onYesterday(post('c2', 1)), onYesterday(post('c1', 100)), post('c3', 1)),
    ).toMatchObject([
      { outcome: 'closed_date', nextOpenDate: TODAY },
      { outcome: 'exists' },
      { outcome: 'posted' },
    ])
    await close(TODAY)
    expect(await books.batch(onYesterday(post('c2', 1)))).toEqual([
      { outcome: 'closed_date', nextOpenDate: addDays(TODAY, 1) },
    ])
    expect(await books.inBooks((tx) => nextOpenDate(tx, books.hospitalId, yesterday))).toBe(
      addDays(TODAY, 1),
    )
  })

  it('that is closed takes nothing that moved money away: it stands on the next open one', async () => {
    const books = newBooks()
    await books.inBooks((tx) =>
      books.ledger.closeDate(tx, books.hospitalId, { businessDate: yesterday, ...by }),
    )
    const { kind, ...fact } = onYesterday(post('c1', 100))
    expect(kind).toBe('post')
    const posted = await books.inBooks((tx) =>
      books.ledger.post(tx, { hospitalId: books.hospitalId, ...fact }),
    )
    expect(posted).toMatchObject({ outcome: 'posted', movedTo: TODAY })
    const rows = await books.inBooks((tx) =>
      balanceOf(tx, books.hospitalId, 'cash', { date: yesterday }),
    )
    expect(rows?.debitFen).toBe(0)
    expect(await books.problems()).toEqual([])
  })

  it('is opened again as a new version', async () => {
    const books = newBooks()
    const change = { businessDate: yesterday, ...by }
    await books.inBooks((tx) => books.ledger.closeDate(tx, books.hospitalId, change))
    await books.inBooks((tx) => books.ledger.reopenDate(tx, books.hospitalId, change))
    expect(await books.outcomes(onYesterday(post('c1', 1)))).toEqual(['posted'])
    expect(
      await books.inBooks((tx) => books.ledger.closeDate(tx, books.hospitalId, change)),
    ).toEqual({ outcome: 'changed', version: 3 })
    const closings = await books.inBooks((tx) => closingsOf(tx, books.hospitalId, yesterday))
    expect(closings.map(({ version, isClosed }) => [version, isClosed])).toEqual([
      [3, true],
      [2, false],
      [1, true],
    ])
  })

  it('gets nothing any more from the moment it is closed, however many are posting', async () => {
    const books = newBooks()
    await books.batch(onYesterday(post('c', 1)))
    const posting = Promise.all(
      Array.from({ length: 20 }, (_, i) => books.outcomes(onYesterday(post(`c${i}`, 1)))),
    )
    const atClose = await books.inBooks(async (tx) => {
      await books.ledger.closeDate(tx, books.hospitalId, { businessDate: yesterday, ...by })
      return balanceOf(tx, books.hospitalId, 'cash', { date: yesterday })
    })
    await posting
    const after = await books.inBooks((tx) =>
      balanceOf(tx, books.hospitalId, 'cash', { date: yesterday }),
    )
    expect(after).toEqual(atClose)
  })
})

describe('[B1] balances', () => {
  it('are those of now, of the end of any date, and of any instant, folded or not', async () => {
    const books = newBooks()
    const start = books.clock.now()
    const dates = [businessDate('2026-11-19'), businessDate('2026-11-20'), TODAY]
    for (const [i, date] of dates.entries()) {
      await books.batch(post(`c${i}`, 10 ** i, { businessDate: date }))
      if (i === 1) await books.ledger.tidyUp(db, books.hospitalId)
      books.clock.advance(40 * MINUTE_MS)
    }
    const debitAt = async (at?: { date: typeof TODAY } | { instant: Date }) =>
      (await books.inBooks((tx) => balanceOf(tx, books.hospitalId, 'cash', at)))?.debitFen
    for (const _ of ['as they were added', 'all folded']) {
      expect(await debitAt()).toBe(111)
      expect(await debitAt({ date: addDays(TODAY, -3) })).toBe(0)
      expect(await Promise.all(dates.map((date) => debitAt({ date })))).toEqual([1, 11, 111])
      const instants = [-1, 0, 39, 40, 80, 200].map((minutes) => addMs(start, minutes * MINUTE_MS))
      const found = await Promise.all(instants.map((instant) => debitAt({ instant })))
      expect(found).toEqual([0, 1, 1, 11, 111, 111])
      await books.ledger.tidyUp(db, books.hospitalId)
    }
    expect(await books.problems()).toEqual([])
  })

  it('are read page by page', async () => {
    const books = newBooks()
    const codes = ['a', 'b', 'c', 'd', 'e']
    await books.batch(...codes.map((code) => post(code, 1, { debit: { code, kind: 'asset' } })))
    for (const at of [undefined, { date: TODAY }, { instant: addMs(books.clock.now(), DAY_MS) }]) {
      const pages: string[] = []
      for (let after = ''; ;) {
        const page = await books.inBooks((tx) =>
          balancePage(tx, books.hospitalId, { after, limit: 2, ...(at ? { at } : {}) }),
        )
        pages.push(page.map(({ code, debitFen }) => `${code}${debitFen}`).join())
        const last = page.at(-1)
        if (!last) break
        after = last.code
      }
      expect(pages).toEqual(['a1,b1', 'c1,d1', 'e1,owed0', ''])
    }
    expect(await books.inBooks((tx) => balanceOf(tx, books.hospitalId, 'nowhere'))).toBeNull()
  })
})
