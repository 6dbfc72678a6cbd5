-- Reconciliation: for each finished business date and each party (a provider, the hospital's system) the list
-- that the party gave, how it compares with our rows, every difference with what became of it, and the cases
-- that need a person. Lists, their lines, comparisons and notes are added and never changed.
create schema reconciliation;
grant usage on schema reconciliation to yiqiao_app;

create table reconciliation.day (
  hospital_id   int         not null,
  business_date date        not null,
  status        text        not null check (status in ('open', 'gathering', 'compared', 'closed')),
  due_at        timestamptz, -- when it must be looked at again; null when it need not
  in_work_until timestamptz, -- somebody works on it until then at the latest
  review_at     timestamptz, -- when a closed day is read and compared anew; null when it was often enough
  closed_at     timestamptz, -- the last time
  last_error    text,        -- why the last look at it ended early
  version       int         not null check (version >= 0),
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  constraint day_pkey primary key (hospital_id, business_date),
  constraint day_closed_has_its_time check (status <> 'closed' or closed_at is not null)
);
create index day_due on reconciliation.day (hospital_id, due_at) where due_at is not null;
select platform.hospital_table('reconciliation.day', 'select, insert, update');

-- What is expected of one party for one day, and how far it has come.
create table reconciliation.arrival (
  hospital_id      int         not null,
  business_date    date        not null,
  source           text        not null check (length(source) between 1 and 30),
  status           text        not null check (status in ('waiting', 'received', 'refused', 'missing')),
  newest_version   int         not null check (newest_version >= 0), -- of its list; 0 for none yet
  received_at      timestamptz, -- when the newest version came
  compared_version int         not null check (compared_version >= 0),
  compared_at      timestamptz,
  compare_due      boolean     not null,
  silences         int         not null check (silences >= 0), -- tries in a row that brought nothing
  refusals         int         not null check (refusals >= 0), -- lists in a row that could not be trusted
  refusal_code     text,
  reason           text,        -- why the last try brought no list
  next_try_at      timestamptz, -- null when the party need not be asked
  tried_at         timestamptz,
  constraint arrival_pkey primary key (hospital_id, business_date, source),
  constraint arrival_day foreign key (hospital_id, business_date) references reconciliation.day (hospital_id, business_date),
  constraint arrival_received_is_there check ((status = 'received') = (newest_version > 0)),
  constraint arrival_compares_what_came check (compared_version <= newest_version)
);
select platform.hospital_table('reconciliation.arrival', 'select, insert, update');

create table reconciliation.statement (
  hospital_id   int         not null,
  business_date date        not null,
  source        text        not null,
  version       int         not null check (version >= 1),
  form          text        not null check (form in ('lines', 'compared')), -- compared: the party compared by itself and told what differs
  sha256        text        not null,
  compared_with text,       -- what of ours it was compared with, as a hash
  content       text        not null, -- as it came: the evidence
  line_count    int         not null check (line_count >= 0),
  charge_fen    bigint      not null check (charge_fen >= 0),
  return_fen    bigint      not null check (return_fen >= 0),
  fee_fen       bigint,
  received_at   timestamptz not null,
  constraint statement_pkey primary key (hospital_id, business_date, source, version),
  constraint statement_compared_with check ((form = 'compared') = (compared_with is not null))
);
select platform.hospital_table('reconciliation.statement', 'select, insert');

create table reconciliation.line (
  hospital_id   int         not null,
  business_date date        not null,
  source        text        not null,
  version       int         not null,
  line_no       int         not null check (line_no >= 1),
  kind          text        not null check (kind in ('charge', 'return')),
  our_no        text        not null,
  provider_no   text        not null,
  amount_fen    bigint      not null check (amount_fen >= 0),
  at            timestamptz,
  basis         text        not null check (basis in ('stated', 'agreed')), -- agreed: ours, which the party agreed to
  constraint line_pkey primary key (hospital_id, business_date, source, version, line_no),
  constraint line_statement foreign key (hospital_id, business_date, source, version)
    references reconciliation.statement (hospital_id, business_date, source, version)
);
create index line_by_number on reconciliation.line (hospital_id, source, our_no, business_date);
select platform.hospital_table('reconciliation.line', 'select, insert');

-- How ours and theirs came out against each other. A comparison with another result is another version.
create table reconciliation.comparison (
  hospital_id       int         not null,
  business_date     date        not null,
  source            text        not null,
  version           int         not null check (version >= 1),
  statement_version int         not null,
  figures           jsonb       not null, -- the identity, by kind: ours, each class of difference, theirs
  digest            text        not null, -- of the figures and every difference
  compared_at       timestamptz not null,
  constraint comparison_pkey primary key (hospital_id, business_date, source, version),
  constraint comparison_statement foreign key (hospital_id, business_date, source, statement_version)
    references reconciliation.statement (hospital_id, business_date, source, version)
);
select platform.hospital_table('reconciliation.comparison', 'select, insert');

create table reconciliation.work_case (
  hospital_id   int         not null,
  id            uuid        not null,
  class         text        not null,
  subject       text        not null, -- 'payment:<id>', 'refund:<id>', 'statement:<date>:<source>', 'line:<source>:<kind>:<no>'
  business_date date        not null,
  source        text,
  amount_fen    bigint      not null check (amount_fen >= 0), -- at stake
  reason        text        not null,
  status        text        not null check (status in ('open', 'resolved')),
  owner         text,
  due_at        timestamptz not null,
  resolution    text,
  opened_at     timestamptz not null,
  resolved_at   timestamptz,
  constraint work_case_pkey primary key (hospital_id, id),
  constraint work_case_resolved_how check ((status = 'resolved') = (resolution is not null and resolved_at is not null))
);
create unique index work_case_open_once on reconciliation.work_case (hospital_id, subject, class) where status = 'open';
create index work_case_by_status on reconciliation.work_case (hospital_id, status, id);
create index work_case_by_date on reconciliation.work_case (hospital_id, business_date);
select platform.hospital_table('reconciliation.work_case', 'select, insert, update');

create table reconciliation.case_note (
  hospital_id int         not null,
  case_id     uuid        not null,
  id          uuid        not null,
  at          timestamptz not null,
  actor       text        not null,
  text        text        not null check (length(text) between 1 and 2000),
  constraint case_note_pkey primary key (hospital_id, case_id, id),
  constraint case_note_case foreign key (hospital_id, case_id) references reconciliation.work_case (hospital_id, id)
);
select platform.hospital_table('reconciliation.case_note', 'select, insert');

create table reconciliation.difference (
  hospital_id    int         not null,
  id             uuid        not null,
  business_date  date        not null,
  source         text        not null,
  class          text        not null check (class in
    ('ours_only', 'theirs_only', 'amount', 'status', 'duplicate', 'foreign', 'cross_day')),
  kind           text        not null check (kind in ('charge', 'return')),
  our_no         text        not null,
  provider_no    text,
  ours_fen       bigint      not null,
  theirs_fen     bigint      not null,
  ours_lines     int         not null check (ours_lines >= 0), -- how many rows of ours it stands for, and of theirs
  theirs_lines   int         not null check (theirs_lines >= 0),
  other_date     date,        -- on which the counterpart stands
  payment_id     uuid,
  refund_id      uuid,
  present        boolean     not null, -- the newest comparison still shows it
  status         text        not null check (status in ('found', 'repairing', 'repaired', 'explained', 'in_case')),
  repair         text,
  repair_outcome text        check (repair_outcome in ('done', 'running', 'refused', 'unknown')),
  repair_detail  text,
  tries          int         not null check (tries >= 0), -- of this repair
  next_try_at    timestamptz,
  case_id        uuid,
  found_at       timestamptz not null,
  resolved_at    timestamptz,
  constraint difference_pkey primary key (hospital_id, id),
  constraint difference_once unique (hospital_id, business_date, source, class, kind, our_no),
  constraint difference_day foreign key (hospital_id, business_date) references reconciliation.day (hospital_id, business_date),
  constraint difference_case foreign key (hospital_id, case_id) references reconciliation.work_case (hospital_id, id),
  constraint difference_ends_with_a_time check ((status in ('repaired', 'explained')) = (resolved_at is not null)),
  constraint difference_in_case_has_one check (status <> 'in_case' or case_id is not null)
);
create index difference_by_payment on reconciliation.difference (hospital_id, payment_id) where payment_id is not null;
create index difference_by_case on reconciliation.difference (hospital_id, case_id) where case_id is not null;
select platform.hospital_table('reconciliation.difference', 'select, insert, update');
