-- What is to be switched on, until a second person has said yes. To switch off takes one.
create table hospitals.rollout_proposal (
  hospital_id int         not null,
  id          uuid        not null,
  after       int         not null check (after >= 0), -- the version that was seen
  stage       text        not null check (stage in ('pilot', 'expansion', 'optimisation')),
  scenes      jsonb       not null,
  departments jsonb, -- codes; null is all of them
  note        text        not null check (length(note) between 1 and 500),
  status      text        not null default 'waiting' check (status in ('waiting', 'agreed', 'refused')),
  proposed_by text        not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz,
  constraint rollout_proposal_pkey primary key (hospital_id, id),
  constraint rollout_proposal_is_decided_by_somebody check (
    (status = 'waiting') = (decided_by is null) and (status = 'waiting') = (decided_at is null)),
  constraint rollout_proposal_has_two_people check (status <> 'agreed' or decided_by <> proposed_by)
);
create unique index rollout_proposal_one_waits on hospitals.rollout_proposal (hospital_id)
  where status = 'waiting';
select platform.hospital_table('hospitals.rollout_proposal',
  'select, insert, update (status, decided_by, decided_at)');
