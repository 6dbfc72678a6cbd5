import { expect, it } from 'vitest'

import { DescriptorSchema } from '../../../adapters/channels/declarative/index.ts'
import en from '../../web/locales/en/channel-form.json'
import zh from '../../web/locales/zh-CN/channel-form.json'
import { type FormSchema, schemaAt } from './form-schema.ts'
import { groupOf, GROUPS, partsOf } from './groups.ts'

const SCHEMA = JSON.parse(JSON.stringify(DescriptorSchema)) as FormSchema

const keysOf = (words: object, before = ''): string[] =>
  Object.entries(words).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null
      ? keysOf(inner, `${before}${name}.`)
      : [`${before}${name}`],
  )

const namesOf = (schema: FormSchema): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [name, ...namesOf(inner)]),
  ...(schema.items ? namesOf(schema.items) : []),
]

it('the form has the same words in both languages', () => {
  expect(keysOf(en).toSorted()).toEqual(keysOf(zh).toSorted())
})

it('every field of a descriptor has a name in plain words', () => {
  const known = new Set(Object.keys(zh.fields).map((key) => key.split('_').at(-1)))
  const nameless = [...new Set(namesOf(SCHEMA))].filter(
    (name) => !known.has(name) && !Object.hasOwn(zh.fields, name),
  )
  expect(nameless).toEqual([])
})

it('every part of the form is one of the schema, and every problem is shown with its part', () => {
  const descriptor = { charge: { qr_code: {} }, release: { whenAbsent: {} } }
  for (const group of GROUPS) {
    for (const { path } of partsOf(group, descriptor)) expect(schemaAt(SCHEMA, path)).not.toBeNull()
  }
  expect(groupOf('/answers/verify/signature', descriptor)).toBe('sign')
  expect(groupOf('/charge/qr_code/answer/states/PAID', descriptor)).toBe('states')
  expect(groupOf('/charge/qr_code/answer/errors/0/means', descriptor)).toBe('errors')
  expect(groupOf('/charge/qr_code/answer/read', descriptor)).toBe('mapping')
  expect(groupOf('/wire/sign/key', descriptor)).toBe('sign')
  expect(groupOf('/wire/strange', descriptor)).toBe('hosts')
  expect(groupOf('', descriptor)).toBe('basic')
})
