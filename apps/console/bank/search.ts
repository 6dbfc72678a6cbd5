import { given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import {
  APPLICATION_STATUSES,
  type Bucket,
  BUCKETS,
  LINE_STATUSES,
  LOAN_STATUSES,
  type LenderApplication,
  type LenderLine,
  type LenderLoan,
  REVIEW_VIEWS,
} from './model.ts'

// What the bank's pages keep in their URL. There is nothing to look for by but accounts, states and days.

export type LoansSearch = {
  status?: LenderLoan['status']
  bucket?: Bucket
  account?: string
  proposed?: true
  before?: string
}

export const readLoansSearch = (raw: Raw): LoansSearch =>
  given({
    status: oneOf(LOAN_STATUSES, raw['status']),
    bucket: oneOf(BUCKETS, raw['bucket']),
    account: accountOf(raw['account']),
    proposed: raw['proposed'] === true || raw['proposed'] === 'true' ? (true as const) : undefined,
    before: uuidOf(raw['before']),
  })

export type LinesSearch = { status?: LenderLine['status']; account?: string; before?: string }

export const readLinesSearch = (raw: Raw): LinesSearch =>
  given({
    status: oneOf(LINE_STATUSES, raw['status']),
    account: accountOf(raw['account']),
    before: uuidOf(raw['before']),
  })

export type ReviewsSearch = {
  view?: (typeof REVIEW_VIEWS)[number]
  status?: LenderApplication['status']
  after?: string
}

export const readReviewsSearch = (raw: Raw): ReviewsSearch =>
  given({
    view: oneOf(REVIEW_VIEWS, raw['view']),
    status: oneOf(APPLICATION_STATUSES, raw['status']),
    after: uuidOf(raw['after']),
  })

export type CollectionsSearch = { after?: string }

export const readCollectionsSearch = (raw: Raw): CollectionsSearch =>
  given({ after: numberOf(raw['after']) })

/** `day`: the one whose course is open. */
export type DaysSearch = { day?: string; before?: string }

export const readDaysSearch = (raw: Raw): DaysSearch =>
  given({ day: dayOf(raw['day']), before: dayOf(raw['before']) })

const LEAST_ACCOUNT_LETTERS = 4
const MOST_ACCOUNT_LETTERS = 64

export function accountOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return text.length >= LEAST_ACCOUNT_LETTERS && text.length <= MOST_ACCOUNT_LETTERS
    ? text
    : undefined
}

const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined

const numberOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9A-Z]{30}$/.test(value) ? value : undefined
