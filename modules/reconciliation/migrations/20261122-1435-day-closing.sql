-- Finance closes a day: what it came to is kept as it stood, and the day is locked until somebody reopens it with a
-- reason. Closed again it is another version; the one before is kept. Nothing of this is ever changed.
create table reconciliation.day_closing (
  hospital_id   int         not null,
  business_date date        not null,
  version       int         not null check (version >= 1),
  facts         jsonb       not null, -- every figure of the day's report
  digest        text        not null check (digest ~ '^[0-9a-f]{64}$'), -- SHA-256 of the facts with their names in order
  note          text        check (length(note) between 1 and 500), -- why it was closed with cases still open
  closed_by     text        not null,
  closed_at     timestamptz not null,
  constraint day_closing_pkey primary key (hospital_id, business_date, version),
  constraint day_closing_day foreign key (hospital_id, business_date) references reconciliation.day (hospital_id, business_date)
);
select platform.hospital_table('reconciliation.day_closing', 'select, insert');

create table reconciliation.day_reopening (
  hospital_id   int         not null,
  business_date date        not null,
  version       int         not null, -- of the closing that it ends
  reason        text        not null check (length(reason) between 1 and 500),
  reopened_by   text        not null,
  reopened_at   timestamptz not null,
  constraint day_reopening_pkey primary key (hospital_id, business_date, version),
  constraint day_reopening_closing foreign key (hospital_id, business_date, version)
    references reconciliation.day_closing (hospital_id, business_date, version)
);
select platform.hospital_table('reconciliation.day_reopening', 'select, insert');
