/** The part of JSON Schema that the form of a descriptor is written in. */
export type FormSchema = {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  enum?: readonly (string | number)[]
  properties?: Readonly<Record<string, FormSchema>>
  required?: readonly string[]
  patternProperties?: Readonly<Record<string, FormSchema>>
  items?: FormSchema
  minItems?: number
  maxItems?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

export type Path = readonly (string | number)[]

/** RFC 6901. */
export const pointerOf = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The schema at a path; null where the form knows no such place. */
export function schemaAt(schema: FormSchema, path: Path): FormSchema | null {
  let at: FormSchema | undefined = schema
  for (const part of path) {
    if (at === undefined) return null
    at = typeof part === 'number' ? at.items : (at.properties?.[part] ?? entryOf(at))
  }
  return at ?? null
}

/** What the values of a table look like; null for what is no table. */
export const entryOf = (schema: FormSchema): FormSchema | undefined =>
  schema.patternProperties && Object.values(schema.patternProperties)[0]

/** What a list or table begins with when it is added, so that nothing but its fields is left to fill in. */
export function emptyOf(schema: FormSchema): unknown {
  if (schema.enum) return schema.enum[0]
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).flatMap((name) => {
          const inner = schema.properties?.[name]
          return inner === undefined ? [] : [[name, emptyOf(inner)]]
        }),
      )
    case 'array':
      return (schema.minItems ?? 0) > 0 && schema.items ? [emptyOf(schema.items)] : []
    case 'boolean':
      return false
    case 'integer':
      return schema.minimum ?? 0
    case 'string':
    case undefined:
      break
  }
  return ''
}

/** Reads as a whole number what looks like one. Anything else is kept as it was typed, and shown to be wrong. */
export const readInteger = (text: string): number | string =>
  /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text
