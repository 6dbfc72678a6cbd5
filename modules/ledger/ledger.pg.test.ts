import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { type Canary, noCanaries } from '../../platform/canary.ts'
import { inHospital, sqlStateOf, type Tx } from '../../platform/db.ts'
import { testPlatform } from '../../platform/testing/clock.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { balancesOf } from './balance-store.ts'
import type { Account, HoldId, HoldResult, NewEntry } from './entry.ts'
import { journalAbout } from './journal-store.ts'
import { createLedger } from './ledger.ts'
import { problemsOf } from './testing/checks.ts'

const CASH: Account = { code: 'cash', kind: 'asset' }
const OWED: Account = { code: 'owed', kind: 'liability' }
const TODAY = businessDate('2026-11-21')

let db: TestDatabase
let hospitals = 0

beforeAll(async () => void (db = await createTestDatabase()))
afterAll(() => db[Symbol.asyncDispose]())

/** The books of a hospital of its own. */
function newBooks(canary?: Canary) {
  const hospitalId = ++hospitals as HospitalId
  const { clock, newId } = testPlatform(undefined, `books ${hospitals}`)
  const ledger = createLedger({ clock, newId, canaries: canary ? new Set([canary]) : noCanaries })
  const inBooks = <T>(work: (tx: Tx) => Promise<T>) => inHospital(db, hospitalId, work)
  const entry = (cause: string, amountFen: number, debit = CASH, credit = OWED): NewEntry => ({
    hospitalId,
    businessDate: TODAY,
    cause,
    subject: 'payment:1',
    memo: 'memo',
    transfers: [{ debit, credit, amountFen: fen(amountFen) }],
  })
  const promise = (cause: string, amountFen: number) => ({
    hospitalId,
    cause,
    subject: 'payment:1',
    debit: OWED,
    credit: CASH,
    amountFen: fen(amountFen),
  })
  return {
    hospitalId,
    ledger,
    inBooks,
    entry,
    promise,
    post: (cause: string, amountFen: number, debit = CASH, credit = OWED) =>
      inBooks((tx) => ledger.post(tx, entry(cause, amountFen, debit, credit))),
    hold: (cause: string, amountFen: number) =>
      inBooks((tx) => ledger.hold(tx, promise(cause, amountFen))),
    postHold: (holdId: HoldId, cause = 'gone') =>
      inBooks((tx) =>
        ledger.postHold(tx, hospitalId, holdId, { businessDate: TODAY, cause, memo: 'gone' }),
      ),
    voidHold: (holdId: HoldId) => inBooks((tx) => ledger.voidHold(tx, hospitalId, holdId)),
    problems: () => inBooks((tx) => problemsOf(tx, hospitalId)),
    balances: async () =>
      Object.fromEntries(
        (await inBooks((tx) => balancesOf(tx, hospitalId))).map((a) => [
          a.code,
          [a.debitFen - a.creditFen, a.heldFen],
        ]),
      ),
  }
}

describe('[B1] an entry', () => {
  it('is posted once for its cause, and told apart from another with the same cause', async () => {
    const books = newBooks()
    const first = await books.post('c1', 100)
    const again = await books.post('c1', 100)
    const other = await books.post('c1', 101)
    expect([first.outcome, again.outcome, other.outcome]).toEqual([
      'posted',
      'exists',
      'exists_with_different',
    ])
    expect(new Set([first.entryId, again.entryId, other.entryId]).size).toBe(1)
    expect(await books.balances()).toEqual({ cash: [100, 0], owed: [-100, 0] })
  })

  it('is posted once by twenty at the same moment', async () => {
    const books = newBooks()
    const results = await Promise.all(Array.from({ length: 20 }, () => books.post('c1', 100)))
    expect(results.filter(({ outcome }) => outcome === 'posted')).toHaveLength(1)
    expect(results.filter(({ outcome }) => outcome === 'exists')).toHaveLength(19)
    expect(await books.balances()).toEqual({ cash: [100, 0], owed: [-100, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('keeps the totals when many are posted at once, in either direction', async () => {
    const books = newBooks()
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 ? books.post(`c${i}`, 3) : books.post(`c${i}`, 2, OWED, CASH),
      ),
    )
    expect(await books.balances()).toEqual({ cash: [20, 0], owed: [-20, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('is of the transaction of its fact: rolled back with it', async () => {
    const books = newBooks()
    const failing = books.inBooks(async (tx) => {
      await books.ledger.post(tx, books.entry('c1', 100))
      throw new Error('the fact did not happen')
    })
    await expect(failing).rejects.toThrow('did not happen')
    expect(await books.balances()).toEqual({})
    expect((await books.post('c1', 100)).outcome).toBe('posted')
  })

  it('moves more than nothing, in 1 to 100 transfers, between two accounts', async () => {
    const books = newBooks()
    const { transfers } = books.entry('x', 1)
    const post = (entry: Partial<NewEntry>) =>
      books.inBooks((tx) => books.ledger.post(tx, { ...books.entry('c', 1), ...entry }))
    await expect(post({ transfers: [] })).rejects.toThrow('1 to 100')
    await expect(
      post({ transfers: Array.from({ length: 101 }, () => transfers).flat() }),
    ).rejects.toThrow('1 to 100')
    for (const amountFen of [0, -1]) {
      await expect(books.post('c', amountFen)).rejects.toThrow('more than nothing')
    }
    await expect(books.post('c', 1, CASH, CASH)).rejects.toThrow('transfer_moves')
    expect(await books.balances()).toEqual({})
  })

  it('is read back in the order it was written', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    await books.post('c2', 40, OWED, CASH)
    const lines = await books.inBooks((tx) => journalAbout(tx, books.hospitalId, 'payment:1'))
    expect(lines.map((l) => [l.lineNo, l.debitAccount, l.creditAccount, l.amountFen])).toEqual([
      [1, 'cash', 'owed', 100],
      [1, 'owed', 'cash', 40],
    ])
    expect(lines[0]).toMatchObject({ businessDate: TODAY, memo: 'memo', subject: 'payment:1' })
  })
})

describe('a hold', () => {
  it('promises what is free, and no fen of it twice', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    expect(await books.hold('h1', 60)).toMatchObject({ outcome: 'held' })
    expect(await books.hold('h2', 41)).toEqual({ outcome: 'insufficient', availableFen: 40 })
    expect(await books.hold('h2', 40)).toMatchObject({ outcome: 'held' })
    expect(await books.balances()).toEqual({ cash: [100, 100], owed: [-100, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('finds nothing in an account that is not open', async () => {
    expect(await newBooks().hold('h1', 1)).toEqual({ outcome: 'insufficient', availableFen: 0 })
  })

  it('is one for its cause, also when it is asked for twice at once', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const results = await Promise.all(Array.from({ length: 10 }, () => books.hold('h1', 60)))
    expect(results.map((r) => r.outcome).toSorted()).toEqual([
      ...Array.from({ length: 9 }, () => 'exists'),
      'held',
    ])
    expect(await books.hold('h1', 59)).toMatchObject({ outcome: 'exists_with_different' })
    expect(await books.balances()).toMatchObject({ cash: [100, 60] })
  })

  it('is told as there when it took the last that was free', async () => {
    const books = newBooks()
    await books.post('c1', 60)
    const results = await Promise.all(Array.from({ length: 6 }, () => books.hold('h1', 60)))
    expect(new Set(results.map((r) => r.outcome))).toEqual(new Set(['held', 'exists']))
  })

  it('does not oversell when many want the last of it', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => books.hold(`h${i}`, 30)))
    expect(results.filter((r) => r.outcome === 'held')).toHaveLength(3)
    expect(await books.balances()).toMatchObject({ cash: [100, 90] })
  })

  it('is of an asset and of more than nothing', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    await expect(books.hold('h', 0)).rejects.toThrow('more than nothing')
    const ofDebt = books.inBooks((tx) =>
      books.ledger.hold(tx, { ...books.promise('h', 1), debit: CASH, credit: OWED }),
    )
    await expect(ofDebt).rejects.toThrow('out of an asset')
  })

  it('is posted once, and then not voided', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const id = await heldId(books, 'h1', 60)
    const ends = await Promise.all(
      Array.from({ length: 5 }, (_, i) => books.postHold(id, `gone ${i}`)),
    )
    expect(ends.filter((end) => end.outcome === 'ended')).toHaveLength(1)
    expect(ends.filter((end) => end.outcome === 'already')).toHaveLength(4)
    expect(await books.voidHold(id)).toEqual({ outcome: 'already', end: 'posted' })
    expect(await books.balances()).toEqual({ cash: [40, 0], owed: [-40, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('is voided once, and then moves nothing', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const id = await heldId(books, 'h1', 60)
    expect(await books.voidHold(id)).toEqual({ outcome: 'ended', entryId: null })
    expect(await books.voidHold(id)).toEqual({ outcome: 'already', end: 'voided' })
    expect(await books.postHold(id)).toEqual({ outcome: 'already', end: 'voided' })
    expect(await books.balances()).toEqual({ cash: [100, 0], owed: [-100, 0] })
    expect(await books.hold('h2', 100)).toMatchObject({ outcome: 'held' })
    expect(await books.problems()).toEqual([])
  })

  it('ends with the entry of its cause when that was posted before', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const id = await heldId(books, 'h1', 60)
    const before = await books.post('gone', 60, OWED, CASH)
    expect(await books.postHold(id)).toEqual({ outcome: 'ended', entryId: before.entryId })
    expect(await books.balances()).toEqual({ cash: [40, 0], owed: [-40, 0] })
    expect(await books.problems()).toEqual([])
  })

  it('that nobody made is not found', async () => {
    const books = newBooks()
    const nobody = '0190b3a0-0000-7000-8000-000000000009' as HoldId
    expect(await books.postHold(nobody)).toEqual({ outcome: 'hold_not_found' })
    expect(await books.voidHold(nobody)).toEqual({ outcome: 'hold_not_found' })
  })

  it('may be posted although the account it goes to was never used', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const made = await books.inBooks((tx) =>
      books.ledger.hold(tx, {
        ...books.promise('h1', 60),
        debit: { code: 'new', kind: 'liability' },
      }),
    )
    expect(await books.postHold(idOf(made))).toMatchObject({ outcome: 'ended' })
    expect(await books.balances()).toMatchObject({ cash: [40, 0], new: [60, 0] })
  })
})

describe('[B1] the journal', () => {
  it('is never changed: the application may add to it and nothing else', async () => {
    const books = newBooks()
    await books.post('c1', 100)
    const id = await heldId(books, 'h1', 60)
    await books.voidHold(id)
    for (const table of ['entry', 'transfer', 'hold', 'hold_end']) {
      const name = sql.table(`ledger.${table}`)
      for (const attempt of [
        sql`update ${name} set hospital_id = hospital_id`,
        sql`delete from ${name}`,
        sql`truncate ${name} cascade`,
      ]) {
        const error = await books.inBooks((tx) => attempt.execute(tx)).catch((e: unknown) => e)
        expect([table, sqlStateOf(error)]).toEqual([table, '42501'])
      }
    }
    const gone = await books
      .inBooks((tx) => sql`delete from ledger.account`.execute(tx))
      .catch((e: unknown) => e)
    expect(sqlStateOf(gone)).toBe('42501')
  })

  it('belongs to its hospital', async () => {
    const [books, others] = [newBooks(), newBooks()]
    await books.post('c1', 100)
    expect(await others.balances()).toEqual({})
    expect((await others.post('c1', 7)).outcome).toBe('posted')
    const foreign = others.inBooks((tx) => books.ledger.post(tx, books.entry('c2', 1)))
    await expect(foreign).rejects.toThrow('row-level security')
  })
})

describe('a planted bug', () => {
  it('that posts twice is seen in the balances', async () => {
    const books = newBooks('double_posting')
    await books.post('c1', 100)
    // Two entries for one fact, each balanced: no check on the ledger alone can see it, a model does.
    expect(await books.problems()).toEqual([])
    expect(await books.balances()).toEqual({ cash: [200, 0], owed: [-200, 0] })
  })

  it('that oversells a hold is seen by the check of held amounts', async () => {
    const books = newBooks('oversold_hold')
    await books.post('c1', 100)
    expect(await books.hold('h1', 80)).toMatchObject({ outcome: 'held' })
    expect(await books.hold('h2', 80)).toMatchObject({ outcome: 'held' })
    expect(await books.problems()).toEqual([
      expect.stringContaining('held_differs_from_open_holds') as string,
    ])
  })
})

async function heldId(books: ReturnType<typeof newBooks>, cause: string, amountFen: number) {
  return idOf(await books.hold(cause, amountFen))
}

function idOf(result: HoldResult): HoldId {
  if (result.outcome !== 'held') throw new Error(`${result.outcome}, and not held`)
  return result.holdId
}
