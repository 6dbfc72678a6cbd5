-- Credit: loans, what is due on them and when, what was repaid, and each lender's close of a day. All rows are in the
-- lender's own book, as in the migration before: hospital_id is the number of the book.

create table credit.loan (
  hospital_id      int         not null,
  id               uuid        not null,
  person_id        uuid        not null,
  care_hospital_id int         not null,
  visit_no         text        check (length(visit_no) between 1 and 30),
  product_id       text        not null,
  way              text        not null check (way in ('next_month', 'equal_payment', 'equal_principal', 'flat_fee',
    'flat_fee_up_front')),
  periods          int         not null check (periods between 1 and 60),
  yearly_rate_ppm  int         not null check (yearly_rate_ppm between 0 and 1000000),
  fee_ppm          int         not null check (fee_ppm between 0 and 1000000),
  penalty_rate_ppm int         not null check (penalty_rate_ppm between 0 and 1000000), -- a year, on what is overdue
  principal_fen    bigint      not null check (principal_fen between 1 and 1000000000), -- as it was opened
  opened_on        date        not null,
  free_until       date        not null, -- the due day of a single repayment; instalments begin to count here
  status           text        not null check (status in ('open', 'settled', 'written_off')),
  overdue_since    date,       -- the oldest due day that passed unpaid
  stage            text        not null, -- 'current', or a stage of the overdue ladder
  opened_at        timestamptz not null,
  ended_at         timestamptz,
  constraint loan_pkey primary key (hospital_id, id),
  constraint loan_ended check ((status = 'open') = (ended_at is null))
) with (fillfactor = 90);
create index loan_by_person on credit.loan (hospital_id, person_id, id);
create index loan_open on credit.loan (hospital_id, id) where status = 'open';
select platform.hospital_table('credit.loan', 'select, insert, update');

-- What is due on one day. Interest of the period from_on to due_on grows day by day to interest_fen; brought_fen was
-- there when the schedule was made anew. What stands open is what accrued less what was paid. The day_ columns say what
-- the accrual of accrued_on added. Room is kept in each page, since nearly every row changes each night.
create table credit.instalment (
  hospital_id          int    not null,
  loan_id              uuid   not null,
  no                   int    not null check (no >= 1),
  from_on              date   not null,
  due_on               date   not null,
  period_days          int    not null check (period_days >= 0), -- of the whole period, also when from_on moved
  principal_fen        bigint not null check (principal_fen >= 0),
  interest_fen         bigint not null check (interest_fen >= 0),
  fee_fen              bigint not null check (fee_fen >= 0),
  brought_fen          bigint not null check (brought_fen >= 0),
  accrued_interest_fen bigint not null,
  charged_fee_fen      bigint not null,
  accrued_penalty_fen  bigint not null,
  penalty_carry        bigint not null check (penalty_carry >= 0), -- 365 millionths of a fen
  accrued_on           date   not null,
  day_interest_fen     bigint not null,
  day_fee_fen          bigint not null,
  day_penalty_fen      bigint not null,
  paid_principal_fen   bigint not null,
  paid_interest_fen    bigint not null,
  paid_fee_fen         bigint not null,
  paid_penalty_fen     bigint not null,
  status               text   not null check (status in ('open', 'paid', 'written_off')),
  constraint instalment_pkey primary key (hospital_id, loan_id, no),
  constraint instalment_loan foreign key (hospital_id, loan_id) references credit.loan (hospital_id, id),
  constraint instalment_paid_principal check (paid_principal_fen between 0 and principal_fen),
  constraint instalment_paid_interest check (paid_interest_fen between 0 and accrued_interest_fen),
  constraint instalment_paid_fee check (paid_fee_fen between 0 and charged_fee_fen),
  constraint instalment_paid_penalty check (paid_penalty_fen between 0 and accrued_penalty_fen),
  constraint instalment_accrues_what_is_due check (accrued_interest_fen <= brought_fen + interest_fen
    and charged_fee_fen <= fee_fen),
  constraint instalment_paid_is_even check (status <> 'paid' or (paid_principal_fen = principal_fen
    and paid_interest_fen = accrued_interest_fen and paid_fee_fen = charged_fee_fen
    and paid_penalty_fen = accrued_penalty_fen))
) with (fillfactor = 45);
create index instalment_by_due on credit.instalment (hospital_id, due_on, loan_id) where status = 'open';
select platform.hospital_table('credit.instalment', 'select, insert, update, delete');

-- The sub-ledger: what each fact added to what a loan owes, beside the entry of the book that says the same in sum.
create table credit.loan_entry (
  hospital_id   int    not null,
  loan_id       uuid   not null,
  cause         text   not null check (length(cause) between 1 and 80),
  business_date date   not null,
  principal_fen bigint not null,
  interest_fen  bigint not null,
  fee_fen       bigint not null,
  penalty_fen   bigint not null,
  constraint loan_entry_pkey primary key (hospital_id, loan_id, cause)
);
select platform.hospital_table('credit.loan_entry', 'select, insert');

-- What happened to a loan besides money: reminders, stages, a way that was changed. Once a day each.
create table credit.loan_event (
  hospital_id   int         not null,
  loan_id       uuid        not null,
  business_date date        not null,
  kind          text        not null check (length(kind) between 1 and 60),
  detail        jsonb       not null,
  at            timestamptz not null,
  constraint loan_event_pkey primary key (hospital_id, loan_id, business_date, kind)
);
create index loan_event_by_date on credit.loan_event (hospital_id, business_date, loan_id);
select platform.hospital_table('credit.loan_event', 'select, insert');

-- One payment towards a loan. Of an automatic debit the row is there before the bank is asked.
create table credit.repayment (
  hospital_id   int         not null,
  repayment_no  text        not null check (length(repayment_no) between 1 and 64),
  loan_id       uuid        not null,
  source        text        not null check (source in ('debit', 'payer', 'family', 'recovery')),
  payer_id      uuid        not null, -- who paid: the borrower, or somebody of the family
  scope         text        not null check (scope in ('partial', 'due', 'full')),
  amount_fen    bigint      not null check (amount_fen > 0),
  status        text        not null check (status in ('asking', 'done', 'refused')),
  refusal       text,
  provider_no   text,
  principal_fen bigint      not null check (principal_fen >= 0),
  interest_fen  bigint      not null check (interest_fen >= 0),
  fee_fen       bigint      not null check (fee_fen >= 0),
  penalty_fen   bigint      not null check (penalty_fen >= 0),
  excess_fen    bigint      not null check (excess_fen >= 0), -- more than was owed: it is the payer's
  business_date date        not null,
  requested_at  timestamptz not null,
  ended_at      timestamptz,
  constraint repayment_pkey primary key (hospital_id, repayment_no),
  constraint repayment_loan foreign key (hospital_id, loan_id) references credit.loan (hospital_id, id),
  constraint repayment_ended check ((status = 'asking') = (ended_at is null)),
  constraint repayment_refused check ((status = 'refused') = (refusal is not null)),
  constraint repayment_adds_up check (status <> 'done' or
    principal_fen + interest_fen + fee_fen + penalty_fen + excess_fen = amount_fen)
);
create index repayment_by_loan on credit.repayment (hospital_id, loan_id, requested_at);
create unique index repayment_asking_once on credit.repayment (hospital_id, loan_id) where status = 'asking';
create index repayment_by_day on credit.repayment (hospital_id, business_date) where status = 'done';
select platform.hospital_table('credit.repayment', 'select, insert, update');

-- A loan given up, or the wish to: two people of the lender's staff.
create table credit.write_off (
  hospital_id   int         not null,
  loan_id       uuid        not null,
  reason        text        not null check (length(reason) between 1 and 200),
  proposed_by   text        not null,
  proposed_at   timestamptz not null,
  approved_by   text,
  approved_at   timestamptz,
  amount_fen    bigint      check (amount_fen > 0),
  constraint write_off_pkey primary key (hospital_id, loan_id),
  constraint write_off_loan foreign key (hospital_id, loan_id) references credit.loan (hospital_id, id),
  constraint write_off_by_two check (approved_by <> proposed_by),
  constraint write_off_is_whole check ((approved_by is null) = (approved_at is null)
    and (approved_by is null) = (amount_fen is null))
);
select platform.hospital_table('credit.write_off', 'select, insert, update');

-- A lender's close of a business date, and how far it has come: the last loan of the last batch that committed.
create table credit.lender_day (
  hospital_id   int         not null,
  business_date date        not null,
  status        text        not null check (status in ('running', 'closed')),
  done_to       uuid        not null,
  batches       int         not null check (batches >= 0),
  loans         int         not null check (loans >= 0),
  interest_fen  bigint      not null check (interest_fen >= 0),
  fee_fen       bigint      not null check (fee_fen >= 0),
  penalty_fen   bigint      not null check (penalty_fen >= 0),
  portfolio     jsonb,      -- the figures of that evening
  started_at    timestamptz not null,
  closed_at     timestamptz,
  constraint lender_day_pkey primary key (hospital_id, business_date),
  constraint lender_day_closed check ((status = 'closed') = (closed_at is not null)
    and (status = 'closed') = (portfolio is not null))
);
select platform.hospital_table('credit.lender_day', 'select, insert, update');
