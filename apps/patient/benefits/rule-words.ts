import type { TFunction } from 'i18next'

import type { OfferedProgramme } from '../../../contract/client.ts'

type Rule = Extract<OfferedProgramme['terms'], { kind: 'subsidy' }>['rule']
type Condition = Rule['anyOf'][number][number]

/** Who is entitled, one sentence for each group of conditions; one of the groups is enough. */
export const ruleWords = (t: TFunction, rule: Rule): string[] =>
  rule.anyOf.map((group) =>
    group.length === 0
      ? t('benefits.rule.everybody')
      : group.map((condition) => conditionWords(t, condition)).join(t('benefits.rule.and')),
  )

function conditionWords(t: TFunction, condition: Condition): string {
  switch (condition.fact) {
    case 'ageYears':
      return ageWords(t, condition)
    case 'inNeed':
    case 'insured':
      return t(`benefits.rule.${condition.fact}.${condition.is ? 'yes' : 'no'}`)
    case 'diagnosis':
    case 'residence':
      return t(`benefits.rule.${condition.fact}`, { codes: condition.startsWith.join('、') })
  }
}

function ageWords(t: TFunction, { atLeast, atMost }: { atLeast?: number; atMost?: number }) {
  if (atLeast !== undefined && atMost !== undefined) {
    return t('benefits.rule.ageBetween', { atLeast, atMost })
  }
  if (atLeast !== undefined) return t('benefits.rule.ageFrom', { atLeast })
  return t('benefits.rule.ageUpTo', { atMost: atMost ?? 0 })
}
