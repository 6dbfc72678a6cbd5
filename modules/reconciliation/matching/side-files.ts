import { open } from 'node:fs/promises'

import { matchingErrors } from './errors.ts'
import { CSV_HEADER, NORMALISED_COLUMNS } from './row.ts'

/** One side of a comparison: normalised files, CSV or Parquet (by their ending), all of them together its rows. */
export type Side = {
  name: string
  files: readonly string[]
  /** Hash of what the files hold, as whoever wrote them computed it; part of the name of a run. */
  sha256: string
}

/** The name of the rows carried over to one side of one relation. */
export const poolName = (relation: string, side: string): string => `${relation}_${side}`

/**
 * The rows of some files for the engine, each cell but the line number as text.
 *
 * Errors: throws matching_side_unreadable for a CSV file without the normalised header: names of columns are not
 * guessed, and columns in another order would be taken for each other.
 */
export async function tableOf(name: string, files: readonly string[]): Promise<string> {
  const csv = files.filter((file) => !file.endsWith('.parquet'))
  const parquet = files.filter((file) => file.endsWith('.parquet'))
  for (const file of csv) await assertHeader(name, file)
  const tables = [
    ...(csv.length > 0 ? [`read_csv(${list(csv)}, ${CSV_FORM})`] : []),
    ...(parquet.length > 0 ? [`read_parquet(${list(parquet)})`] : []),
  ]
  if (tables.length === 0) return `(select ${NO_ROWS} where false)`
  return `(${tables.map((table) => `select ${CELLS.join(', ')} from ${table}`).join(' union all ')})`
}

// Amounts come as text, since a cast to a whole number would round 1.5 and take 1e3.
const typeOf = (column: string) => (column === 'line_no' ? 'BIGINT' : 'VARCHAR')

const CELLS = NORMALISED_COLUMNS.map((column) => `${column}::${typeOf(column)} as ${column}`)

const NO_ROWS = NORMALISED_COLUMNS.map((column) => `null::${typeOf(column)} as ${column}`).join(
  ', ',
)

const MOST_LINE_BYTES = 65_536

// Nothing is detected: another dialect, a missing cell or a number that is none fails the file.
const CSV_FORM = [
  `columns = {${NORMALISED_COLUMNS.map((column) => `'${column}': '${typeOf(column)}'`).join(', ')}}`,
  'header = true',
  'auto_detect = false',
  "delim = ','",
  `quote = '"'`,
  `escape = '"'`,
  "nullstr = ''",
  'strict_mode = true',
  'ignore_errors = false',
  `max_line_size = ${MOST_LINE_BYTES}`,
].join(', ')

const list = (files: readonly string[]) => `[${files.map(quoted).join(', ')}]`

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

async function assertHeader(name: string, file: string): Promise<void> {
  const expected = Buffer.from(CSV_HEADER)
  const handle = await open(file, 'r').catch((error: Error) => {
    throw matchingErrors.matching_side_unreadable({ side: name, reason: error.message })
  })
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(expected.length),
      0,
      expected.length,
      0,
    )
    if (bytesRead < expected.length || !buffer.equals(expected)) {
      throw matchingErrors.matching_side_unreadable({
        side: name,
        reason: `its first line is not ${CSV_HEADER.trim()}`,
      })
    }
  } finally {
    await handle.close()
  }
}
