import type { Database } from 'node-sqlite3-wasm'

import { assert } from '../../../kernel/assert.ts'
import { openBooksFile } from '../kit/books-file.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'

export type Value = string | number | null | Uint8Array

/** The simulator's own file. Everything is synchronous, so what one call does no other comes between. */
export interface Store {
  all<Row>(sql: string, values?: Value[]): Row[]
  get<Row>(sql: string, values?: Value[]): Row | null
  run(sql: string, values?: Value[]): void
  /** All of the work or, when it throws, none of it. */
  transaction<T>(work: () => T): T
  /** Does the work, gives its result and undoes it: what a wallet does that says "done" and is not. */
  pretend<T>(work: () => T): T
  /** 1, 2, 3 … for each name, without end and across restarts. */
  nextSerial(name: string): number
  close(): void
}

/** Opens the file, or makes it; ':memory:' keeps nothing. Throws for a file of another version. */
export const openStore = (databaseFile: string): Store =>
  storeOf(openBooksFile(databaseFile, { version: SCHEMA_VERSION, sql: SCHEMA }))

function storeOf(db: Database): Store {
  const store: Store = {
    all: (sql, values = []) => db.all(sql, values) as never,
    get: (sql, values = []) => db.get(sql, values) as never,
    run: (sql, values = []) => void db.run(sql, values),
    transaction: (work) => within(work, 'commit'),
    pretend: (work) => within(work, 'rollback'),
    nextSerial(name) {
      const row = store.get<{ last: number }>(
        `insert into serial (name, last) values (?, 1)
         on conflict (name) do update set last = last + 1 returning last`,
        [name],
      )
      assert(row, 'an upsert returns its row')
      return row.last
    },
    close: () => db.close(),
  }
  return store

  function within<T>(work: () => T, end: 'commit' | 'rollback'): T {
    assert(!db.inTransaction, 'transactions do not nest')
    db.exec('begin')
    try {
      const result = work()
      db.exec(end)
      return result
    } catch (error) {
      if (db.inTransaction) db.exec('rollback')
      throw error
    }
  }
}
