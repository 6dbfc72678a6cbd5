import { Button, Skeleton } from 'antd'
import { useMemo, useState } from 'react'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { Field } from './Field.tsx'
import { type DescriptorProblem, FormContext, problemsByPointer } from './form-context.ts'
import { type FormSchema, pointerOf, schemaAt } from './form-schema.ts'
import { GROUPS, type GroupName, groupOf, isRequired, partsOf } from './groups.ts'
import { ProblemList } from './ProblemList.tsx'
import { useCheckedText } from './use-checked-text.ts'
import { type Draft, useDraftActions } from './use-draft.ts'
import { useFormWords } from './words.ts'
import { readYaml, withValue } from './yaml-edit.ts'

type View = 'form' | 'text'

export type FormTabProps = {
  draft: Draft
  edited: Edited | null
  onEdit: (edited: Edited | null) => void
}

/** What was typed and not saved, and the version of the draft that it was typed over. */
export type Edited = { text: string; from: number }

/** The descriptor as a form and as text, two views of the same; what is wrong stands beside its field. */
export function FormTab({ draft, edited, onEdit }: FormTabProps) {
  const { t } = useFormWords()
  const [view, setView] = useState<View>('form')
  const [group, setGroup] = useState<GroupName>('basic')
  const text = edited?.text ?? draft.descriptor
  const checked = useCheckedText(text)
  const read = useMemo(() => readYaml(text), [text])
  const value = read.isReadable ? read.value : undefined
  const edit = (next: string) => onEdit({ text: next, from: edited?.from ?? draft.version })
  const show = (problem: DescriptorProblem) => {
    setView('form')
    setGroup(groupOf(problem.pointer, value))
    focusSoon(`field${problem.pointer}`)
  }
  return (
    <div className="descriptor">
      <div className="descriptor-head">
        <div className="choices" role="group" aria-label={t('form.view')}>
          {(['form', 'text'] as const).map((name) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={view === name}
              onClick={() => setView(name)}
            >
              {t(name === 'form' ? 'form.asForm' : 'form.asText')}
            </button>
          ))}
        </div>
        <Save draft={draft} edited={edited} onEdit={onEdit} />
      </div>
      {checked.error !== null && <Fault error={checked.error} />}
      <ProblemList {...checked} onShow={read.isReadable ? show : undefined} />
      {view === 'text' && (
        <textarea
          className="code-text descriptor-text"
          aria-label={t('form.text')}
          spellCheck={false}
          value={text}
          onChange={(event) => edit(event.target.value)}
        />
      )}
      {view === 'form' && !read.isReadable && <p className="fault">{t('form.unreadable')}</p>}
      {view === 'form' && read.isReadable && (
        <FormContext
          value={{
            value,
            problems: problemsByPointer(checked.problems),
            change: (path, next) => edit(withValue(text, path, next)),
          }}
        >
          <GroupedForm
            group={group}
            onGroup={setGroup}
            {...{ value }}
            problems={checked.problems}
          />
        </FormContext>
      )}
    </div>
  )
}

/** Once the group that holds it is drawn; the whole group's beginning for what has no field. */
function focusSoon(id: string): void {
  requestAnimationFrame(() => {
    const field = document.getElementById(id)
    field?.focus()
    field?.scrollIntoView({ block: 'center' })
  })
}

function GroupedForm({
  group,
  onGroup,
  value,
  problems,
}: {
  group: GroupName
  onGroup: (group: GroupName) => void
  value: unknown
  problems: readonly DescriptorProblem[]
}) {
  const { t } = useFormWords()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/channel-descriptor-schema',
    {},
    { staleTime: Number.POSITIVE_INFINITY },
  )
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 8 }} />
  const schema = data as FormSchema
  const counts = new Map<GroupName, number>()
  for (const { pointer } of problems) {
    const of = groupOf(pointer, value)
    counts.set(of, (counts.get(of) ?? 0) + 1)
  }
  return (
    <div className="descriptor-form">
      <nav className="group-nav" aria-label={t('form.groups')}>
        {GROUPS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === group ? 'true' : undefined}
            onClick={() => onGroup(name)}
          >
            {t(`groups.${name}`)}
            {counts.has(name) && (
              <span className="group-count">
                {counts.get(name)}
                <span className="visually-hidden">
                  {t('form.problems', { count: counts.get(name) ?? 0 })}
                </span>
              </span>
            )}
          </button>
        ))}
      </nav>
      <section className="card group" aria-labelledby="group-title">
        <h2 id="group-title">{t(`groups.${group}`)}</h2>
        <Parts group={group} schema={schema} value={value} />
      </section>
    </div>
  )
}

function Parts({ group, schema, value }: { group: GroupName; schema: FormSchema; value: unknown }) {
  const parts = partsOf(group, value)
  return (
    <div className="df-grid">
      {parts.map(({ path, omit }) => {
        const at = schemaAt(schema, path)
        if (at === null) return null
        const needed = isRequired(schemaAt(schema, path.slice(0, -1)), path.at(-1) ?? '')
        const isNested = path.length > 1 && (group === 'states' || group === 'errors')
        return (
          <div key={pointerOf(path)} className="part">
            {isNested && <code className="part-path">{path.slice(0, -2).join(' › ')}</code>}
            <Field schema={at} path={path} isRequired={needed} omit={omit} />
          </div>
        )
      })}
    </div>
  )
}

function Save({ draft, edited, onEdit }: FormTabProps) {
  const { t } = useFormWords()
  const { save, params } = useDraftActions(draft.id)
  const isUnsaved = edited !== null && edited.text !== draft.descriptor
  const keep = async () => {
    if (edited === null) return
    const body = { from: edited.from, descriptor: edited.text }
    try {
      await save.mutateAsync({ ...params, body })
      onEdit(null)
      announce(t('form.saved'))
    } catch {
      // Said below; what was typed stays.
    }
  }
  return (
    <div className="descriptor-save">
      {save.error !== null && <Fault error={save.error} />}
      <span className="fine">{isUnsaved ? t('form.unsaved') : t('form.saved')}</span>
      {isUnsaved && (
        <Button
          type="text"
          onClick={() => {
            save.reset()
            onEdit(null)
          }}
        >
          {t('form.discard')}
        </Button>
      )}
      <Button
        type="primary"
        disabled={!isUnsaved}
        loading={save.isPending}
        onClick={() => void keep()}
      >
        {t('form.save')}
      </Button>
    </div>
  )
}
