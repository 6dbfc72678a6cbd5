-- Platform: the roles and helpers every module's tables stand on, and the tables that make requests
-- repeatable (idempotency), facts told (outbox), notices kept (inbox) and changes traceable (audit).
create schema platform;

-- The role the application acts in. It owns nothing and cannot pass by row-level security.
do $$
begin
  if not exists (select from pg_roles where rolname = 'yiqiao_app') then
    create role yiqiao_app nologin nobypassrls;
  end if;
  execute format('grant yiqiao_app to %I', current_user);
end $$;

grant usage on schema platform to yiqiao_app;

-- Spreads a table over nodes by a column where the server can do that (Citus); else does nothing.
create function platform.distribute(t regclass, col text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if to_regproc('pg_catalog.create_distributed_table') is null then return; end if;
  execute format('select pg_catalog.create_distributed_table(%L, %L)', t::text, col);
end $$;

-- Copies a directory table to every node where the server has several.
create function platform.replicate(t regclass) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if to_regproc('pg_catalog.create_reference_table') is null then return; end if;
  execute format('select pg_catalog.create_reference_table(%L)', t::text);
end $$;

-- A table of a hospital: distributed by it, shown to its own hospital only, with the privileges named.
-- Append-only is a matter of not being granted update and delete.
create function platform.hospital_table(t regclass, privileges text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  perform platform.distribute(t, 'hospital_id');
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy own_hospital on %s using '
    '(hospital_id = nullif(current_setting(''app.hospital_id'', true), '''')::int)', t);
  execute format('grant %s on %s to yiqiao_app', privileges, t);
end $$;

-- A money request and its answer, so that a repeat gets the same answer and does nothing again.
create table platform.idempotency (
  hospital_id   int         not null,
  principal     text        not null,
  key           text        not null check (length(key) between 1 and 255),
  request_hash  text        not null,
  resource_id   uuid        not null, -- the id the first try gave to what it makes: a second try makes the same
  status        text        not null check (status in ('running', 'done')),
  leased_until  timestamptz not null,
  response_code int,
  response_body jsonb,
  created_at    timestamptz not null,
  constraint idempotency_pkey primary key (hospital_id, principal, key),
  constraint idempotency_done_has_answer check (status = 'running' or response_code is not null)
);
select platform.hospital_table('platform.idempotency', 'select, insert, update');

-- What happened, told to other modules if and only if it was committed.
create table platform.outbox (
  hospital_id  int         not null,
  id           uuid        not null,
  name         text        not null,
  payload      jsonb       not null,
  created_at   timestamptz not null,
  attempts     int         not null check (attempts >= 0),
  due_at       timestamptz,           -- null once delivered, or given up
  done_at      timestamptz,
  last_error   text,
  constraint outbox_pkey primary key (hospital_id, id)
);
create index outbox_due on platform.outbox (hospital_id, due_at, id) where due_at is not null;
select platform.hospital_table('platform.outbox', 'select, insert, update');

-- A provider's notice as it came, verified and kept before anyone reads it.
create table platform.inbox (
  hospital_id  int         not null,
  id           uuid        not null,
  source       text        not null,
  dedupe_key   text        not null check (length(dedupe_key) between 1 and 200),
  content      jsonb       not null, -- what the adapter understood, personal data left out
  received_at  timestamptz not null,
  attempts     int         not null check (attempts >= 0),
  due_at       timestamptz,          -- null once handled, or given up
  done_at      timestamptz,
  last_error   text,
  constraint inbox_pkey primary key (hospital_id, id),
  constraint inbox_once unique (hospital_id, source, dedupe_key)
);
create index inbox_due on platform.inbox (hospital_id, due_at, id) where due_at is not null;
select platform.hospital_table('platform.inbox', 'select, insert, update');

-- Who did what to which thing, when and with what outcome. Rows are added and never changed.
create table platform.audit (
  hospital_id int         not null,
  id          uuid        not null,
  at          timestamptz not null,
  actor       text        not null, -- 'staff:<id>', 'person:<id>', 'his:<hospital>', 'system:<part>'
  action      text        not null, -- 'payments.confirm'
  subject     text        not null, -- 'payment:<id>'
  outcome     text        not null,
  detail      jsonb       not null,
  request_id  text,
  constraint audit_pkey primary key (hospital_id, id)
);
create index audit_by_subject on platform.audit (hospital_id, subject, id);
select platform.hospital_table('platform.audit', 'select, insert');

-- What was said between us and an outside system about one thing, personal data and secrets left out.
create table platform.exchange (
  hospital_id int         not null,
  id          uuid        not null,
  subject     text        not null, -- 'payment:<id>'
  system      text        not null, -- 'wechat', 'insurance', 'his'
  operation   text        not null, -- in the protocol's own words
  direction   text        not null check (direction in ('out', 'in')),
  request     text        not null,
  response    text        not null,
  outcome     text        not null,
  started_at  timestamptz not null,
  duration_ms int         not null check (duration_ms >= 0),
  constraint exchange_pkey primary key (hospital_id, id)
);
create index exchange_by_subject on platform.exchange (hospital_id, subject, id);
select platform.hospital_table('platform.exchange', 'select, insert');
