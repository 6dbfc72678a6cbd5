-- Channels: which ways to pay a hospital has, on which terms; the rules by which one is chosen; how each fares, minute by
-- minute; what was found when it was examined, and what alarmed somebody. Reports and changes of tier are added and never changed.
create schema if not exists channels;
grant usage on schema channels to yiqiao_app;

create table channels.channel (
  hospital_id       int         not null,
  name              text        not null check (name ~ '^[a-z][a-z0-9_-]{0,29}$'), -- the provider's, as in tenders
  title_zh          text        not null check (length(title_zh) between 1 and 40),
  title_en          text        not null check (length(title_en) between 1 and 40),
  tier              text        check (tier in ('core', 'auxiliary', 'backup')), -- null: not admitted, never offered
  methods           text[]      not null check (cardinality(methods) between 1 and 10), -- switched on, the usual one first
  scenes            text[]      not null check (cardinality(scenes) <= 20),
  departments       text[]      check (cardinality(departments) <= 500), -- null: all
  payment_limit_fen bigint      check (payment_limit_fen > 0),
  day_limit_fen     bigint      check (day_limit_fen > 0),
  fee_ppm           int         not null check (fee_ppm between 0 and 1000000),
  fee_fixed_fen     bigint      not null check (fee_fixed_fen >= 0), -- for each payment
  settlement_days   int         not null check (settlement_days between 0 and 60), -- T+n by contract
  share_ppm         int         check (share_ppm between 0 and 1000000), -- of all payments, by contract; null: none agreed
  enabled           boolean     not null,
  position          int         not null check (position between 0 and 10000),
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint channel_pkey primary key (hospital_id, name)
);
select platform.hospital_table('channels.channel', 'select, insert, update, delete');

-- One set of rules a hospital; what it was before is in the audit, by version.
create table channels.rule_set (
  hospital_id int         not null,
  version     int         not null check (version >= 1),
  rules       jsonb       not null,
  updated_by  text        not null,
  updated_at  timestamptz not null,
  constraint rule_set_pkey primary key (hospital_id)
);
select platform.hospital_table('channels.rule_set', 'select, insert, update');

-- How many calls of one kind ended how in one minute, of all processes together: each adds its own.
create table channels.health_minute (
  hospital_id int         not null,
  channel     text        not null,
  minute      timestamptz not null,
  operation   text        not null check (operation in ('charge', 'query', 'release', 'refund', 'query_refund', 'statement')),
  answered    int         not null check (answered >= 0),
  declined    int         not null check (declined >= 0),
  unknown     int         not null check (unknown >= 0), -- silence, or no answer that could be read
  failed      int         not null check (failed >= 0),  -- an answer that cannot be trusted
  latency     int[]       not null, -- how many ended within each bound of histogram.ts and not the one before
  constraint health_minute_pkey primary key (hospital_id, channel, minute, operation),
  constraint health_minute_buckets check (cardinality(latency) = 13)
);
create index health_minute_by_time on channels.health_minute (hospital_id, minute);
select platform.hospital_table('channels.health_minute', 'select, insert, update, delete');

-- A channel that new charges are kept from, so that no process forgets it.
create table channels.breaker (
  hospital_id  int         not null,
  channel      text        not null,
  opened_at    timestamptz, -- null while closed
  retry_at     timestamptz, -- from then on a few charges try whether it works again
  openings     int         not null check (openings >= 0), -- without a calm time in between
  passed       int         not null check (passed >= 0),   -- answers since it is being tried
  counted_from timestamptz, -- what was before counts no more
  cause        text        check (cause in ('silent_in_a_row', 'silent_too_often', 'still_silent')),
  version      int         not null check (version >= 1),
  updated_at   timestamptz not null,
  constraint breaker_pkey primary key (hospital_id, channel),
  constraint breaker_open_has_retry check ((opened_at is null) = (retry_at is null))
);
select platform.hospital_table('channels.breaker', 'select, insert, update');

-- What a channel's operator has shown of its licence and its contract.
create table channels.document (
  hospital_id int         not null,
  channel     text        not null,
  kind        text        not null check (kind in ('payment_licence', 'agreement', 'security_assessment', 'data_protection')),
  reference   text        not null check (length(reference) between 1 and 100),
  valid_until date,       -- the last day; null: without end
  note        text        not null check (length(note) <= 500),
  entered_by  text        not null,
  entered_at  timestamptz not null,
  constraint document_pkey primary key (hospital_id, channel, kind),
  constraint document_channel foreign key (hospital_id, channel)
    references channels.channel (hospital_id, name) on delete cascade
);
select platform.hospital_table('channels.document', 'select, insert, update, delete');

create table channels.report (
  hospital_id   int         not null,
  id            uuid        not null,
  channel       text        not null,
  measured_from timestamptz not null,
  measured_to   timestamptz not null,
  dimensions    jsonb       not null, -- each of the four with its verdict, score and findings
  score         int         not null check (score between 0 and 100),
  eligible_tier text        check (eligible_tier in ('core', 'auxiliary', 'backup')),
  made_by       text        not null,
  made_at       timestamptz not null,
  constraint report_pkey primary key (hospital_id, id)
);
create index report_by_channel on channels.report (hospital_id, channel, id);
select platform.hospital_table('channels.report', 'select, insert');

create table channels.tier_change (
  hospital_id  int         not null,
  id           uuid        not null,
  channel      text        not null,
  tier         text        check (tier in ('core', 'auxiliary', 'backup')), -- null: withdrawn
  reason       text        not null check (length(reason) between 1 and 500),
  report_id    uuid,       -- the newest there was
  by_exception boolean     not null, -- granted above what the report says
  changed_by   text        not null,
  changed_at   timestamptz not null,
  constraint tier_change_pkey primary key (hospital_id, id)
);
create index tier_change_by_channel on channels.tier_change (hospital_id, channel, id);
select platform.hospital_table('channels.tier_change', 'select, insert');

create table channels.alert (
  hospital_id     int         not null,
  id              uuid        not null,
  channel         text        not null,
  class           text        not null check (class in ('down', 'slow', 'errors', 'refusals')),
  figures         jsonb       not null, -- as they were when it was last seen
  opened_at       timestamptz not null,
  seen_at         timestamptz not null,
  closed_at       timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz,
  note            text,
  overdue_at      timestamptz, -- when it was found that nobody had answered in time
  constraint alert_pkey primary key (hospital_id, id),
  constraint alert_acknowledged_by_somebody check
    ((acknowledged_by is null) = (acknowledged_at is null) and (note is null or acknowledged_at is not null))
);
create unique index alert_open_once on channels.alert (hospital_id, channel, class) where closed_at is null;
select platform.hospital_table('channels.alert', 'select, insert, update');

-- Up to when a hospital's channels were looked at for alerts.
create table channels.watch (
  hospital_id int         not null,
  looked_at   timestamptz not null,
  constraint watch_pkey primary key (hospital_id)
);
select platform.hospital_table('channels.watch', 'select, insert, update');
