import { useTranslation } from 'react-i18next'

import { loadWords } from '../../web/i18n.ts'
import type { Tone } from '../list/StatusChip.tsx'
import { useReasonText } from '../payments/words.ts'
import type { Case } from '../search/choices.ts'
import type { IconName } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import type { CrossCheck, Plan, Relation, RowsRelation, State } from './model.ts'

/** Loads what these pages say, with the pages themselves. */
export const loadCrossCheckWords = () =>
  loadWords('cross-checks', {
    'zh-CN': async () => (await import('../../web/locales/zh-CN/cross-checks.json')).default,
    en: async () => (await import('../../web/locales/en/cross-checks.json')).default,
  })

export const useCrossCheckWords = () => useTranslation('cross-checks')

type T = ReturnType<typeof useCrossCheckWords>['t']

/** Words: states.<state>. */
export const LOOK_OF_STATE: Record<State, { tone: Tone; icon: IconName }> = {
  failed: { tone: 'bad', icon: 'cross' },
  found: { tone: 'bad', icon: 'alert' },
  due: { tone: 'held', icon: 'refresh' },
  begun: { tone: 'held', icon: 'refresh' },
  waiting: { tone: 'plain', icon: 'clock' },
  complete: { tone: 'good', icon: 'check' },
  none: { tone: 'plain', icon: 'missing' },
}

/** Why a date is not compared, or could not be, in words. */
export function useWhy(): (check: Pick<CrossCheck, 'status' | 'reason' | 'isDue'>) => string {
  const { t, i18n } = useCrossCheckWords()
  const nameOf = useProviderName()
  return ({ status, reason, isDue }) => {
    if (reason === null) return ''
    const failure = failureIn(reason)
    const words = failure
      ? i18n.t(`errors:${failure.code}`, { ...failure.params, defaultValue: reason })
      : reason
    if (status === 'failed') return words
    const [, from = '', source = ''] = /^(own|list|file) (\S+)$/.exec(reason) ?? []
    if (from !== '') return t(`waits.${from}`, { source: nameOf(source) })
    return isDue ? t('waits.retry', { reason: words }) : t('waits.plan')
  }
}

/** Pure: an error of the hub as it is written down: its code and what it is about. */
export function failureIn(
  reason: string,
): { code: string; params: Record<string, unknown> } | null {
  const [, code = '', params = ''] = /^([a-z]+\.[a-z_]+) (\{.*\})$/s.exec(reason) ?? []
  if (code === '') return null
  try {
    return { code, params: JSON.parse(params) as Record<string, unknown> }
  } catch {
    // Cut short where it was too long: the code alone has words too.
    return { code, params: {} }
  }
}

/** A side of a plan in words: whose rows they are, and of which source. One that the plan has not, by its name. */
export function useSideName(plan: Plan | undefined): (side: string) => string {
  const { t } = useCrossCheckWords()
  const nameOf = useProviderName()
  return (side) => {
    const input = plan?.inputs[side]
    const role = plan?.rules.sides.find(({ name }) => name === side)?.role
    if (!input || !role) return side
    const source = nameOf(input.source)
    if (input.from === 'own') return t('sideNames.own', { source })
    const roleName = t(`roles.${role}`)
    return roleName === source ? source : t('sideNames.other', { role: roleName, source })
  }
}

/** A rule of a plan in words; one that the plan has not, by its name. */
export function useRuleName(
  plan: Plan | undefined,
): (rule: { relation: string; rule: string }) => string {
  const { t } = useCrossCheckWords()
  return ({ relation: id, rule }) => {
    const relation = plan?.rules.relations.find((one) => one.id === id)
    return relation ? (ruleText(t, relation, rule) ?? rule) : rule
  }
}

export function ruleText(t: T, relation: Relation, rule: string): string | null {
  if (relation.form === 'payout') return t('rules.payout')
  if (relation.key.id === rule) return keyText(t, relation)
  const pass = relation.passes.find(({ id }) => id === rule)
  switch (pass?.form) {
    case undefined:
      return null
    case 'number':
    case 'sum':
      return t(`rules.${pass.form}`, { column: t(`columns.${pass.column}`) })
    case 'near':
      return t('rules.near', { count: pass.windowSeconds })
    case 'parts':
      return t('rules.parts')
  }
}

export function keyText(t: T, { key }: RowsRelation): string {
  const [column, ...others] = new Set(Object.values(key.columns))
  return others.length === 0
    ? t('rules.key', { column: t(`columns.${column}`) })
    : t('rules.keyMixed')
}

/** Why a case was opened: that of a cross-check by the classes of what differs. Its words are loaded with the page. */
export function useCaseReason(): (known: Pick<Case, 'class' | 'reason'>) => string {
  const { t, i18n } = useCrossCheckWords()
  const reasonText = useReasonText()
  return ({ class: cls, reason }) => {
    if (cls !== 'cross_check' || reason === null) return reasonText(reason)
    const [, count] = /^too_many (\d+)$/.exec(reason) ?? []
    if (count !== undefined) return t('case.tooMany', { count: Number(count) })
    const classes = reason.split(' ')
    if (classes.every((one) => i18n.exists(`cross-checks:classes.${one}.name`))) {
      return classes.map((one) => t(`classes.${one}.name`)).join('、')
    }
    const failure = failureIn(reason)
    const why = failure
      ? i18n.t(`errors:${failure.code}`, { ...failure.params, defaultValue: reason })
      : reason
    return `${t('case.failed')}：${why}`
  }
}
