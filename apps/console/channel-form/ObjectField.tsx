import { AddButton, Framed, type KnownFieldProps, Problems, RemoveButton } from './field-parts.tsx'
import { type DescriptorProblem, useForm } from './form-context.ts'
import { emptyOf, pointerOf } from './form-schema.ts'
import { isObject, isRequired as isNeeded } from './groups.ts'
import { useFieldWords } from './words.ts'

/** Named fields, each by its own schema. What is optional and not there is a button that adds it. */
export function ObjectField({
  schema,
  path,
  isRequired,
  omit,
  value,
  problems,
  render: Inner,
}: KnownFieldProps) {
  const { change } = useForm()
  const { title } = useFieldWords()(path)
  const strange = useStrangeProblems(path, schema.properties ?? {})
  const isThere = value !== undefined
  if (!isThere && !isRequired) {
    return (
      <div className="field-absent">
        <AddButton what={title} onAdd={() => change(path, emptyOf(schema))} />
        <Problems path={path} problems={problems} />
      </div>
    )
  }
  const names = Object.keys(schema.properties ?? {}).filter((name) => !omit.includes(name))
  return (
    <Framed
      path={path}
      problems={[...problems, ...strange]}
      action={
        isRequired ? undefined : (
          <RemoveButton what={title} onRemove={() => change(path, undefined)} />
        )
      }
    >
      <div className="df-grid">
        {names.map((name) => {
          const inner = schema.properties?.[name]
          if (inner === undefined) return null
          const at = [...path, name]
          return (
            <Inner
              key={name}
              schema={inner}
              path={at}
              isRequired={isNeeded(schema, name)}
              omit={omit}
            />
          )
        })}
      </div>
    </Framed>
  )
}

/** Problems of fields that the form does not know, so that nothing shows them but this. */
function useStrangeProblems(
  path: KnownFieldProps['path'],
  properties: object,
): readonly DescriptorProblem[] {
  const { problems, value } = useForm()
  if (!isObject(value)) return []
  const at = pointerOf(path)
  return [...problems].flatMap(([pointer, found]) => {
    const [name, ...deeper] = pointer.startsWith(`${at}/`)
      ? pointer.slice(at.length + 1).split('/')
      : []
    return name !== undefined && deeper.length === 0 && !Object.hasOwn(properties, name)
      ? found
      : []
  })
}
