-- Lists of the day as they come: which are expected of whom and when, every file that came with what was made of it
-- or why it was refused, and the layouts a hospital wrote for itself. The bytes are in a folder, by their hash.
create schema statements;
grant usage on schema statements to yiqiao_app;

create table statements.layout (
  hospital_id int         not null,
  name        text        not null check (length(name) between 2 and 40),
  version     int         not null check (version >= 1),
  descriptor  jsonb       not null,
  written_by  text        not null,
  written_at  timestamptz not null,
  constraint layout_pkey primary key (hospital_id, name, version)
);
select platform.hospital_table('statements.layout', 'select, insert');

-- What is expected of a source, and when. Times are of the day `day_offset` days after the business date, in Shanghai.
create table statements.schedule (
  hospital_id  int         not null,
  source       text        not null check (source ~ '^[a-z][a-z0-9-]{0,29}$'),
  layout       text        not null,
  account      text,        -- whose list it must be
  name_pattern text,        -- of files that are dropped in; its group "date" is the business date
  first_date   date        not null,
  day_offset   int         not null check (day_offset between 0 and 15),
  expected_at  time        not null,
  late_at      time        not null,
  missing_at   time        not null,
  calendar     text        not null check (calendar in ('every_day', 'weekdays')),
  days_off     jsonb       not null, -- on which nothing is expected all the same
  days_on      jsonb       not null, -- weekends that are worked
  is_active    boolean     not null,
  changed_at   timestamptz not null,
  constraint schedule_pkey primary key (hospital_id, source),
  constraint schedule_times_in_order check (expected_at <= late_at and late_at <= missing_at)
);
select platform.hospital_table('statements.schedule', 'select, insert, update');

create table statements.file (
  hospital_id    int         not null,
  id             uuid        not null,
  source         text        not null,
  business_date  date,        -- unknown of a file that was refused before it said so
  name           text        not null check (length(name) between 1 and 200),
  way            text        not null check (way in ('upload', 'folder', 'fetched')),
  sha256         text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes          bigint      not null check (bytes >= 0),
  layout         text        not null,
  layout_version int         not null,
  status         text        not null check (status in ('taken', 'superseded', 'refused')),
  version        int         check (version >= 1), -- of the list of this day
  refusal_code   text,
  reason         text,
  line_no        int,
  normal_sha256  text,        -- of the normalised file
  encoding       text,
  totals         jsonb,
  other_columns  jsonb,       -- columns the layout does not use
  added          int         check (added >= 0), -- against the version before
  removed        int         check (removed >= 0),
  changed        int         check (changed >= 0),
  changes_sha256 text,        -- of the file that lists them
  taken_by       text        not null,
  taken_at       timestamptz not null,
  constraint file_pkey primary key (hospital_id, id),
  constraint file_refused_has_its_reason check ((status = 'refused') = (refusal_code is not null and reason is not null)),
  constraint file_taken_is_whole check
    ((status <> 'refused') = (version is not null and normal_sha256 is not null and totals is not null and business_date is not null)),
  constraint file_version_once unique (hospital_id, source, business_date, version)
);
create unique index file_one_stands on statements.file (hospital_id, source, business_date) where status = 'taken';
create index file_by_hash on statements.file (hospital_id, sha256);
create index file_by_date on statements.file (hospital_id, business_date, id);
select platform.hospital_table('statements.file', 'select, insert, update');

create table statements.arrival (
  hospital_id   int         not null,
  source        text        not null,
  business_date date        not null,
  state         text        not null check (state in ('waiting', 'late', 'missing', 'refused', 'arrived', 'reissued')),
  alarm         text        not null check (alarm in ('none', 'late', 'missing')), -- the worst that was told
  expected_at   timestamptz not null,
  late_at       timestamptz not null,
  missing_at    timestamptz not null,
  due_at        timestamptz, -- when it must be looked at again
  next_try_at   timestamptz, -- when the source is asked again, where it can be
  tries         int         not null check (tries >= 0),
  last_error    text,
  file_id       uuid,
  changed_at    timestamptz not null,
  constraint arrival_pkey primary key (hospital_id, source, business_date),
  constraint arrival_there_has_a_file check ((state in ('arrived', 'reissued')) = (file_id is not null)),
  constraint arrival_file foreign key (hospital_id, file_id) references statements.file (hospital_id, id)
);
create index arrival_due on statements.arrival (hospital_id, due_at) where due_at is not null;
create index arrival_by_date on statements.arrival (hospital_id, business_date, source);
select platform.hospital_table('statements.arrival', 'select, insert, update');
