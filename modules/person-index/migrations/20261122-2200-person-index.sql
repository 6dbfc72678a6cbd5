-- The index of persons: which records might be of one person, and what was decided about it.
create schema person_index;
grant usage on schema person_index to yiqiao_app;

-- Where somebody is looked for: 52 bits of a keyed digest of what is likely the same in all records of one person. The
-- texts are not kept, and no key is of a name alone; see README.
create table person_index.block (
  digest    bigint not null,
  person_id uuid   not null,
  constraint block_pkey primary key (digest, person_id)
);
select platform.distribute('person_index.block', 'digest');
grant select, insert, delete on person_index.block to yiqiao_app;

-- Under which digests a person was entered, to take them away when the person's data change.
create table person_index.entry (
  person_id  uuid        not null,
  digests    bigint[]    not null,
  entered_at timestamptz not null,
  constraint entry_pkey primary key (person_id)
);
select platform.distribute('person_index.entry', 'person_id');
grant select, insert, update on person_index.entry to yiqiao_app;

-- How far the people have been entered that registered by themselves.
create table person_index.progress (
  name      text not null,
  person_id uuid not null,
  constraint progress_pkey primary key (name)
);
select platform.replicate('person_index.progress');
grant select, insert, update on person_index.progress to yiqiao_app;

-- Pairs that two persons have decided are of two people: never raised again, at any hospital.
create table person_index.separate (
  low_id  uuid not null,
  high_id uuid not null,
  act_id  uuid not null,
  constraint separate_pkey primary key (low_id, high_id),
  constraint separate_in_order check (low_id < high_id)
);
select platform.distribute('person_index.separate', 'low_id');
grant select, insert, delete on person_index.separate to yiqiao_app;

-- The work list of a hospital: two records that might be of one person.
create table person_index.candidate (
  hospital_id int         not null,
  id          uuid        not null,
  low_id      uuid        not null,
  high_id     uuid        not null,
  millibits   int         not null, -- log2 of the odds, times 1,000
  grade       text        not null check (grade in ('certain', 'probable', 'possible')),
  doubts      text[]      not null,
  fields      jsonb       not null, -- how each field agrees and what it says; no value of it
  status      text        not null check (status in ('open', 'linked', 'separate')),
  raised_by   text        not null,
  raised_at   timestamptz not null,
  constraint candidate_pkey primary key (hospital_id, id),
  constraint candidate_once unique (hospital_id, low_id, high_id),
  constraint candidate_in_order check (low_id < high_id)
);
create index separate_by_high on person_index.separate (high_id);
create index candidate_open on person_index.candidate (hospital_id, millibits desc, id)
  where status = 'open';
select platform.hospital_table('person_index.candidate', 'select, insert, update');

-- What one person proposed and another decided: to link two records, to say that they are of two people, to end a link.
create table person_index.act (
  hospital_id     int         not null,
  id              uuid        not null,
  kind            text        not null check (kind in ('link', 'separate', 'unlink')),
  person_id       uuid        not null, -- the record that is read as the other, or was
  survivor_id     uuid        not null, -- as whom it is read, or was
  reason          text        not null,
  facts           jsonb       not null, -- what was known when it was proposed: score, open refunds
  reassign        jsonb       not null, -- with the end of a link: which payments are to be shown with whom
  status          text        not null check (status in ('proposed', 'agreed', 'refused')),
  proposed_by     text        not null,
  proposed_at     timestamptz not null,
  decided_by      text,
  decided_at      timestamptz,
  decision_reason text,
  constraint act_pkey primary key (hospital_id, id),
  constraint act_decided check ((status = 'proposed') = (decided_at is null) and
    (decided_by is null) = (decided_at is null)),
  constraint act_by_two_persons check (decided_by <> proposed_by or decided_by like 'system:%')
);
create unique index act_proposed_once on person_index.act (hospital_id, person_id, survivor_id)
  where status = 'proposed';
create index act_by_person on person_index.act (hospital_id, person_id, id);
create index act_by_survivor on person_index.act (hospital_id, survivor_id, id);
select platform.hospital_table('person_index.act', 'select, insert, update');

-- With whom a payment is shown that was made under another record while two were linked. The payment itself is not
-- changed; the last row counts.
create table person_index.attribution (
  hospital_id    int         not null,
  id             uuid        not null,
  payment_id     uuid        not null,
  from_person_id uuid        not null, -- under whom it was made
  person_id      uuid        not null,
  act_id         uuid        not null,
  actor          text        not null,
  at             timestamptz not null,
  constraint attribution_pkey primary key (hospital_id, id)
);
create index attribution_by_from on person_index.attribution (hospital_id, from_person_id, id);
create index attribution_by_person on person_index.attribution (hospital_id, person_id, id);
select platform.hospital_table('person_index.attribution', 'select, insert');
