import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { addMs, HOUR_MS } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Account, HoldId } from './entry.ts'
import { declareLimits } from './limits.ts'
import type { LedgerRequest } from './request.ts'
import {
  CASH,
  heldId,
  hold,
  newBatchBooks,
  OWED,
  post,
  postHold,
  voidHold,
} from './testing/books.ts'

const PURSE: Account = { code: 'purse', kind: 'liability' }
const NOBODY = '0190b3a0-0000-7000-8000-000000000009' as HoldId

let db: TestDatabase

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

const newBooks = () => newBatchBooks(db)
const spend = (cause: string, amountFen: number) =>
  post(cause, amountFen, { debit: PURSE, credit: CASH })
const fill = (cause: string, amountFen: number) =>
  post(cause, amountFen, { debit: CASH, credit: PURSE })

describe('[B1] a batch', () => {
  it('posts many entries of any number of transfers, each with its result', async () => {
    const books = newBooks()
    const several = {
      ...post('c2', 1),
      transfers: [
        { debit: CASH, credit: OWED, amountFen: fen(7) },
        { debit: OWED, credit: PURSE, amountFen: fen(3) },
      ],
    }
    expect(await books.outcomes(post('c1', 100), several, post('c3', 5))).toEqual([
      'posted',
      'posted',
      'posted',
    ])
    expect(await books.balances()).toEqual({ cash: [112, 0], owed: [-109, 0], purse: [-3, 0] })
    expect(await books.problems()).toEqual([])
    expect(await books.batch()).toEqual([])
  })

  it('posts one cause once, also within itself, and tells what differs', async () => {
    const books = newBooks()
    expect(
      await books.outcomes(post('c1', 100), post('c1', 100), post('c1', 101), post('c2', 1)),
    ).toEqual(['posted', 'exists', 'exists_with_different', 'posted'])
    expect(await books.outcomes(post('c2', 1), post('c1', 7), post('c3', 1))).toEqual([
      'exists',
      'exists_with_different',
      'posted',
    ])
    expect(await books.balances()).toEqual({ cash: [102, 0], owed: [-102, 0] })
  })

  it('refuses what is malformed by name, and does the rest', async () => {
    const books = newBooks()
    const [transfer] = post('x', 1).transfers
    if (!transfer) throw new Error('an entry has a transfer')
    const wrong: [LedgerRequest, string][] = [
      [post('m1', 0), 'a transfer moves more than nothing'],
      [post('m3', 1, { credit: CASH }), 'between two accounts'],
      [post('m4', 1, { transfers: [] }), '1 to 100 transfers'],
      [post('m5', 1, { transfers: Array.from({ length: 101 }, () => transfer) }), '1 to 100'],
      [post('', 1), 'has a cause'],
      [post('m\0', 1), 'no null character'],
      [post('m6', 1, { businessDate: '2026-02-30' as never }), 'a day like'],
      [post('m7', 1, { debit: { code: 'x'.repeat(81), kind: 'asset' } }), '1 to 80 characters'],
      [hold('m8', 1, { credit: OWED }), 'out of an asset'],
      [postHold(NOBODY, 'm9', { amountFen: 0 as never }), 'more than nothing'],
    ]
    const results = await books.batch(...wrong.map(([request]) => request), post('right', 1))
    for (const [i, [, problem]] of wrong.entries()) {
      expect(results[i]).toEqual({
        outcome: 'malformed',
        problem: expect.stringContaining(problem) as string,
      })
    }
    expect(results.at(-1)?.outcome).toBe('posted')
  })

  it('posts each cause once when many batches with the same come at once', async () => {
    const books = newBooks()
    const batch = Array.from({ length: 20 }, (_, i) => post(`c${i}`, 1))
    const results = await Promise.all(Array.from({ length: 8 }, () => books.outcomes(...batch)))
    const counts = results.flat().filter((outcome) => outcome === 'posted')
    expect(counts).toHaveLength(20)
    expect(await books.balances()).toEqual({ cash: [20, 0], owed: [-20, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('is large enough to be planned for many, and does the same', async () => {
    const books = newBooks()
    const batch = Array.from({ length: 300 }, (_, i) => post(`c${i % 250}`, 1 + (i % 3)))
    const results = await books.outcomes(...batch)
    expect(results.filter((outcome) => outcome === 'posted')).toHaveLength(250)
    expect(await books.problems()).toEqual([])
  })

  it('does not wait for another on an account without limit', async () => {
    const books = newBooks()
    await books.batch(post('c0', 1))
    await books.inBooks(async (tx) => {
      await books.ledger.postBatch(tx, books.hospitalId, [post('c1', 1)])
      // Within the other's transaction: with a lock on the account this would never come back.
      expect(await books.outcomes(post('c2', 1))).toEqual(['posted'])
    })
    expect(await books.balances()).toMatchObject({ cash: [3, 0] })
  })
})

describe('[B1] a limit', () => {
  it('is kept in the order of the batch, and what is refused leaves no trace', async () => {
    const books = newBooks()
    await books.inBooks((tx) =>
      declareLimits(tx, books.hospitalId, PURSE, { floorFen: fen(0), ceilingFen: fen(100) }),
    )
    expect(
      await books.batch(
        spend('s0', 1),
        fill('f1', 60),
        spend('s1', 61),
        spend('s2', 50),
        fill('f2', 91),
        fill('f3', 90),
        spend('s3', 100),
        spend('s4', 1),
      ),
    ).toMatchObject([
      { outcome: 'insufficient', availableFen: 0 },
      { outcome: 'posted' },
      { outcome: 'insufficient', availableFen: 60 },
      { outcome: 'posted' },
      { outcome: 'exceeds_limit', roomFen: 90 },
      { outcome: 'posted' },
      { outcome: 'posted' },
      { outcome: 'insufficient', availableFen: 0 },
    ])
    expect(await books.balances()).toMatchObject({ purse: [0, 0] })
    expect(await books.outcomes(spend('s1', 61))).toEqual(['insufficient'])
    expect(await books.problems()).toEqual([])
  })

  it('holds when many spend at once', async () => {
    const books = newBooks()
    await books.inBooks((tx) =>
      declareLimits(tx, books.hospitalId, PURSE, { floorFen: fen(0), ceilingFen: null }),
    )
    await books.batch(fill('f1', 100))
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) => books.outcomes(spend(`a${i}`, 30), spend(`b${i}`, 7))),
    )
    const spent = results.flatMap(([a, b]) => [a === 'posted' ? 30 : 0, b === 'posted' ? 7 : 0])
    const left = 100 - spent.reduce((x, y) => x + y, 0)
    expect(left).toBeGreaterThanOrEqual(0)
    expect(left).toBeLessThan(7)
    expect(await books.balances()).toMatchObject({ purse: [0 - left, 0] })
  })

  it('that an account is past already lets it come nearer', async () => {
    const books = newBooks()
    await books.batch(spend('s1', 50))
    await books.inBooks((tx) =>
      declareLimits(tx, books.hospitalId, PURSE, { floorFen: fen(0), ceilingFen: null }),
    )
    expect(await books.outcomes(spend('s2', 1), fill('f1', 20), spend('s3', 1))).toEqual([
      'insufficient',
      'posted',
      'insufficient',
    ])
    await books.inBooks((tx) =>
      declareLimits(tx, books.hospitalId, PURSE, { floorFen: null, ceilingFen: null }),
    )
    expect(await books.outcomes(spend('s2', 1))).toEqual(['posted'])
    expect(await books.problems()).toEqual([])
  })

  it('is kept across what was folded meanwhile', async () => {
    const books = newBooks()
    await books.batch(fill('f0', 40))
    await books.inBooks((tx) =>
      declareLimits(tx, books.hospitalId, PURSE, { floorFen: fen(0), ceilingFen: null }),
    )
    const folding = Promise.all(
      Array.from({ length: 5 }, () => books.ledger.tidyUp(db, books.hospitalId)),
    )
    const spending = Promise.all(
      Array.from({ length: 10 }, (_, i) => books.outcomes(spend(`s${i}`, 10))),
    )
    await folding
    expect((await spending).flat().filter((outcome) => outcome === 'posted')).toHaveLength(4)
    expect(await books.balances()).toMatchObject({ purse: [0, 0] })
    expect(await books.problems()).toEqual([])
  })
})

describe('[B1] holds in a batch', () => {
  it('are posted in parts, the rest kept, and voided', async () => {
    const books = newBooks()
    const made = await books.batch(post('c1', 100), hold('h1', 80), hold('h2', 21), hold('h3', 20))
    expect(made.map(({ outcome }) => outcome)).toEqual(['posted', 'held', 'insufficient', 'held'])
    const [id, other] = [heldId(made[1]), heldId(made[3])]
    const keep = { rest: 'keep' } as const
    expect(
      await books.outcomes(
        postHold(id, 'p1', { amountFen: fen(30), ...keep }),
        voidHold(other),
        postHold(id, 'p2', { amountFen: fen(51), ...keep }),
        postHold(id, 'p3', { amountFen: fen(20), ...keep }),
        postHold(id, 'p1', { amountFen: fen(30), ...keep }),
      ),
    ).toEqual(['posted', 'voided', 'exceeds_held', 'posted', 'exists'])
    expect(await books.balances()).toEqual({ cash: [50, 30], owed: [-50, 0] })
    expect(await books.problems()).toEqual([])
    expect(await books.outcomes(postHold(id, 'p4', { amountFen: fen(10) }))).toEqual(['posted'])
    expect(await books.balances()).toEqual({ cash: [40, 0], owed: [-40, 0] })
    expect(
      await books.outcomes(
        postHold(id, 'p5'),
        voidHold(id),
        voidHold(other),
        postHold(other, 'p6'),
        postHold(NOBODY, 'p7'),
        voidHold(NOBODY),
        postHold(id, 'p4'),
      ),
    ).toEqual([
      'already_posted',
      'already_posted',
      'already_voided',
      'already_voided',
      'hold_not_found',
      'hold_not_found',
      'exists',
    ])
    expect(await books.problems()).toEqual([])
  })

  it('kept until the last part are over with it', async () => {
    const books = newBooks()
    const made = await books.batch(post('c1', 100), hold('h1', 80))
    const id = heldId(made[1])
    const part = (cause: string, amountFen: number) =>
      postHold(id, cause, { amountFen: fen(amountFen), rest: 'keep' })
    expect(await books.outcomes(part('p1', 50), part('p2', 30), part('p3', 1))).toEqual([
      'posted',
      'posted',
      'already_posted',
    ])
    expect(await books.balances()).toEqual({ cash: [20, 0], owed: [-20, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('are ended once by many at once, in parts too', async () => {
    const books = newBooks()
    const made = await books.batch(post('c1', 100), hold('h1', 60))
    const id = heldId(made[1])
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        books.outcomes(postHold(id, `p${i}`, { amountFen: fen(20), rest: 'keep' })),
      ),
    )
    expect(results.flat().filter((outcome) => outcome === 'posted')).toHaveLength(3)
    expect(await books.balances()).toEqual({ cash: [40, 0], owed: [-40, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('of the same cause as an entry of another content are not posted', async () => {
    const books = newBooks()
    const made = await books.batch(post('c1', 100), hold('h1', 60))
    expect(await books.outcomes(postHold(heldId(made[1]), 'c1'))).toEqual(['exists_with_different'])
    expect(await books.balances()).toMatchObject({ cash: [100, 60] })
  })

  it('that have expired count no more, cannot be posted, and are swept once', async () => {
    const books = newBooks()
    const expiresAt = addMs(books.clock.now(), HOUR_MS)
    const made = await books.batch(post('c1', 100), hold('h1', 80, { expiresAt }))
    const id = heldId(made[1])
    expect(await books.outcomes(hold('h2', 50), { kind: 'expire_hold', holdId: id })).toEqual([
      'insufficient',
      'not_expired',
    ])
    books.clock.set(expiresAt)
    expect(await books.outcomes(postHold(id, 'p1'), voidHold(id), hold('h2', 50))).toEqual([
      'expired',
      'expired',
      'held',
    ])
    const swept = await Promise.all(
      Array.from({ length: 3 }, () => books.ledger.tidyUp(db, books.hospitalId)),
    )
    expect(swept.reduce((sum, { expired }) => sum + expired, 0)).toBe(1)
    expect(await books.outcomes(postHold(id, 'p1'), hold('h3', 51), hold('h4', 50))).toEqual([
      'expired',
      'insufficient',
      'held',
    ])
    expect(await books.balances()).toMatchObject({ cash: [100, 100] })
    expect(await books.problems()).toEqual([])
    expect(await books.inBooks((tx) => books.ledger.voidHold(tx, books.hospitalId, id))).toEqual({
      outcome: 'already',
      end: 'expired',
    })
  })
})
