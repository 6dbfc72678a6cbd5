-- A stay has a last day like any visit: nothing that is drawn may be left without a day on which it becomes a loan.
alter table credit.visit add column is_stay boolean not null default false;
update credit.visit set is_stay = true, ends_at = created_at + interval '60 days' where ends_at is null;
alter table credit.visit alter column ends_at set not null;

-- Whatever waits for a lender's answer is asked about less and less often, and hides nothing that came after it.
alter table credit.visit add column due_at timestamptz, add column asked_times int not null default 0;
update credit.visit set due_at = case status when 'open' then ends_at else updated_at end;
alter table credit.visit alter column due_at set not null;
create index visit_due on credit.visit (hospital_id, due_at) where status in ('open', 'closing', 'paying');

alter table credit.application add column due_at timestamptz, add column asked_times int not null default 0;
update credit.application set due_at = updated_at;
alter table credit.application alter column due_at set not null;
create index application_due on credit.application (hospital_id, due_at) where status = 'asking';

alter table credit.repayment add column due_at timestamptz, add column asked_times int not null default 0;
update credit.repayment set due_at = requested_at;
alter table credit.repayment alter column due_at set not null;
create index repayment_due on credit.repayment (hospital_id, due_at) where status = 'asking';

-- A person has one open application with a lender. Of several that are open the last one stays.
update credit.application a set status = 'refused', limit_fen = 0, refusal = 'superseded'
  where status = 'asking' and exists (select from credit.application later
    where later.hospital_id = a.hospital_id and later.person_id = a.person_id
      and later.status = 'asking' and later.id > a.id);
create unique index application_open_once on credit.application (hospital_id, person_id) where status = 'asking';

-- Two repayments of a day are two events.
alter table credit.loan_event add column about text not null default '' check (length(about) <= 80);
alter table credit.loan_event drop constraint loan_event_pkey;
alter table credit.loan_event add constraint loan_event_pkey
  primary key (hospital_id, loan_id, business_date, kind, about);
