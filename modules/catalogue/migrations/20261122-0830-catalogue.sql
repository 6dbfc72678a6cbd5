-- Catalogue: what the national medical insurance covers, by region and version; what a hospital's own items are in it, by
-- matching and by decision; the policies an estimate goes by; and how far estimates were from the insurer's own figures.
create schema catalogue;
grant usage on schema catalogue to yiqiao_app;

-- One version of a region's catalogue, whole. The one of a day is the last that took effect until then.
create table catalogue.version (
  region       text        not null check (region ~ '^\d{6}$'),
  seq          int         not null check (seq > 0),
  version      text        not null check (length(version) between 1 and 64),
  effective_on date        not null,
  entry_count  int         not null check (entry_count > 0),
  loaded_at    timestamptz not null,
  constraint version_pkey primary key (region, seq),
  constraint version_named_once unique (region, version)
);
select platform.replicate('catalogue.version');
grant select, insert on catalogue.version to yiqiao_app;

-- An entry as it stood from one version until another: what does not change is kept once.
create table catalogue.entry (
  region       text  not null,
  code         text  not null check (length(code) between 1 and 50),
  since_seq    int   not null,
  until_seq    int,  -- the first version it is not in, or is otherwise in
  name         text  not null,
  kind         text  not null check (kind in ('drug', 'service', 'material', 'herb')),
  cover_class  text  check (cover_class in ('A', 'B', 'C')),
  content      jsonb not null,
  content_hash text  not null,
  constraint entry_pkey primary key (region, code, since_seq),
  constraint entry_ends_later check (until_seq > since_seq)
);
select platform.replicate('catalogue.entry');
create unique index entry_open_once on catalogue.entry (region, code) where until_seq is null;
create index entry_by_since on catalogue.entry (region, since_seq, code);
create index entry_by_until on catalogue.entry (region, until_seq, code) where until_seq is not null;
grant select, insert, update (until_seq) on catalogue.entry to yiqiao_app;

-- What of a version has come so far. Nobody reads it before all of it is there.
create table catalogue.staged_entry (
  region       text        not null,
  load_id      uuid        not null,
  code         text        not null check (length(code) between 1 and 50),
  name         text        not null,
  kind         text        not null,
  cover_class  text,
  content      jsonb       not null,
  content_hash text        not null,
  staged_at    timestamptz not null,
  constraint staged_entry_pkey primary key (region, load_id, code)
);
select platform.replicate('catalogue.staged_entry');
grant select, insert, delete on catalogue.staged_entry to yiqiao_app;

-- The numbers an estimate goes by, from a day on.
create table catalogue.policy (
  region     text        not null check (region ~ '^\d{6}$'),
  insutype   text        not null check (length(insutype) between 1 and 6),
  level      text        not null check (level in ('1', '2', '3')),
  visit_kind text        not null check (visit_kind in ('outpatient', 'inpatient')),
  from_on    date        not null,
  terms      jsonb       not null,
  updated_at timestamptz not null,
  constraint policy_pkey primary key (region, insutype, level, visit_kind, from_on)
);
select platform.replicate('catalogue.policy');
grant select, insert, update on catalogue.policy to yiqiao_app;

-- Which catalogue a hospital goes by, at which level, and how sure a match must be that nobody looks at.
create table catalogue.hospital_setting (
  hospital_id int         not null,
  region      text        not null check (region ~ '^\d{6}$'),
  level       text        not null check (level in ('1', '2', '3')),
  accept_from int         not null check (accept_from between 1 and 1000),
  updated_at  timestamptz not null,
  constraint hospital_setting_pkey primary key (hospital_id)
);
select platform.hospital_table('catalogue.hospital_setting', 'select, insert, update');

-- A hospital's own item, and what it is in the catalogue.
create table catalogue.item (
  hospital_id     int         not null,
  code            text        not null check (length(code) between 1 and 150),
  name            text        not null,
  spec            text        not null,
  unit            text        not null,
  unit_price_fen  bigint      not null check (unit_price_fen >= 0),
  charge_category text        not null,
  national_code   text,
  status          text        not null check (status in ('matched', 'waiting', 'decided')),
  entry_code      text,       -- null while waiting, and where staff decided that there is none
  confidence      int         not null check (confidence between 0 and 1000),
  reasons         jsonb       not null,
  candidates      jsonb       not null,
  matched_region  text        not null,
  matched_seq     int         not null,
  updated_at      timestamptz not null,
  constraint item_pkey primary key (hospital_id, code),
  constraint item_standing check (case status when 'matched' then entry_code is not null
    when 'waiting' then entry_code is null else true end)
);
select platform.hospital_table('catalogue.item', 'select, insert, update');
create index item_by_status on catalogue.item (hospital_id, status, code);
create index item_by_entry on catalogue.item (hospital_id, entry_code) where entry_code is not null;
create index item_by_match on catalogue.item (hospital_id, matched_seq);

-- Who decided when what an item is; the last one of an item counts. Rows are added and never changed.
create table catalogue.decision (
  hospital_id int         not null,
  id          uuid        not null,
  item_code   text        not null,
  entry_code  text,       -- null: none of the catalogue
  item_name   text        not null, -- as it was when it was decided
  item_spec   text        not null,
  decided_by  text        not null,
  decided_at  timestamptz not null,
  constraint decision_pkey primary key (hospital_id, id)
);
select platform.hospital_table('catalogue.decision', 'select, insert');
create index decision_by_item on catalogue.decision (hospital_id, item_code, id);

-- An estimate beside what the insurer then settled. Rows are added and never changed.
create table catalogue.estimate_difference (
  hospital_id          int         not null,
  settlement_no        text        not null check (length(settlement_no) between 1 and 64),
  business_date        date        not null,
  insutype             text        not null,
  total_fen            bigint      not null check (total_fen >= 0),
  estimated_scope_fen  bigint      not null,
  settled_scope_fen    bigint      not null,
  estimated_fund_fen   bigint      not null,
  settled_fund_fen     bigint      not null,
  estimated_cash_fen   bigint      not null,
  settled_cash_fen     bigint      not null,
  compared_at          timestamptz not null,
  constraint estimate_difference_pkey primary key (hospital_id, settlement_no)
);
select platform.hospital_table('catalogue.estimate_difference', 'select, insert');
create index estimate_difference_by_date on catalogue.estimate_difference (hospital_id, business_date);
