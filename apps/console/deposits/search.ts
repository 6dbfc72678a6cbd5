import { flagOf, given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import { ACCOUNT_STATUSES, type Account } from './model.ts'

// What these pages keep in their URL. A person is never in it.

export type AccountsSearch = {
  status?: Account['status']
  low?: true
  stayNo?: string
  before?: string
}

export const readAccountsSearch = (raw: Raw): AccountsSearch =>
  given({
    status: oneOf(ACCOUNT_STATUSES, raw['status']),
    low: flagOf(raw['low']),
    stayNo: stayNoOf(raw['stayNo']),
    before: uuidOf(raw['before']),
  })

/** Where a list is: before or after a row; `afterDay` with `after` where rows are of an account and a day. */
export type PlaceSearch = { before?: string; after?: string; afterDay?: string }

export const readPlaceSearch = (raw: Raw): PlaceSearch =>
  given({
    before: uuidOf(raw['before']),
    after: uuidOf(raw['after']),
    afterDay: dayOf(raw['afterDay']),
  })

const MOST_STAY_LETTERS = 40

export function stayNoOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' || text.length > MOST_STAY_LETTERS ? undefined : text
}

const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined
