import { fhirErrors } from '../errors.ts'

// What an operation is given: a Parameters resource in the body, or parameters of the URL.

export type Given = {
  /** Simple values, as a URL would have them; a reference by its text or its number. */
  pairs: readonly (readonly [string, string])[]
  resources: ReadonlyMap<string, Fields>
}

export type Fields = { readonly [name: string]: unknown }

const MOST_PARAMETERS = 50

/** Errors: throws fhir.body_wrong. */
export function readParameters(body: unknown): Given {
  if (!isFields(body) || body['resourceType'] !== 'Parameters') throw wrong('Parameters')
  const parameters = body['parameter'] ?? []
  if (!Array.isArray(parameters) || parameters.length > MOST_PARAMETERS) throw wrong('parameter')
  const pairs: [string, string][] = []
  const resources = new Map<string, Fields>()
  for (const parameter of parameters as unknown[]) {
    if (!isFields(parameter) || typeof parameter['name'] !== 'string') throw wrong('name')
    const { name, resource } = parameter
    if (isFields(resource)) resources.set(name as string, resource)
    else pairs.push([name as string, valueOf(parameter)])
  }
  return { pairs, resources }
}

function valueOf(parameter: Fields): string {
  const [field, ...others] = Object.keys(parameter).filter((name) => name.startsWith('value'))
  if (field === undefined || others.length > 0) throw wrong('value')
  const value = parameter[field]
  if (field === 'valueReference' && isFields(value)) return referenceText(value)
  if ((field === 'valueCoding' || field === 'valueIdentifier') && isFields(value)) {
    const code = value['code'] ?? value['value']
    return `${textIn(value, 'system') ?? ''}|${typeof code === 'string' ? code : ''}`
  }
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw wrong(field.slice(0, 60))
}

function referenceText(value: Fields): string {
  const reference = textIn(value, 'reference')
  if (reference !== undefined) return reference
  const identifier = value['identifier']
  if (!isFields(identifier)) throw wrong('valueReference')
  return `${textIn(identifier, 'system') ?? ''}|${textIn(identifier, 'value') ?? ''}`
}

export const textIn = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

export const fieldsIn = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : []

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const wrong = (field: string) => fhirErrors.body_wrong({ field })

/** The last value by that name. Errors: throws fhir.parameter_missing. */
export function needed({ pairs }: Pick<Given, 'pairs'>, name: string): string {
  const value = pairs.findLast(([one]) => one === name)?.[1]
  if (value === undefined || value === '') throw fhirErrors.parameter_missing({ parameter: name })
  return value
}
