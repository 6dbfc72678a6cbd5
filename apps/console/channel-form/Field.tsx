import type { FieldProps } from './field-parts.tsx'
import { useForm, useProblemsAt } from './form-context.ts'
import { entryOf } from './form-schema.ts'
import { valueAt } from './groups.ts'
import { ListField } from './ListField.tsx'
import { ObjectField } from './ObjectField.tsx'
import { Scalar } from './Scalar.tsx'
import { TableField } from './TableField.tsx'

/** One place of the descriptor, with whatever is below it. */
export function Field(props: FieldProps) {
  const { schema, path } = props
  const { value } = useForm()
  const known = valueAt(value, path)
  const problems = useProblemsAt(path)
  const shared = { ...props, value: known, problems, render: Field }
  if (schema.properties) return <ObjectField {...shared} />
  if (schema.type === 'array') return <ListField {...shared} />
  if (entryOf(schema)) return <TableField {...shared} />
  return <Scalar {...shared} />
}
