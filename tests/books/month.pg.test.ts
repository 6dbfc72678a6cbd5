import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkInvariants } from '../../apps/cli/invariants/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { parseYuan } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { addDays, businessDate } from '../../kernel/time.ts'
import { problemsOf } from '../../modules/ledger/testing/checks.ts'
import { inHospital } from '../../platform/db.ts'
import { createTestDatabase, type TestDatabase } from '../../platform/testing/database.ts'
import { dealMonths, type Kind, KINDS } from './month/deck.ts'
import { expectedOf } from './month/expected.ts'
import { liveMonth, type Month } from './month/month.ts'
import { createDeaths, type Deaths } from './month/mortal.ts'
import { type Outcome, outcomeOf } from './month/outcome.ts'
import { FIRST } from './month/persons.ts'
import { handOver, voucherSums } from './month/vouchers.ts'

// A seeded month of some hospitals in which everything goes wrong that can, some times each: all of it is found, nothing
// else is, and at the end every fen on every account is one that the others' own books explain. As a rule a short one is
// lived; with YIQIAO_MONTH=full in the environment, ten hospitals live thirty days:
//
//   YIQIAO_MONTH=full npx vitest run --project=parts tests/books/month.pg.test.ts

type Size = {
  hospitals: number
  days: number
  from: string
  bills: number
  wrong: number
  times: number
}

const SHORT: Size = { hospitals: 3, days: 6, from: '2026-10-07', bills: 3, wrong: 8, times: 3 }
const FULL: Size = { hospitals: 10, days: 30, from: '2026-10-01', bills: 5, wrong: 3, times: 5 }
/** So many hospitals of the short month live it again with a process that dies. */
const MORTAL = 2
const SIZE = process.env.YIQIAO_MONTH === 'full' ? FULL : SHORT
const MOST_MS = SIZE === FULL ? 7_200_000 : 1_800_000

let db: TestDatabase
let folder: string
const months: { month: Month; is: Outcome; must: Outcome }[] = []

beforeAll(async () => {
  db = await createTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'month-'))
  for await (const lived of liveAll(db, SIZE, null)) months.push(lived)
}, MOST_MS)
afterAll(async () => {
  await db[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

async function* liveAll(
  database: TestDatabase,
  size: Size,
  deaths: Deaths | null,
  most = size.hospitals,
) {
  const { hospitals, days, from, bills, wrong } = size
  const dates = Array.from({ length: days }, (_, i) => addDays(businessDate(from), i))
  const lacksList = (hospital: number) => size === FULL || hospital === 1
  const random = seededRandom('what goes wrong')
  const plans = dealMonths(random, { hospitals, dates, perDay: wrong, lacksList })
  for (const [i, plan] of plans.slice(0, most).entries()) {
    const hospitalId = (100 + i) as HospitalId
    const neighbour = (100 + ((i + 1) % hospitals)) as HospitalId
    const seed = `month of ${hospitalId}`
    const place = join(folder, deaths ? 'mortal' : 'immortal')
    const options = {
      hospitalId,
      neighbour,
      seed,
      folder: place,
      dates,
      plan,
      perDay: bills,
      deaths,
    }
    const month = await liveMonth(database, options)
    yield { month, is: await outcomeOf(month), must: await expectedOf(month) }
  }
}

/** By hospital, one figure of all of them: as the hub has it, and as it must be. */
const both = (what: keyof Outcome) => {
  const of = (side: 'is' | 'must') =>
    Object.fromEntries(months.map((one) => [one.month.hub.hospitalId, one[side][what]]))
  return { is: of('is'), must: of('must') }
}

describe('a month in which everything goes wrong', () => {
  it('has each thing that can go wrong, some times', () => {
    const times = new Map<Kind, number>(KINDS.map((kind) => [kind, 0]))
    for (const { kind } of months.flatMap(({ month }) => month.planted)) {
      times.set(kind, (times.get(kind) ?? 0) + 1)
    }
    const least = (kind: Kind) => (kind === 'list_never' && SIZE === SHORT ? 1 : SIZE.times)
    expect([...times].filter(([kind, count]) => count < least(kind))).toEqual([])
  })

  it('is worked through without anything that could not be done', () => {
    expect(months.flatMap(({ month }) => month.hub.troubles())).toEqual([])
  })

  it('[B2] has each difference found by its class, with its amount and its end, and no other', () => {
    const differences = both('differences')
    expect(differences.is).toEqual(differences.must)
  })

  it('[B3] has a case of each that needs a person, with what is at stake, and no other', () => {
    const cases = both('cases')
    expect(cases.is).toEqual(cases.must)
  })

  it('[B2] is closed day by day; what came out otherwise is closed again, and says what changed', async () => {
    const closings = both('closings')
    expect(closings.is).toEqual(closings.must)
    for (const { month } of months) {
      const { hospitalId, office } = month.hub
      for (const date of month.planted.flatMap(({ closedAgain }) => closedAgain)) {
        const { changes } = await office.reconciliation.closingOf({ hospitalId, date }, 2)
        const wrong = month.planted
          .filter((one) => one.kind === 'list_reissued' && one.date === date)
          .flatMap(({ differences }) => differences)
        const deltas = wrong.map(({ source, oursFen, theirsFen }) => {
          return { source, kind: 'charge', side: 'theirs', deltaFen: oursFen - theirsFen }
        })
        expect(changes.map(({ before: _b, after: _a, ...rest }) => rest)).toEqual(bySource(deltas))
      }
      for (const date of month.planted.flatMap(({ neverClosed }) => neverClosed)) {
        const closing = office.reconciliation.closeDay({ hospitalId, date }, '没有账单', FIRST)
        await expect(closing).rejects.toMatchObject({
          code: 'reconciliation.day_not_ready',
          params: { open: expect.stringContaining('lists_received') },
        })
      }
    }
  })

  it('[B4] is paid out: each payout by list and contract, and what the bank has beyond', () => {
    const batches = both('batches')
    expect(batches.is).toEqual(batches.must)
    const fees = both('fees')
    expect(fees.is).toEqual(fees.must)
    const unexplained = both('unexplained')
    expect(unexplained.is).toEqual(unexplained.must)
  })

  it('[B4] leaves on each account what the books of the others explain, to the fen', () => {
    const balances = both('balances')
    expect(balances.is).toEqual(balances.must)
  })

  it(
    '[B5] has vouchers that balance and come to what the ledger moved, day by day, and hands them over',
    async () => {
      for (const { month } of months) {
        const never = month.planted.flatMap(({ neverClosed }) => neverClosed)
        const days = []
        for (let date = month.first; date < month.until; date = addDays(date, 1)) {
          if (never.includes(date)) continue
          days.push(date)
          const { vouchers, ledger, unbalanced } = await voucherSums(month, date)
          expect(unbalanced).toEqual([])
          expect(vouchers, `${month.hub.hospitalId} ${date}`).toEqual(ledger)
        }
        for (const { vouchers, bytes } of await handOver(month, days, 'u8')) {
          const sums = u8Sums(bytes)
          expect([...sums.values()].filter(([debit, credit]) => debit !== credit)).toEqual([])
          expect(sums.size).toBe(vouchers)
        }
        for (const date of never) {
          await expect(handOver(month, [date], 'json')).rejects.toMatchObject({
            code: 'accounting.day_incomplete',
          })
        }
      }
    },
    MOST_MS,
  )

  it(
    'holds to whatever the system promises',
    async () => {
      for (const { month } of months) {
        const { hospitalId, clock } = month.hub
        expect(await inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))).toEqual([])
        if (month !== months.at(-1)?.month) continue
        const results = await checkInvariants({ url: db.url, now: clock.now() })
        expect(results.filter(({ state }) => state === 'broken')).toEqual([])
      }
    },
    MOST_MS,
  )
})

it(
  '[B2] comes out the same however often the process that keeps the books dies',
  async () => {
    const database = await createTestDatabase()
    const deaths = createDeaths(seededRandom('deaths'), 2_000)
    try {
      let i = 0
      for await (const { month, is, must } of liveAll(database, SHORT, deaths, MORTAL)) {
        expect.soft({ ...is, cases: lasting(is) }).toEqual({ ...must, cases: lasting(must) })
        expect(month.hub.troubles()).toEqual([])
        const undisturbed = SIZE === SHORT ? months[i++]?.is : is
        expect.soft(is.balances).toEqual(undisturbed?.balances)
        expect.soft(is.batches).toEqual(undisturbed?.batches)
      }
      expect([...deaths.at].filter(([, count]) => count === 0)).toEqual([])
      expect([...deaths.at.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(100)
    } finally {
      await database[Symbol.asyncDispose]()
    }
  },
  MOST_MS,
)

/** Nobody is called for money that is found before the next one looks: whether it was is a matter of when the process died. */
const lasting = ({ cases }: Outcome) =>
  cases.filter(
    (one) =>
      !/ (payout_late|payout_differs|receipt_unexplained) .* (ended|counterpart_arrived)$/.test(
        one,
      ),
  )

const bySource = <T extends { source: string }>(rows: readonly T[]) =>
  rows.toSorted((a, b) => (a.source < b.source ? -1 : 1))

/** By voucher, the debits and credits of both of its books, as the accounting system reads them. */
function u8Sums(bytes: Buffer): Map<string, [number, number]> {
  const sums = new Map<string, [number, number]>()
  for (const line of iconv.decode(bytes, 'gb18030').split('\r\n').slice(1, -1)) {
    const [date = '', type = '', no = '', , , , debit = '', credit = ''] = line.split(',')
    const key = `${date.slice(0, 7)} ${type} ${no}`
    const [debits, credits] = sums.get(key) ?? [0, 0]
    sums.set(key, [debits + (parseYuan(debit) ?? 0), credits + (parseYuan(credit) ?? 0)])
  }
  return sums
}
