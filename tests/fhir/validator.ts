import { readFileSync } from 'node:fs'

import library from 'fhir'

import { isFhirId } from '../../modules/fhir/ids.ts'

// FHIR R4 by somebody else's reading: the library has HL7's own definitions in it. What it does not look at is here:
// ids, references to what is contained, arrays with nothing in them, and the constraints that the façade's types touch.

const fhir = new library.Fhir()

/** What is wrong with a resource and with all that is in it; empty for one that is right. */
export function problemsOf(resource: object): string[] {
  const { messages } = fhir.validate(withoutUnderscores(resource), { errorOnUnexpected: true })
  const told = messages
    .filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ location, message }) => `${location ?? ''}: ${message ?? ''}`)
  return [...told, ...ownProblems(resource, resourceTypeOf(resource))]
}

/** The library takes no siblings of primitives, as _value is: each must have an extension, and is then left out. */
function withoutUnderscores(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (name: string, inner: unknown) =>
      name.startsWith('_') && hasExtension(inner) ? undefined : inner,
    ),
  ) as object
}

const hasExtension = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'extension'))

function ownProblems(value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const inner = value.flatMap((one, i) => ownProblems(one, `${path}[${i}]`))
    return value.length === 0 ? [`${path}: an array with nothing in it`] : inner
  }
  if (typeof value === 'string') return value === '' ? [`${path}: an empty text`] : []
  if (value === null) return [`${path}: null`]
  if (typeof value !== 'object') return []
  const fields = Object.entries(value)
  if (fields.length === 0) return [`${path}: nothing in it`]
  const { id, resourceType } = value as { id?: string; resourceType?: string }
  const isWrongId = resourceType !== undefined && id !== undefined && !isFhirId(id)
  return [
    ...(isWrongId ? [`${path}.id: ${id} is no id`] : []),
    ...constraintsOf(value as Fields, path),
    ...fields.flatMap(([name, inner]) => ownProblems(inner, `${path}.${name}`)),
  ]
}

type Fields = { [name: string]: unknown }

/** The invariants of R4 that can be broken by what the façade writes, by their numbers there. */
function constraintsOf(resource: Fields, path: string): string[] {
  const has = (name: string) => resource[name] !== undefined
  const rules: Record<string, [string, boolean][]> = {
    Appointment: [
      ['app-2', has('start') === has('end')],
      [
        'app-3',
        (has('start') && has('end')) || isIn(resource['status'], ['proposed', 'cancelled']),
      ],
      ['app-4', !has('cancelationReason') || isIn(resource['status'], ['cancelled', 'noshow'])],
    ],
    Consent: [['ppc-1', has('policy') || has('policyRule')]],
    Bundle: [['bdl-1', !has('total') || isIn(resource['type'], ['searchset', 'history'])]],
    DiagnosticReport: [['dom-3', containedIsReferred(resource)]],
  }
  return (rules[String(resource['resourceType'])] ?? []).flatMap(([rule, holds]) =>
    holds ? [] : [`${path}: breaks ${rule}`],
  )
}

const isIn = (value: unknown, values: readonly string[]) => values.includes(String(value))

const containedIsReferred = ({ contained, ...rest }: Fields): boolean => {
  const text = JSON.stringify(rest)
  return ((contained ?? []) as { id: string }[]).every(({ id }) => text.includes(`"#${id}"`))
}

const resourceTypeOf = (resource: object): string => String(Reflect.get(resource, 'resourceType'))

/** The resources in the JSON examples of a page. */
export const examplesIn = (path: string): object[] =>
  [...readFileSync(path, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, text = '']) => {
    const value = JSON.parse(text) as object
    return 'resourceType' in value ? [value] : []
  })
