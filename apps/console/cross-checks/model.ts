import type { components } from '../../../contract/hub.d.ts'
import { inForceOf, type Terms } from '../terms/model.ts'

type Schemas = components['schemas']

export type CrossCheck = Schemas['CrossCheck']
export type Run = Schemas['CrossCheckRun']
export type Difference = Schemas['CrossCheckDifference']
export type Row = Difference['rows'][number]
export type Closure = Run['closures'][number]
export type MatchingClass = Difference['class']
export type RowKind = Difference['kind']
export type Repair = Difference['repair']

export const ROLES = ['hub', 'provider', 'his', 'bank', 'party'] as const
export type Role = (typeof ROLES)[number]

/** own: what we hold against the source’s list; list: its list of the day; file: its list as a file. */
export const FROMS = ['own', 'list', 'file'] as const
export type From = (typeof FROMS)[number]

/** As the hub takes it: `modules/reconciliation/matching/rules.ts` says what the rules may be. */
export type Plan = {
  isActive: boolean
  inputs: Record<string, { from: From; source: string }>
  rules: Rules
}

export type Rules = {
  id: string
  sides: { name: string; role: Role }[]
  relations: Relation[]
  carryOver: { days: number; windowMinutes: number }
}

export type Relation = RowsRelation | PayoutRelation

export type RowsRelation = {
  id: string
  form: 'rows'
  sides: string[]
  kinds: RowKind[]
  key: { id: string; columns: Record<string, string> }
  same: { column: string; sides: string[] }[]
  toleranceFen: number
  dateWindowDays: number
  passes: Pass[]
}

export type Pass =
  | { id: string; form: 'number'; column: string; sides: string[] }
  | { id: string; form: 'parts' }
  | { id: string; form: 'sum'; column: string; one: string; many: string }
  | { id: string; form: 'near'; sides: string[]; windowSeconds: number }

export type PayoutRelation = {
  id: string
  form: 'payout'
  provider: string
  bank: string
  providerBatch: string[]
  bankBatch: string[]
  toleranceFen: number
}

/** The hub has checked the content when it was proposed. */
export const planOf = (terms: Terms): Plan => terms.content as Plan

/** Pure: what is in force on a date under a name; undefined for nothing, or where it is no longer compared. */
export function planOn(name: string, all: readonly Terms[], date: string): Plan | undefined {
  const terms = inForceOf(name, all, date)
  const plan = terms && planOf(terms)
  return plan?.isActive ? plan : undefined
}

/** Pure: the names that a month shows: in force on one of its days, or compared on one of them. */
export function namesOf(
  all: readonly Terms[],
  checks: readonly CrossCheck[],
  dates: readonly string[],
): string[] {
  const known = new Set(checks.map(({ name }) => name))
  for (const { name } of all) {
    if (dates.some((date) => planOn(name, all, date))) known.add(name)
  }
  return [...known].toSorted()
}

/** How a date of a plan stands. `begun`: to be compared for the first time; `due`: compared, and to be compared anew. */
export type State = 'failed' | 'found' | 'due' | 'begun' | 'waiting' | 'complete' | 'none'

/** Pure: what failed or needs a person comes before what is still on its way. */
export function stateOf(check: CrossCheck | undefined, openCases: number): State {
  if (!check) return 'none'
  if (check.status === 'failed') return 'failed'
  if (openCases > 0) return 'found'
  if (check.isDue) return check.runId === null ? 'begun' : 'due'
  return check.status
}

/** What a case of a cross-check is about: `number` null for the date as a whole. */
export type CaseSubject = {
  plan: string
  date: string
  /** Null: too many to list, or not compared at all. */
  found: { relation: string; kind: string; number: string } | null
}

const SUBJECT = /^cross_check:([^:]+):(\d{4}-\d{2}-\d{2}):(.+)$/
const FOUND = /^([^:]+):([^:]+):(.+)$/

/** Pure: reads `cross_check:<plan>:<date>:<relation>:<kind>:<number>`; numbers may hold colons. */
export function readCaseSubject(subject: string): CaseSubject | null {
  const [, plan = '', date = '', rest = ''] = SUBJECT.exec(subject) ?? []
  if (plan === '') return null
  const [, relation = '', kind = '', number = ''] = FOUND.exec(rest) ?? []
  return { plan, date, found: relation === '' ? null : { relation, kind, number } }
}

/** Rows without a number are known to a case by a hash, which begins so. */
const WITHOUT_NUMBER = '#'

/** Pure: whether a difference is what the case is about. Of those without a number any may be. */
export const isOfCase = (
  { relation, kind, key }: Pick<Difference, 'relation' | 'kind' | 'key'>,
  found: { relation: string; kind: string; number: string },
): boolean =>
  relation === found.relation &&
  kind === found.kind &&
  (key === found.number || (key === null && found.number.startsWith(WITHOUT_NUMBER)))

/** Pure: open cases by plan and date. */
export function countCases(subjects: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const subject of subjects) {
    const about = readCaseSubject(subject)
    if (!about) continue
    const place = placeOf(about.plan, about.date)
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return counts
}

export const placeOf = (plan: string, date: string) => `${plan} ${date}`
