import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fen, ZERO } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { planBenefits, type Situation } from './plan.ts'
import type { Entitlement, Programme, ProgrammeId, Terms } from './programme.ts'
import { judge } from './rule.ts'
import { itemsBack, sharesOf, staysOf } from './shares.ts'
import type { Use } from './tender-store.ts'
import {
  chronicPackage,
  EVERYBODY,
  FACTS,
  HOSPITAL,
  line,
  subsidy,
  vouchers,
} from './testing/fixture.ts'

const programme = (id: string, terms: Terms): Programme => ({
  hospitalId: HOSPITAL,
  id: id as ProgrammeId,
  name: { zh: id, en: id },
  funder: { kind: 'hospital', code: 'H', name: 'H' },
  terms,
  startsOn: businessDate('2026-01-01'),
  endsOn: businessDate('2026-12-31'),
  status: 'active',
})

const entitlement = (programmeId: string, changes: Partial<Entitlement>): Entitlement => ({
  hospitalId: HOSPITAL,
  id: `E-${programmeId}` as Entitlement['id'],
  programmeId: programmeId as ProgrammeId,
  personId: 'P' as Entitlement['personId'],
  kind: 'voucher',
  origin: 'decision:1',
  amountFen: null,
  usedFen: ZERO,
  validFrom: businessDate('2026-01-01'),
  validUntil: businessDate('2026-12-31'),
  document: '1',
  grounds: '1',
  status: 'active',
  proposedBy: 'a',
  proposedAt: new Date(0),
  needsSecond: false,
  decidedBy: null,
  endReason: null,
  items: [],
  ...changes,
})

const situation = (programmes: Programme[], changes: Partial<Situation> = {}): Situation => ({
  today: businessDate('2026-11-21'),
  visitNo: 'V-1',
  leftFen: fen(10_000),
  lines: [line('X', 10_000)],
  facts: FACTS,
  programmes,
  entitlements: [],
  freeFen: new Map(programmes.map(({ id }) => [id, fen(1_000_000)])),
  usedFen: new Map(),
  ...changes,
})

const amounts = (at: Situation) =>
  planBenefits(at).uses.map(({ programmeId, amountFen }) => [programmeId, amountFen])

const codes = (at: Situation) => planBenefits(at).reasons.map(({ code }) => code)

describe('[N6] a rule', () => {
  const rule = {
    anyOf: [[{ fact: 'ageYears', atLeast: 65 }], [{ fact: 'diagnosis', startsWith: ['E11'] }]],
  } as const

  it('holds when one of its groups holds whole', () => {
    expect(judge(rule, FACTS)).toMatchObject({ met: true })
    expect(judge(rule, { ...FACTS, ageYears: 30, diagnoses: ['E11.9'] })).toMatchObject({
      met: true,
    })
  })

  it('does not hold for want of a fact, and says which, and whether anybody knows it', () => {
    expect(judge(rule, { ...FACTS, ageYears: 64 })).toEqual({
      met: false,
      fact: 'ageYears',
      known: true,
    })
    const inNeed = { anyOf: [[{ fact: 'inNeed', is: true }]] } as const
    expect(judge(inNeed, { ...FACTS, inNeed: null })).toEqual({
      met: false,
      fact: 'inNeed',
      known: false,
    })
  })
})

describe('[N6] the plan', () => {
  it('uses package, then voucher, then subsidy, each on what the one before leaves', () => {
    const at = situation(
      [programme('P', chronicPackage()), programme('V', vouchers()), programme('S', subsidy())],
      {
        lines: [line('GLU', 4_000, 2), line('X', 6_000)],
        entitlements: [
          entitlement('V', { amountFen: fen(1_000) }),
          entitlement('P', { kind: 'package', items: [{ code: 'GLU', most: 3, used: 2 }] }),
        ],
      },
    )
    expect(amounts(at)).toEqual([
      ['P', 2_000], // one of the two units is still covered
      ['V', 1_000],
      ['S', 3_500], // half of what is left
    ])
  })

  it('of what others have paid a part of covers the same part', () => {
    const at = situation(
      [programme('S', subsidy({ sharePpm: 1_000_000, categories: ['检查费'] }))],
      {
        leftFen: fen(4_000),
        lines: [line('X', 7_500), line('CT', 2_500, 1, '检查费')],
      },
    )
    expect(amounts(at)).toEqual([['S', 1_000]])
  })

  it('keeps to caps, budget and entitlement, and says what is used up', () => {
    const capped = programme('S', subsidy({ perYearMostFen: fen(3_000) }))
    const used = new Map([['S year:2026', fen(2_400)]])
    expect(amounts(situation([capped], { usedFen: used }))).toEqual([['S', 600]])
    const over = situation([capped], { usedFen: new Map([['S year:2026', fen(3_000)]]) })
    expect([amounts(over), codes(over)]).toEqual([[], ['benefit_cap_reached']])
    const empty = situation([programme('S', subsidy())], { freeFen: new Map() })
    expect([amounts(empty), codes(empty)]).toEqual([[], ['benefit_budget_used_up']])
    const byGrant = situation([programme('S', subsidy({ byGrant: true }))])
    expect([amounts(byGrant), codes(byGrant)]).toEqual([[], ['benefit_not_granted']])
  })

  it('of subsidies that do not combine takes the one that pays most', () => {
    const at = situation([
      programme('A', subsidy({ combines: false, sharePpm: 200_000 })),
      programme('B', subsidy({ combines: false, sharePpm: 300_000 })),
    ])
    expect(amounts(at)).toEqual([['B', 3_000]])
    expect(codes(at)).toContain('benefit_not_combined')
  })

  it('covers a unit by one package only', () => {
    const items = [{ code: 'GLU', most: 3, used: 0 }]
    const at = situation([programme('P', chronicPackage()), programme('Q', chronicPackage())], {
      lines: [line('GLU', 10_000)],
      entitlements: [
        entitlement('P', { kind: 'package', items }),
        entitlement('Q', { kind: 'package', items }),
      ],
    })
    expect(amounts(at)).toEqual([['P', 10_000]])
  })

  it('never pays more than is left, whatever there is', () => {
    const share = fc.integer({ min: 1, max: 1_000_000 })
    const amount = fc.integer({ min: 1, max: 1_000_000 })
    fc.assert(
      fc.property(amount, amount, share, share, amount, (left, lineFen, one, two, worth) => {
        const at = situation(
          [
            programme('A', subsidy({ sharePpm: one })),
            programme('B', subsidy({ sharePpm: two, position: 2, combines: false })),
            programme('V', vouchers({ categories: ['西药费'] })),
          ],
          {
            leftFen: fen(left),
            lines: [line('X', lineFen), line('Y', 700, 1, '检查费')],
            entitlements: [entitlement('V', { amountFen: fen(worth) })],
          },
        )
        const { uses } = planBenefits(at)
        const sum = uses.reduce((all, { amountFen }) => all + amountFen, 0)
        expect(sum).toBeLessThanOrEqual(left)
        expect(uses.every(({ amountFen }) => amountFen > 0)).toBe(true)
      }),
    )
  })
})

describe('[N6] what goes back', () => {
  const use = (no: number, amount: number, returned: number, unitsReturned = 0): Use => ({
    no,
    kind: 'package',
    programmeId: 'P' as ProgrammeId,
    entitlementId: null,
    amountFen: fen(amount),
    returnedFen: fen(returned),
    holdId: 'H' as Use['holdId'],
    items: [{ code: 'GLU', count: 3 }],
    itemsReturned: [{ code: 'GLU', count: unitsReturned }],
    caps: [],
    grounds: { document: null, facts: FACTS, by: 'rule' },
  })

  it('goes back in the reverse order of use', () => {
    const shares = sharesOf([use(1, 500, 0), use(2, 300, 100)], new Map(), {
      mostFen: fen(400),
      leastFen: fen(400),
    })
    expect(shares.map(({ use: { no }, backFen }) => [no, backFen])).toEqual([
      [2, 200],
      [1, 200],
    ])
  })

  it('frees whole units of a package only, and all of them in the end', () => {
    const none = { amountFen: ZERO, items: [] }
    expect(itemsBack(use(1, 300, 0), none, fen(99))).toEqual([])
    expect(itemsBack(use(1, 300, 99), none, fen(1))).toEqual([{ code: 'GLU', count: 1 }])
    expect(itemsBack(use(1, 300, 100, 1), none, fen(200))).toEqual([{ code: 'GLU', count: 2 }])
  })

  it('is what the lines that stay do not use, unless those who return later lack it', () => {
    const ended = programme('P', chronicPackage({ items: [{ code: 'GLU', name: '', most: 3 }] }))
    const remaining = {
      programmes: [{ ...ended, status: 'ended' as const }],
      lines: [line('GLU', 200, 2)],
      leftFen: fen(200),
      on: businessDate('2026-11-21'),
    }
    const used = { ...use(1, 300, 0), entitlementId: 'E' as Entitlement['id'] }
    const stays = staysOf([used], remaining)
    expect(stays.get(1)).toEqual({ amountFen: 200, items: [{ code: 'GLU', count: 2 }] })
    const backOf = (most: number, least: number) =>
      sharesOf([used], stays, { mostFen: fen(most), leastFen: fen(least) }).map(
        ({ backFen, items }) => [backFen, items],
      )
    expect(backOf(300, 0)).toEqual([[100, [{ code: 'GLU', count: 1 }]]])
    expect(backOf(50, 0)).toEqual([[50, []]])
    expect(backOf(300, 250)).toEqual([[250, [{ code: 'GLU', count: 2 }]]])
  })

  it('needs a rule that everybody meets for everybody', () => {
    expect(judge(EVERYBODY, { ...FACTS, ageYears: null })).toMatchObject({ met: true })
  })
})
