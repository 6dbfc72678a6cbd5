import type { Database, SQLiteValue, Statement } from 'node-sqlite3-wasm'

import { assert } from '../../../kernel/assert.ts'
import { openBooksFile } from '../kit/books-file.ts'

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

const SCHEMA_VERSION = 1

const SCHEMA = `
create table account (
  psn_no      text primary key,
  opening_fen integer not null check (opening_fen >= 0),
  balance_fen integer not null check (balance_fen >= 0)
) strict;

create table year_use (
  psn_no         text not null,
  insutype       text not null,
  year           text not null,
  deductible_fen integer not null check (deductible_fen >= 0),
  covered_fen    integer not null check (covered_fen >= 0),
  pool_fen       integer not null check (pool_fen >= 0),
  large_fen      integer not null check (large_fen >= 0),
  burden_fen     integer not null check (burden_fen >= 0),
  illness_fen    integer not null check (illness_fen >= 0),
  primary key (psn_no, insutype, year)
) strict;

create table visit (
  mdtrt_id       text primary key,
  msgid          text not null unique,
  fixmedins_code text not null,
  ipt_otp_no     text not null,
  ordinal        integer not null, -- the how-manieth registration of this ipt_otp_no
  psn_no         text not null,
  insutype       text not null,
  med_type       text, -- set by 2203
  cancelled      integer not null default 0,
  registration   text not null, -- the input of 2201, as JSON
  unique (fixmedins_code, ipt_otp_no, ordinal)
) strict;

create table diagnosis (
  mdtrt_id    text not null references visit,
  diag_srt_no integer not null,
  diag_code   text not null,
  diag_name   text not null,
  primary key (mdtrt_id, diag_srt_no)
) strict;

create table fee_detail (
  mdtrt_id        text not null references visit,
  feedetl_sn      text not null,
  chrg_bchno      text not null,
  dise_codg       text,
  med_list_codg   text not null,
  amount_fen      integer not null,
  own_fen         integer not null,
  over_limit_fen  integer not null,
  first_share_fen integer not null,
  in_scope_fen    integer not null,
  primary key (mdtrt_id, feedetl_sn),
  check (amount_fen = own_fen + over_limit_fen + first_share_fen + in_scope_fen)
) strict;

create table settlement (
  setl_id          text primary key,
  seq              integer not null unique, -- order of making
  msgid            text not null unique,
  original_setl_id text references settlement, -- of a refund: what it takes back
  -- 'live'; 'refunded' by a refund that stands beside it; 'reversed' and as if it had never been
  status           text not null check (status in ('live', 'refunded', 'reversed')),
  mdtrt_id         text not null references visit,
  chrg_bchno       text not null,
  psn_no           text not null,
  fixmedins_code   text not null,
  insutype         text not null,
  med_type         text not null,
  mdtrt_cert_type  text not null,
  clr_type         text not null,
  invono           text,
  opter            text not null,
  opter_name       text not null,
  settled_at_ms    integer not null,
  business_date    text not null,
  medfee_fen       integer not null,
  fund_fen         integer not null, -- as in fund_pay_sumamt
  account_fen      integer not null,
  cash_fen         integer not null,
  balance_fen      integer not null, -- of the account, after it
  figures          text not null -- JSON
) strict;
create index settlement_by_visit on settlement (mdtrt_id, chrg_bchno);
create index settlement_by_day on settlement (fixmedins_code, business_date);
create index settlement_by_original on settlement (original_setl_id);

create table ledger_line (
  entry_no   integer not null,
  setl_id    text not null references settlement,
  account    text not null, -- 'fund:310100', 'account:<psn_no>', 'cash', 'hospital:<code>'
  amount_fen integer not null,
  primary key (entry_no, account)
) strict;

create table message (
  msgid       text primary key,
  infno       text not null,
  fingerprint text not null,
  answer      text -- null where the answer is a file, which never changes
) strict;

create table voided_message (msgid text primary key, infno text not null) strict;

create table sign_in (
  sign_no        text primary key,
  fixmedins_code text not null,
  business_date  text not null,
  ended          integer not null default 0
) strict;

create table nonce (
  paasid     text not null,
  nonce      text not null,
  seen_at_ms integer not null,
  primary key (paasid, nonce)
) strict;
create index nonce_by_time on nonce (seen_at_ms);

create table attempt (
  operation text not null,
  key       text not null,
  count     integer not null,
  primary key (operation, key)
) strict;

create table file (
  file_qury_no   text primary key,
  fixmedins_code text not null,
  filename       text not null,
  content        blob not null,
  expires_at_ms  integer not null
) strict;

create table internal_error (at_ms integer not null, message text not null) strict;
`
