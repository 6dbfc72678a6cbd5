import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { PARTS, type PartKind } from '../../web/tenders.ts'
import {
  CASE_AGES,
  type CaseAge,
  CASE_CLASSES,
  CASE_VIEWS,
  type CaseClass,
  type CaseView,
  DAY_VIEWS,
  type DayView,
  DIFFERENCE_CLASSES,
  DIFFERENCE_STATUSES,
  type DifferenceClass,
  type DifferenceStatus,
  MOVE_KINDS,
  type MoveKind,
  PAYMENT_STATUSES,
  type PaymentStatus,
  REFUND_CAUSES,
  REFUND_STATUSES,
  type RefundCause,
  type RefundStatus,
} from './choices.ts'

// What each page keeps in its URL. Anything a person may have typed there wrongly is left out, never a fault.

/** Of every page: the business date at the top. None is today. */
export type OfficeSearch = { date?: BusinessDate }

export const readOfficeSearch = (raw: Raw): OfficeSearch => given({ date: dateOf(raw['date']) })

export type SignInSearch = { to?: string }

/** Only a path of our own: a link must not lead somebody elsewhere through our sign-in. */
export const readSignInSearch = (raw: Raw): SignInSearch =>
  given({ to: /^\/(?![/\\])/.test(textOf(raw['to']) ?? '') ? textOf(raw['to']) : undefined })

/** `by`: which day of a payment is compared with the business date; none for any day. */
export type PaymentsSearch = {
  by?: 'created' | 'paid'
  status?: PaymentStatus[]
  billNo?: string
  attention?: true
  inTransit?: true
  before?: string
}

export function readPaymentsSearch(raw: Raw): PaymentsSearch {
  const statuses = listOf(raw['status']).filter((s) => oneOf(PAYMENT_STATUSES, s))
  return given({
    by: oneOf(['created', 'paid'] as const, raw['by']),
    status: statuses.length > 0 ? (statuses as PaymentStatus[]) : undefined,
    billNo: textOf(raw['billNo'], MOST_BILL_NO_LETTERS),
    attention: flagOf(raw['attention']),
    inTransit: flagOf(raw['inTransit']),
    before: uuidOf(raw['before']),
  })
}

/** `by`: which day of a refund is compared with the business date. `ofIncome`: only of payments that succeeded. */
export type RefundsSearch = {
  by?: 'created' | 'returned'
  status?: RefundStatus[]
  cause?: RefundCause[]
  attention?: true
  ofIncome?: true
  before?: string
}

export function readRefundsSearch(raw: Raw): RefundsSearch {
  const statuses = listOf(raw['status']).filter((s) => oneOf(REFUND_STATUSES, s))
  const causes = listOf(raw['cause']).filter((c) => oneOf(REFUND_CAUSES, c))
  return given({
    by: oneOf(['created', 'returned'] as const, raw['by']),
    status: statuses.length > 0 ? (statuses as RefundStatus[]) : undefined,
    cause: causes.length > 0 ? (causes as RefundCause[]) : undefined,
    attention: flagOf(raw['attention']),
    ofIncome: flagOf(raw['ofIncome']),
    before: uuidOf(raw['before']),
  })
}

/** `after`: our number and the part of the last row of the page before. */
export type MovesSearch = {
  kind?: MoveKind
  provider?: string
  part?: PartKind
  after?: string
}

export const readMovesSearch = (raw: Raw): MovesSearch =>
  given({
    kind: oneOf(MOVE_KINDS, raw['kind']),
    provider: textOf(raw['provider'], MOST_PROVIDER_LETTERS),
    part: oneOf(PARTS, raw['part']),
    after: textOf(raw['after'], MOST_CURSOR_LETTERS),
  })

/** `after`: the id of a difference, or the number of a line, that ends the page before. */
export type ReconciledDaySearch = {
  view?: DayView
  source?: string
  kind?: MoveKind
  class?: DifferenceClass
  status?: DifferenceStatus
  present?: true
  version?: number
  after?: string
}

export const readReconciledDaySearch = (raw: Raw): ReconciledDaySearch =>
  given({
    view: oneOf(DAY_VIEWS, raw['view']),
    source: textOf(raw['source'], MOST_PROVIDER_LETTERS),
    kind: oneOf(MOVE_KINDS, raw['kind']),
    class: oneOf(DIFFERENCE_CLASSES, raw['class']),
    status: oneOf(DIFFERENCE_STATUSES, raw['status']),
    present: flagOf(raw['present']),
    version: countOf(raw['version']),
    after: textOf(raw['after'], MOST_CURSOR_LETTERS),
  })

export type CasesSearch = { status?: CaseView; class?: CaseClass; age?: CaseAge; before?: string }

export const readCasesSearch = (raw: Raw): CasesSearch =>
  given({
    status: oneOf(CASE_VIEWS, raw['status']),
    class: oneOf(CASE_CLASSES, raw['class']),
    age: oneOf(CASE_AGES, raw['age']),
    before: uuidOf(raw['before']),
  })

/** The same view from its first page on. */
export function dropCursors<T extends Raw>(search: T): Omit<T, 'before' | 'after'> {
  const { before: _before, after: _after, ...rest } = search
  return rest
}

const MOST_BILL_NO_LETTERS = 30
const MOST_PROVIDER_LETTERS = 30
const MOST_CURSOR_LETTERS = 80

export type Raw = Record<string, unknown>

/** Leaves out what is undefined, as an optional property of ours is there or is not. */
export function given<T extends Record<string, unknown>>(search: T): Given<T> {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined)
  return Object.fromEntries(pairs) as Given<T>
}

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

const dateOf = (value: unknown): BusinessDate | undefined =>
  typeof value === 'string' && isBusinessDate(value) ? value : undefined

function textOf(value: unknown, mostLetters = 500): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim().slice(0, mostLetters)
  return text === '' ? undefined : text
}

export const flagOf = (value: unknown): true | undefined =>
  value === true || value === 'true' ? true : undefined

/** A whole number above zero, of at most nine digits. */
const countOf = (value: unknown): number | undefined =>
  /^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : undefined

/** From the URL a list is one text with commas; from our own links it is a list already. */
const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []).filter(
    (item): item is string => typeof item === 'string' && item !== '',
  )

export const oneOf = <const T extends string>(
  choices: readonly T[],
  value: unknown,
): T | undefined => choices.find((choice) => choice === value)

export const uuidOf = (value: unknown): string | undefined =>
  typeof value === 'string' && UUID.test(value) ? value : undefined

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
