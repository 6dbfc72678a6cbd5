import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { randomBelow, seededRandom } from '../../kernel/random.ts'
import { addDays, instantAt } from '../../kernel/time.ts'
import type { PaymentId } from '../payments/index.ts'
import { compare, type ComparedDay, type Dated, keyOf } from './compare.ts'
import { DIFFERENCE_CLASSES, type ListLine, type OwnRow } from './day.ts'
import { identityOf, netFen } from './identity.ts'
import { DATE, plant, type Planted, PLANS } from './testing/planted.ts'

const anyKind = fc.constantFrom('charge' as const, 'return' as const)
const planted: fc.Arbitrary<Planted[]> = fc.array(
  fc.record({
    plan: fc.constantFrom(...PLANS),
    kind: anyKind,
    amountFen: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  { maxLength: 60 },
)

const shortly = ({ class: cls, kind, ourNo }: { class: string; kind: string; ourNo: string }) =>
  `${cls} ${kind} ${ourNo}`

describe('compare', () => {
  it('[B2] finds every difference that was planted, and none that was not', () => {
    fc.assert(
      fc.property(planted, (items) => {
        const { day, expected } = plant(items)
        const found = compare(day)
        expect(found.differences.map(shortly).toSorted()).toEqual(expected.map(shortly).toSorted())
        const agreed = items.filter(({ plan }) => plan === 'agreed' || plan === 'twice')
        expect(found.agreed).toBe(agreed.length)
      }),
      { numRuns: 500 },
    )
  })

  it('comes to the same result whatever the order of the rows, and a second time', () => {
    fc.assert(
      fc.property(anyDay, fc.infiniteStream(fc.nat()), (day, numbers) => {
        const shuffled = <T>(rows: readonly T[]): T[] =>
          rows
            .map((row) => ({ row, place: numbers.next().value ?? 0 }))
            .toSorted((a, b) => a.place - b.place)
            .map(({ row }) => row)
        const found = compare(day)
        expect(compare(day)).toEqual(found)
        const other = {
          ...day,
          own: shuffled(day.own),
          theirs: shuffled(day.theirs),
          nearby: { own: shuffled(day.nearby.own), theirs: shuffled(day.nearby.theirs) },
        }
        expect(compare(other)).toEqual(found)
      }),
      { numRuns: 2_000 },
    )
  })

  it('adds up to the fen for any rows at all, and names each difference once', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const { differences, identity, agreed } = compare(day)
        const names = differences.map(shortly)
        expect(new Set(names).size).toBe(names.length)
        for (const kind of ['charge', 'return'] as const) {
          const { ours, gaps, theirs } = identity[kind]
          const rows = day.own.filter((row) => row.kind === kind)
          const lines = day.theirs.filter((line) => line.kind === kind)
          expect(ours).toEqual({ count: rows.length, amountFen: sum(rows) })
          expect(theirs).toEqual({ count: lines.length, amountFen: sum(lines) })
          const gapFen = DIFFERENCE_CLASSES.reduce((total, cls) => total + gaps[cls].amountFen, 0)
          expect(ours.amountFen + gapFen).toBe(theirs.amountFen)
        }
        const theirLines = differences.reduce((total, { theirsLines }) => total + theirsLines, 0)
        expect(agreed + theirLines).toBe(day.theirs.length)
      }),
      { numRuns: 500 },
    )
  })

  it('explains a line of tomorrow on one of two days, so that nothing is explained twice', () => {
    const { day } = plant([{ plan: 'ours_only', kind: 'charge', amountFen: 5 }])
    const [row] = day.own
    if (!row) throw new Error('planted')
    const yesterday = addDays(DATE, -1)
    const tomorrow = addDays(DATE, 1)
    const theirs = listLine(row.ourNo)
    // Listed yesterday and tomorrow, ours today.
    const both = [
      { ...theirs, date: yesterday },
      { ...theirs, date: tomorrow },
    ]
    expect(compare({ ...day, nearby: { own: [], theirs: both } }).differences).toMatchObject([
      { class: 'cross_day', otherDate: yesterday },
    ])
    const at = (businessDate: typeof DATE) => ({
      businessDate,
      own: [],
      theirs: [theirs],
      nearby: { own: [{ ...row, date: DATE }], theirs: both },
      known: new Map(),
    })
    expect(compare(at(yesterday)).differences).toMatchObject([{ class: 'cross_day' }])
    expect(compare(at(tomorrow)).differences).toMatchObject([{ class: 'duplicate' }])
  })

  it('refuses to go on when figures do not add up', () => {
    const { day } = plant([{ plan: 'theirs_only', kind: 'charge', amountFen: 5 }])
    expect(() => identityOf(day, [])).toThrow('add up')
  })

  it('finds fifty of each sort among 200,000 lines', () => {
    const random = seededRandom('two hundred thousand')
    const differing = PLANS.filter((plan) => !plan.startsWith('agreed')).flatMap((plan) =>
      Array.from({ length: 50 }, () => plan),
    )
    const agreed = Array.from({ length: 200_000 }, () => 'agreed' as const)
    const items = [...agreed, ...differing].map((plan): Planted => ({
      plan,
      kind: randomBelow(random, 10) === 0 ? 'return' : 'charge',
      amountFen: 1 + randomBelow(random, 1_000_000),
    }))
    const { day, expected } = plant(items)
    const found = compare(day)
    expect(found.differences.map(shortly).toSorted()).toEqual(expected.map(shortly).toSorted())
    expect(found.agreed).toBe(200_050)
    expect(netFen(found.identity, 'theirs') - netFen(found.identity, 'ours')).toBe(
      found.differences.reduce(
        (total, { kind, oursFen, theirsFen }) =>
          total + (kind === 'charge' ? theirsFen - oursFen : oursFen - theirsFen),
        0,
      ),
    )
  })
})

// Few numbers, so that they meet in every way there is.
const anyNo = fc.constantFrom('A', 'B', 'C', 'D', 'E')
const anyAmount = fc.integer({ min: 0, max: 3 })
const nearDate = fc.constantFrom(-2, -1, 1, 2).map((days) => addDays(DATE, days))

const ownRow = (ourNo: string, kind: OwnRow['kind'], amountFen: number): OwnRow => ({
  kind,
  ourNo,
  amountFen: fen(amountFen),
  at: instantAt(DATE),
  paymentId: `payment-${ourNo}` as PaymentId,
  refundId: null,
})

const listLine = (ourNo: string, kind: ListLine['kind'] = 'charge', amountFen = 5): ListLine => ({
  kind,
  ourNo,
  providerNo: `P-${ourNo}`,
  amountFen: fen(amountFen),
  at: null,
  basis: 'stated',
})

const anyOwn = fc.tuple(anyNo, anyKind, anyAmount).map((row) => ownRow(...row))
const anyLine = fc.tuple(anyNo, anyKind, anyAmount).map((line) => listLine(...line))
const dated = <T>(rows: fc.Arbitrary<T>): fc.Arbitrary<Dated<T>> =>
  fc.tuple(rows, nearDate).map(([row, date]) => ({ ...row, date }))

/** A number of ours stands on one day only. */
const anyDay: fc.Arbitrary<ComparedDay> = fc
  .record({
    rows: fc.uniqueArray(fc.tuple(anyOwn, fc.option(nearDate)), {
      selector: ([row]) => keyOf(row),
      maxLength: 8,
    }),
    theirs: fc.array(anyLine, { maxLength: 12 }),
    nearby: fc.array(dated(anyLine), { maxLength: 12 }),
    known: fc.dictionary(
      fc.tuple(anyKind, anyNo).map((parts) => parts.join(' ')),
      fc.constantFrom('ours' as const, 'undone' as const, 'foreign' as const),
    ),
  })
  .map(({ rows, theirs, nearby, known }) => ({
    businessDate: DATE,
    own: rows.filter(([, date]) => date === null).map(([row]) => row),
    theirs,
    nearby: {
      own: rows.flatMap(([row, date]) => (date === null ? [] : [{ ...row, date }])),
      theirs: nearby,
    },
    known: new Map(
      Object.entries(known).map(([key, standing]) => [
        key,
        { standing, paymentId: null, refundId: null },
      ]),
    ),
  }))

const sum = (rows: readonly { amountFen: number }[]) =>
  rows.reduce((total, { amountFen }) => total + amountFen, 0)
