import { rmSync } from 'node:fs'

import sqlite, { type Database } from 'node-sqlite3-wasm'

import { assert } from '../../../kernel/assert.ts'

/** What a file holds: statements that make its tables, and a version that tells one shape of them from another. */
export type BooksTables = { version: number; sql: string }

/**
 * Opens a simulator's own file, or makes it, so that its books outlive the process at any instruction: what was
 * committed is there, what was not is gone, and the file is whole. ':memory:' keeps nothing.
 *
 * A file belongs to one running simulator at a time. Errors: asserts on a file of another version, and leaves
 * it unlocked.
 */
export function openBooksFile(databaseFile: string, tables: BooksTables): Database {
  // The library locks by a directory beside the file. A killed process leaves it behind, and no other
  // process may use a simulator's file anyway.
  if (databaseFile !== ':memory:') rmSync(`${databaseFile}.lock`, { recursive: true, force: true })
  const database = new sqlite.Database(databaseFile)
  try {
    useWriteAheadLog(database)
    prepareTables(database, tables)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/**
 * A write-ahead log, because the library takes a rollback journal left by a killed process for one in use and
 * never rolls it back: half a transaction stays in the file, and tears its pages. Alone on the file, the log
 * needs no shared memory, which the library does not have.
 */
function useWriteAheadLog(database: Database): void {
  database.exec('pragma locking_mode = exclusive; pragma synchronous = normal')
  const mode = database.get('pragma journal_mode = wal')?.['journal_mode']
  assert(mode === 'wal' || mode === 'memory', 'the file takes a write-ahead log')
}

function prepareTables(database: Database, { version, sql }: BooksTables): void {
  const found = Number(database.get('pragma user_version')?.['user_version'])
  if (found === version) return
  assert(found === 0, `the file is of version ${found}, this simulator of version ${version}`)
  database.exec(`begin; ${sql} pragma user_version = ${version}; commit`)
}
