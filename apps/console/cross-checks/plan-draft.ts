import type { Plan, Rules } from './model.ts'
import { type RuleSet, rulesOfSet, SIDES_OF_SET, type SideRow } from './rule-sets.ts'

// A plan as it is typed, before it is one.

export type PlanDraft = {
  name: string
  validFrom: string
  isActive: boolean
  set: RuleSet
  sides: readonly SideRow[]
  /** JSON that was written by hand; null as long as the rules are those of the set for the sides. */
  rules: string | null
}

export const EMPTY_PLAN: PlanDraft = {
  name: '',
  validFrom: '',
  isActive: true,
  set: 'three',
  sides: SIDES_OF_SET.three,
  rules: null,
}

export const MOST_SIDES = 8
export const LEAST_SIDES = 2

/** Words: problems.<problem>. */
export type PlanProblem = 'name' | 'validFrom' | 'sides' | 'source' | 'inputs' | 'set' | 'rules'

export type NewPlan = { name: string; validFrom: string; content: Plan }

export type ReadPlan =
  | { problems: readonly PlanProblem[]; plan: null }
  | { problems: readonly []; plan: NewPlan }

const NAME = /^[a-z][a-z0-9_-]{0,29}$/
const SIDE_NAME = /^[a-z][a-z0-9_]{0,29}$/

/** Pure: the plan that was typed, or what keeps it from being one. What the rules say is for the hub to judge. */
export function readPlanDraft(draft: PlanDraft): ReadPlan {
  const { name, validFrom, isActive, sides } = draft
  const rules = rulesIn(draft)
  const isEach = (texts: string[]) => new Set(texts).size === texts.length
  const checks: [PlanProblem, boolean][] = [
    ['name', NAME.test(name)],
    ['validFrom', validFrom !== ''],
    ['sides', isEach(sides.map((s) => s.name)) && sides.every((s) => SIDE_NAME.test(s.name))],
    ['source', sides.every(({ source }) => NAME.test(source))],
    ['inputs', isEach(sides.map(({ from, source }) => `${from} ${source}`))],
    [draft.rules === null ? 'set' : 'rules', rules !== null],
  ]
  const problems = checks.flatMap(([problem, isRight]) => (isRight ? [] : [problem]))
  if (problems.length > 0 || rules === null) return { problems, plan: null }
  const inputs = Object.fromEntries(sides.map(({ name: n, from, source }) => [n, { from, source }]))
  return { problems: [], plan: { name, validFrom, content: { isActive, inputs, rules } } }
}

/** Pure: the rules as JSON, to be seen and edited. */
export const rulesTextOf = (draft: PlanDraft): string =>
  draft.rules ?? JSON.stringify(rulesOfSet(draft.set, draft.sides) ?? {}, null, 2)

/** What was written by hand stands; its sides have the roles that were chosen beside it. */
function rulesIn({ rules, set, sides }: PlanDraft): Rules | null {
  if (rules === null) return rulesOfSet(set, sides)
  try {
    const read: unknown = JSON.parse(rules)
    return read !== null && typeof read === 'object' && !Array.isArray(read)
      ? (read as Rules)
      : null
  } catch {
    return null
  }
}

/** Pure: what another plan says, to begin a new one with. Its first date is not taken over. */
export function planDraftOf(name: string, { isActive, inputs, rules }: Plan): PlanDraft {
  const sides = rules.sides.flatMap(({ name: side, role }) => {
    const input = inputs[side]
    return input ? [{ name: side, role, ...input }] : []
  })
  return {
    name,
    validFrom: '',
    isActive,
    set: sides.length === 2 ? 'two' : 'three',
    sides,
    rules: JSON.stringify(rules, null, 2),
  }
}
