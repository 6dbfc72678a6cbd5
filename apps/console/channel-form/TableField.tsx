import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { Framed, type KnownFieldProps, RemoveButton } from './field-parts.tsx'
import { useForm } from './form-context.ts'
import { emptyOf, entryOf } from './form-schema.ts'
import { isObject } from './groups.ts'
import { useFieldWords, useFormWords } from './words.ts'

/** Names of the provider's, each with what it means. */
export function TableField({
  schema,
  path,
  isRequired,
  omit,
  value,
  problems,
  render: Inner,
}: KnownFieldProps) {
  const { change } = useForm()
  const entry = entryOf(schema) ?? {}
  const table = isObject(value) ? value : {}
  const names = Object.keys(table)
  const remove = (name: string) =>
    change(names.length === 1 && !isRequired ? path : [...path, name], undefined)
  return (
    <Framed
      path={path}
      problems={problems}
      action={<NewRow path={path} entry={entry} table={table} />}
    >
      <ul className="field-table">
        {names.map((name) => (
          <li key={name}>
            <Inner schema={entry} path={[...path, name]} isRequired omit={omit} />
            <RemoveButton what={name} onRemove={() => remove(name)} />
          </li>
        ))}
      </ul>
    </Framed>
  )
}

function NewRow({
  path,
  entry,
  table,
}: Pick<KnownFieldProps, 'path'> & {
  entry: Parameters<typeof emptyOf>[0]
  table: Readonly<Record<string, unknown>>
}) {
  const { t } = useFormWords()
  const { title } = useFieldWords()(path)
  const { change } = useForm()
  const [name, setName] = useState('')
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (name === '' || Object.hasOwn(table, name)) return
    if (Object.keys(table).length === 0) change(path, { [name]: emptyOf(entry) })
    else change([...path, name], emptyOf(entry))
    setName('')
  }
  return (
    <form className="field-new-row" onSubmit={add}>
      <input
        aria-label={`${title} ${t('form.key')}`}
        placeholder={t('form.key')}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
      />
      <Button size="small" htmlType="submit" disabled={name === '' || Object.hasOwn(table, name)}>
        {t('form.addRow')}
      </Button>
    </form>
  )
}
