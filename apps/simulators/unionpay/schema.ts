/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 1

// Amounts are whole fen, instants are milliseconds since 1970, days are those of settlement.
export const SCHEMA = `
create table serial (name text primary key, last integer not null) strict;

create table account (name text primary key, balance_fen integer not null) strict;
create table entry (
  id integer primary key,
  at_ms integer not null,
  query_id text not null,
  title text not null
) strict;
create index entry_by_query_id on entry (query_id);
create table line (
  id integer primary key,
  entry_id integer not null references entry (id),
  account text not null references account (name),
  amount_fen integer not null check (amount_fen <> 0)
) strict;
create index line_by_account on line (account);
create index line_by_entry on line (entry_id);

create table card (card_no text primary key, holder text not null) strict;
create table pay_code (
  code text primary key,
  card_no text not null references card (card_no),
  expires_ms integer not null,
  used integer not null default 0
) strict;

create table txn (
  serial integer primary key,
  mer_id text not null,
  order_id text not null,
  txn_time text not null,
  kind text not null check (kind in ('charge', 'refund', 'void')),
  way text not null check (way in ('front', 'app', 'qr', 'code', 'back')),
  biz_type text not null,
  amount_fen integer not null check (amount_fen > 0),
  description text not null,
  back_url text not null,
  front_url text,
  req_reserved text not null,
  pay_until_ms integer,
  token text unique,
  orig_query_id text,
  state text not null check (state in ('waiting', 'processing', 'done', 'failed', 'reversed')),
  resp_code text not null,
  created_ms integer not null,
  due_ms integer,
  card_no text,
  fee_fen integer not null default 0,
  query_id text unique,
  trace_no text,
  trace_ms integer,
  settle_date text,
  reversal_query_id text unique,
  reversal_trace_no text,
  reversal_ms integer,
  reversal_settle_date text,
  unique (mer_id, order_id, txn_time)
) strict;
create index txn_by_original on txn (orig_query_id) where orig_query_id is not null;
create index txn_by_due on txn (due_ms) where due_ms is not null;
create index txn_by_settlement on txn (mer_id, settle_date);

create table notice (
  sequence integer primary key,
  mer_id text not null,
  txn_type text not null,
  order_id text not null,
  fault_key text not null,
  url text not null,
  body text not null,
  status text not null check (status in ('waiting', 'acknowledged', 'given_up', 'lost')),
  due_ms integer,
  delayed integer not null default 0,
  deliveries integer not null default 0,
  retries integer not null default 0,
  copies_left integer not null default 0
) strict;
create index notice_by_due on notice (due_ms, sequence) where due_ms is not null;

create table fault_subject (
  mer_id text not null,
  number text not null,
  parent text not null,
  ordinal integer not null,
  primary key (mer_id, number)
) strict;
create index fault_subject_by_parent on fault_subject (mer_id, parent);
create table fault_call (
  mer_id text not null,
  operation text not null,
  key text not null,
  calls integer not null,
  primary key (mer_id, operation, key)
) strict;
`
