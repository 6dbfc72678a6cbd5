-- Ledger: what happened to money, in double entry. A line is a transfer from one account to another, so
-- it balances as it stands. Entries, transfers and holds are added and never changed: the application's role
-- may not update or delete them. Only an account's running totals move.
create schema ledger;
grant usage on schema ledger to yiqiao_app;

create table ledger.account (
  hospital_id int    not null,
  code        text   not null check (length(code) between 1 and 80),
  kind        text   not null check (kind in ('asset', 'liability', 'income')),
  debit_fen   bigint not null check (debit_fen >= 0),
  credit_fen  bigint not null check (credit_fen >= 0),
  held_fen    bigint not null check (held_fen >= 0), -- promised away, not yet gone
  constraint account_pkey primary key (hospital_id, code)
);
select platform.hospital_table('ledger.account', 'select, insert, update');

create table ledger.entry (
  hospital_id   int         not null,
  id            uuid        not null,
  business_date date        not null,
  cause         text        not null, -- the fact behind it: posting it again is refused here, whatever the caller does
  subject       text        not null, -- what the fact is about: 'payment:<id>'
  memo          text        not null,
  created_at    timestamptz not null,
  constraint entry_pkey primary key (hospital_id, id),
  constraint entry_once unique (hospital_id, cause)
);
create index entry_by_subject on ledger.entry (hospital_id, subject, id);
create index entry_by_date on ledger.entry (hospital_id, business_date, id);
select platform.hospital_table('ledger.entry', 'select, insert');

create table ledger.transfer (
  hospital_id    int    not null,
  entry_id       uuid   not null,
  line_no        int    not null check (line_no >= 1),
  debit_account  text   not null,
  credit_account text   not null,
  amount_fen     bigint not null check (amount_fen > 0),
  constraint transfer_pkey primary key (hospital_id, entry_id, line_no),
  constraint transfer_entry foreign key (hospital_id, entry_id) references ledger.entry (hospital_id, id),
  constraint transfer_debit foreign key (hospital_id, debit_account) references ledger.account (hospital_id, code),
  constraint transfer_credit foreign key (hospital_id, credit_account) references ledger.account (hospital_id, code),
  constraint transfer_moves check (debit_account <> credit_account)
);
create index transfer_by_debit on ledger.transfer (hospital_id, debit_account, entry_id);
create index transfer_by_credit on ledger.transfer (hospital_id, credit_account, entry_id);
select platform.hospital_table('ledger.transfer', 'select, insert');

create table ledger.hold (
  hospital_id    int         not null,
  id             uuid        not null,
  cause          text        not null,
  subject        text        not null,
  debit_account  text        not null,
  credit_account text        not null, -- the account that promises the amount
  amount_fen     bigint      not null check (amount_fen > 0),
  created_at     timestamptz not null,
  constraint hold_pkey primary key (hospital_id, id),
  constraint hold_once unique (hospital_id, cause)
);
select platform.hospital_table('ledger.hold', 'select, insert');

-- A hold ends once, posted or voided: its key says so.
create table ledger.hold_end (
  hospital_id int         not null,
  hold_id     uuid        not null,
  outcome     text        not null check (outcome in ('posted', 'voided')),
  entry_id    uuid,
  at          timestamptz not null,
  constraint hold_end_pkey primary key (hospital_id, hold_id),
  constraint hold_end_hold foreign key (hospital_id, hold_id) references ledger.hold (hospital_id, id),
  constraint hold_end_posted_has_entry check ((outcome = 'posted') = (entry_id is not null))
);
select platform.hospital_table('ledger.hold_end', 'select, insert');
