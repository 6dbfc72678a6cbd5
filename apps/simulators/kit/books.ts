import { assert } from '../../../kernel/assert.ts'
import { type BooksTables, openBooksFile } from './books-file.ts'

export type Value = string | number | null | Uint8Array

/** A simulator's own file. Everything is synchronous, so what one call does no other comes between. */
export interface Books {
  all<Row>(sql: string, values?: Value[]): Row[]
  get<Row>(sql: string, values?: Value[]): Row | null
  run(sql: string, values?: Value[]): void
  /** All of the work or, when it throws, none of it. */
  transaction<T>(work: () => T): T
  /** Does the work, gives its result and undoes it: what a system does that says "done" and is not. */
  pretend<T>(work: () => T): T
  /** 1, 2, 3 … for each name, without end and across restarts. Needs the table `serial (name, last)`. */
  nextSerial(name: string): number
  close(): void
}

/** Opens the file, or makes it; ':memory:' keeps nothing. Throws for a file of another version. */
export function openBooks(databaseFile: string, tables: BooksTables): Books {
  const db = openBooksFile(databaseFile, tables)
  const books: Books = {
    all: (sql, values = []) => db.all(sql, values) as never,
    get: (sql, values = []) => db.get(sql, values) as never,
    run: (sql, values = []) => void db.run(sql, values),
    transaction: (work) => within(work, 'commit'),
    pretend: (work) => within(work, 'rollback'),
    nextSerial(name) {
      const row = books.get<{ last: number }>(
        `insert into serial (name, last) values (?, 1)
         on conflict (name) do update set last = last + 1 returning last`,
        [name],
      )
      assert(row, 'an upsert returns its row')
      return row.last
    },
    close: () => db.close(),
  }
  return books

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
