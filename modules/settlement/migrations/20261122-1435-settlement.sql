-- Settlement: what providers owe the hospital for each finished day under its contract, and what the bank says has come.
-- Versions, differences and allocations are added and never changed.
create schema settlement;
grant usage on schema settlement to yiqiao_app;

-- A contract with a provider, or a calendar of a year: proposed by one person, agreed to by another, in force from a day.
create table settlement.terms (
  hospital_id int         not null,
  id          uuid        not null,
  kind        text        not null check (kind in ('contract', 'calendar')),
  name        text        not null check (length(name) between 1 and 30), -- the provider, or the year
  valid_from  date        not null,
  content     jsonb       not null,
  status      text        not null check (status in ('proposed', 'agreed', 'refused')),
  proposed_by text        not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz,
  reason      text        check (length(reason) between 1 and 200),
  constraint terms_pkey primary key (hospital_id, id),
  constraint terms_by_two check (decided_by <> proposed_by),
  constraint terms_decided check ((status = 'proposed') = (decided_by is null)
    and (decided_by is null) = (decided_at is null))
);
create index terms_in_force on settlement.terms (hospital_id, kind, name, valid_from) where status = 'agreed';
create index terms_waiting on settlement.terms (hospital_id, id) where status = 'proposed';
select platform.hospital_table('settlement.terms', 'select, insert, update');

-- What one provider is to pay for one business date, as its newest list has it. Those of one expected_on are paid together.
create table settlement.batch (
  hospital_id      int         not null,
  provider         text        not null check (length(provider) between 1 and 30),
  business_date    date        not null,
  version          int         not null check (version >= 0), -- 0 until its first list is taken in
  terms_id         uuid,       -- null while no contract covers it
  payout_fen       bigint      not null, -- below zero when more went back than came in
  received_fen     bigint      not null,
  fee_fen          bigint      not null, -- as billed
  contract_fee_fen bigint      not null, -- as the contract has it
  account          text,       -- of the books, where it is to come
  expected_on      date,
  late_on          date,       -- later than this it is late
  calendar_known   boolean     not null, -- false: its year has no calendar, and holidays are not known of
  status           text        not null
    check (status in ('no_contract', 'expected', 'received', 'short', 'over', 'late')),
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  constraint batch_pkey primary key (hospital_id, provider, business_date),
  constraint batch_contract check ((status = 'no_contract') = (terms_id is null)
    and (terms_id is null) = (expected_on is null) and (terms_id is null) = (late_on is null)
    and (terms_id is null) = (account is null)),
  constraint batch_received check (status <> 'received' or payout_fen = received_fen)
);
create index batch_open on settlement.batch (hospital_id, expected_on) where status in ('expected', 'short', 'late');
select platform.hospital_table('settlement.batch', 'select, insert, update');

create table settlement.batch_version (
  hospital_id   int         not null,
  provider      text        not null,
  business_date date        not null,
  version       int         not null check (version >= 1),
  terms_id      uuid,
  digest        text        not null, -- of the list and the contract
  figures       jsonb       not null, -- what is in the books because of it
  at            timestamptz not null,
  constraint batch_version_pkey primary key (hospital_id, provider, business_date, version),
  constraint batch_version_batch foreign key (hospital_id, provider, business_date)
    references settlement.batch (hospital_id, provider, business_date)
);
select platform.hospital_table('settlement.batch_version', 'select, insert');

create table settlement.fee_difference (
  hospital_id   int    not null,
  provider      text   not null,
  business_date date   not null,
  version       int    not null,
  line_no       int    not null check (line_no >= 1),
  kind          text   not null check (kind in ('charge', 'return')),
  our_no        text   not null,
  amount_fen    bigint not null,
  billed_fen    bigint not null, -- below zero: given back
  contract_fen  bigint not null,
  constraint fee_difference_pkey primary key (hospital_id, provider, business_date, version, line_no),
  constraint fee_difference_version foreign key (hospital_id, provider, business_date, version)
    references settlement.batch_version (hospital_id, provider, business_date, version),
  constraint fee_difference_differs check (billed_fen <> contract_fen)
);
select platform.hospital_table('settlement.fee_difference', 'select, insert');

-- A row of the bank's statement. A row with the number of another and other contents is kept beside it, as a variant.
create table settlement.receipt (
  hospital_id   int         not null,
  account       text        not null check (length(account) between 1 and 40),
  bank_ref      text        not null check (length(bank_ref) between 1 and 64),
  variant       int         not null check (variant >= 1),
  amount_fen    bigint      not null check (amount_fen <> 0), -- below zero: taken back by who paid
  booked_on     date        not null,
  payer         text        not null check (length(payer) <= 200),
  memo          text        not null check (length(memo) <= 400),
  allocated_fen bigint      not null,
  status        text        not null check (status in ('unexplained', 'received')),
  due_at        timestamptz not null, -- unexplained, it is to be looked into by then
  recorded_at   timestamptz not null,
  constraint receipt_pkey primary key (hospital_id, account, bank_ref, variant),
  constraint receipt_status check ((status = 'received') = (allocated_fen = amount_fen)),
  constraint receipt_gives_what_it_has check (abs(allocated_fen) <= abs(amount_fen)
    and sign(allocated_fen) in (0, sign(amount_fen)))
);
create index receipt_unexplained on settlement.receipt (hospital_id, booked_on) where status = 'unexplained';
select platform.hospital_table('settlement.receipt', 'select, insert, update');

create table settlement.allocation (
  hospital_id   int         not null,
  id            uuid        not null,
  account       text        not null,
  bank_ref      text        not null,
  variant       int         not null,
  provider      text        not null,
  business_date date        not null,
  amount_fen    bigint      not null check (amount_fen <> 0),
  rule          text        not null check (rule in ('one_to_one', 'settlement_date', 'run', 'parts', 'lone', 'person')),
  actor         text        not null,
  at            timestamptz not null,
  constraint allocation_pkey primary key (hospital_id, id),
  constraint allocation_receipt foreign key (hospital_id, account, bank_ref, variant)
    references settlement.receipt (hospital_id, account, bank_ref, variant),
  constraint allocation_batch foreign key (hospital_id, provider, business_date)
    references settlement.batch (hospital_id, provider, business_date)
);
create index allocation_by_receipt on settlement.allocation (hospital_id, account, bank_ref, variant);
create index allocation_by_batch on settlement.allocation (hospital_id, provider, business_date);
select platform.hospital_table('settlement.allocation', 'select, insert');

-- What the bank says is in a custody account at the end of a day. Told otherwise, it is another version.
create table settlement.custody_balance (
  hospital_id   int         not null,
  account       text        not null check (length(account) between 1 and 40),
  business_date date        not null,
  version       int         not null check (version >= 1),
  balance_fen   bigint      not null,
  owed_fen      bigint      not null, -- in the books at the end of the day, when it was told
  told_by       text        not null,
  told_at       timestamptz not null,
  constraint custody_balance_pkey primary key (hospital_id, account, business_date, version)
);
select platform.hospital_table('settlement.custody_balance', 'select, insert');
