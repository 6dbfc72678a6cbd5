import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import { fen } from '../../kernel/money.ts'
import { addDays } from '../../kernel/time.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import type { Account, HoldId } from './entry.ts'
import { declareLimits } from './limits.ts'
import type { BatchResult, LedgerRequest } from './request.ts'
import { newBatchBooks, TODAY } from './testing/books.ts'
import { Model, type ModelAccount, type ModelRequest } from './testing/model.ts'

// Any batches, beside a model that does one request after the other: the same results and the same balances. Then many
// at once, where the order is anybody's: what must hold in any order does.

const LIMITS: Record<string, ModelAccount & Account> = {
  free: { code: 'free', kind: 'asset', side: 1, floor: null, ceiling: null },
  till: { code: 'till', kind: 'asset', side: 1, floor: 0, ceiling: 120 },
  purse: { code: 'purse', kind: 'liability', side: -1, floor: 0, ceiling: null },
  debt: { code: 'debt', kind: 'liability', side: -1, floor: null, ceiling: null },
}
const ACCOUNTS = new Map(Object.entries(LIMITS))
const CLOSED = addDays(TODAY, -1)
const NOBODY = '0190b3a0-0000-7000-8000-000000000009' as HoldId

const amount = fc.integer({ min: 1, max: 60 })
const move = fc
  .tuple(fc.shuffledSubarray([...ACCOUNTS.keys()], { minLength: 2, maxLength: 2 }), amount)
  .map(([[debit = '', credit = ''], moved]) => ({ debit, credit, amount: moved }))
const cause = fc.nat(25).map((n) => `c${n}`)
const holdCause = fc.nat(6).map((n) => `h${n}`)
const request: fc.Arbitrary<ModelRequest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      cause,
      moves: fc.array(move, { minLength: 1, maxLength: 3 }),
      isClosed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      cause: holdCause,
      debit: fc.constantFrom('debt', 'purse'),
      credit: fc.constantFrom('free', 'till'),
      amount,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('post_hold' as const),
      hold: holdCause,
      cause,
      amount: fc.option(fc.integer({ min: 1, max: 40 })),
      keeps: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void_hold' as const), hold: holdCause }) },
)
const batches = fc.array(fc.array(request, { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 5,
})

let db: TestDatabase

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

describe('[B1] any batches', () => {
  it('have the results and leave the balances of the model', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fc.boolean(), async (list, folds) => {
        const { books, holds } = await newLimitedBooks()
        const model = new Model(ACCOUNTS)
        for (const batch of list) {
          const known = new Map(holds)
          const results = await books.batch(...batch.map((asked) => requestOf(asked, known)))
          // A hold made in this batch is known by no id yet: to the ledger, whoever names it names nobody's.
          const expected = batch.map((asked) =>
            'hold' in asked && !known.has(asked.hold) ? 'hold_not_found' : model.judge(asked),
          )
          expect(results.map(({ outcome }) => outcome)).toEqual(expected)
          keepHolds(holds, batch, results)
          if (folds) await books.ledger.tidyUp(db, books.hospitalId)
        }
        const balances = await books.balances()
        for (const [code, { debits, held }] of model.balances) {
          expect([code, balances[code] ?? [0, 0]]).toEqual([code, [debits, held]])
        }
        expect(await books.problems()).toEqual([])
      }),
      { numRuns: 60 },
    )
  }, 120_000)

  it('at once, by several runners, post each cause once, keep every limit, and add up', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (list) => {
        const { books, holds } = await newLimitedBooks()
        const all = await Promise.all(
          [list, list.toReversed(), list].map(async (own) => {
            const posted: string[] = []
            for (const batch of own) {
              const results = await books.batch(...batch.map((asked) => requestOf(asked, holds)))
              keepHolds(holds, batch, results)
              for (const [i, asked] of batch.entries()) {
                if (asked.do === 'post' && results[i]?.outcome === 'posted')
                  posted.push(asked.cause)
              }
            }
            return posted
          }),
        )
        const posted = all.flat()
        expect(posted).toHaveLength(new Set(posted).size)
        await books.ledger.tidyUp(db, books.hospitalId)
        expect(pastLimits(await books.balances())).toEqual([])
        expect(await books.problems()).toEqual([])
      }),
      { numRuns: 12 },
    )
  }, 120_000)
})

async function newLimitedBooks() {
  const books = newBatchBooks(db)
  await books.inBooks(async (tx) => {
    for (const { floor, ceiling, ...account } of Object.values(LIMITS)) {
      if (floor === null && ceiling === null) continue
      const limits = { floorFen: fenOrNull(floor), ceilingFen: fenOrNull(ceiling) }
      await declareLimits(tx, books.hospitalId, account, limits)
    }
    await books.ledger.closeDate(tx, books.hospitalId, { businessDate: CLOSED, actor: 'staff:1' })
  })
  return { books, holds: new Map<string, HoldId>() }
}

/** The accounts that stand past a limit of theirs. */
const pastLimits = (balances: Record<string, number[]>) =>
  Object.values(LIMITS).filter(({ code, side, floor, ceiling }) => {
    const [debits = 0, held = 0] = balances[code] ?? []
    const own = side * debits
    return own - held < (floor ?? own - held) || own > (ceiling ?? own)
  })

const fenOrNull = (value: number | null) => (value === null ? null : fen(value))

function keepHolds(
  holds: Map<string, HoldId>,
  batch: readonly ModelRequest[],
  results: readonly BatchResult[],
): void {
  for (const [i, asked] of batch.entries()) {
    const result = results[i]
    if (asked.do === 'hold' && result?.outcome === 'held') holds.set(asked.cause, result.holdId)
  }
}

function requestOf(asked: ModelRequest, holds: ReadonlyMap<string, HoldId>): LedgerRequest {
  switch (asked.do) {
    case 'post':
      return {
        kind: 'post',
        businessDate: asked.isClosed ? CLOSED : TODAY,
        cause: asked.cause,
        subject: 's',
        memo: 'm',
        transfers: asked.moves.map(transferOf),
      }
    case 'hold':
      return { kind: 'hold', cause: asked.cause, subject: 's', ...transferOf(asked) }
    case 'post_hold':
      return {
        kind: 'post_hold',
        holdId: holds.get(asked.hold) ?? NOBODY,
        businessDate: TODAY,
        cause: asked.cause,
        memo: 'm',
        rest: asked.keeps ? 'keep' : 'free',
        ...(asked.amount === null ? {} : { amountFen: fen(asked.amount) }),
      }
    case 'void_hold':
      return { kind: 'void_hold', holdId: holds.get(asked.hold) ?? NOBODY }
  }
}

const transferOf = ({
  debit,
  credit,
  amount: moved,
}: {
  debit: string
  credit: string
  amount: number
}) => ({
  debit: accountOf(debit),
  credit: accountOf(credit),
  amountFen: fen(moved),
})

function accountOf(code: string): Account {
  const account = LIMITS[code]
  assert(account, `the test has the account ${code}`)
  return { code, kind: account.kind }
}
