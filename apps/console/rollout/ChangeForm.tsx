import { Button, Radio } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useChangeRollout } from './use-rollout.ts'
import { type Department, type Rollout, SCENES, STAGES, useRolloutWords } from './words.ts'

const MOST_LETTERS = 500

type ChangeFormProps = { now: Rollout | undefined; departments: readonly Department[] }

/** Switches scenes and departments on or off: from now on, and only after the version that is seen above. */
export function ChangeForm({ now, departments }: ChangeFormProps) {
  const { t } = useRolloutWords()
  const { hospitalId } = useStaff()
  const [stage, setStage] = useState<Rollout['stage']>(now?.stage ?? 'pilot')
  const [scenes, setScenes] = useState<readonly Rollout['scenes'][number][]>(now?.scenes ?? SCENES)
  const [codes, setCodes] = useState<readonly string[] | null>(now?.departments ?? null)
  const [typed, setTyped] = useState('')
  const change = useChangeRollout(hospitalId, { words: t('done') })
  const note = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (note === '') return
    const after = now?.version ?? 0
    change.mutate({
      stage,
      scenes: SCENES.filter((scene) => scenes.includes(scene)),
      departments: codes && [...codes],
      note,
      after,
    })
  }
  return (
    <form className="card note-form" onSubmit={submit} aria-labelledby="rollout-change">
      <h2 id="rollout-change">{t('change')}</h2>
      <fieldset className="plain-fieldset">
        <legend>{t('stage')}</legend>
        <Radio.Group
          value={stage}
          onChange={(event) => setStage(event.target.value as Rollout['stage'])}
          options={STAGES.map((value) => ({ value, label: t(`stages.${value}`) }))}
        />
      </fieldset>
      <Checks
        legend={t('scene')}
        all={SCENES.map((scene) => ({ value: scene, text: t(`scenes.${scene}`) }))}
        chosen={scenes}
        onChange={setScenes}
      />
      <DepartmentsField all={departments} codes={codes} onChange={setCodes} />
      <label>
        {t('note')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <p className="fine">{t('twoPersons')}</p>
      {change.error !== null && <Fault error={change.error} />}
      <Button type="primary" htmlType="submit" disabled={note === ''} loading={change.isPending}>
        {t('send')}
      </Button>
    </form>
  )
}

type DepartmentsFieldProps = {
  all: readonly Department[]
  /** Null is all of them, those that come later too. */
  codes: readonly string[] | null
  onChange: (codes: readonly string[] | null) => void
}

function DepartmentsField({ all, codes, onChange }: DepartmentsFieldProps) {
  const { t } = useRolloutWords()
  return (
    <>
      <label className="check-line">
        <input
          type="checkbox"
          checked={codes === null}
          onChange={(event) => onChange(event.target.checked ? null : all.map(({ code }) => code))}
        />
        {t('allDepartments')}
      </label>
      {codes !== null && (
        <Checks
          legend={t('department')}
          all={all.map(({ code, name }) => ({ value: code, text: name }))}
          chosen={codes}
          onChange={onChange}
        />
      )}
    </>
  )
}

type ChecksProps<Value extends string> = {
  legend: string
  all: readonly { value: Value; text: string }[]
  chosen: readonly Value[]
  onChange: (chosen: readonly Value[]) => void
}

function Checks<Value extends string>({ legend, all, chosen, onChange }: ChecksProps<Value>) {
  const set = (value: Value, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, value] : chosen.filter((one) => one !== value))
  return (
    <fieldset className="plain-fieldset check-grid">
      <legend>{legend}</legend>
      {all.map(({ value, text }) => (
        <label key={value} className="check-line">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => set(value, event.target.checked)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  )
}
