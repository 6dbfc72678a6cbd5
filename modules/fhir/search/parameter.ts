import type { Concept, Coding, Reference, Resource } from '../elements.ts'
import type { Instants } from './dates.ts'

/** What a resource has for a parameter: compared with what was asked for, whoever found the resource. */
export type Values =
  | { type: 'token'; of: readonly { system?: string; code: string }[] }
  | { type: 'date'; of: readonly Instants[] }
  | { type: 'reference'; of: readonly Reference[] }

/**
 * A search parameter of a type. `values` reads them off the resource, so that what is listed always fits what was
 * asked for. Without it, the number that is asked for stands in no resource, and the reader of the type looks for it.
 */
export type Parameter<R extends Resource = Resource> = {
  readonly name: string
  readonly type: Values['type']
  readonly documentation: string
  readonly values: ((resource: R) => Values) | null
  /** It may name a person, and is taken in the body of a POST alone. */
  readonly isSecret?: true
  /** Without it there is no search of the type, unless by _id. */
  readonly isNeeded?: true
}

type Token = Coding | Concept | string | boolean | undefined

export const token = <R extends Resource>(
  name: string,
  documentation: string,
  of: (resource: R) => readonly Token[],
): Parameter<R> => ({
  name,
  type: 'token',
  documentation,
  values: (resource) => ({ type: 'token', of: of(resource).flatMap(tokensOf) }),
})

export const date = <R extends Resource>(
  name: string,
  documentation: string,
  of: (resource: R) => readonly Instants[],
): Parameter<R> => ({
  name,
  type: 'date',
  documentation,
  values: (resource) => ({ type: 'date', of: of(resource) }),
})

export const reference = <R extends Resource>(
  name: string,
  documentation: string,
  of: (resource: R) => readonly (Reference | undefined)[],
): Parameter<R> => ({
  name,
  type: 'reference',
  documentation,
  values: (resource) => ({
    type: 'reference',
    of: of(resource).flatMap((one) => one ?? []),
  }),
})

function tokensOf(value: Token): { system?: string; code: string }[] {
  if (value === undefined) return []
  if (typeof value !== 'object') return [{ code: String(value) }]
  if ('code' in value) return [value]
  return value.coding ?? []
}
