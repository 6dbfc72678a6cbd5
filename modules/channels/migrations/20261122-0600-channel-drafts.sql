-- Channels: descriptors that are still being written, with the parameters of the hospital sealed, and what the test bench found
-- out about them. A draft that has gone live stays, as the place where its next version is written.

create table channels.draft (
  hospital_id   int         not null,
  id            uuid        not null,
  name          text        not null check (length(name) between 1 and 40), -- what the descriptor calls itself
  title_zh      text        not null check (length(title_zh) between 1 and 200),
  title_en      text        not null check (length(title_en) between 1 and 200),
  descriptor    text        not null check (length(descriptor) <= 262144),
  params_sealed text        not null,
  version       int         not null check (version >= 1), -- of descriptor and parameters together
  live_name     text,       -- the connection it was saved as, when it last went live
  live_version  int         check (live_version >= 1),
  live_at       timestamptz,
  created_at    timestamptz not null,
  updated_by    text        not null,
  updated_at    timestamptz not null,
  constraint draft_pkey primary key (hospital_id, id),
  constraint draft_live check ((live_at is null) = (live_name is null) and (live_at is null) = (live_version is null))
);
select platform.hospital_table('channels.draft', 'select, insert, update, delete');

create table channels.draft_run (
  hospital_id int         not null,
  id          uuid        not null,
  draft_id    uuid        not null,
  version     int         not null check (version >= 1), -- of the draft, as it was tested
  kind        text        not null check (kind in ('walk', 'suite')),
  sandbox_url text        not null,
  method      text,
  count       int         not null check (count >= 1), -- checks there will be
  status      text        not null check (status in ('running', 'passed', 'failed', 'broken')),
  reason      text,       -- why it was broken off
  started_by  text        not null,
  started_at  timestamptz not null,
  touched_at  timestamptz not null, -- a run that nobody touches any more died with its process
  ended_at    timestamptz,
  constraint draft_run_pkey primary key (hospital_id, id),
  constraint draft_run_end check ((status = 'running') = (ended_at is null))
);
create index draft_run_by_draft on channels.draft_run (hospital_id, draft_id, id);
select platform.hospital_table('channels.draft_run', 'select, insert, update, delete');

create table channels.draft_check (
  hospital_id int   not null,
  run_id      uuid  not null,
  position    int   not null check (position >= 1),
  result      jsonb not null, -- id, title, outcome and what belongs to it
  steps       jsonb not null, -- what was said, secrets masked
  step_count  int   not null check (step_count >= 0),
  constraint draft_check_pkey primary key (hospital_id, run_id, position)
);
select platform.hospital_table('channels.draft_check', 'select, insert, delete');
