/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 1

// Amounts are whole fen, instants are milliseconds since 1970.
export const SCHEMA = `
create table serial (name text primary key, last integer not null) strict;

create table account (name text primary key, balance_fen integer not null) strict;
create table line (
  id integer primary key,
  business_no text not null,
  account text not null references account (name),
  amount_fen integer not null check (amount_fen <> 0),
  at_ms integer not null
) strict;
create index line_by_business on line (business_no);
create index line_by_account on line (account, id);

create table payment (
  merchant text not null,
  reference text not null,
  digest text not null,
  amount_fen integer not null check (amount_fen > 0),
  subject text not null,
  notify_url text not null,
  token text not null unique,
  state text not null check (state in ('open', 'paid', 'cancelled')),
  created_ms integer not null,
  expires_ms integer not null,
  wallet_no text unique,
  paid_ms integer,
  fee_fen integer not null default 0,
  primary key (merchant, reference)
) strict;
create index payment_by_day on payment (merchant, paid_ms);

create table barred (
  merchant text not null,
  reference text not null,
  primary key (merchant, reference)
) strict;

create table refund (
  merchant text not null,
  reference text not null,
  payment_reference text not null,
  digest text not null,
  amount_fen integer not null check (amount_fen > 0),
  notify_url text not null,
  wallet_no text not null unique,
  state text not null check (state in ('pending', 'done', 'failed')),
  created_ms integer not null,
  due_ms integer,
  primary key (merchant, reference)
) strict;
create index refund_by_payment on refund (merchant, payment_reference);
create index refund_by_day on refund (merchant, created_ms);
create index refund_by_due on refund (due_ms) where due_ms is not null;

create table notice (
  sequence integer primary key,
  id text not null unique,
  merchant text not null,
  event text not null check (event in ('paid', 'refunded')),
  payment_reference text not null,
  refund_reference text,
  url text not null,
  status text not null check (status in ('waiting', 'acknowledged', 'given_up', 'lost')),
  due_ms integer,
  delayed integer not null default 0,
  deliveries integer not null default 0,
  retries integer not null default 0,
  copies_left integer not null default 0
) strict;
create index notice_by_due on notice (due_ms, sequence) where due_ms is not null;

create table fault_call (
  operation text not null,
  key text not null,
  calls integer not null,
  primary key (operation, key)
) strict;

create table nonce (
  merchant text not null,
  nonce text not null,
  at_ms integer not null,
  primary key (merchant, nonce)
) strict, without rowid;
create index nonce_by_time on nonce (at_ms);

create table statement_file (
  token text primary key,
  content blob not null,
  expires_ms integer not null
) strict;
`
