import type { Statement } from 'node-sqlite3-wasm'

import { openBooksFile } from '../kit/books-file.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { VISITS_SCHEMA } from './visits-schema.ts'

/** The HIS's own file. Everything runs at once and to its end, so that requests take turns. */
export type Store = ReturnType<typeof openStore>

export type Value = string | number | null

/** Opens the file, or makes it. Throws for a file of another version. */
export function openStore(databaseFile: string) {
  const database = openBooksFile(databaseFile, { version: SCHEMA_VERSION, sql: SCHEMA })
  database.exec(VISITS_SCHEMA)
  const statements = new Map<string, Statement>()

  return { run, all, get, transaction, close }

  /** How many rows it changed. */
  function run(sql: string, ...values: Value[]): number {
    return prepare(sql).run(values).changes
  }

  /** Rows as the caller says they are: each statement stands beside its row type. */
  function all<Row>(sql: string, ...values: Value[]): Row[] {
    return prepare(sql).all(values) as Row[]
  }

  function get<Row>(sql: string, ...values: Value[]): Row | null {
    return all<Row>(sql, ...values)[0] ?? null
  }

  /** All or nothing. Within another transaction it is a part of that one. */
  function transaction<Result>(work: () => Result): Result {
    if (database.inTransaction) return work()
    database.exec('begin immediate')
    try {
      const result = work()
      database.exec('commit')
      return result
    } catch (error) {
      if (database.inTransaction) database.exec('rollback')
      throw error
    }
  }

  function close(): void {
    for (const statement of statements.values()) statement.finalize()
    database.close()
  }

  function prepare(sql: string): Statement {
    const known = statements.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}
