-- How a source's lists are asked for, where they are: by which adapter, and with which secrets, which are sealed.
create table statements.fetching (
  hospital_id    int         not null,
  source         text        not null check (source ~ '^[a-z][a-z0-9-]{0,29}$'),
  adapter        text        not null check (length(adapter) between 1 and 30),
  plan           jsonb       not null, -- what the adapter needs to know, without a secret
  secrets_sealed text        not null,
  is_active      boolean     not null,
  changed_by     text        not null,
  changed_at     timestamptz not null,
  constraint fetching_pkey primary key (hospital_id, source)
);
select platform.hospital_table('statements.fetching', 'select, insert, update');
