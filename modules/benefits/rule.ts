/** Who is entitled: everybody for whom one of the groups holds as a whole. A group without conditions always holds. */
export type Rule = { anyOf: readonly (readonly Condition[])[] }

export type Condition =
  | { fact: 'ageYears'; atLeast?: number; atMost?: number }
  | { fact: 'inNeed' | 'insured'; is: boolean }
  /** A code of the bill's diagnosis, or of where the person is registered, begins with one of these. */
  | { fact: 'diagnosis' | 'residence'; startsWith: readonly string[] }

/** What is known of a person and a bill; null: nobody knows, which fulfils no condition. */
export type Facts = {
  ageYears: number | null
  inNeed: boolean | null
  insured: boolean | null
  /** The division code: '330106'. */
  residence: string | null
  diagnoses: readonly string[]
}

export type Verdict =
  | { met: true; by: readonly Condition[] }
  /** The first condition that is not met in the group that comes nearest, and whether its fact is known at all. */
  | { met: false; fact: Condition['fact']; known: boolean }

/** Pure: says by which group of conditions a person is entitled, or for want of which fact they are not. */
export function judge(rule: Rule, facts: Facts): Verdict {
  const groups = rule.anyOf.map((group) => ({
    group,
    unmet: group.filter((condition) => !holds(condition, facts)),
  }))
  const whole = groups.find(({ unmet }) => unmet.length === 0)
  if (whole) return { met: true, by: whole.group }
  const [nearest] = groups.toSorted((a, b) => a.unmet.length - b.unmet.length)
  const fact = nearest?.unmet[0]?.fact ?? 'inNeed'
  return { met: false, fact, known: isKnown(fact, facts) }
}

function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.fact) {
    case 'ageYears': {
      const { atLeast = 0, atMost = Number.MAX_SAFE_INTEGER } = condition
      return facts.ageYears !== null && facts.ageYears >= atLeast && facts.ageYears <= atMost
    }
    case 'inNeed':
    case 'insured':
      return facts[condition.fact] === condition.is
    case 'diagnosis':
      return facts.diagnoses.some((code) => beginsWith(code, condition.startsWith))
    case 'residence':
      return facts.residence !== null && beginsWith(facts.residence, condition.startsWith)
  }
}

const beginsWith = (code: string, starts: readonly string[]) =>
  starts.some((start) => code.startsWith(start))

const isKnown = (fact: Condition['fact'], facts: Facts): boolean =>
  fact === 'diagnosis' ? facts.diagnoses.length > 0 : facts[fact] !== null
