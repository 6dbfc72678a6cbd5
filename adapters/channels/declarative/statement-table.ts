import type { StatementRefusal } from '../../../modules/payments/index.ts'
import { parse, textFieldsOf } from '../../../platform/descriptor/formats.ts'
import { valueAt } from '../../../platform/descriptor/pointers.ts'
import type { StatementFile } from './schema-file.ts'

// From the text of a bill to rows with named values, and its totals. Pure.

/** A value by the name of its column. Errors: throws FileRefused when there is no such column. */
export type Row = { get(name: string): string }

export type Table = { rows: Row[]; totals: Row }

/** Ends the reading of a file that cannot be believed. */
export class FileRefused extends Error {
  readonly code: StatementRefusal

  constructor(code: StatementRefusal, reason: string) {
    super(reason)
    this.code = code
  }
}

export function refuse(code: StatementRefusal, reason: string): never {
  throw new FileRefused(code, reason)
}

export const readTable = (file: StatementFile, content: string): Table =>
  file.kind === 'json' ? readJson(file, content) : readDelimited(file, content)

function readJson(file: StatementFile, content: string): Table {
  const document = parse('json', content)
  if (document === undefined) return refuse('truncated', 'the file is no whole JSON')
  const rows = valueAt(document, file.rowsAt ?? '')
  const totals = valueAt(document, file.totals.at ?? '')
  if (!Array.isArray(rows)) return refuse('layout', `${file.rowsAt} is no list`)
  if (totals === undefined) return refuse('truncated', `${file.totals.at} is missing`)
  return { rows: rows.map((row: unknown) => rowOfFields(row)), totals: rowOfFields(totals) }
}

function rowOfFields(document: unknown): Row {
  const fields = textFieldsOf(document) ?? refuse('layout', 'a row is no flat object')
  return {
    get: (name) =>
      Object.hasOwn(fields, name) ? (fields[name] ?? '') : refuse('layout', `${name} is missing`),
  }
}

function readDelimited(file: StatementFile, content: string): Table {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.at(-1)?.trim() === '') lines.pop()
  const mark = file.commentPrefix
  const isComment = (line: string) => mark !== undefined && line.startsWith(mark)
  const comments = lines.filter(isComment)
  if (file.endMark !== undefined && !comments.some((line) => line.includes(file.endMark ?? ''))) {
    refuse('truncated', `the line ${file.endMark} is missing`)
  }
  const [header = '', ...data] = lines.filter((line) => !isComment(line) && line.trim() !== '')
  if (file.totals.kind === 'comments') {
    const columns = readHeader(file, header)
    return {
      rows: data.map((line) => toRow(file, line, columns)),
      totals: readComments(file, comments),
    }
  }
  return withFooter(file, header, data)
}

/** A second header and one row of values stand at the end. */
function withFooter(file: StatementFile, header: string, data: readonly string[]): Table {
  const isRow = (line: string) => file.rowPrefix === undefined || line.startsWith(file.rowPrefix)
  const [totalsHeader, totals] = data.slice(-2)
  const isFooter =
    totals !== undefined &&
    isRow(totals) &&
    totalsHeader !== undefined &&
    (file.rowPrefix === undefined || !isRow(totalsHeader))
  if (!isFooter) return refuse('truncated', 'the totals at the end are missing')
  const totalColumns = readHeader(file, totalsHeader)
  if (valuesOf(file, totals).length !== totalColumns.size) {
    refuse('truncated', 'the totals at the end are not whole')
  }
  const columns = readHeader(file, header)
  const rows = data.slice(0, -2)
  if (!rows.every(isRow)) refuse('layout', `a line begins without ${file.rowPrefix}`)
  return {
    rows: rows.map((line) => toRow(file, line, columns)),
    totals: toRow(file, totals, totalColumns),
  }
}

function readHeader(file: StatementFile, line: string): Map<string, number> {
  const names = line.split(file.delimiter ?? ',').map((name) => (file.trim ? name.trim() : name))
  const columns = new Map(names.map((name, i) => [name, i]))
  if (columns.size !== names.length) refuse('layout', 'a column stands twice')
  return columns
}

function toRow(file: StatementFile, line: string, columns: ReadonlyMap<string, number>): Row {
  const values = valuesOf(file, line)
  if (values.length !== columns.size) refuse('layout', 'a row has another number of columns')
  return {
    get: (name) =>
      values[columns.get(name) ?? -1] ?? refuse('layout', `the column ${name} is missing`),
  }
}

/** Split before the prefixes where there are some, as a value may hold the delimiter. */
function valuesOf({ delimiter = ',', rowPrefix, trim }: StatementFile, line: string): string[] {
  const values =
    rowPrefix === undefined
      ? line.split(delimiter)
      : line.slice(rowPrefix.length).split(`${delimiter}${rowPrefix}`)
  return trim === true ? values.map((value) => value.trim()) : values
}

function readComments(file: StatementFile, comments: readonly string[]): Row {
  const found = new Map<string, string>()
  for (const pattern of file.totals.patterns ?? []) {
    const values = comments.flatMap((line) => matchNumbers(pattern, line) ?? [])
    if (values.length === 0) refuse('truncated', 'a line with the totals is missing')
    for (const [name, value] of values) found.set(name, value)
  }
  return { get: (name) => found.get(name) ?? refuse('layout', `the total ${name} is missing`) }
}

/** Where the pattern has {name} the line has a number; all else is the same. Null when it is not. */
export function matchNumbers(pattern: string, line: string): [string, string][] | null {
  const parts = pattern.split(/\{(\w*)\}/)
  const found: [string, string][] = []
  let rest = line.trim()
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) {
      if (!rest.startsWith(part)) return null
      rest = rest.slice(part.length)
      continue
    }
    const number = /^-?\d{1,16}(\.\d{1,8})?/.exec(rest)?.[0]
    if (number === undefined) return null
    if (part !== '') found.push([part, number])
    rest = rest.slice(number.length)
  }
  return rest === '' ? found : null
}
