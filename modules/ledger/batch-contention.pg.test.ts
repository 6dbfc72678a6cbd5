import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Account, HoldId } from './entry.ts'
import { declareLimits } from './limits.ts'
import type { BatchResult, LedgerRequest } from './request.ts'
import { CASH, hold, newBatchBooks, OWED, post, postHold } from './testing/books.ts'

// Large batches of several runners on one account that is locked: it is locked ahead of the statement that posts, and
// what comes of it must be what comes of one after the other.

const PURSE: Account = { code: 'purse', kind: 'liability' }
const RUNNERS = 3
const ROUNDS = 4
const POSTS = 60
const HOLDS = 20

let db: TestDatabase

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

describe('[B1] large batches of several runners', () => {
  it('promise out of one account and post what was promised, each once, never more than there is', async () => {
    const books = newBatchBooks(db)
    await books.batch(post('start', 500))
    const run = async (runner: number) => {
      const done = { in: 0, promised: 0, out: 0 }
      let held: HoldId[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const name = `${runner}:${round}`
        const requests = [
          ...held.map((id, i) => postHold(id, `out:${name}:${i}`)),
          ...many(POSTS, (i) => post(`in:${name}:${i}`, 1)),
          ...many(HOLDS, (i) => hold(`hold:${name}:${i}`, 7)),
        ]
        const results = await books.batch(...requests)
        expect(results).toHaveLength(requests.length)
        expect(outcomesOf(results.slice(0, held.length + POSTS))).toEqual(
          requests.slice(0, held.length + POSTS).map(() => 'posted'),
        )
        done.in += POSTS
        done.out += 7 * held.length
        held = results.flatMap((result) => (result.outcome === 'held' ? [result.holdId] : []))
        done.promised += 7 * held.length
      }
      return done
    }
    const all = await Promise.all(many(RUNNERS, run))
    const total = (what: 'in' | 'promised' | 'out') => all.reduce((sum, one) => sum + one[what], 0)
    const [cash = Number.NaN, heldFen = Number.NaN] = (await books.balances())['cash'] ?? []
    expect(cash).toBe(500 + total('in') - total('out'))
    expect(heldFen).toBe(total('promised') - total('out'))
    expect(cash - heldFen).toBeGreaterThanOrEqual(0)
    expect(await books.problems()).toEqual([])
  }, 60_000)

  it('spend from one account with a floor exactly what is in it, and tell the others what is left', async () => {
    const books = newBatchBooks(db)
    await books.inBooks((tx) =>
      declareLimits(tx, books.hospitalId, PURSE, { floorFen: fen(0), ceilingFen: null }),
    )
    await books.batch(post('fill', 1_000, { debit: CASH, credit: PURSE }))
    const results = await Promise.all(
      many(RUNNERS * 2, (runner) =>
        books.batch(
          ...many(80, (i) => post(`s:${runner}:${i}`, 3, { debit: PURSE, credit: CASH })),
        ),
      ),
    )
    const posted = results.flat().filter(({ outcome }) => outcome === 'posted')
    expect(posted).toHaveLength(333)
    expect(new Set(results.flat().map(lookOf))).toEqual(new Set(['posted', 'insufficient 1']))
    expect(await books.balances()).toMatchObject({ purse: [-1, 0] })
    expect(await books.problems()).toEqual([])
  }, 60_000)

  it('that name the same causes post each once, and the others are told whose it is', async () => {
    const books = newBatchBooks(db)
    await books.batch(post('start', 100))
    const batch: LedgerRequest[] = [
      ...many(90, (i) => post(`c${i}`, 1)),
      ...many(10, (i) => hold(`h${i}`, 5)),
    ]
    const results = await Promise.all(many(RUNNERS * 2, () => books.batch(...batch)))
    for (const at of batch.keys()) {
      const ofOne = results.map((all) => all[at]).filter((result) => result !== undefined)
      expect(outcomesOf(ofOne).filter((outcome) => outcome !== 'exists')).toEqual([
        at < 90 ? 'posted' : 'held',
      ])
      expect(new Set(ofOne.map(idOf)).size).toBe(1)
    }
    expect(await books.balances()).toEqual({ cash: [190, 50], owed: [-190, 0] })
    expect(await books.problems()).toEqual([])
  }, 60_000)

  it('tell apart what went as asked, what was moved to another date and what was refused', async () => {
    const books = newBatchBooks(db)
    await books.batch(post('known', 1))
    await books.inBooks((tx) =>
      books.ledger.closeDate(tx, books.hospitalId, {
        businessDate: post('x', 1).businessDate,
        actor: 'staff:1',
      }),
    )
    const results = await books.batch(
      post('known', 1),
      ...many(70, (i) => post(`moved${i}`, 1, { onClosedDate: 'next_open' })),
      post('closed', 1),
      hold('much', 1_000_000),
      hold('little', 1),
    )
    expect(results.map(lookOf)).toEqual([
      'exists',
      ...many(70, () => 'posted 2026-11-22'),
      'closed_date',
      'insufficient 71',
      'held',
    ])
    expect(await books.problems()).toEqual([])
  })

  it('each open the books of a new hospital and the account they promise out of', async () => {
    const books = newBatchBooks(db)
    const all = await Promise.all(
      many(RUNNERS, (runner) =>
        books.outcomes(
          ...many(80, (i) => post(`n${runner}:${i}`, 1)),
          hold(`nh${runner}`, 80),
          hold(`of nothing ${runner}`, 1, { credit: { code: `empty${runner}`, kind: 'asset' } }),
        ),
      ),
    )
    expect(all.flat().filter((outcome) => outcome === 'posted')).toHaveLength(80 * RUNNERS)
    expect(all.map((outcomes) => outcomes.slice(80))).toEqual(
      many(RUNNERS, () => ['held', 'insufficient']),
    )
    expect(await books.balances()).toMatchObject({ cash: [240, 240], [OWED.code]: [-240, 0] })
    expect(await books.problems()).toEqual([])
  })
})

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

const outcomesOf = (results: readonly BatchResult[]) => results.map(({ outcome }) => outcome)

function lookOf(result: BatchResult): string {
  if (result.outcome === 'insufficient') return `insufficient ${result.availableFen}`
  if (result.outcome === 'posted' && result.movedTo) return `posted ${result.movedTo}`
  return result.outcome
}

function idOf(result: BatchResult): string | null {
  if (result.outcome === 'posted') return result.entryId
  if (result.outcome === 'held') return result.holdId
  return 'id' in result ? result.id : null
}
