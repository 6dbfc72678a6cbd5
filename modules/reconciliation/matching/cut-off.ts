import { type BusinessDate, DAY_MS, isBusinessDate, MINUTE_MS } from '../../../kernel/time.ts'
import type { SideRow } from './row.ts'
import type { MatchingRules, RowsRelation } from './rules.ts'

type About = { rules: MatchingRules; relation: RowsRelation; businessDate: BusinessDate }

const DAY_MINUTES = 1_440
const SHANGHAI_OFFSET_MINUTES = 480

/**
 * Whether rows that some side lacks are in transit and tried again with the next day's lists: they happened about when
 * some side ends its day, and are not carried over longer than the rules let them.
 */
export const mayWait = (rows: readonly SideRow[], about: About): boolean =>
  rows.every((row) => isYoung(row, about)) && rows.some((row) => isNearCutOff(row, about))

export const isYoung = (
  { businessDate: date }: SideRow,
  { rules, businessDate }: Pick<About, 'rules' | 'businessDate'>,
): boolean =>
  (date !== null && isBusinessDate(date) ? Math.max(0, daysBetween(date, businessDate)) : 0) <
  rules.carryOver.days

/** About the time at which any of the sides ends its day. A row without a time is not. */
export function isNearCutOff({ occurredAt }: SideRow, { rules, relation }: About): boolean {
  const time = occurredAt === null ? Number.NaN : Date.parse(occurredAt)
  if (Number.isNaN(time)) return false
  const minute = (time / MINUTE_MS + SHANGHAI_OFFSET_MINUTES) % DAY_MINUTES
  return rules.sides
    .filter(({ name }) => relation.sides.includes(name))
    .some(({ cutOff = '00:00' }) => {
      const [hours = 0, minutes = 0] = cutOff.split(':').map(Number)
      const apart = Math.abs(minute - (hours * 60 + minutes))
      return Math.min(apart, DAY_MINUTES - apart) <= rules.carryOver.windowMinutes
    })
}

/** From one date to another, below zero when the other is before it. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
