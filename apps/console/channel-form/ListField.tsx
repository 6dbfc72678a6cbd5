import { AddButton, Framed, type KnownFieldProps, RemoveButton } from './field-parts.tsx'
import { useForm } from './form-context.ts'
import { emptyOf } from './form-schema.ts'
import { useFieldWords, useFormWords } from './words.ts'

/** Entries in an order that counts, each by the same schema. */
export function ListField({
  schema,
  path,
  isRequired,
  omit,
  value,
  problems,
  render: Inner,
}: KnownFieldProps) {
  const { t } = useFormWords()
  const { change } = useForm()
  const { title } = useFieldWords()(path)
  const items = schema.items ?? {}
  const list = Array.isArray(value) ? (value as unknown[]) : []
  const isFull = list.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY)
  const removeAt = (i: number) => {
    const isLast = list.length === 1 && !isRequired
    change(isLast ? path : [...path, i], undefined)
  }
  const add = () =>
    list.length === 0
      ? change(path, [emptyOf(items)])
      : change([...path, list.length], emptyOf(items))
  return (
    <Framed
      path={path}
      problems={problems}
      action={isFull ? undefined : <AddButton what={title} onAdd={add} />}
    >
      <ol className="field-list">
        {list.map((_, i) => (
          // Its place is what an entry is known by, in the text as in its problems.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={i}>
            <div className="field-entry">
              <Inner schema={items} path={[...path, i]} isRequired omit={omit} />
            </div>
            <RemoveButton what={t('form.row', { no: i + 1 })} onRemove={() => removeAt(i)} />
          </li>
        ))}
      </ol>
    </Framed>
  )
}
