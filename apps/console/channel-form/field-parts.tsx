import { Button } from 'antd'
import type { ComponentType, ReactNode } from 'react'

import { type DescriptorProblem, fieldId } from './form-context.ts'
import type { FormSchema, Path } from './form-schema.ts'
import { useBilingual, useFieldWords, useFormWords } from './words.ts'

export type FieldProps = {
  schema: FormSchema
  path: Path
  isRequired: boolean
  /** Names of fields that belong to another group. */
  omit: readonly string[]
}

/** `render`: what draws the fields within. Handed down, as a field may hold any other. */
export type KnownFieldProps = FieldProps & {
  value: unknown
  problems: readonly DescriptorProblem[]
  render: ComponentType<FieldProps>
}

export const problemsId = (path: Path) => `${fieldId(path)}-problems`
export const hintId = (path: Path) => `${fieldId(path)}-hint`

/** What is wrong here, in the language of the page. Said to screen readers as it appears. */
export function Problems({
  path,
  problems,
}: {
  path: Path
  problems: readonly DescriptorProblem[]
}) {
  const say = useBilingual()
  return (
    <ul className="field-problems" id={problemsId(path)} aria-live="polite">
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.en}`}>{say(problem)}</li>
      ))}
    </ul>
  )
}

/** A part that has parts of its own, under a heading. */
export function Framed({
  path,
  problems,
  action,
  children,
}: {
  path: Path
  problems: readonly DescriptorProblem[]
  action?: ReactNode
  children: ReactNode
}) {
  const { t } = useFormWords()
  const { title, hint } = useFieldWords()(path)
  const last = path.at(-1)
  return (
    <fieldset className="field-frame" id={fieldId(path)} tabIndex={-1}>
      <legend>
        {typeof last === 'number' ? (
          t('form.entry', { what: title, no: last + 1 })
        ) : (
          <>
            {title} <code>{last}</code>
          </>
        )}
      </legend>
      {hint !== null && typeof last !== 'number' && <p className="fine">{hint}</p>}
      <Problems path={path} problems={problems} />
      {children}
      {action}
    </fieldset>
  )
}

export function AddButton({ what, onAdd }: { what: string; onAdd: () => void }) {
  const { t } = useFormWords()
  return (
    <Button size="small" onClick={onAdd}>
      {t('form.add', { what })}
    </Button>
  )
}

export function RemoveButton({ what, onRemove }: { what: string; onRemove: () => void }) {
  const { t } = useFormWords()
  return (
    <Button size="small" type="text" onClick={onRemove}>
      {t('form.removeOne', { what })}
    </Button>
  )
}
