import { amountText } from '../../web/amount.ts'
import { useProviderName } from '../shell/use-names.ts'
import type { TermsFact } from '../terms/model.ts'
import type { Plan, Relation, Rules } from './model.ts'
import { keyText, ruleText, useCrossCheckWords } from './words.ts'

type T = ReturnType<typeof useCrossCheckWords>['t']

/** A plan in words, a fact a line. */
export function usePlanFacts(): (plan: Plan) => TermsFact[] {
  const { t } = useCrossCheckWords()
  const nameOf = useProviderName()
  return (plan) => {
    const { isActive, inputs, rules } = plan
    const sides = rules.sides.map(({ name, role }) => {
      const { from, source } = inputs[name] ?? {}
      const facts = [t(`roles.${role}`), from && t(`froms.${from}`), source && nameOf(source)]
      return { name, value: facts.filter(Boolean).join(' · ') }
    })
    const relations = rules.relations.map((relation) => ({
      name: t('facts.relation', { relation: relation.id }),
      value: relationText(t, relation),
    }))
    return [
      { name: t('facts.isActive'), value: t(isActive ? 'facts.yes' : 'facts.no') },
      ...sides,
      ...relations,
      { name: t('facts.carryOver'), value: carryOverText(t, rules) },
    ]
  }
}

function relationText(t: T, relation: Relation): string {
  const tolerance =
    relation.toleranceFen > 0
      ? [t('facts.tolerance', { amount: amountText(relation.toleranceFen) })]
      : []
  if (relation.form === 'payout') {
    return [
      `${relation.provider} → ${relation.bank}`,
      t('rules.payout'),
      columnsText(t, relation.providerBatch),
      ...tolerance,
    ].join('；')
  }
  const { sides, passes, same, dateWindowDays } = relation
  return [
    sides.join(' × '),
    keyText(t, relation),
    ...passes.map(({ id }) => ruleText(t, relation, id) ?? id),
    ...(same.length > 0
      ? [
          t('facts.same', {
            columns: columnsText(
              t,
              same.map(({ column }) => column),
            ),
          }),
        ]
      : []),
    ...(dateWindowDays > 0 ? [t('facts.dates', { count: dateWindowDays })] : []),
    ...tolerance,
  ].join('；')
}

const columnsText = (t: T, columns: readonly string[]) =>
  columns.map((column) => t(`columns.${column}`)).join('、')

const carryOverText = (t: T, { carryOver: { days, windowMinutes } }: Rules) =>
  days === 0 ? t('facts.noCarryOver') : t('facts.carryOverValue', { days, minutes: windowMinutes })
