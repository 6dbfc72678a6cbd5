import { given, oneOf, type Raw } from '../search/params.ts'
import { BOOKS, type Book } from './model.ts'

// What these pages keep in their URL.

/** `line`: whose sources are shown; `after`: the last line of the page before. */
export type VoucherSearch = { book?: Book; line?: number; after?: number }

export const readVoucherSearch = (raw: Raw): VoucherSearch =>
  given({
    book: oneOf(BOOKS, raw['book']),
    line: countOf(raw['line']),
    after: countOf(raw['after']),
  })

/** `from`: the terms that new ones begin with; a standard layout by its name. */
export type NewTermsSearch = { from?: string }

export const readNewTermsSearch = (raw: Raw): NewTermsSearch =>
  given({
    from: typeof raw['from'] === 'string' && NAME.test(raw['from']) ? raw['from'] : undefined,
  })

const NAME = /^[0-9a-z][0-9a-z_-]{0,39}$/

const countOf = (value: unknown): number | undefined =>
  /^[1-9]\d{0,6}$/.test(String(value)) ? Number(value) : undefined
