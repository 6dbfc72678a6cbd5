import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import type { KeptRules, Rules } from './model.ts'
import type { RulesEditor } from './use-rules-editor.ts'

type RulesConflictProps = { editor: RulesEditor; newest: KeptRules }

/** Somebody else saved in between: what differs, and which of the two is to be kept. */
export function RulesConflict({ editor, newest }: RulesConflictProps) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { rules } = editor
  const changes = rules ? differencesOf(newest.rules, rules) : []
  return (
    <div className="conflict" role="alert">
      <p>
        {t('channels.rules.conflict', {
          version: newest.version,
          who: newest.updatedBy ? actorName(newest.updatedBy) : '—',
        })}{' '}
        <Moment at={newest.updatedAt} form="exact" />
      </p>
      <ul>
        {changes.map(({ what, name }) => (
          <li key={what + name}>{t(`channels.rules.differs.${what}`, { name })}</li>
        ))}
      </ul>
      <div className="field-row">
        <Button onClick={editor.discard}>{t('channels.rules.takeTheirs')}</Button>
        <Button onClick={() => editor.keepOwn(newest)}>{t('channels.rules.keepMine')}</Button>
      </div>
    </div>
  )
}

type Change = { what: 'onlyMine' | 'onlyTheirs' | 'changed' | 'order' | 'settings'; name: string }

/** What of one's own rules is otherwise than in theirs, by the names of the rules. Pure. */
function differencesOf(theirs: Rules, mine: Rules): Change[] {
  const { rules: theirRules, ...theirSettings } = theirs
  const { rules: myRules, ...mySettings } = mine
  const text = (value: unknown) => JSON.stringify(value)
  const changes: Change[] = []
  for (const rule of myRules) {
    const other = theirRules.find(({ name }) => name === rule.name)
    if (!other) changes.push({ what: 'onlyMine', name: rule.name })
    else if (text(other) !== text(rule)) changes.push({ what: 'changed', name: rule.name })
  }
  for (const { name } of theirRules) {
    if (!myRules.some((rule) => rule.name === name)) changes.push({ what: 'onlyTheirs', name })
  }
  if (text(theirSettings) !== text(mySettings)) changes.push({ what: 'settings', name: '' })
  const isOnlyOrder = changes.length === 0 && text(theirRules) !== text(myRules)
  return isOnlyOrder ? [{ what: 'order', name: '' }] : changes
}
