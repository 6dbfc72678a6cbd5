import { useTranslation } from 'react-i18next'

import { Amount } from '../../../web/Amount.tsx'
import type { RefundRule } from './rule-draft.ts'

export function RuleFacts({ rule }: { rule: RefundRule }) {
  const { t } = useTranslation()
  const { aboveFen, lateAfterDays, mostADay, hisAboveFen } = rule
  const none = t('approvals.rule.noLimit')
  const facts = {
    above: aboveFen === null ? none : <Amount fen={aboveFen} />,
    lateAfterDays:
      lateAfterDays === null ? none : t('approvals.rule.days', { count: lateAfterDays }),
    mostADay: mostADay === null ? none : t('approvals.rule.times', { count: mostADay }),
    hisAbove: hisAboveFen === null ? none : <Amount fen={hisAboveFen} />,
  }
  return (
    <dl className="facts">
      {Object.entries(facts).map(([name, fact]) => (
        <div key={name}>
          <dt>{t(`approvals.rule.${name}`)}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  )
}
