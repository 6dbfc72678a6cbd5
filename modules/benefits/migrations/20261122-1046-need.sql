-- The register of people in need: whom a civil affairs office or a hospital has found to be in need, on which paper,
-- and until when. A person's across hospitals. An entry is ended by a reason and never taken out.
create table benefits.need (
  person_id        uuid        not null,
  id               uuid        not null,
  kind             text        not null check (kind in ('minimum_living', 'extreme_poverty', 'near_poverty',
    'poverty_relief', 'severe_disability', 'orphan', 'other')),
  found_by         text        not null check (found_by in ('civil_affairs', 'hospital')),
  document         text        not null check (length(document) between 1 and 100), -- the list, or the paper
  valid_from       date        not null,
  valid_until      date        not null,
  care_hospital_id int         not null, -- whose staff entered it
  entered_by       text        not null,
  entered_at       timestamptz not null,
  ended_by         text,
  ended_at         timestamptz,
  end_reason       text        check (length(end_reason) between 1 and 200),
  constraint need_pkey primary key (person_id, id),
  constraint need_once unique (person_id, found_by, document),
  constraint need_period check (valid_from <= valid_until and valid_until <= valid_from + 1096), -- three years at most
  constraint need_ended_says_why check ((ended_by is null) = (ended_at is null) and (ended_by is null) = (end_reason is null))
);
select platform.distribute('benefits.need', 'person_id');
grant select, insert, update on benefits.need to yiqiao_app;
