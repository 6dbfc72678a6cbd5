import Type, { type TProperties, type TSchema } from 'typebox'

import { CONTENT_TYPES } from './formats.ts'

// The pieces the schema of a descriptor is put together from.

/** Strict: what is not named is a mistake, most often of typing, and is told. */
export const object = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

export const optional = <Schema extends TSchema>(schema: Schema) => Type.Optional(schema)

export const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

export const Title = object({ zh: text(200), en: text(200) })

/** A name for templates and expressions. */
export const Name = Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$' })

/** JSONata. */
export const Expression = text(8_192)

/** Where a value stands: a header, a field by its JSON pointer, or a parameter. */
export const Source = Type.String({
  pattern: '^(header:[a-z0-9-]{1,64}|field:/.{1,200}|parameter:[a-zA-Z][a-zA-Z0-9_]{0,39})$',
})

export const Content = Type.Enum(CONTENT_TYPES)

export const TextMap = (maxLength: number) => Type.Record(Type.String(), text(maxLength))
