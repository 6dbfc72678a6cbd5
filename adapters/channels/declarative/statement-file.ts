import { type Fen, fen, parseYuan } from '../../../kernel/money.ts'
import type { StatementLine } from '../../../modules/payments/index.ts'
import { fill } from '../../../platform/descriptor/templates.ts'
import { parseInstant, parseRfc3339 } from '../../../platform/descriptor/time-pattern.ts'
import type { StatementFile } from './schema-file.ts'
import { FileRefused, readTable, refuse, type Row, type Table } from './statement-table.ts'
import type { Refused } from './statement-unpack.ts'

export type Bill = { outcome: 'read'; lines: StatementLine[]; feeFen: Fen }

/**
 * Reads a bill as a descriptor lays it out. It is believed as a whole or refused as a whole.
 *
 * Shape: charges and returns with amounts above zero, whatever sign the file gives returns. Units: yuan or fen in the
 * file, fen in the lines; fees have up to five decimals of a yuan and are rounded half away from zero once, as a total.
 * Errors: 'truncated' when totals are missing or count other rows, 'sums' when they add up otherwise, 'layout' for
 * anything that is not such a bill of this account.
 */
export function readBill(
  file: StatementFile,
  content: string,
  params: Readonly<Record<string, string>>,
): Bill | Refused {
  try {
    const table = readTable(file, content)
    const rows = table.rows.map((row) => ({ row, kind: kindOf(file, row) }))
    checkTotals(file, table, rows)
    const lines = rows.flatMap(({ row, kind }) => lineOf(file, row, kind, params))
    return { outcome: 'read', lines, feeFen: feeOf(file, table.rows) }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    return { outcome: 'refused', code: error.code, reason: error.message }
  }
}

type Kind = 'charge' | 'return' | 'ignored'
type KindRow = { row: Row; kind: Kind }

function kindOf({ kindColumn, kinds }: StatementFile, row: Row): Kind {
  const word = row.get(kindColumn)
  if (kinds.charge.includes(word)) return 'charge'
  if (kinds.return.includes(word)) return 'return'
  if (kinds.ignore?.includes(word)) return 'ignored'
  return refuse('layout', `${kindColumn} ${word.slice(0, 40)} is not known`)
}

function lineOf(
  file: StatementFile,
  row: Row,
  kind: Kind,
  params: Readonly<Record<string, string>>,
): StatementLine[] {
  for (const { column, equals } of file.require ?? []) {
    if (row.get(column) !== fill(equals, params)) refuse('layout', `a row is of another ${column}`)
  }
  const isSkipped = (file.skip ?? []).some(({ column, values }) => values.includes(row.get(column)))
  if (kind === 'ignored' || isSkipped) return []
  const fields = file[kind]
  return [
    {
      kind,
      ourNo: filled(row, fields.ourNo),
      providerNo: filled(row, fields.providerNo),
      amountFen: positive(file, row, fields.amount, kind),
      at: moment(file, row, fields.at),
      feeFen: wholeFee(file, row),
    },
  ]
}

const filled = (row: Row, column: string): string =>
  row.get(column) || refuse('layout', `${column} is empty`)

function positive(file: StatementFile, row: Row, column: string, kind: 'charge' | 'return'): Fen {
  const amount = amountOf(file, row, column)
  const isNegative = kind === 'return' && file.returnSign === 'negative'
  const size = isNegative ? fen(0 - amount) : amount
  return size > 0 ? size : refuse('layout', `${column} has the wrong sign`)
}

function amountOf({ amountUnit }: StatementFile, row: Row, column: string): Fen {
  const text = row.get(column)
  if (amountUnit === 'yuan') return parseYuan(text) ?? refuse('layout', `${column} is no amount`)
  return /^-?\d{1,15}$/.test(text) ? fen(Number(text)) : refuse('layout', `${column} is no amount`)
}

function moment({ timePattern }: StatementFile, row: Row, column: string): Date {
  const text = row.get(column)
  const instant = timePattern === 'rfc3339' ? parseRfc3339(text) : parseInstant(text, timePattern)
  return instant ?? refuse('layout', `${column} is no time`)
}

function checkTotals(file: StatementFile, { totals }: Table, rows: readonly KindRow[]): void {
  for (const check of file.totals.checks) {
    const { total, equals, of, column = '' } = check
    const chosen = rows.filter(({ kind }) => of === 'all' || kind === of).map(({ row }) => row)
    const said = totals.get(total)
    switch (equals) {
      case 'count':
        if (!/^\d{1,9}$/.test(said)) refuse('layout', `${total} is no number`)
        if (Number(said) !== chosen.length) {
          refuse('truncated', `${total} is ${said}, the rows are ${chosen.length}`)
        }
        break
      case 'sum': {
        const sum = chosen.reduce((before, row) => before + BigInt(amountOf(file, row, column)), 0n)
        if (sum !== BigInt(amountOf(file, totals, total))) {
          refuse('sums', `${total} differs from the rows`)
        }
        break
      }
      case 'fee': {
        const sum = chosen.reduce((before, row) => before + feeUnits(file, row, column), 0n)
        if (roundFee(sum) !== roundFee(feeUnits(file, totals, total))) {
          refuse('sums', `${total} differs from the rows`)
        }
      }
    }
  }
}

function feeOf(file: StatementFile, rows: readonly Row[]): Fen {
  const { fee } = file
  if (fee === undefined) return fen(0)
  const units = rows.reduce((sum, row) => sum + feeUnits(file, row, fee.column), 0n)
  return roundFee(fee.sign === 'negative' ? -units : units)
}

/** Of one row; null without a column for it, and for parts of a fen, which only the total rounds. */
function wholeFee(file: StatementFile, row: Row): Fen | null {
  const { fee } = file
  if (fee === undefined) return null
  const units = feeUnits(file, row, fee.column)
  if (units % UNITS_PER_FEN !== 0n) return null
  return roundFee(fee.sign === 'negative' ? -units : units)
}

const UNITS_PER_FEN = 1_000n

/** A fee in hundred-thousandths of a yuan. */
function feeUnits({ amountUnit }: StatementFile, row: Row, column: string): bigint {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,5}))?$/.exec(row.get(column))
  if (!match) return refuse('layout', `${column} is no fee`)
  const [, sign = '', whole = '', decimals = ''] = match
  if (amountUnit === 'fen') {
    if (decimals !== '') refuse('layout', `${column} is no whole fen`)
    return BigInt(`${sign}${whole}`) * UNITS_PER_FEN
  }
  return BigInt(`${sign}${whole}${decimals.padEnd(5, '0')}`)
}

function roundFee(units: bigint): Fen {
  const size = units < 0n ? -units : units
  const rounded = Number((size + UNITS_PER_FEN / 2n) / UNITS_PER_FEN)
  return fen(units < 0n && rounded !== 0 ? 0 - rounded : rounded)
}
