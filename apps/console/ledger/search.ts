import { type BusinessDate, isBusinessDate } from '../../../kernel/time.ts'
import { given, oneOf, type Raw } from '../search/params.ts'
import { type Kind, KINDS } from './model.ts'

// What these pages keep in their URL.

/** `time`: of the business date at the top, '09:30'; without it the end of the date, and of today now. */
export type ChartSearch = { kind?: Kind; q?: string; time?: string; after?: string }

export const readChartSearch = (raw: Raw): ChartSearch =>
  given({
    kind: oneOf(KINDS, raw['kind']),
    q: textOf(raw['q'], MOST_SEARCH_LETTERS),
    time: timeOf(raw['time']),
    after: textOf(raw['after'], MOST_CODE_LETTERS),
  })

/** `after`: the cursor of the page before. */
export type AccountSearch = {
  code?: string
  from?: BusinessDate
  to?: BusinessDate
  after?: string
}

export const readAccountSearch = (raw: Raw): AccountSearch =>
  given({
    code: textOf(raw['code'], MOST_CODE_LETTERS),
    from: dayOf(raw['from']),
    to: dayOf(raw['to']),
    after: textOf(raw['after'], MOST_CODE_LETTERS),
  })

export type HeadsSearch = { log?: string; below?: number }

export const readHeadsSearch = (raw: Raw): HeadsSearch =>
  given({
    log: textOf(raw['log'], MOST_LOG_LETTERS),
    below: /^[1-9]\d{0,14}$/.test(String(raw['below'])) ? Number(raw['below']) : undefined,
  })

const MOST_SEARCH_LETTERS = 40
const MOST_CODE_LETTERS = 80
const MOST_LOG_LETTERS = 30

const dayOf = (value: unknown): BusinessDate | undefined =>
  typeof value === 'string' && isBusinessDate(value) ? value : undefined

const timeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined

/** What is all digits comes from the URL as a number. */
function textOf(value: unknown, mostLetters: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim()
  return text === '' || text.length > mostLetters ? undefined : text
}
