import { rmSync } from 'node:fs'

import sqlite, { type Statement } from 'node-sqlite3-wasm'

import { SCHEMA } from './schema.ts'

/** The HIS's own file. Everything runs at once and to its end, so that requests take turns. */
export type Store = ReturnType<typeof openStore>

export type Value = string | number | null

/** Opens the file, or makes it. A file belongs to one running HIS at a time. */
export function openStore(databaseFile: string) {
  // A killed process leaves its lock behind, and as no one else opens the file, it means nothing.
  rmSync(`${databaseFile}.lock`, { recursive: true, force: true })
  const database = new sqlite.Database(databaseFile)
  const statements = new Map<string, Statement>()
  database.exec('pragma locking_mode = exclusive')
  database.exec('pragma journal_mode = persist')
  // The end of the process loses nothing; the loss of power may, and a simulator may bear that.
  database.exec('pragma synchronous = off')
  database.exec(SCHEMA)

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
