import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { CheckGroup } from './CheckGroup.tsx'
import { DepartmentChoice } from './DepartmentChoice.tsx'
import { EffectFields } from './EffectFields.tsx'
import { FactFields } from './FactFields.tsx'
import { METHODS, type Rule, SCENES } from './model.ts'
import { type DraftProps, readRule, type RuleDraft, type RuleDraftProblem } from './rule-draft.ts'
import { TextField } from './TextField.tsx'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const MOST_NAME_LETTERS = 60

type RuleFormProps = { start: RuleDraft; onDone: (rule: Rule) => void }

/** One rule: when it applies, what it does, and what a payer reads of it. It is saved with the others, not here. */
export function RuleForm({ start, onDone }: RuleFormProps) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly RuleDraftProblem[]>([])
  const change = (changes: Partial<RuleDraft>) => setDraft({ ...draft, ...changes })
  const take = (event: FormEvent) => {
    event.preventDefault()
    const read = readRule(draft)
    setProblems(read.problems)
    if (read.rule) onDone(read.rule)
  }
  return (
    <form className="channel-form" onSubmit={take} noValidate>
      <TextField
        label={t('channels.rules.name')}
        value={draft.name}
        maxLength={MOST_NAME_LETTERS}
        onChange={(name) => change({ name })}
      />
      <div className="field-row">
        <TextField
          label={t('channels.rules.zh')}
          value={draft.zh}
          onChange={(zh) => change({ zh })}
        />
        <TextField
          label={t('channels.rules.en')}
          value={draft.en}
          onChange={(en) => change({ en })}
        />
      </div>
      <EffectFields draft={draft} change={change} />
      <h3>{t('channels.rules.when')}</h3>
      <p className="fine">{t('channels.rules.whenHint')}</p>
      <Payment draft={draft} change={change} />
      <Times draft={draft} change={change} />
      <FactFields facts={draft.facts} onChange={(facts) => change({ facts })} />
      {problems.length > 0 && (
        <ul className="form-problems" role="alert">
          {problems.map((part) => (
            <li key={part}>{t(`channels.rules.problems.${part}`)}</li>
          ))}
        </ul>
      )}
      <Button type="primary" htmlType="submit">
        {t('channels.rules.take')}
      </Button>
    </form>
  )
}

/** What is paid for, where, and how. */
function Payment({ draft, change }: DraftProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className="field-row">
        <TextField
          label={t('channels.rules.amountFrom')}
          value={draft.amountFrom}
          isNumber
          onChange={(amountFrom) => change({ amountFrom })}
        />
        <TextField
          label={t('channels.rules.amountBelow')}
          value={draft.amountBelow}
          isNumber
          onChange={(amountBelow) => change({ amountBelow })}
        />
      </div>
      <CheckGroup
        legend={t('channels.terms.scenes')}
        options={SCENES.map((value) => ({ value, label: t(`channels:scenes.${value}`) }))}
        chosen={draft.scenes}
        onChange={(scenes) => change({ scenes })}
      />
      <CheckGroup
        legend={t('channels.terms.methods')}
        options={METHODS.map((value) => ({ value, label: t(`channels:methods.${value}`) }))}
        chosen={draft.methods}
        onChange={(methods) => change({ methods })}
      />
      <DepartmentChoice
        legend={t('channels.terms.departments')}
        chosen={draft.departments}
        onChange={(departments) => change({ departments })}
      />
    </>
  )
}

function Times({ draft, change }: DraftProps) {
  const { t } = useTranslation()
  return (
    <>
      <CheckGroup
        legend={t('channels.rules.weekdays')}
        options={WEEKDAYS.map((value) => ({ value, label: t(`channels.days.${value}`) }))}
        chosen={draft.weekdays}
        onChange={(weekdays) => change({ weekdays })}
      />
      <div className="field-row">
        <TextField
          label={t('channels.rules.timeFrom')}
          type="time"
          value={draft.timeFrom}
          onChange={(timeFrom) => change({ timeFrom })}
        />
        <TextField
          label={t('channels.rules.timeBelow')}
          type="time"
          value={draft.timeBelow}
          onChange={(timeBelow) => change({ timeBelow })}
        />
        <TextField
          label={t('channels.rules.dateFrom')}
          type="date"
          value={draft.dateFrom}
          onChange={(dateFrom) => change({ dateFrom })}
        />
        <TextField
          label={t('channels.rules.dateTo')}
          type="date"
          value={draft.dateTo}
          onChange={(dateTo) => change({ dateTo })}
        />
      </div>
    </>
  )
}
