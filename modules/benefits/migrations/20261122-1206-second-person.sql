-- A programme is proposed and another person decides; so is a large allotment. Rows of before keep what they are.
alter table benefits.programme drop constraint programme_status_check;
alter table benefits.programme add constraint programme_status
  check (status in ('proposed', 'active', 'refused', 'ended'));
alter table benefits.programme add column needs_second boolean not null default false;
alter table benefits.programme add column decided_by text;
alter table benefits.programme add column decided_at timestamptz;
alter table benefits.programme add constraint programme_by_two check (decided_by <> created_by);
alter table benefits.programme add constraint programme_second_decided
  check (not needs_second or (status = 'proposed') = (decided_by is null));
alter table benefits.programme drop constraint programme_ended_says_why;
alter table benefits.programme add constraint programme_over_says_why
  check ((status in ('ended', 'refused')) = (ended_by is not null and ended_at is not null and end_reason is not null));

alter table benefits.allotment add column by_two boolean not null default false; -- a second person agreed

create table benefits.allotment_proposal (
  hospital_id  int         not null,
  id           uuid        not null, -- and of the allotment it becomes
  programme_id uuid        not null,
  amount_fen   bigint      not null check (amount_fen > 0),
  document     text        not null check (length(document) between 1 and 100),
  proposed_by  text        not null,
  proposed_at  timestamptz not null,
  status       text        not null check (status in ('proposed', 'agreed', 'refused')),
  decided_by   text,
  decided_at   timestamptz,
  reason       text        check (length(reason) between 1 and 200),
  constraint allotment_proposal_pkey primary key (hospital_id, id),
  constraint allotment_proposal_programme foreign key (hospital_id, programme_id)
    references benefits.programme (hospital_id, id),
  constraint allotment_proposal_by_two check (decided_by <> proposed_by),
  constraint allotment_proposal_decided check ((status = 'proposed') = (decided_by is null)
    and (decided_by is null) = (decided_at is null))
);
create unique index allotment_proposal_once on benefits.allotment_proposal (hospital_id, programme_id, document)
  where status <> 'refused';
create index allotment_proposal_waiting on benefits.allotment_proposal (hospital_id, id) where status = 'proposed';
select platform.hospital_table('benefits.allotment_proposal', 'select, insert, update');

-- What one person granted alone is added up; their row is locked meanwhile.
create table benefits.giver (
  hospital_id int  not null,
  name        text not null check (length(name) between 1 and 200),
  constraint giver_pkey primary key (hospital_id, name)
);
select platform.hospital_table('benefits.giver', 'select, insert, update');

create index entitlement_by_proposer on benefits.entitlement (hospital_id, proposed_by, proposed_at);
create index allotment_by_giver on benefits.allotment (hospital_id, decided_by, at);
