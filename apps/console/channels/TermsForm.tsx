import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { CheckGroup } from './CheckGroup.tsx'
import { DepartmentChoice } from './DepartmentChoice.tsx'
import { type Method, METHODS, SCENES } from './model.ts'
import { readDraft, type TermsDraft, type TermsProblem } from './terms-draft.ts'
import { TextField } from './TextField.tsx'
import { useRefresh } from './use-channels.ts'

type TermsFormProps = {
  name: string
  enabled: boolean
  start: TermsDraft
  /** What the connection can do; a method beyond that can be kept and is not offered. */
  connectedMethods: readonly Method[]
  onDone: () => void
}

/** The terms of a channel to be changed, or of one that is taken in. */
export function TermsForm({ name, enabled, start, connectedMethods, onDone }: TermsFormProps) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly TermsProblem[]>([])
  const save = api.query.useMutation('put', '/v1/hospitals/{hospitalId}/channels/{name}', {
    onSuccess: async () => {
      announce(t('channels.terms.saved'))
      await refresh()
      onDone()
    },
  })
  const change = (changes: Partial<TermsDraft>) => setDraft({ ...draft, ...changes })
  const send = (event: FormEvent) => {
    event.preventDefault()
    const read = readDraft(draft, enabled)
    setProblems(read.problems)
    save.reset()
    if (read.terms) save.mutate({ params: { path: { hospitalId, name } }, body: read.terms })
  }
  return (
    <form className="channel-form" onSubmit={send} noValidate>
      <Reach draft={draft} change={change} connectedMethods={connectedMethods} />
      <Money draft={draft} change={change} problems={problems} />
      {problems.length > 0 && (
        <ul className="form-problems" role="alert">
          {problems.map((field) => (
            <li key={field}>{t(`channels.terms.problems.${field}`)}</li>
          ))}
        </ul>
      )}
      {save.error !== null && <ChannelFault error={save.error} />}
      <div className="field-row">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('channels.terms.save')}
        </Button>
        <Button onClick={onDone} disabled={save.isPending}>
          {t('channels.cancel')}
        </Button>
      </div>
    </form>
  )
}

type PartProps = { draft: TermsDraft; change: (changes: Partial<TermsDraft>) => void }

/** By which names it goes, and where and how one can pay with it. */
function Reach({
  draft,
  change,
  connectedMethods,
}: PartProps & { connectedMethods: readonly Method[] }) {
  const { t } = useTranslation()
  const methodText = (method: Method) =>
    connectedMethods.includes(method)
      ? t(`channels:methods.${method}`)
      : t('channels.terms.notConnected', { method: t(`channels:methods.${method}`) })
  const [usual] = draft.methods
  return (
    <>
      <div className="field-row">
        <TextField
          label={t('channels.terms.titleZh')}
          value={draft.titleZh}
          maxLength={40}
          onChange={(titleZh) => change({ titleZh })}
        />
        <TextField
          label={t('channels.terms.titleEn')}
          value={draft.titleEn}
          maxLength={40}
          onChange={(titleEn) => change({ titleEn })}
        />
      </div>
      <CheckGroup
        legend={t('channels.terms.methods')}
        options={METHODS.map((value) => ({ value, label: methodText(value) }))}
        chosen={draft.methods}
        onChange={(methods) => change({ methods })}
        hint={usual && t('channels.terms.usual', { method: t(`channels:methods.${usual}`) })}
      />
      <CheckGroup
        legend={t('channels.terms.scenes')}
        options={SCENES.map((value) => ({ value, label: t(`channels:scenes.${value}`) }))}
        chosen={draft.scenes}
        onChange={(scenes) => change({ scenes })}
      />
      <label className="check-line">
        <input
          type="checkbox"
          checked={draft.departments === null}
          onChange={() => change({ departments: draft.departments === null ? [] : null })}
        />
        {t('channels.terms.allDepartments')}
      </label>
      {draft.departments && (
        <DepartmentChoice
          legend={t('channels.terms.departments')}
          chosen={draft.departments}
          onChange={(departments) => change({ departments })}
        />
      )}
    </>
  )
}

const MONEY_FIELDS = [
  'paymentLimit',
  'dayLimit',
  'fee',
  'feeFixed',
  'settlementDays',
  'share',
  'order',
] as const

/** Its limits, what it costs, and what was promised to it. */
function Money({ draft, change, problems }: PartProps & { problems: readonly TermsProblem[] }) {
  const { t } = useTranslation()
  return (
    <div className="field-grid">
      {MONEY_FIELDS.map((field) => (
        <TextField
          key={field}
          label={t(`channels.terms.${field}`)}
          hint={t(`channels.terms.hints.${field}`)}
          value={draft[field]}
          isWrong={problems.includes(field)}
          isNumber
          onChange={(value) => change({ [field]: value })}
        />
      ))}
    </div>
  )
}
