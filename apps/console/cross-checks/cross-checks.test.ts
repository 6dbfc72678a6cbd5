import { describe, expect, it } from 'vitest'

import type { BusinessDate } from '../../../kernel/time.ts'
import { foundCases } from '../../../modules/reconciliation/cross-check/found-cases.ts'
import { readPlan } from '../../../modules/reconciliation/cross-check/plan.ts'
import { MATCHING_CLASSES } from '../../../modules/reconciliation/matching/classes.ts'
import { NORMALISED_COLUMNS } from '../../../modules/reconciliation/matching/row.ts'
import { ROLES as HUB_ROLES } from '../../../modules/reconciliation/matching/rules.ts'
import en from '../../web/locales/en/cross-checks.json' with { type: 'json' }
import zh from '../../web/locales/zh-CN/cross-checks.json' with { type: 'json' }
import type { CsvCell } from '../list/csv.ts'
import type { Terms } from '../terms/model.ts'
import { csvCellsOf, CSV_HEADS, csvRowsOf } from './csv.ts'
import {
  countCases,
  type CrossCheck,
  type Difference,
  isOfCase,
  namesOf,
  type Plan,
  planOn,
  readCaseSubject,
  ROLES,
  type Row,
  stateOf,
} from './model.ts'
import {
  EMPTY_PLAN,
  type PlanDraft,
  planDraftOf,
  readPlanDraft,
  rulesTextOf,
} from './plan-draft.ts'
import { RULE_SETS, rulesOfSet, SIDES_OF_SET } from './rule-sets.ts'
import { readRunSearch } from './search.ts'
import {
  columnsOf,
  comparedSides,
  oddOf,
  oddSides,
  sidesOf,
  stepsOfClosure,
  totalsOf,
} from './side-by-side.ts'
import { failureIn } from './words.ts'

const DRAFT: PlanDraft = {
  ...EMPTY_PLAN,
  name: 'three-way',
  validFrom: '2026-11-20',
  sides: SIDES_OF_SET.three.map((side) => ({ ...side, source: side.source || 'wechat' })),
}

const planIn = (draft: PlanDraft): Plan => {
  const { plan, problems } = readPlanDraft(draft)
  expect(problems).toEqual([])
  return plan?.content as Plan
}

const row = (side: string, changes: Partial<Row> = {}): Row => ({
  side,
  lines: 1,
  lineNo: 1,
  ourNo: 'A1',
  providerNo: null,
  amountFen: 1_000,
  feeFen: null,
  occurredAt: null,
  businessDate: '2026-11-20',
  account: null,
  memo: null,
  ...changes,
})

const difference = (rows: Row[], changes: Partial<Difference> = {}): Difference => ({
  no: 1,
  relation: 'trades',
  class: 'amount_his',
  kind: 'charge',
  key: 'A1',
  sides: ['hub', 'channel', 'hospital'].map((side) => {
    const own = rows.filter((each) => each.side === side)
    return {
      side,
      lines: own.length,
      amountFen: own.reduce((sum, { amountFen }) => sum + amountFen, 0),
    }
  }),
  atStakeFen: 300,
  repair: 'adjust_by_two',
  rule: 'our_no',
  because: null,
  rows,
  near: [],
  ...changes,
})

describe('[B2] the words', () => {
  const CLASSES = Object.keys(MATCHING_CLASSES) as (keyof typeof MATCHING_CLASSES)[]

  it.each([
    ['Chinese', zh],
    ['English', en],
  ])(
    'in %s name every class, its cause, whose money is at stake and what is proposed',
    (_l, words) => {
      expect(Object.keys(words.classes).toSorted()).toEqual(CLASSES.toSorted())
      for (const cls of CLASSES) {
        const { name, cause, stake } = words.classes[cls]
        expect(Math.min(name.length, cause.length, stake.length), cls).toBeGreaterThan(1)
      }
      const repairs = CLASSES.map((cls) => MATCHING_CLASSES[cls].repair)
      expect(Object.keys(words.repairs).toSorted()).toEqual([...new Set(repairs)].toSorted())
      expect(Object.keys(words.columns).toSorted()).toEqual(NORMALISED_COLUMNS.toSorted())
      expect(Object.keys(words.roles).toSorted()).toEqual(HUB_ROLES.toSorted())
    },
  )

  it('name a class as the hub names it', () => {
    for (const cls of CLASSES) {
      expect(zh.classes[cls].name).toBe(MATCHING_CLASSES[cls].zh)
    }
    expect(ROLES.toSorted()).toEqual(HUB_ROLES.toSorted())
  })
})

describe('a plan as it is typed', () => {
  it.each(RULE_SETS)('is one that the hub takes, with the rules of the set "%s"', (set) => {
    const sides = SIDES_OF_SET[set].map((side) => ({ ...side, source: side.source || 'wechat' }))
    const content = planIn({ ...DRAFT, set, sides })
    expect(readPlan(content)).toEqual(content)
  })

  it('compares three sides by our number, and then by the channel’s', () => {
    const [relation] = planIn(DRAFT).rules.relations
    expect(relation).toMatchObject({
      form: 'rows',
      sides: ['hub', 'channel', 'hospital'],
      key: { columns: { hub: 'our_no', channel: 'our_no', hospital: 'our_no' } },
      passes: [{ form: 'number', column: 'provider_no', sides: ['hub', 'channel'] }],
    })
  })

  it('says what is wrong with it', () => {
    const wrong = (changes: Partial<PlanDraft>) => readPlanDraft({ ...DRAFT, ...changes }).problems
    const [hub, channel, hospital] = DRAFT.sides
    if (!hub || !channel || !hospital) throw new Error('three sides')
    expect(wrong({ name: 'Three', validFrom: '' })).toEqual(['name', 'validFrom'])
    expect(wrong({ sides: [hub, { ...channel, name: 'hub' }, hospital] })).toEqual(['sides'])
    expect(wrong({ sides: [hub, { ...channel, source: '' }, hospital] })).toEqual(['source'])
    expect(wrong({ sides: [hub, { ...channel, from: 'own' }, hospital] })).toEqual(['inputs'])
    expect(wrong({ set: 'two' })).toEqual(['set'])
    expect(wrong({ set: 'payouts' })).toEqual(['set'])
    expect(wrong({ rules: '{"id": ' })).toEqual(['rules'])
    expect(wrong({ rules: '[]' })).toEqual(['rules'])
  })

  it('begins as another is, and edited rules stand until they are made anew', () => {
    const plan = planIn(DRAFT)
    const again = planDraftOf('three-way', plan)
    expect(again.validFrom).toBe('')
    expect(planIn({ ...again, validFrom: '2026-12-01' })).toEqual(plan)
    const edited = { ...DRAFT, rules: JSON.stringify({ ...plan.rules, id: 'ours' }) }
    expect(planIn(edited).rules.id).toBe('ours')
    expect(JSON.parse(rulesTextOf({ ...edited, rules: null }))).toEqual(
      rulesOfSet('three', DRAFT.sides),
    )
  })
})

describe('a date of a plan', () => {
  const check = (changes: Partial<CrossCheck>): CrossCheck => ({
    name: 'three-way',
    date: '2026-11-20',
    status: 'complete',
    isDue: false,
    reason: null,
    runId: 'r',
    differences: 0,
    updatedAt: '2026-11-21T03:00:00Z',
    ...changes,
  })

  it('stands by what failed or needs a person first', () => {
    expect(stateOf(undefined, 0)).toBe('none')
    expect(stateOf(check({ status: 'failed' }), 3)).toBe('failed')
    expect(stateOf(check({ isDue: true }), 3)).toBe('found')
    expect(stateOf(check({ isDue: true }), 0)).toBe('due')
    expect(stateOf(check({ status: 'waiting', isDue: true, runId: null }), 0)).toBe('begun')
    expect(stateOf(check({ status: 'waiting', runId: null }), 0)).toBe('waiting')
    expect(stateOf(check({}), 0)).toBe('complete')
  })

  const terms = (id: string, changes: Partial<Terms>): Terms => ({
    id,
    name: 'three-way',
    validFrom: '2026-11-10',
    content: planIn(DRAFT),
    status: 'agreed',
    proposedBy: 'staff:a',
    proposedAt: '2026-11-01T00:00:00Z',
    decidedBy: 'staff:b',
    decidedAt: '2026-11-02T00:00:00Z',
    reason: 'as agreed',
    ...changes,
  })

  it('has the plan that was in force on it, and none once it was ended', () => {
    const ended = terms('2', {
      validFrom: '2026-11-20',
      content: { ...planIn(DRAFT), isActive: false },
    })
    const all = [terms('1', {}), ended, terms('3', { name: 'other', status: 'proposed' })]
    expect(planOn('three-way', all, '2026-11-09')).toBeUndefined()
    expect(planOn('three-way', all, '2026-11-19')?.isActive).toBe(true)
    expect(planOn('three-way', all, '2026-11-20')).toBeUndefined()
    expect(namesOf(all, [check({ name: 'old' })], ['2026-11-19'])).toEqual(['old', 'three-way'])
    expect(namesOf(all, [], ['2026-11-21'])).toEqual([])
  })

  it('tells a failure of the hub from other words, also where it was cut short', () => {
    expect(failureIn('reconciliation.matching_too_different {"open":3,"most":2}')).toEqual({
      code: 'reconciliation.matching_too_different',
      params: { open: 3, most: 2 },
    })
    expect(failureIn('file desks')).toBeNull()
    expect(failureIn('connect ECONNREFUSED')).toBeNull()
  })
})

describe('[B2] a case of a cross-check', () => {
  it('leads to what it is about, as the hub writes its subject', () => {
    const date = '2026-11-20' as BusinessDate
    const found = difference([row('hub'), row('channel')], { key: 'A:1/2' })
    const [one] = foundCases(
      { name: 'three-way', date },
      [
        {
          ...found,
          sides: {},
          isCounted: true,
          evidence: { rows: [], near: null },
        } as unknown as Parameters<typeof foundCases>[1][number],
      ],
      () => false,
    )
    const about = readCaseSubject(one?.subject ?? '')
    expect(about).toEqual({
      plan: 'three-way',
      date,
      found: { relation: 'trades', kind: 'charge', number: 'A:1/2' },
    })
    if (!about?.found) throw new Error('found')
    expect(isOfCase(found, about.found)).toBe(true)
    expect(isOfCase({ ...found, kind: 'return' }, about.found)).toBe(false)
    expect(isOfCase({ ...found, key: null }, about.found)).toBe(false)
    expect(isOfCase({ ...found, key: null }, { ...about.found, number: '#0a1b' })).toBe(true)
    expect(readRunSearch({ plan: about.plan, ...about.found, class: one?.reason })).toEqual({
      plan: 'three-way',
      relation: 'trades',
      kind: 'charge',
      number: 'A:1/2',
      class: 'amount_his',
    })
  })

  it('of a whole date names no number, and others are none', () => {
    expect(readCaseSubject('cross_check:desks:2026-11-20:failed')).toEqual({
      plan: 'desks',
      date: '2026-11-20',
      found: null,
    })
    expect(readCaseSubject('payment:1')).toBeNull()
    const counts = countCases([
      'cross_check:desks:2026-11-20:failed',
      'cross_check:desks:2026-11-20:trades:charge:A',
      'cross_check:desks:2026-11-21:trades:charge:A',
      'payment:1',
    ])
    expect([...counts]).toEqual([
      ['desks 2026-11-20', 2],
      ['desks 2026-11-21', 1],
    ])
  })
})

describe('a difference side by side', () => {
  const plan = planIn(DRAFT)
  const odd = (rows: Row[], field: 'amountFen' | 'providerNo' | 'businessDate') => {
    const columns = columnsOf(difference(rows), plan)
    return [...oddOf(columns, field, comparedSides(plan, 'trades', field))].map(({ side }) => side)
  }

  it('has a column for every row, and an empty one for who has none', () => {
    const columns = columnsOf(difference([row('channel'), row('hub'), row('channel')]), plan)
    expect(columns.map(({ side, no, row: of }) => `${side} ${no} ${of !== null}`)).toEqual([
      'hub 1 true',
      'channel 1 true',
      'channel 2 true',
      'hospital 1 false',
    ])
  })

  it('marks who says otherwise than most, all where there is no most, and nobody who says nothing', () => {
    const rows = [row('hub'), row('channel'), row('hospital', { amountFen: 1_300 })]
    expect(odd(rows, 'amountFen')).toEqual(['hospital'])
    expect(odd(rows.slice(1), 'amountFen')).toEqual(['channel', 'hospital'])
    expect(odd([row('hub'), row('channel', { businessDate: null })], 'businessDate')).toEqual([])
  })

  it('compares a number only among the sides that the rules compare by it', () => {
    const rows = [
      row('hub', { providerNo: 'W1' }),
      row('channel', { providerNo: 'W1' }),
      row('hospital', { providerNo: 'RECEIPT-9' }),
    ]
    expect(odd(rows, 'providerNo')).toEqual([])
    expect(odd([row('hub', { providerNo: 'W0' }), ...rows.slice(1)], 'providerNo')).toEqual([
      'hub',
      'channel',
    ])
    expect(comparedSides(undefined, 'trades', 'amountFen')).toEqual([])
  })

  it('marks in the list who lacks it, or has another amount', () => {
    expect([...oddSides(difference([row('hub'), row('channel')]))]).toEqual(['hospital'])
    const amounts = [row('hub'), row('channel'), row('hospital', { amountFen: 1 })]
    expect([...oddSides(difference(amounts))]).toEqual(['hospital'])
    expect([...oddSides(difference([row('hub'), row('channel'), row('hospital')]))]).toEqual([])
    expect(sidesOf([difference([])], plan)).toEqual(['hub', 'channel', 'hospital'])
  })

  it('becomes lines of a file, one for each row and one for who has none', async () => {
    const one = difference([row('hub'), row('channel', { ourNo: '0012' })])
    const lines: CsvCell[][] = []
    const words = {
      className: 'c',
      kindName: (kind: string) => kind,
      sideName: (side: string) => side,
      ruleName: () => 'r',
      lacking: 'none',
    }
    async function* all() {
      yield one
    }
    for await (const line of csvRowsOf(all(), plan)) lines.push(csvCellsOf(line, words))
    expect(lines.map((cells) => cells.length)).toEqual(lines.map(() => CSV_HEADS.length))
    expect(lines.map((cells) => [cells[6], cells[7], cells[8], cells[10]])).toEqual([
      [{ text: 'hub' }, { text: '1' }, { id: 'A1' }, { fen: 1_000 }],
      [{ text: 'channel' }, { text: '1' }, { id: '0012' }, { fen: 1_000 }],
      [{ text: 'hospital' }, { text: 'none' }, { id: null }, { fen: null }],
    ])
  })
})

it('[B2] a closure leads from ours to theirs, cause by cause, and each side is summed once', () => {
  const closure = (ours: string, theirs: string, gapFen: number) => ({
    relation: 'trades',
    ours,
    theirs,
    kind: 'charge' as const,
    oursTotal: { lines: 2, amountFen: 2_000 },
    gaps: gapFen === 0 ? [] : [{ cause: 'his_missing', lines: -1, amountFen: gapFen }],
    theirsTotal: { lines: 1, amountFen: 2_000 + gapFen },
  })
  const steps = stepsOfClosure(closure('hub', 'hospital', -500))
  expect(steps.map(({ name, fromFen, toFen }) => [name, fromFen, toFen])).toEqual([
    ['ours', 0, 2_000],
    ['his_missing', 2_000, 1_500],
    ['theirs', 0, 1_500],
  ])
  const totals = totalsOf([closure('hub', 'channel', 0), closure('hub', 'hospital', -500)])
  expect(totals.map(({ side, amountFen }) => [side, amountFen])).toEqual([
    ['hub', 2_000],
    ['channel', 2_000],
    ['hospital', 1_500],
  ])
})

it('keeps of a URL what a page can be about, and nothing else', () => {
  expect(readRunSearch({ plan: 'desks', class: 'hub_only', no: '7', after: 'x' })).toEqual({
    plan: 'desks',
    class: 'hub_only',
    no: 7,
  })
  expect(readRunSearch({ plan: '../x', class: 'A', kind: 'moon', number: '' })).toEqual({})
})
