/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 1

// Amounts are whole fen, interest that is not yet a fen is in millionths of one, instants are milliseconds since 1970,
// days are texts.
export const SCHEMA = `
create table serial (name text primary key, last integer not null) strict;
create table setting (name text primary key, value text not null) strict;

create table customer (
  id_card_no text primary key,
  name text not null,
  bank_account text not null unique,
  monthly_income_fen integer not null check (monthly_income_fen >= 0),
  is_blocked integer not null check (is_blocked in (0, 1))
) strict;

create table hospital (
  hosp_code text primary key,
  limit_fen integer not null check (limit_fen >= 0)
) strict;

create table credit_line (
  account_no text primary key,
  partner text not null,
  user_id text not null,
  id_card_no text not null references customer (id_card_no),
  product_code text not null,
  limit_fen integer not null check (limit_fen >= 0),
  used_elsewhere_fen integer not null default 0 check (used_elsewhere_fen >= 0),
  status text not null check (status in ('unsigned', 'signed', 'suspended', 'ended')),
  signed_ms integer,
  ended_ms integer
) strict;
create unique index credit_line_in_force on credit_line (partner, id_card_no) where status <> 'ended';

-- What a visit, or a draw by itself, comes to.
create table bill (
  bill_no text primary key,
  account_no text not null references credit_line (account_no),
  hosp_code text not null references hospital (hosp_code),
  visit_no text,
  trans_no text,
  drawn_fen integer not null check (drawn_fen >= 0), -- after what was taken back
  open_fen integer not null check (open_fen between 0 and drawn_fen),
  interest_micro integer not null default 0 check (interest_micro >= 0),
  interest_paid_fen integer not null default 0 check (interest_paid_fen >= 0),
  free_until text not null,
  due_on text not null,
  check ((visit_no is null) <> (trans_no is null))
) strict;
create unique index bill_of_visit on bill (account_no, visit_no) where visit_no is not null;
create unique index bill_of_draw on bill (account_no, trans_no) where trans_no is not null;
create index bill_open on bill (open_fen) where open_fen > 0;

create table draw (
  flow_id text primary key,
  partner text not null,
  trans_no text not null,
  bill_no text not null references bill (bill_no),
  account_no text not null,
  hosp_code text not null,
  amount_fen integer not null check (amount_fen > 0),
  flushed_fen integer not null default 0 check (flushed_fen between 0 and amount_fen),
  at_ms integer not null,
  on_day text not null,
  unique (partner, trans_no)
) strict;
create index draw_by_day on draw (hosp_code, on_day);

create table flush (
  flow_id text primary key,
  partner text not null,
  flush_no text not null,
  draw_flow_id text not null references draw (flow_id),
  hosp_code text not null,
  amount_fen integer not null check (amount_fen > 0),
  principal_fen integer not null check (principal_fen between 0 and amount_fen),
  at_ms integer not null,
  on_day text not null,
  unique (partner, flush_no)
) strict;
create index flush_by_day on flush (hosp_code, on_day);

-- Announced by a partner, or the bank's own debit of a due bill, which has no partner.
create table repayment (
  repay_bill_no text primary key,
  partner text,
  repay_no text,
  account_no text not null,
  scope text not null check (scope in ('partial', 'full', 'remaining', 'debit')),
  bill_no text references bill (bill_no), -- null for all of them
  amount_fen integer not null check (amount_fen > 0),
  state text not null check (state in ('created', 'paid', 'failed', 'closed')),
  principal_fen integer not null default 0,
  interest_fen integer not null default 0,
  pay_flow_id text unique,
  paid_ms integer,
  unique (partner, repay_no),
  check ((state = 'paid') = (pay_flow_id is not null))
) strict;

-- What was decided under a partner's number, once and for all. No digest: closed before anything came under it.
create table decided (
  partner text not null,
  service text not null,
  number text not null,
  digest text,
  answer text not null, -- JSON
  primary key (partner, service, number)
) strict, without rowid;

create table line (
  id integer primary key,
  business_no text not null,
  account text not null,
  amount_fen integer not null check (amount_fen <> 0),
  at_ms integer not null
) strict;
create index line_by_business on line (business_no);
create index line_by_account on line (account);

create table fault_subject (
  number text primary key,
  parent text not null,
  ordinal integer not null
) strict;
create table fault_call (
  operation text not null,
  key text not null,
  calls integer not null,
  primary key (operation, key)
) strict;

create table flow (
  partner text not null,
  flow_id text not null,
  at_ms integer not null,
  primary key (partner, flow_id)
) strict, without rowid;
create index flow_by_time on flow (at_ms);
`
