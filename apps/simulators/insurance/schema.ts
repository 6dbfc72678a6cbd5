// The tables of the centre's file. A change of them is a new version.

export const SCHEMA_VERSION = 2

export const SCHEMA = `
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
  stay_covered_fen integer not null check (stay_covered_fen >= 0),
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
  place          text not null default 'outpatient' check (place in ('outpatient', 'inpatient')),
  med_type       text, -- set by 2203, or by 2401
  mdtrt_cert_type text not null,
  begun_at       text not null, -- yyyy-MM-dd HH:mm:ss
  cancelled      integer not null default 0,
  registration   text not null, -- the input of 2201 or 2401, as JSON
  unique (fixmedins_code, ipt_otp_no, ordinal)
) strict;

create table diagnosis (
  mdtrt_id    text not null references visit,
  inout       text not null, -- inout_diag_type: '1' on coming, '2' on leaving
  diag_srt_no integer not null,
  diag_code   text not null,
  diag_name   text not null,
  record      text not null, -- the node as it came, as JSON
  primary key (mdtrt_id, inout, diag_srt_no)
) strict;

create table stay (
  mdtrt_id      text primary key references visit,
  discharged_at text, -- yyyy-MM-dd HH:mm:ss; null while in hospital
  dscg_way      text
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
  quantity        text not null, -- in 10^-4, below zero for what was given back
  original_sn     text, -- of a line that gives back: whose
  record          text not null, -- the line and how it divided, as JSON
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

create table oauth_token (
  token         text primary key,
  client_id     text not null,
  expires_at_ms integer not null
) strict;

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

create table voucher_token (
  token         text primary key,
  psn_no        text not null,
  expires_at_ms integer not null
) strict;

create table filing (
  trt_dcla_detl_sn text primary key,
  fixmedins_code   text not null,
  kind             text not null, -- the transaction that made it: '2501', '2503', '2505', '2507'
  psn_no           text not null,
  area             text, -- of 2501: where the person is going
  begndate         text not null,
  enddate          text,
  cancelled        integer not null default 0,
  record           text not null -- the node as it came, as JSON
) strict;
create index filing_by_person on filing (psn_no, kind);

create table clearing (
  clr_appy_evt_id text primary key,
  fixmedins_code  text not null,
  clr_type        text not null,
  setlym          text not null, -- yyyyMM
  cancelled       integer not null default 0,
  record          text not null
) strict;

-- A settlement of a person from elsewhere, as the national platform numbers it.
create table national_settlement (
  setl_id      text primary key references settlement,
  mdtrt_sn     text not null unique, -- S + 参保地 + yyMMdd + 7 digits
  setl_sn      text not null unique, -- A + the same
  confirmed_by text -- inf_refmsgid of the 3261 that took it into the month; null until then
) strict;

-- What the country published, version by version.
create table catalogue_row (
  ver    text primary key, -- ascending, each row its own
  infno  text not null, -- of the download it belongs to
  code   text not null,
  cells  text not null -- JSON
) strict;
create index catalogue_by_download on catalogue_row (infno, ver);
create index catalogue_by_code on catalogue_row (infno, code, ver);

create table mobile_order (
  pay_ord_id     text primary key,
  pay_token      text not null,
  fixmedins_code text not null,
  med_org_ord    text not null,
  psn_no         text not null,
  mdtrt_id       text not null references visit,
  chrg_bchno     text not null,
  status         text not null
    check (status in ('open', 'processing', 'settled', 'failed', 'revoked', 'refunded')),
  cash_refunded  integer not null,
  setl_id        text references settlement,
  use_account    integer not null,
  due_at_ms      integer, -- while it is processing
  traced_at      text not null, -- yyyy-MM-dd HH:mm:ss
  insuplc_admdvs text not null,
  fingerprint    text not null,
  unique (fixmedins_code, med_org_ord)
) strict;

create table mobile_refund (
  app_refd_sn text not null,
  pay_ord_id  text not null references mobile_order,
  fingerprint text not null,
  primary key (pay_ord_id, app_refd_sn)
) strict;

create table internal_error (at_ms integer not null, message text not null) strict;
`
