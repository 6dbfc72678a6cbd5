import { given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import { FILE_STATUSES, FILE_VIEWS, type FileStatus, type FileView } from './model.ts'

/** `source`: with it, the files of the business date at the top; without, all that came. */
export type StatementsSearch = { source?: string; status?: FileStatus; before?: string }

export const readStatementsSearch = (raw: Raw): StatementsSearch =>
  given({
    source: sourceOf(raw['source']),
    status: oneOf(FILE_STATUSES, raw['status']),
    before: uuidOf(raw['before']),
  })

/** `after`: how many rows come before the page. */
export type StatementFileSearch = { view?: FileView; after?: number }

export const readStatementFileSearch = (raw: Raw): StatementFileSearch =>
  given({
    view: oneOf(FILE_VIEWS, raw['view']),
    after: /^[1-9]\d{0,7}$/.test(String(raw['after'])) ? Number(raw['after']) : undefined,
  })

const sourceOf = (value: unknown): string | undefined =>
  typeof value === 'string' && SOURCE.test(value) ? value : undefined

const SOURCE = /^[a-z][a-z0-9-]{0,29}$/
