/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 3

// Amounts are whole fen, instants are milliseconds since 1970.
export const SCHEMA = `
create table serial (name text primary key, last integer not null) strict;

create table account (name text primary key, balance_fen integer not null) strict;
create table entry (
  id integer primary key,
  at_ms integer not null,
  business_no text not null,
  voucher_no text not null,
  applicant text not null,
  note text not null
) strict;
create index entry_by_business on entry (business_no);
create table line (
  id integer primary key,
  entry_id integer not null references entry (id),
  account text not null references account (name),
  amount_fen integer not null check (amount_fen <> 0),
  balance_fen integer not null,
  title text not null
) strict;
create index line_by_account on line (account, id);
create index line_by_entry on line (entry_id, account);

create table wallet (
  openid text primary key,
  name text not null,
  closed integer not null default 0
) strict;

create table trade_order (
  mchid text not null,
  out_trade_no text not null,
  appid text not null,
  trade_type text not null check (trade_type in ('JSAPI', 'NATIVE', 'MWEB', 'APP', 'MICROPAY')),
  description text not null,
  attach text not null,
  notify_url text not null,
  total_fen integer not null check (total_fen > 0),
  openid text,
  device_id text,
  request_digest text not null,
  state text not null check (state in
    ('NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED', 'USERPAYING', 'PAYERROR', 'REVOKED')),
  created_ms integer not null,
  expires_ms integer not null,
  transaction_id text unique,
  payer_openid text,
  paid_ms integer,
  fee_fen integer,
  fee_ppm integer,
  combine_mchid text,
  combine_out_trade_no text,
  primary key (mchid, out_trade_no)
) strict;
create index order_by_payment_day on trade_order (mchid, paid_ms);
create index order_by_combination on trade_order (combine_mchid, combine_out_trade_no)
  where combine_mchid is not null;

create table combined_order (
  mchid text not null,
  out_trade_no text not null,
  appid text not null,
  request_digest text not null,
  primary key (mchid, out_trade_no)
) strict;

create table prepay (
  token text primary key,
  mchid text not null,
  out_trade_no text not null,
  is_combined integer not null,
  created_ms integer not null
) strict;

create table auth_code (
  code text primary key,
  openid text not null references wallet (openid),
  expires_ms integer not null,
  used integer not null default 0
) strict;

create table insurance_card (
  openid text primary key references wallet (openid),
  name text not null,
  id_digest text not null
) strict;
create table insurance_relative (
  openid text not null references insurance_card (openid),
  name text not null,
  id_digest text not null
) strict;
create table insurance_order (
  mchid text not null,
  out_trade_no text not null,
  mix_trade_no text not null unique,
  mix_pay_type text not null check (mix_pay_type in
    ('CASH_ONLY', 'INSURANCE_ONLY', 'CASH_AND_INSURANCE')),
  openid text not null,
  shown text not null,
  callback_url text not null,
  pay_auth_no text,
  total_fen integer not null,
  fund_fen integer not null,
  account_fen integer not null,
  other_fen integer not null,
  own_part_fen integer not null,
  cash_fen integer not null,
  added_fen integer not null,
  reduced_fen integer not null,
  insurance_state text not null check (insurance_state in
    ('NONE', 'CREATED', 'SUCCESS', 'REFUND', 'FAIL')),
  created_ms integer not null,
  expires_ms integer not null,
  paid_ms integer,
  primary key (mchid, out_trade_no),
  unique (mchid, pay_auth_no)
) strict;
create table insurance_return (
  mix_trade_no text not null references insurance_order (mix_trade_no),
  out_refund_no text not null,
  total_fen integer not null,
  fund_fen integer not null,
  account_fen integer not null,
  other_fen integer not null,
  returned_ms integer not null,
  primary key (mix_trade_no, out_refund_no)
) strict;

create table refund (
  refund_id text primary key,
  mchid text not null,
  out_refund_no text not null,
  out_trade_no text not null,
  notify_url text,
  funds_account text not null,
  request_digest text not null,
  amount_fen integer not null check (amount_fen > 0),
  fee_fen integer not null,
  status text not null check (status in ('PROCESSING', 'SUCCESS', 'ABNORMAL')),
  created_ms integer not null,
  due_ms integer,
  finished_ms integer,
  redirected_to text,
  unique (mchid, out_refund_no)
) strict;
create index refund_by_order on refund (mchid, out_trade_no);
create index refund_by_day on refund (mchid, created_ms);
create index refund_by_due on refund (due_ms) where due_ms is not null;

create table notice (
  sequence integer primary key,
  id text not null unique,
  mchid text not null,
  event_type text not null,
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
create table delivery (
  notice_sequence integer not null references notice (sequence),
  number integer not null,
  at_ms integer not null,
  outcome text not null,
  status integer,
  primary key (notice_sequence, number)
) strict;

create table fault_subject (
  mchid text not null,
  kind text not null check (kind in ('order', 'refund')),
  number text not null,
  parent text not null,
  ordinal integer not null,
  primary key (mchid, kind, number)
) strict;
create index fault_subject_by_parent on fault_subject (mchid, kind, parent);
create table fault_call (
  mchid text not null,
  operation text not null,
  key text not null,
  calls integer not null,
  primary key (mchid, operation, key)
) strict;

create table nonce (
  mchid text not null,
  nonce text not null,
  at_ms integer not null,
  primary key (mchid, nonce)
) strict, without rowid;
create index nonce_by_time on nonce (at_ms);

create table bill_file (
  token text primary key,
  mchid text not null,
  content blob not null,
  content_type text not null,
  expires_ms integer not null
) strict;
`
