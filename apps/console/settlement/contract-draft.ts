import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { parsePercent, percentInput } from '../channels/ratio.ts'
import type { Contract, NewContract } from './model.ts'

// A contract as it is typed, before it is one. Nothing of it is read as a number until it is sent.

export type Tier = { from: string; rate: string }
export type Share = { party: string; percent: string }

export type ContractDraft = {
  provider: string
  validFrom: string
  tiers: Tier[]
  least: string
  /** Empty for none. */
  most: string
  rounding: Contract['fee']['rounding']
  roundedPer: Contract['fee']['roundedPer']
  onReturn: Contract['fee']['onReturn']
  cycle: Contract['cycle']['kind']
  /** Days after, weekday, or day of the month. */
  cycleNumber: string
  payout: Contract['payout']
  account: string
  payers: string
  daysBefore: string
  daysAfter: string
  grace: string
  shares: Share[]
}

/** What is usual with a channel: paid the next working day, less the fee. */
export const EMPTY_CONTRACT: ContractDraft = {
  provider: '',
  validFrom: '',
  tiers: [{ from: '0', rate: '' }],
  least: '0',
  most: '',
  rounding: 'half_up',
  roundedPer: 'transaction',
  onReturn: 'given_back',
  cycle: 'working_days',
  cycleNumber: '1',
  payout: 'net',
  account: '',
  payers: '',
  daysBefore: '0',
  daysAfter: '10',
  grace: '1',
  shares: [{ party: 'hospital', percent: '100' }],
}

/** What is wrong with a field, by its name: words are contracts.problems.<field>. */
export type ContractProblem = keyof ContractDraft

export type ReadContract =
  | { problems: readonly ContractProblem[]; contract: null }
  | { problems: readonly []; contract: NewContract }

/** Pure: the contract that was typed, or what keeps it from being one. */
export function readContractDraft(draft: ContractDraft): ReadContract {
  const problems = new Set<ContractProblem>()
  const wrong = <T>(field: ContractProblem, value: T | null, instead: T): T => {
    if (value === null) problems.add(field)
    return value ?? instead
  }
  const whole = (field: 'daysBefore' | 'daysAfter' | 'grace', most: number) =>
    wrong(field, wholeOf(draft[field], 0, most), 0)
  if (draft.validFrom === '') problems.add('validFrom')
  const content: Contract = {
    fee: readFee(draft, wrong),
    cycle: readCycle(draft, wrong),
    payout: draft.payout,
    account: wrong('account', lineOf(draft.account, 40), ''),
    payers: wrong('payers', payersOf(draft.payers), []),
    daysBefore: whole('daysBefore', 30),
    daysAfter: whole('daysAfter', 90),
    graceWorkingDays: whole('grace', 30),
    shares: wrong('shares', sharesOf(draft.shares), []),
  }
  const name = wrong('provider', NAME.test(draft.provider) ? draft.provider : null, '')
  if (problems.size > 0) return { problems: [...problems], contract: null }
  return {
    problems: [],
    contract: { kind: 'contract', name, validFrom: draft.validFrom, content },
  }
}

type Wrong = <T>(field: ContractProblem, value: T | null, instead: T) => T

const NAME = /^[a-z][a-z0-9_-]{0,29}$/
const MOST_FEN = 10_000_000_000

function readFee(draft: ContractDraft, wrong: Wrong): Contract['fee'] {
  const minFen = wrong('least', amountOf(draft.least), 0)
  const maxFen = draft.most.trim() === '' ? null : wrong('most', amountOf(draft.most), 0)
  if (maxFen !== null && maxFen < minFen) wrong('most', null, 0)
  return {
    tiers: wrong('tiers', tiersOf(draft.tiers), []),
    minFen,
    maxFen,
    rounding: draft.rounding,
    roundedPer: draft.roundedPer,
    onReturn: draft.onReturn,
  }
}

function readCycle({ cycle: kind, cycleNumber }: ContractDraft, wrong: Wrong): Contract['cycle'] {
  const number = (least: number, most: number) =>
    wrong('cycleNumber', wholeOf(cycleNumber, least, most), least)
  switch (kind) {
    case 'working_days':
    case 'natural_days':
      return { kind, after: number(0, 30) }
    case 'weekly':
      return { kind, weekday: number(1, 7) }
    case 'monthly':
      return { kind, day: number(1, 28) }
  }
}

/** Ascending, the first from zero. */
function tiersOf(typed: readonly Tier[]): Contract['fee']['tiers'] | null {
  const tiers = typed.flatMap(({ from, rate }) => {
    const [fromFen, ratePpm] = [amountOf(from), parsePercent(rate)]
    return fromFen === null || ratePpm === null ? [] : [{ fromFen, ratePpm }]
  })
  const isAscending = tiers.every(
    ({ fromFen }, i) => fromFen > (tiers[i - 1]?.fromFen ?? -1) && (i > 0 || fromFen === 0),
  )
  return tiers.length === typed.length && tiers.length > 0 && isAscending ? tiers : null
}

const WHOLE_PPM = 1_000_000

/** Each party once, and together the whole. */
function sharesOf(typed: readonly Share[]): Contract['shares'] | null {
  const shares = typed.flatMap(({ party, percent }) => {
    const ppm = parsePercent(percent)
    return NAME.test(party.trim()) && ppm !== null ? [{ party: party.trim(), ppm }] : []
  })
  const parties = new Set(shares.map(({ party }) => party))
  const sum = shares.reduce((total, { ppm }) => total + ppm, 0)
  return parties.size === typed.length && sum === WHOLE_PPM ? shares : null
}

const MOST_PAYERS = 10

function payersOf(typed: string): string[] | null {
  const payers = typed.split(/[\n,，、;；]+/).flatMap((one) => one.trim() || [])
  const isRight = payers.every((one) => one.length >= 2 && one.length <= 60)
  return isRight && payers.length > 0 && payers.length <= MOST_PAYERS ? payers : null
}

function lineOf(typed: string, most: number): string | null {
  const text = typed.trim()
  return text === '' || text.length > most ? null : text
}

const amountOf = (typed: string): number | null => {
  const amount = parseYuan(typed.trim())
  return amount === null || amount < 0 || amount > MOST_FEN ? null : amount
}

const wholeOf = (typed: string, least: number, most: number): number | null => {
  const text = typed.trim()
  return /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= most
    ? Number(text)
    : null
}

/** Pure: what another contract says, to begin a new one with. Its first day is not taken over. */
export function contractDraftOf(provider: string, contract: Contract): ContractDraft {
  const { fee, cycle } = contract
  const yuan = (amount: number) => toYuanText(fen(amount))
  return {
    provider,
    validFrom: '',
    tiers: fee.tiers.map(({ fromFen, ratePpm }) => ({
      from: yuan(fromFen),
      rate: percentInput(ratePpm),
    })),
    least: yuan(fee.minFen),
    most: fee.maxFen === null ? '' : yuan(fee.maxFen),
    rounding: fee.rounding,
    roundedPer: fee.roundedPer,
    onReturn: fee.onReturn,
    cycle: cycle.kind,
    cycleNumber: String(numberOf(cycle)),
    payout: contract.payout,
    account: contract.account,
    payers: contract.payers.join('，'),
    daysBefore: String(contract.daysBefore),
    daysAfter: String(contract.daysAfter),
    grace: String(contract.graceWorkingDays),
    shares: contract.shares.map(({ party, ppm }) => ({ party, percent: percentInput(ppm) })),
  }
}

function numberOf(cycle: Contract['cycle']): number {
  switch (cycle.kind) {
    case 'working_days':
    case 'natural_days':
      return cycle.after
    case 'weekly':
      return cycle.weekday
    case 'monthly':
      return cycle.day
  }
}
