import { type Books, openBooks } from '../kit/books.ts'

export type Store = Books

/** Opens the file, or makes it; ':memory:' keeps nothing. Throws for a file of another version. */
export const openStore = (databaseFile: string): Store =>
  openBooks(databaseFile, { version: VERSION, sql: TABLES })

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
