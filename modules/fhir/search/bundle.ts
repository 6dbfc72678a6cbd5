import type { Resource } from '../elements.ts'
import type { Json } from '../json.ts'
import { operationOutcome } from '../outcome.ts'
import type { SearchQuery } from './query.ts'

export type Found = {
  resource: Resource
  search?: { [name: string]: Json }
}

/**
 * Pure: a page of what was found. `url` is the type's own. `total` stands where all there is was looked at; a list
 * that goes on is not counted.
 */
export function searchBundle(
  base: string,
  path: string,
  query: Pick<SearchQuery, 'used' | 'ignored'>,
  { found, next, total, notes = [] }: Page,
) {
  const { used, ignored } = query
  const words = [
    ...(ignored.length === 0 ? [] : [`not used: ${ignored.join(', ').slice(0, 300)}`]),
    ...notes,
  ]
  return {
    resourceType: 'Bundle' as const,
    type: 'searchset',
    ...(total === null ? {} : { total }),
    link: [
      { relation: 'self', url: urlOf(base, path, used) },
      ...(next === null
        ? []
        : [{ relation: 'next', url: urlOf(base, path, [...used, ['_cursor', next]]) }]),
    ],
    ...entriesOf(base, found, words),
  }
}

type Page = {
  found: readonly Found[]
  next: string | null
  total: number | null
  /** For the caller beside what was found. */
  notes?: readonly string[]
}

/** An array that has nothing in it is not written: FHIR knows none. */
function entriesOf(base: string, found: readonly Found[], words: readonly string[]) {
  const matches = found.map(({ resource, search }) => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id ?? ''}`,
    resource,
    search: { mode: 'match', ...search },
  }))
  const notes = words.map((diagnostics) => ({
    resource: operationOutcome({ severity: 'warning', code: 'incomplete', diagnostics }),
    search: { mode: 'outcome' },
  }))
  const entry: Json[] = [...matches, ...notes]
  return entry.length === 0 ? {} : { entry }
}

function urlOf(
  base: string,
  path: string,
  parameters: readonly (readonly [string, string])[],
): string {
  const text = String(
    new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])),
  )
  return `${base}/${path}${text === '' ? '' : `?${text}`}`
}
