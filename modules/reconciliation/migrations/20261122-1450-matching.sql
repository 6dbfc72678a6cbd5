-- Matching of whole files: each run over the files of all sides of a day, what it found and what it carried over to the
-- next day. Matches are kept as counts, sums and digests for each rule; rows that agree are in the files.
create table reconciliation.matching_run (
  hospital_id   int         not null,
  run_id        text        not null check (run_id ~ '^[0-9a-f]{64}$'), -- a hash of everything the result depends on
  business_date date        not null,
  rules         jsonb       not null,
  sides         jsonb       not null, -- name and hash of what each gave
  status        text        not null check (status in ('running', 'complete')),
  summary       jsonb,       -- by rule what it matched, the identity of each pair of sides, counts by class
  digest        text,        -- of the whole result
  started_at    timestamptz not null,
  completed_at  timestamptz,
  constraint matching_run_pkey primary key (hospital_id, run_id),
  constraint matching_run_complete_has_all check ((status = 'complete') =
    (summary is not null and digest is not null and completed_at is not null))
);
create index matching_run_by_date on reconciliation.matching_run (hospital_id, business_date, completed_at);
select platform.hospital_table('reconciliation.matching_run', 'select, insert, update');

create table reconciliation.matching_difference (
  hospital_id  int     not null,
  run_id       text    not null,
  no           int     not null check (no >= 1),
  relation     text    not null,
  class        text    not null check (length(class) between 1 and 40),
  kind         text    not null check (kind in ('charge', 'return', 'fee', 'payout')),
  key          text,
  sides        jsonb   not null, -- by side how many lines, and their amount
  at_stake_fen bigint  not null check (at_stake_fen >= 0),
  repair       text    not null, -- what is proposed
  rule         text    not null, -- that brought its rows together, or nearly matched them
  evidence     jsonb   not null, -- the rows, and what stood against a match
  is_counted   boolean not null, -- in the identity; false when the rows differ in another way too, which is
  constraint matching_difference_pkey primary key (hospital_id, run_id, no),
  constraint matching_difference_run foreign key (hospital_id, run_id)
    references reconciliation.matching_run (hospital_id, run_id)
);
create index matching_difference_by_class on reconciliation.matching_difference (hospital_id, run_id, class, no);
select platform.hospital_table('reconciliation.matching_difference', 'select, insert');

create table reconciliation.matching_carried (
  hospital_id int   not null,
  run_id      text  not null,
  no          int   not null check (no >= 1),
  relation    text  not null,
  side        text  not null,
  row         jsonb not null, -- as it stood in the side's file
  constraint matching_carried_pkey primary key (hospital_id, run_id, no),
  constraint matching_carried_run foreign key (hospital_id, run_id)
    references reconciliation.matching_run (hospital_id, run_id)
);
select platform.hospital_table('reconciliation.matching_carried', 'select, insert');
