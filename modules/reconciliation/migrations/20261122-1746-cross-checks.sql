-- 全渠道核对: which sides of a hospital's day are held against each other, by which rules. One person proposes, another agrees.
create table reconciliation.terms (
  hospital_id int         not null,
  id          uuid        not null,
  kind        text        not null check (kind in ('cross_check')),
  name        text        not null check (length(name) between 1 and 30),
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
create index terms_in_force on reconciliation.terms (hospital_id, kind, name, valid_from) where status = 'agreed';
select platform.hospital_table('reconciliation.terms', 'select, insert, update');

-- How far a cross-check of a date has come. Woken by whatever may change it; the run itself is kept under its own name.
create table reconciliation.cross_check_day (
  hospital_id   int         not null,
  name          text        not null,
  business_date date        not null,
  status        text        not null check (status in ('waiting', 'complete', 'failed')),
  due_at        timestamptz, -- null: nothing to do until it is woken
  in_work_until timestamptz,
  run_id        text,        -- the newest complete run
  reason        text        check (length(reason) between 1 and 500), -- what is waited for, or why it failed
  updated_at    timestamptz not null,
  constraint cross_check_day_pkey primary key (hospital_id, name, business_date),
  constraint cross_check_day_complete check (status <> 'complete' or run_id is not null),
  constraint cross_check_day_run foreign key (hospital_id, run_id)
    references reconciliation.matching_run (hospital_id, run_id)
);
create index cross_check_day_due on reconciliation.cross_check_day (hospital_id, due_at) where due_at is not null;
select platform.hospital_table('reconciliation.cross_check_day', 'select, insert, update');

-- A case that a cross-check has opened is found by the day it is of.
create index work_case_of_cross_check on reconciliation.work_case (hospital_id, business_date, subject)
  where class = 'cross_check';
