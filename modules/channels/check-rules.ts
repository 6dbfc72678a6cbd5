import { isBusinessDate } from '../../kernel/time.ts'
import {
  type Condition,
  DEFAULT_RULES,
  type Effect,
  type Fact,
  type Rule,
  type Rules,
} from './rules.ts'

/** What is wrong with a rule; the code of a rule that no reader understands. */
export type RuleProblem = { rule: string; problem: RuleProblemCode }

export type RuleProblemCode =
  | 'name_twice'
  | 'channel_unknown'
  | 'channels_missing'
  | 'range_empty'
  | 'time_empty'
  | 'dates_not_days'
  | 'dates_reversed'
  | 'shares_missing'
  | 'shares_over_whole'

const WHOLE_PPM = 1_000_000

/** What the shape of the rules does not show. Pure; the first problem of each rule. */
export function problemsOfRules({ rules }: Rules, channels: ReadonlySet<string>): RuleProblem[] {
  const names = rules.map(({ name }) => name)
  return rules.flatMap((rule, i) => {
    const problem = names.indexOf(rule.name) !== i ? 'name_twice' : problemOf(rule, channels)
    return problem ? [{ rule: rule.name, problem }] : []
  })
}

const problemOf = ({ when, effect }: Rule, channels: ReadonlySet<string>): RuleProblemCode | null =>
  problemOfCondition(when) ?? problemOfEffect(effect, channels)

function problemOfCondition({ amountFen, time, dates, payer }: Condition): RuleProblemCode | null {
  const ranges = [amountFen ?? {}, ...Object.values(payer ?? {}).filter(isRange)]
  if (ranges.some(isEmpty)) return 'range_empty'
  if (time && time.from === time.below) return 'time_empty'
  if (dates) {
    if (!isBusinessDate(dates.from) || !isBusinessDate(dates.to)) return 'dates_not_days'
    if (dates.from > dates.to) return 'dates_reversed'
  }
  return null
}

type Range = { from?: number; below?: number }

const isRange = (fact: Fact): fact is Range => !('in' in fact)

const isEmpty = ({ from, below }: Range) =>
  from !== undefined && below !== undefined && from >= below

function problemOfEffect(effect: Effect, channels: ReadonlySet<string>): RuleProblemCode | null {
  const named = effect.do === 'share' ? Object.keys(effect.shares) : effect.channels
  if (named.length === 0) return effect.do === 'share' ? 'shares_missing' : 'channels_missing'
  if (named.some((name) => !channels.has(name))) return 'channel_unknown'
  if (effect.do !== 'share') return null
  const total = Object.values(effect.shares).reduce((sum, share) => sum + share, 0)
  return total > WHOLE_PPM ? 'shares_over_whole' : null
}

/** Rules as they were kept, with what has been added to the settings since. */
export const withDefaults = (kept: Partial<Rules>): Rules => ({ ...DEFAULT_RULES, ...kept })
