/** Version of the tables, kept in the file's user_version. A file of another version is refused. */
export const SCHEMA_VERSION = 1

// Amounts are whole fen, instants are milliseconds since 1970, days are texts.
export const SCHEMA = `
create table serial (name text primary key, last integer not null) strict;

create table policy (
  policy_no text primary key,
  product text not null,
  id_card_no text not null,
  holder_name text not null,
  begins_on text not null,
  ends_on text not null,
  state text not null default 'in_force' check (state in ('in_force', 'suspended', 'lapsed')),
  deductible_used_fen integer not null default 0 check (deductible_used_fen >= 0),
  benefit_used_fen integer not null default 0 check (benefit_used_fen >= 0)
) strict;
create index policy_by_person on policy (id_card_no);

create table claim (
  hospital text not null,
  request_no text not null,
  claim_no text not null unique,
  digest text not null,
  policy_no text not null,
  visit_no text not null,
  state text not null check (state in ('reserved', 'settled', 'refunded', 'cancelled', 'failed')),
  reason text not null default '',
  total_fen integer not null,
  benefit_fen integer not null check (benefit_fen >= 0),
  deductible_fen integer not null check (deductible_fen >= 0),
  refunded_fen integer not null default 0 check (refunded_fen between 0 and benefit_fen),
  figures text not null, -- JSON, as they were worked out
  created_ms integer not null,
  expires_ms integer not null,
  settled_ms integer,
  settled_on text,
  primary key (hospital, request_no)
) strict;
create index claim_by_policy on claim (policy_no);
create index claim_by_day on claim (hospital, settled_on);

-- A number that was cancelled before anything came under it: nothing ever will.
create table barred (
  hospital text not null,
  request_no text not null,
  claim_no text not null unique,
  primary key (hospital, request_no)
) strict;

create table refund (
  hospital text not null,
  refund_no text not null,
  claim_no text not null references claim (claim_no),
  return_no text not null unique,
  amount_fen integer not null check (amount_fen > 0),
  deductible_fen integer not null check (deductible_fen >= 0),
  refunded_ms integer not null,
  refunded_on text not null,
  primary key (hospital, refund_no)
) strict;
create index refund_by_day on refund (hospital, refunded_on);

-- The papers of a settled claim, and what the insurer makes of them.
create table file (
  file_no text primary key,
  hospital text not null,
  claim_no text not null unique references claim (claim_no),
  state text not null check (state in ('submitted', 'accepted', 'more_wanted', 'refused')),
  wanted text not null default '', -- kinds, with spaces between
  reason text not null default '',
  decide_ms integer not null,
  decided_ms integer
) strict;
create table submission (
  hospital text not null,
  submission_no text not null,
  file_no text not null references file (file_no),
  digest text not null,
  consent_no text not null,
  consent_version text not null,
  primary key (hospital, submission_no)
) strict;
create table document (
  file_no text not null references file (file_no),
  document_no text not null,
  kind text not null,
  title text not null,
  content_type text not null,
  sha256 text not null,
  bytes integer not null,
  primary key (file_no, document_no, sha256)
) strict;

create table line (
  id integer primary key,
  business_no text not null,
  account text not null,
  amount_fen integer not null check (amount_fen <> 0),
  at_ms integer not null
) strict;
create index line_by_business on line (business_no);
create index line_by_account on line (account);

create table fee_record (
  hospital text not null,
  fee_record_no text not null,
  digest text not null,
  content text not null,
  primary key (hospital, fee_record_no)
) strict;

create table fault_subject (
  hospital text not null,
  number text not null,
  parent text not null,
  ordinal integer not null,
  primary key (hospital, number)
) strict;
create table fault_call (
  operation text not null,
  key text not null,
  calls integer not null,
  primary key (operation, key)
) strict;

create table nonce (
  client text not null,
  nonce text not null,
  at_ms integer not null,
  primary key (client, nonce)
) strict, without rowid;
create index nonce_by_time on nonce (at_ms);
create table token (sha256 text primary key, client text not null, expires_ms integer not null) strict;
`
