import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import { type Draft, type Param, useDraftActions } from './use-draft.ts'
import { useBilingual, useFormWords } from './words.ts'

/** What the hospital fills in. Secrets go to the hub and never come back: an empty field keeps what is there. */
export function ParamsTab({ draft }: { draft: Draft }) {
  const { t } = useFormWords()
  return (
    <section className="card" aria-labelledby="params-title">
      <h2 id="params-title">{t('params.title')}</h2>
      <p className="fine">{t('params.intro')}</p>
      {draft.problems.length > 0 ? (
        <Empty text={t('params.needForm')} />
      ) : (
        <ParamsForm key={draft.version} draft={draft} />
      )}
    </section>
  )
}

function ParamsForm({ draft }: { draft: Draft }) {
  const { t } = useFormWords()
  const { fill, params } = useDraftActions(draft.id)
  const [entered, setEntered] = useState<Record<string, string>>({})
  const enter = (name: string, value: string) => setEntered({ ...entered, [name]: value })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const body = { from: draft.version, values: valuesToSend(draft.params, entered) }
    try {
      await fill.mutateAsync({ ...params, body })
      announce(t('form.saved'))
    } catch {
      // Said below; what was typed stays.
    }
  }
  return (
    <form className="params-form" autoComplete="off" onSubmit={(event) => void send(event)}>
      {draft.params.map((param) => (
        <ParamField
          key={param.name}
          draft={draft}
          param={param}
          value={entered[param.name] ?? param.value ?? ''}
          onEnter={(value) => enter(param.name, value)}
        />
      ))}
      {fill.error !== null && <Fault error={fill.error} />}
      <div>
        <Button type="primary" htmlType="submit" loading={fill.isPending}>
          {t('params.save')}
        </Button>
      </div>
    </form>
  )
}

/** What was typed: an emptied field takes its value away, but an empty secret is one that nobody touched. */
function valuesToSend(params: readonly Param[], entered: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    params.flatMap(({ name, isSecret, value }): [string, string | null][] => {
      const typed = entered[name]
      if (typed === undefined || typed === (value ?? '')) return []
      if (typed === '') return isSecret ? [] : [[name, null]]
      return [[name, typed.trim()]]
    }),
  )
}

const LONG_FORMATS: readonly Param['format'][] = ['rsa_private_key', 'rsa_public_key']

function ParamField({
  draft,
  param,
  value,
  onEnter,
}: {
  draft: Draft
  param: Param
  value: string
  onEnter: (value: string) => void
}) {
  const { t } = useFormWords()
  const say = useBilingual()
  const { hospitalId } = useStaff()
  const id = `param-${param.name}`
  const shared = {
    id,
    value,
    spellCheck: false,
    autoComplete: 'off',
    'aria-invalid': param.problem?.code === 'wrong',
    'aria-describedby': `${id}-hint ${id}-problem`,
    placeholder: param.isSecret && param.isSet ? t('params.replace') : '',
  }
  return (
    <div className="df">
      <label htmlFor={id}>
        {say(param.title)} <code>{param.name}</code>
        {param.isOptional && <span className="fine">{t('params.optional')}</span>}
        {param.isSecret && (
          <StatusChip
            tone={param.isSet ? 'good' : 'plain'}
            icon="lock"
            text={param.isSet ? t('params.isSet') : t('params.secret')}
          />
        )}
      </label>
      {LONG_FORMATS.includes(param.format) ? (
        <textarea {...shared} rows={4} onChange={(event) => onEnter(event.target.value)} />
      ) : (
        <input
          {...shared}
          type={param.isSecret ? 'password' : 'text'}
          onChange={(event) => onEnter(event.target.value)}
        />
      )}
      <p className="fine" id={`${id}-hint`}>
        {t(`formats.${param.format}`)}
        {param.pattern !== null && <> · {t('params.fits', { pattern: param.pattern })}</>}
        {param.example !== null && <> · {t('params.like', { example: param.example })}</>}
      </p>
      {param.format === 'notify_url' && (
        <Button
          size="small"
          onClick={() =>
            onEnter(`${window.location.origin}/v1/hospitals/${hospitalId}/notices/${draft.name}`)
          }
        >
          {t('params.noticeHere')}
        </Button>
      )}
      <p className="field-problems" id={`${id}-problem`}>
        {param.problem?.code === 'missing' && value === '' && t('params.missing')}
        {param.problem?.code === 'wrong' && t(`formats.${param.format}`)}
      </p>
    </div>
  )
}
