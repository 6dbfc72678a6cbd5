import { given, oneOf, type Raw } from '../search/params.ts'

export const ITEM_STATUSES = ['waiting', 'decided', 'matched'] as const
export type ItemStatus = (typeof ITEM_STATUSES)[number]

/** `after`: the last code of the page before; `item`: the one that is being matched by hand. */
export type CatalogueSearch = { status?: ItemStatus; after?: string; item?: string }

const MOST_LETTERS = 150

export const readCatalogueSearch = (raw: Raw): CatalogueSearch =>
  given({
    status: oneOf(ITEM_STATUSES, raw['status']),
    after: codeOf(raw['after']),
    item: codeOf(raw['item']),
  })

/** A hospital's own code is whatever the hospital calls it. */
const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= MOST_LETTERS ? value : undefined
