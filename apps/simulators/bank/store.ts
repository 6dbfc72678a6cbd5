import type { Database } from 'node-sqlite3-wasm'

import { assert } from '../../../kernel/assert.ts'
import { openBooksFile } from '../kit/books-file.ts'

type Value = string | number | null

/** The bank's own file. Everything is synchronous, so what one message does no other comes between. */
export interface Store {
  all<Row>(sql: string, values?: Value[]): Row[]
  get<Row>(sql: string, values?: Value[]): Row | null
  run(sql: string, values?: Value[]): void
  /** All of the work or, when it throws, none of it. */
  transaction<T>(work: () => T): T
  /** 1, 2, 3 … for each name, without end and across restarts. */
  nextSerial(name: string): number
  close(): void
}

const VERSION = 1

// Amounts are whole fen, instants are milliseconds since 1970. Keys are hex.
const TABLES = `
create table serial (name text primary key, last integer not null) strict;
create table terminal (
  id text primary key,
  pin_key text,
  mac_key text,
  batch integer not null
) strict;
create table card (
  pan text primary key,
  balance_fen integer not null check (balance_fen >= 0),
  opened_fen integer not null,
  pin text,
  barcode text unique
) strict;
create table move (
  id integer primary key,
  terminal text not null,
  batch text not null,
  trace text not null,
  kind text not null check (kind in ('sale', 'void', 'refund')),
  amount_fen integer not null check (amount_fen > 0),
  fee_fen integer not null,
  pan text not null,
  answer text not null,
  reference text not null unique,
  authorisation text not null,
  original_id integer references move (id),
  at_ms integer not null,
  bank_day text not null,
  reversed_ms integer,
  unique (terminal, batch, trace)
) strict;
create index move_by_day on move (bank_day);
create index move_by_original on move (original_id);
create table reversal_seen (
  terminal text not null,
  batch text not null,
  trace text not null,
  primary key (terminal, batch, trace)
) strict;
create table fault_call (operation text primary key, calls integer not null) strict;
`

/** Opens the file, or makes it; ':memory:' keeps nothing. Throws for a file of another version. */
export function openStore(databaseFile: string): Store {
  const db: Database = openBooksFile(databaseFile, { version: VERSION, sql: TABLES })
  const store: Store = {
    all: (sql, values = []) => db.all(sql, values) as never,
    get: (sql, values = []) => db.get(sql, values) as never,
    run: (sql, values = []) => void db.run(sql, values),
    transaction(work) {
      assert(!db.inTransaction, 'transactions do not nest')
      db.exec('begin')
      try {
        const result = work()
        db.exec('commit')
        return result
      } catch (error) {
        if (db.inTransaction) db.exec('rollback')
        throw error
      }
    },
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
}
