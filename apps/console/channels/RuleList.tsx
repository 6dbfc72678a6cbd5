import { Button, Modal, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '../list/Empty.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { Rule, Rules } from './model.ts'
import { draftOfRule, NEW_RULE } from './rule-draft.ts'
import { conditionTexts, effectText } from './rule-words.ts'
import { RuleForm } from './RuleForm.tsx'
import { useChannelName, useDepartments } from './use-channels.ts'

type RuleListProps = { rules: Rules; onChange: (rules: Rules) => void }

/** Place in the list of the rule that is being changed; "new" for one that is added. */
type Editing = number | 'new' | null

/** Every rule as a sentence, in its order, with the ways to change it. */
export function RuleList({ rules, onChange }: RuleListProps) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [editing, setEditing] = useState<Editing>(null)
  const mayKeep = may(staff, 'keepChannels')
  const put = (next: readonly Rule[]) => onChange({ ...rules, rules: [...next] })
  const keep = (rule: Rule) => {
    put(
      editing === 'new'
        ? [...rules.rules, rule]
        : rules.rules.map((known, i) => (i === editing ? rule : known)),
    )
    setEditing(null)
  }
  const edited = typeof editing === 'number' ? rules.rules[editing] : undefined
  return (
    <section className="card" aria-labelledby="rules-title">
      <div className="card-head">
        <h2 id="rules-title">{t('channels.rules.list')}</h2>
        {mayKeep && (
          <Button size="small" onClick={() => setEditing('new')}>
            {t('channels.rules.add')}
          </Button>
        )}
      </div>
      <p className="fine">{t('channels.rules.hint')}</p>
      {rules.rules.length === 0 && <Empty text={t('channels.rules.none')} />}
      <ol className="rule-list">
        {rules.rules.map((rule, i) => (
          <li key={rule.name} className={rule.enabled ? '' : 'is-resting'}>
            <RuleText rule={rule} />
            {mayKeep && (
              <RuleActions
                rule={rule}
                onSwitch={(enabled) => put(rules.rules.with(i, { ...rule, enabled }))}
                onEdit={() => setEditing(i)}
                onRemove={() => put(rules.rules.toSpliced(i, 1))}
                onUp={i === 0 ? null : () => put(movedUp(rules.rules, i))}
              />
            )}
          </li>
        ))}
      </ol>
      <Modal
        open={editing !== null}
        title={t(edited ? 'channels.rules.edit' : 'channels.rules.add')}
        onCancel={() => setEditing(null)}
        footer={null}
        width="46rem"
        destroyOnHidden
        mask={{ closable: false }}
      >
        <RuleForm start={edited ? draftOfRule(edited) : NEW_RULE} onDone={keep} />
      </Modal>
    </section>
  )
}

function RuleText({ rule }: { rule: Rule }) {
  const { t, i18n } = useTranslation()
  const channel = useChannelName()
  const { nameOf: department } = useDepartments()
  const names = { channel, department }
  const conditions = conditionTexts(t, rule.when, names)
  return (
    <div>
      <p>
        <strong>{rule.name}</strong>
        {!rule.enabled && <span className="fine"> {t('channels.rules.off')}</span>}
      </p>
      <p>
        {conditions.length === 0 ? t('channels.when.always') : conditions.join(t('channels.and'))}
        {' → '}
        {effectText(t, rule.effect, names)}
      </p>
      <p className="fine">
        {t('channels.rules.forPayer', {
          text: i18n.language === 'en' ? rule.words.en : rule.words.zh,
        })}
      </p>
    </div>
  )
}

type RuleActionsProps = {
  rule: Rule
  onSwitch: (enabled: boolean) => void
  onEdit: () => void
  onRemove: () => void
  onUp: (() => void) | null
}

function RuleActions({ rule: { name, enabled }, ...on }: RuleActionsProps) {
  const { t } = useTranslation()
  return (
    <div className="line-actions">
      <Switch
        size="small"
        checked={enabled}
        aria-label={t('channels.rules.onOf', { name })}
        onChange={on.onSwitch}
      />
      {on.onUp && (
        <Button size="small" aria-label={t('channels.rules.upOf', { name })} onClick={on.onUp}>
          {t('channels.rules.up')}
        </Button>
      )}
      <Button size="small" aria-label={t('channels.rules.editOf', { name })} onClick={on.onEdit}>
        {t('channels.rules.change')}
      </Button>
      <Button
        size="small"
        aria-label={t('channels.rules.removeOf', { name })}
        onClick={on.onRemove}
      >
        {t('channels.remove')}
      </Button>
    </div>
  )
}

const movedUp = (rules: readonly Rule[], i: number): Rule[] => {
  const moved = rules.slice(i, i + 1)
  return [...rules.slice(0, i - 1), ...moved, ...rules.slice(i - 1, i), ...rules.slice(i + 1)]
}
