import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'

import { type Kind, type Scope, SCOPES, SCOPES_OF, wordOf } from './model.ts'

type ScopeChoiceProps = {
  kind?: Kind
  chosen: ReadonlySet<Scope>
  onChange: (chosen: ReadonlySet<Scope>) => void
}

/** What an application of this kind may do with this hospital's data, each in words. */
export function ScopeChoice({ kind, chosen, onChange }: ScopeChoiceProps) {
  const { t } = useTranslation()
  const flip = (scope: Scope) =>
    onChange(new Set(SCOPES.filter((one) => chosen.has(one) !== (one === scope))))
  return (
    <fieldset className="partner-choice">
      <legend>{t('partners.scopesHere')}</legend>
      {(kind ? SCOPES_OF[kind] : SCOPES).map((scope) => (
        <Checkbox key={scope} checked={chosen.has(scope)} onChange={() => flip(scope)}>
          {t(`partners.scopes.${wordOf(scope)}`)} <code className="fine">{scope}</code>
        </Checkbox>
      ))}
    </fieldset>
  )
}
