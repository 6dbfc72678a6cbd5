import type { Database, SQLiteValue, Statement } from 'node-sqlite3-wasm'

import { assert } from '../../../kernel/assert.ts'
import { openBooksFile } from '../kit/books-file.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'

export type Row = Record<string, SQLiteValue>

/** The centre's one file. Everything is synchronous: a message is worked on from end to end alone. */
export type Store = {
  run(sql: string, values?: SQLiteValue[]): number // rows changed
  all(sql: string, values?: SQLiteValue[]): Row[]
  get(sql: string, values?: SQLiteValue[]): Row | null // the first
  /** All or nothing. Within another transaction it is a savepoint, undone alone. */
  transaction<T>(work: () => T): T
  close(): void
}

/** Opens the file, or makes it. Throws for a file of another version. */
export function openStore(databaseFile: string): Store {
  const database = openBooksFile(databaseFile, { version: SCHEMA_VERSION, sql: SCHEMA })
  database.exec('pragma foreign_keys = on')
  return storeOf(database)
}

/** A whole number that a column holds: an amount, a count, an instant in milliseconds. */
export function integerOf(row: Row | null, column: string): number {
  const value = row?.[column]
  const number = typeof value === 'bigint' ? Number(value) : value
  assert(Number.isSafeInteger(number), `column ${column} is a whole number`)
  return number as number
}

export function textOf(row: Row | null, column: string): string {
  const value = row?.[column]
  assert(typeof value === 'string', `column ${column} is a text`)
  return value
}

export function textOrNull(row: Row | null, column: string): string | null {
  const value = row?.[column] ?? null
  assert(value === null || typeof value === 'string', `column ${column} is a text or null`)
  return value
}

function storeOf(database: Database): Store {
  const statements = new Map<string, Statement>()
  const prepare = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare(sql)
    statements.set(sql, made)
    return made
  }
  let depth = 0

  return {
    run: (sql, values = []) => prepare(sql).run(values).changes,
    all: (sql, values = []) => prepare(sql).all(values) as Row[],
    // A statement left before its last row would keep the transaction from committing.
    get: (sql, values = []) => (prepare(sql).all(values)[0] ?? null) as Row | null,
    transaction(work) {
      const name = `level_${depth}`
      database.exec(depth === 0 ? 'begin immediate' : `savepoint ${name}`)
      depth += 1
      try {
        const result = work()
        database.exec(depth === 1 ? 'commit' : `release ${name}`)
        return result
      } catch (error) {
        database.exec(depth === 1 ? 'rollback' : `rollback to ${name}; release ${name}`)
        throw error
      } finally {
        depth -= 1
      }
    },
    close() {
      for (const statement of statements.values()) statement.finalize()
      database.close()
    },
  }
}
