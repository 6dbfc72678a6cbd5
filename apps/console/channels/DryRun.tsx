import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { ChoicesView } from './ChoicesView.tsx'
import { METHODS, type Rules, SCENES } from './model.ts'
import { SelectField } from './SelectField.tsx'
import { TextField } from './TextField.tsx'
import { useDepartments } from './use-channels.ts'
import {
  NEW_WISH,
  readWish,
  type WishDraft,
  type WishProblem,
  type WishProps,
} from './wish-draft.ts'
import { WishPayer } from './WishPayer.tsx'

type DryRunProps = { rules: Rules; isChanged: boolean }

/** What would be chosen for a payment, by the rules on the screen: also before they are saved. Moves nothing. */
export function DryRun({ rules, isChanged }: DryRunProps) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(NEW_WISH)
  const [problems, setProblems] = useState<readonly WishProblem[]>([])
  /** What the choices on the screen were made by: an edit since then does not hold for them. */
  const [triedBy, setTriedBy] = useState<Rules | null>(null)
  const trial = api.query.useMutation('post', '/v1/hospitals/{hospitalId}/channels/dry-run')
  const change = (changes: Partial<WishDraft>) => setDraft({ ...draft, ...changes })
  const ask = (event: FormEvent) => {
    event.preventDefault()
    const read = readWish(draft, isChanged ? rules : null)
    setProblems(read.problems)
    if (!read.wish) return
    setTriedBy(rules)
    trial.mutate({ params: { path: { hospitalId } }, body: read.wish })
  }
  return (
    <section className="card" aria-labelledby="trial-title">
      <h2 id="trial-title">{t('channels.dryRun.title')}</h2>
      <p className={isChanged ? 'tone-held' : 'fine'}>
        {t(isChanged ? 'channels.dryRun.byEdited' : 'channels.dryRun.bySaved')}
      </p>
      <form className="channel-form" onSubmit={ask} noValidate>
        <WishPayment draft={draft} change={change} />
        <details>
          <summary>{t('channels.dryRun.payer')}</summary>
          <WishPayer draft={draft} change={change} />
        </details>
        {problems.length > 0 && (
          <ul className="form-problems" role="alert">
            {problems.map((part) => (
              <li key={part}>{t(`channels.dryRun.problems.${part}`)}</li>
            ))}
          </ul>
        )}
        <Button type="primary" htmlType="submit" loading={trial.isPending}>
          {t('channels.dryRun.run')}
        </Button>
      </form>
      {trial.error !== null && <ChannelFault error={trial.error} />}
      {trial.data && triedBy !== rules && (
        <p className="tone-held" role="status">
          {t('channels.dryRun.stale')}
        </p>
      )}
      {trial.data && <ChoicesView choices={trial.data} />}
    </section>
  )
}

function WishPayment({ draft, change }: WishProps) {
  const { t } = useTranslation()
  const { departments } = useDepartments()
  return (
    <div className="field-grid">
      <TextField
        label={t('channels.dryRun.amount')}
        value={draft.amount}
        isNumber
        onChange={(amount) => change({ amount })}
      />
      <SelectField
        label={t('channels.terms.scene')}
        value={draft.scene}
        options={SCENES.map((value) => ({ value, label: t(`channels:scenes.${value}`) }))}
        onChange={(scene) => change({ scene: SCENES.find((s) => s === scene) ?? draft.scene })}
      />
      <SelectField
        label={t('channels.terms.department')}
        value={draft.department}
        options={[
          { value: '', label: t('channels.dryRun.noDepartment') },
          ...departments.map(({ code, name }) => ({ value: code, label: `${name} ${code}` })),
        ]}
        onChange={(department) => change({ department })}
      />
      <MethodField draft={draft} change={change} />
      <TextField
        label={t('channels.dryRun.at')}
        hint={t('channels.dryRun.atHint')}
        type="datetime-local"
        value={draft.at}
        onChange={(at) => change({ at })}
      />
    </div>
  )
}

function MethodField({ draft, change }: WishProps) {
  const { t } = useTranslation()
  return (
    <SelectField
      label={t('channels.terms.method')}
      value={draft.method}
      options={[
        { value: '', label: t('channels.dryRun.anyMethod') },
        ...METHODS.map((value) => ({ value, label: t(`channels:methods.${value}`) })),
      ]}
      onChange={(method) => change({ method: METHODS.find((m) => m === method) ?? '' })}
    />
  )
}
