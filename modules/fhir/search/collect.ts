import type { Resource } from '../elements.ts'
import { fits } from './fits.ts'
import type { Parameter } from './parameter.ts'
import type { SearchQuery } from './query.ts'

/** A resource with the place it stands at in its source: the next page begins after it. */
export type Placed = {
  resource: Resource
  cursor: string
  /** It is not there for who asks: only its place is. */
  isHidden?: boolean
}

/** Some of what a source has after a place, in its order; fewer than asked for only at its end. */
export type PageOf = (after: string | null, limit: number) => Promise<readonly Placed[]>

/** Looked at for one page: where so few fit, the page is short, and its link goes on. */
const MOST_LOOKED_AT = 1_000
const LEAST_AT_ONCE = 20

/** Goes through a source until a page is full, the source is at its end, or a thousand were looked at. */
export async function collect(
  parameters: readonly Parameter[],
  query: SearchQuery,
  pageOf: PageOf,
): Promise<{ found: Resource[]; next: string | null }> {
  const found: Resource[] = []
  let after = query.cursor
  // One more than the page takes, so that a full one that is the last is known for it.
  const atOnce = Math.max(query.count + 1, LEAST_AT_ONCE)
  for (let looked = 0; looked < MOST_LOOKED_AT;) {
    const page = await pageOf(after, atOnce)
    for (const [place, { resource, cursor, isHidden }] of page.entries()) {
      after = cursor
      if (!isHidden && fits(parameters, resource, query)) found.push(resource)
      const isLast = place === page.length - 1 && page.length < atOnce
      if (found.length === query.count) return { found, next: isLast ? null : after }
    }
    if (page.length < atOnce) return { found, next: null }
    looked += page.length
  }
  return { found, next: after }
}
