/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 2

// Amounts are whole fen, instants are milliseconds since 1970.
export const SCHEMA = `
create table serial (name text primary key, last integer not null) strict;

create table account (name text primary key, balance_fen integer not null) strict;
create table entry (
  id integer primary key,
  at_ms integer not null,
  business_no text not null,
  title text not null
) strict;
create index entry_by_business on entry (business_no);
create table line (
  id integer primary key,
  entry_id integer not null references entry (id),
  account text not null references account (name),
  amount_fen integer not null check (amount_fen <> 0),
  balance_fen integer not null
) strict;
create index line_by_account on line (account, id);
create index line_by_entry on line (entry_id, account);

create table wallet (
  buyer_id text primary key,
  open_id text not null unique,
  logon_id text not null,
  name text not null,
  closed integer not null default 0
) strict;
create table barcode (
  code text primary key,
  buyer_id text not null references wallet (buyer_id),
  expires_ms integer not null,
  used_for text
) strict;

create table trade (
  app_id text not null,
  out_trade_no text not null,
  trade_no text unique,
  method text not null,
  subject text not null,
  total_fen integer not null check (total_fen > 0),
  notify_url text not null,
  return_url text not null,
  qr_code text unique,
  auth_no text,
  agreement_no text,
  state text not null
    check (state in ('PREPARED', 'WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_CLOSED')),
  cancelled integer not null default 0,
  request_digest text not null,
  buyer_id text,
  created_ms integer not null,
  expires_ms integer not null,
  paid_ms integer,
  closed_ms integer,
  fee_fen integer,
  primary key (app_id, out_trade_no)
) strict;
create index trade_by_payment_day on trade (app_id, paid_ms);
create index trade_by_agreement on trade (agreement_no, paid_ms) where agreement_no is not null;

create table refund (
  app_id text not null,
  out_trade_no text not null,
  out_request_no text not null,
  amount_fen integer not null check (amount_fen > 0),
  fee_fen integer not null,
  reason text not null,
  at_ms integer not null,
  primary key (app_id, out_trade_no, out_request_no)
) strict;
create index refund_by_day on refund (app_id, at_ms);

create table deposit (
  app_id text not null,
  out_order_no text not null,
  auth_no text unique,
  title text not null,
  notify_url text not null,
  amount_fen integer not null check (amount_fen > 0),
  qr_code text unique,
  buyer_id text,
  captured_fen integer not null default 0,
  finished integer not null default 0,
  expires_ms integer not null,
  primary key (app_id, out_order_no)
) strict;
create table operation (
  app_id text not null,
  out_order_no text not null,
  out_request_no text not null,
  operation_id text unique,
  type text not null check (type in ('FREEZE', 'UNFREEZE', 'PAY')),
  status text not null check (status in ('PREPARED', 'INIT', 'SUCCESS')),
  amount_fen integer not null check (amount_fen > 0),
  at_ms integer,
  primary key (app_id, type, out_request_no)
) strict;
create index operation_by_deposit on operation (app_id, out_order_no);

create table agreement (
  app_id text not null,
  external_no text not null,
  agreement_no text unique,
  product text not null,
  scene text not null,
  state text not null check (state in ('PAGE', 'NORMAL', 'STOP', 'UNSIGN')),
  buyer_id text references wallet (buyer_id),
  notify_url text not null,
  return_url text not null,
  opened_ms integer not null,
  signed_ms integer,
  unsigned_ms integer,
  primary key (app_id, external_no)
) strict;
create index agreement_by_buyer on agreement (buyer_id);

create table notice (
  sequence integer primary key,
  id text not null unique,
  app_id text not null,
  subject text not null,
  fault_key text not null,
  url text not null,
  content text not null,
  status text not null check (status in ('waiting', 'acknowledged', 'given_up', 'lost')),
  due_ms integer,
  delayed integer not null default 0,
  deliveries integer not null default 0,
  retries integer not null default 0,
  copies_left integer not null default 0
) strict;
create index notice_by_due on notice (due_ms, sequence) where due_ms is not null;
create table delivery (
  notice_sequence integer not null references notice (sequence),
  number integer not null,
  at_ms integer not null,
  outcome text not null,
  status integer,
  primary key (notice_sequence, number)
) strict;

create table fault_subject (
  app_id text not null,
  number text not null,
  parent text not null,
  ordinal integer not null,
  primary key (app_id, number)
) strict;
create index fault_subject_by_parent on fault_subject (app_id, parent);
create table fault_call (
  app_id text not null,
  operation text not null,
  key text not null,
  calls integer not null,
  primary key (app_id, operation, key)
) strict;

create table bill_file (
  token text primary key,
  content blob not null,
  expires_ms integer not null
) strict;
`
