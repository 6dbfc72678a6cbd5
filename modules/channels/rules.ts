import type { Fen } from '../../kernel/money.ts'
import { toShanghaiText } from '../../kernel/time.ts'
import type { PayMethod } from '../payments/index.ts'
import type { Scene } from './channel.ts'

/** What a hospital wants of the choice of channels, as data: JSON of exactly this shape. */
export type Rules = {
  /** Read in this order; all that apply do so together. */
  rules: readonly Rule[]
  /** Over how many days, today with them, a contract's share is measured, and whether in fen or in payments. */
  shareWindowDays: number
  shareBy: 'amount' | 'count'
  /** A share this close to its target is met: cost and success decide then. In parts per million. */
  shareTolerancePpm: number
  /** What a charge that fails costs, in parts per million of its amount: people who come back, or do not. */
  failureCostPpm: number
  /** What it is worth that the payer used the channel last time, and what it costs that it answers slowly. */
  habitPpm: number
  slownessPpm: number
}

export type Rule = {
  /** Unique, for people who keep the rules. */
  name: string
  /** For the payer, where the rule is a reason. */
  words: { zh: string; en: string }
  enabled: boolean
  when: Condition
  effect: Effect
}

/** All that is given must hold; an empty one holds always. Ranges have `from` in them and `below` not. */
export type Condition = {
  amountFen?: { from?: Fen; below?: Fen }
  scenes?: readonly Scene[]
  departments?: readonly string[]
  methods?: readonly PayMethod[]
  /** 'HH:MM' in Shanghai; over midnight where `from` is the later one. */
  time?: { from: string; below: string }
  /** Business dates, both with them. */
  dates?: { from: string; to: string }
  /** 1 is Monday, 7 is Sunday. */
  weekdays?: readonly number[]
  /** Facts about the payer, by name; a fact that is not known does not hold. */
  payer?: Readonly<Record<string, Fact>>
}

/** A number in a range, or a value among some. */
export type Fact =
  | { from?: number; below?: number }
  | { in: readonly (string | number | boolean)[] }

export type Effect =
  | { do: 'prefer'; channels: readonly string[]; points: number }
  | { do: 'require' | 'exclude'; channels: readonly string[] }
  /** In place of the contracts' shares for the payments it applies to. Parts per million, by channel. */
  | { do: 'share'; shares: Readonly<Record<string, number>> }

export const DEFAULT_RULES: Rules = {
  rules: [],
  shareWindowDays: 30,
  shareBy: 'amount',
  shareTolerancePpm: 2_000,
  failureCostPpm: 200_000,
  habitPpm: 1_000,
  slownessPpm: 500,
}

/** What a condition is held against. */
export type RuleFacts = {
  amountFen: Fen
  scene: Scene
  department: string | null
  method: PayMethod | null
  attributes: Readonly<Record<string, string | number | boolean>>
}

/** The rules that apply at this moment, in their order. Pure. */
export function rulesThatApply({ rules }: Rules, facts: RuleFacts, now: Date): Rule[] {
  if (rules.length === 0) return []
  const moment = momentOf(now)
  return rules.filter((rule) => rule.enabled && holds(rule.when, facts, moment))
}

function holds(when: Condition, facts: RuleFacts, { date, time, weekday }: Moment): boolean {
  const { amountFen, scenes, departments, methods, dates, weekdays, payer } = when
  return (
    (!amountFen || isWithin(facts.amountFen, amountFen)) &&
    (!scenes || scenes.includes(facts.scene)) &&
    (!departments || (facts.department !== null && departments.includes(facts.department))) &&
    (!methods || (facts.method !== null && methods.includes(facts.method))) &&
    (!when.time || isAtTime(time, when.time)) &&
    (!dates || (date >= dates.from && date <= dates.to)) &&
    (!weekdays || weekdays.includes(weekday)) &&
    (!payer || isSuchAPayer(payer, facts.attributes))
  )
}

function isSuchAPayer(
  wanted: NonNullable<Condition['payer']>,
  attributes: RuleFacts['attributes'],
): boolean {
  for (const name in wanted) {
    const fact = wanted[name]
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    if (fact === undefined || value === undefined) return false
    const isMet =
      'in' in fact ? fact.in.includes(value) : typeof value === 'number' && isWithin(value, fact)
    if (!isMet) return false
  }
  return true
}

const isWithin = (value: number, range: { from?: number; below?: number }) =>
  (range.from === undefined || value >= range.from) &&
  (range.below === undefined || value < range.below)

const isAtTime = (time: string, { from, below }: { from: string; below: string }) =>
  from <= below ? time >= from && time < below : time >= from || time < below

type Moment = { date: string; time: string; weekday: number }

const DAY_MS = 86_400_000
const SHANGHAI_MS = 28_800_000
// 1 January 1970 was a Thursday.
const THURSDAY = 4

function momentOf(now: Date): Moment {
  const text = toShanghaiText(now)
  const days = Math.floor((now.getTime() + SHANGHAI_MS) / DAY_MS)
  return {
    date: text.slice(0, 10),
    time: text.slice(11, 16),
    weekday: ((((days + THURSDAY - 1) % 7) + 7) % 7) + 1,
  }
}
