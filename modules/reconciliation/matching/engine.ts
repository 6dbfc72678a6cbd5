import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

import { AppError } from '../../../kernel/error.ts'
import { matchingErrors } from './errors.ts'
import { poolName, quoted, type Side, tableOf } from './side-files.ts'

export type EngineOptions = {
  /** Of the engine's own memory; what does not fit goes to files below `folder`. */
  memoryLimitMb: number
  threads: number
  folder: string
}

/** DuckDB with the rows of every side and pool as views. */
export type Engine = {
  connection: DuckDBConnection
  /** The rows of a side, with those carried over to it in this relation. */
  rowsOf(relation: string, side: string): string
  /** The same as they are written, for whoever looks for a few of them: the amounts are text and not yet checked. */
  statedRowsOf(relation: string, side: string): string
  close(): void
}

/** Errors: throws matching_side_unreadable for a file that is not there or has no normalised header. */
export async function openEngine(
  sides: readonly Side[],
  pools: ReadonlyMap<string, string>,
  { memoryLimitMb, threads, folder }: EngineOptions,
): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryLimitMb}MB`,
    threads: String(threads),
    temp_directory: `${folder}/spill`,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const close = () => {
    connection.closeSync()
    instance.closeSync()
  }
  try {
    // How many rows a CSV file has is not known beforehand, and the guess makes a join keep its large side.
    await connection.run("set disabled_optimizers = 'build_side_probe_side'")
    const view = async (name: string, files: readonly string[]) => {
      const table = await tableOf(name, files)
      await connection.run(`create temp view stated_${name} as from ${table}`)
      await connection.run(`create temp view side_${name} as ${checked(`stated_${name}`)}`)
    }
    for (const { name, files } of sides) await view(name, files)
    for (const [name, file] of pools) await view(`pool_${name}`, [file])
    const of = (form: 'side' | 'stated') => (relation: string, side: string) => {
      const pool = poolName(relation, side)
      const isPooled = pools.has(pool)
      return isPooled
        ? `(from ${form}_${side} union all from ${form}_pool_${pool})`
        : `${form}_${side}`
    }
    return { connection, rowsOf: of('side'), statedRowsOf: of('stated'), close }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * Runs statements over the rows of the named sides.
 *
 * Errors: throws matching_side_unreadable with the engine's reason for a row that cannot be read, and matching_stopped
 * when memory or disk do not suffice.
 */
export async function runOn<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error)) throw error
    const reason = error.message.split('\n').slice(0, 3).join(' ').slice(0, 300)
    if (/Out of Memory|No space|could not allocate|IO Error/i.test(reason)) {
      throw matchingErrors.matching_stopped({ reason })
    }
    if (!/Conversion|Invalid Input|CSV|Parquet/i.test(reason)) throw error
    throw matchingErrors.matching_side_unreadable({ side: what, reason })
  }
}

// Amounts beyond 2^53 would be another number once they leave the engine.
const WHOLE = '9007199254740991'

/** A cell as whole fen, or an error for the whole file: it must be written as a whole number is, and no other way. */
const wholeFen = (
  column: string,
  least: string,
): string => `case when ${column}::bigint::varchar = ${column}
      and ${column}::bigint between ${least} and ${WHOLE} then ${column}::bigint
    else error('Invalid Input: line ' || coalesce(line_no, 0) || ': ${column} is no amount that can be') end`

/** The rows with their amounts as numbers, and with their kind as one too. `more`: columns that are taken over. */
export const checked = (
  table: string,
  more = '',
): string => `select ${more} line_no, kind, ${KIND_CODE} as kind_code, our_no, provider_no,
  ${wholeFen('amount_fen', `if(kind in ('charge', 'return'), 0, -${WHOLE})`)} as amount_fen,
  if(fee_fen is null, null, ${wholeFen('fee_fen', `-${WHOLE}`)}) as fee_fen,
  occurred_at, business_date, account, memo from ${table}`

const KIND_CODE = `case kind ${['charge', 'return', 'fee', 'payout']
  .map((kind, i) => `when ${quoted(kind)} then ${i + 1}`)
  .join(' ')} else error('Invalid Input: line ' || coalesce(line_no, 0) || ' is of no kind') end`
