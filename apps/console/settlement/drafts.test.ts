import { expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import { calendarDraftOf, readCalendarDraft } from './calendar-draft.ts'
import { comingDays } from './coming.ts'
import {
  type ContractDraft,
  contractDraftOf,
  EMPTY_CONTRACT,
  readContractDraft,
} from './contract-draft.ts'
import { runsOf } from './contract-facts.ts'
import {
  candidatesFor,
  type Payout,
  type Receipt,
  unexplainedFirst,
  usualShareFen,
} from './model.ts'

const WECHAT: ContractDraft = {
  ...EMPTY_CONTRACT,
  provider: 'wechat',
  validFrom: '2026-01-01',
  tiers: [{ from: '0', rate: '0.6' }],
  account: 'main',
  payers: '财付通，微信支付',
}

it('a contract is read as it was typed, to the fen and the millionth', () => {
  const draft: ContractDraft = {
    ...WECHAT,
    tiers: [
      { from: '0', rate: '0.38' },
      { from: '1000.50', rate: '0.2' },
    ],
    least: '0.10',
    most: '25',
    cycle: 'monthly',
    cycleNumber: '5',
    shares: [
      { party: 'hospital', percent: '97.5' },
      { party: 'region', percent: '2.5' },
    ],
  }
  const { contract } = readContractDraft(draft)
  expect(contract).toMatchObject({ kind: 'contract', name: 'wechat', validFrom: '2026-01-01' })
  expect(contract?.content).toEqual({
    fee: {
      tiers: [
        { fromFen: 0, ratePpm: 3_800 },
        { fromFen: 100_050, ratePpm: 2_000 },
      ],
      minFen: 10,
      maxFen: 2_500,
      rounding: 'half_up',
      roundedPer: 'transaction',
      onReturn: 'given_back',
    },
    cycle: { kind: 'monthly', day: 5 },
    payout: 'net',
    account: 'main',
    payers: ['财付通', '微信支付'],
    daysBefore: 0,
    daysAfter: 10,
    graceWorkingDays: 1,
    shares: [
      { party: 'hospital', ppm: 975_000 },
      { party: 'region', ppm: 25_000 },
    ],
  })
})

it('a contract that is typed again from what was read is the same', () => {
  const { contract } = readContractDraft(WECHAT)
  expect(contract).not.toBeNull()
  if (!contract) return
  const again = { ...contractDraftOf('wechat', contract.content), validFrom: '2026-01-01' }
  expect(readContractDraft(again).contract).toEqual(contract)
})

it.each<[keyof ContractDraft, Partial<ContractDraft>]>([
  ['provider', { provider: '微信' }],
  ['validFrom', { validFrom: '' }],
  ['tiers', { tiers: [{ from: '1', rate: '0.6' }] }],
  ['tiers', { tiers: [{ from: '0', rate: '100.1' }] }],
  [
    'tiers',
    {
      tiers: [
        { from: '0', rate: '1' },
        { from: '0', rate: '2' },
      ],
    },
  ],
  ['least', { least: '-1' }],
  ['most', { least: '2', most: '1' }],
  ['cycleNumber', { cycle: 'weekly', cycleNumber: '8' }],
  ['cycleNumber', { cycle: 'weekly', cycleNumber: '0' }],
  ['account', { account: ' ' }],
  ['payers', { payers: '财' }],
  ['daysAfter', { daysAfter: '91' }],
  ['shares', { shares: [{ party: 'hospital', percent: '99.9' }] }],
  [
    'shares',
    {
      shares: [
        { party: 'a', percent: '50' },
        { party: 'a', percent: '50' },
      ],
    },
  ],
])('a contract with a wrong %s is none', (field, changes) => {
  expect(readContractDraft({ ...WECHAT, ...changes })).toEqual({
    problems: [field],
    contract: null,
  })
})

it('a calendar is typed as days and as runs of days, of its year only', () => {
  const typed = {
    year: '2026',
    daysOff: '01-01~01-03\n2026-10-01 至 2026-10-02',
    workdays: '01-04',
  }
  const { calendar } = readCalendarDraft(typed)
  expect(calendar).toEqual({
    kind: 'calendar',
    name: '2026',
    validFrom: '2026-01-01',
    content: {
      daysOff: ['2026-01-01', '2026-01-02', '2026-01-03', '2026-10-01', '2026-10-02'],
      workdays: ['2026-01-04'],
    },
  })
  const again = calendarDraftOf('2026', calendar?.content ?? { daysOff: [], workdays: [] })
  expect(readCalendarDraft(again).calendar).toEqual(calendar)
  const problemsOf = (changes: object) => readCalendarDraft({ ...typed, ...changes }).problems
  expect(problemsOf({ daysOff: '2025-10-01' })).toEqual(['daysOff'])
  expect(problemsOf({ daysOff: '10-03~10-01' })).toEqual(['daysOff'])
  expect(problemsOf({ workdays: '01-02' })).toEqual(['workdays'])
  expect(problemsOf({ year: '26' })).toContain('year')
})

it('days that follow each other are one run, also past the end of a month', () => {
  expect(runsOf(['2026-02-01', '2026-01-31', '2026-02-03'])).toEqual([
    '2026-01-31 ~ 02-01',
    '2026-02-03',
  ])
})

const payout = (date: string, changes: Partial<Payout> = {}): Payout => ({
  provider: 'wechat',
  date,
  version: 1,
  status: 'expected',
  payoutFen: 1_000,
  receivedFen: 0,
  feeFen: 6,
  contractFeeFen: 6,
  account: 'main',
  expectedOn: '2026-11-23',
  lateOn: '2026-11-24',
  calendarKnown: true,
  chargeFen: 1_006,
  returnFen: 0,
  ...changes,
})

const receipt = (changes: Partial<Receipt> = {}): Receipt => ({
  account: 'main',
  bankRef: 'R1',
  variant: 1,
  amountFen: 700,
  allocatedFen: 0,
  bookedOn: '2026-11-23',
  payer: '财付通',
  memo: '',
  status: 'unexplained',
  dueAt: '2026-11-24T00:00:00Z',
  ...changes,
})

it('the likeliest batch for a receipt stands first, and what cannot be is left out', () => {
  const all = [
    payout('2026-11-16', { account: 'other' }),
    payout('2026-11-17'),
    payout('2026-11-18', { payoutFen: 700 }),
    payout('2026-11-19', { status: 'no_contract' }),
    payout('2026-11-20', { payoutFen: -700 }),
    payout('2026-11-21', { receivedFen: 1_000, status: 'received' }),
  ]
  const datesFor = (one: Receipt) => candidatesFor(one, all).map(({ date }) => date)
  expect(datesFor(receipt())).toEqual(['2026-11-18', '2026-11-17', '2026-11-16'])
  expect(datesFor(receipt({ amountFen: -900 }))).toEqual(['2026-11-20'])
})

it('no more of a receipt is offered than is left, and no more than a batch is open for', () => {
  expect(usualShareFen(700, 1_000)).toBe(700)
  expect(usualShareFen(1_700, 1_000)).toBe(1_000)
  expect(usualShareFen(-700, -300)).toBe(-300)
})

it('receipts that wait stand first, the oldest of them before the others', () => {
  const done = (bankRef: string) => receipt({ bankRef, status: 'received' })
  const rows = [done('a'), receipt({ bankRef: 'b' }), done('c'), receipt({ bankRef: 'd' })]
  expect(unexplainedFirst(rows).map(({ bankRef }) => bankRef)).toEqual(['b', 'd', 'c', 'a'])
})

it('every day that comes is there, and what has come already is not expected again', () => {
  const day = (expectedOn: string, provider: string, openFen: number) => ({
    expectedOn,
    provider,
    openFen,
    payoutFen: 500,
    count: 1,
  })
  const items = [
    day('2026-11-23', 'wechat', 500),
    day('2026-11-23', 'alipay', 20),
    day('2026-11-24', 'wechat', 0),
  ]
  const days = comingDays(items, businessDate('2026-11-22'), 3)
  expect(days.map(({ date, count, openFen }) => [date, count, openFen])).toEqual([
    ['2026-11-22', 0, 0],
    ['2026-11-23', 2, 520],
    ['2026-11-24', 0, 0],
  ])
})
