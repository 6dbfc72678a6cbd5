-- Accounting: vouchers of a hospital's days for its own accounting system, made of the ledger's journal by templates, and
-- what was handed over of them. Vouchers, their lines and sources are added and never changed.
create schema accounting;
grant usage on schema accounting to yiqiao_app;

-- A template or an export layout of the hospital's own: proposed by one person, agreed to by another, in force from a day.
create table accounting.terms (
  hospital_id int         not null,
  id          uuid        not null,
  kind        text        not null check (kind in ('template', 'layout')),
  name        text        not null check (length(name) between 1 and 30),
  valid_from  date        not null,
  content     jsonb       not null,
  status      text        not null check (status in ('proposed', 'agreed', 'refused')),
  proposed_by text        not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz,
  reason      text        check (length(reason) between 1 and 200),
  constraint terms_pkey primary key (hospital_id, id),
  constraint terms_by_two check (decided_by <> proposed_by),
  constraint terms_decided check ((status = 'proposed') = (decided_by is null)
    and (decided_by is null) = (decided_at is null))
);
create index terms_in_force on accounting.terms (hospital_id, kind, name, valid_from) where status = 'agreed';
select platform.hospital_table('accounting.terms', 'select, insert, update');

-- How far a date has come. Uncovered: something of it has no place in the template, and no voucher is made until it has.
create table accounting.day (
  hospital_id   int         not null,
  business_date date        not null,
  status        text        not null check (status in ('open', 'complete', 'uncovered')),
  version       int         not null check (version >= 0), -- of its vouchers, the newest
  findings      jsonb       not null,
  transfers     int         not null check (transfers >= 0), -- in vouchers, or left out by a rule
  made_at       timestamptz,
  constraint day_pkey primary key (hospital_id, business_date),
  constraint day_uncovered_says_what check ((status = 'uncovered') = (findings <> '[]'::jsonb))
);
select platform.hospital_table('accounting.day', 'select, insert, update');

-- The last number of each month and type: taken with the voucher that has it, so that none is left out.
create table accounting.counter (
  hospital_id int  not null,
  month       text not null check (month ~ '^\d{4}-\d{2}$'),
  type        text not null check (length(type) between 1 and 10),
  last_no     int  not null check (last_no >= 1),
  constraint counter_pkey primary key (hospital_id, month, type)
);
select platform.hospital_table('accounting.counter', 'select, insert, update');

-- A line begins at what the one before it left, so that a voucher which ends at nothing is balanced: the keys say so.
create table accounting.line (
  hospital_id int    not null,
  voucher_id  uuid   not null,
  book        text   not null check (book in ('financial', 'budget')),
  line_no     int    not null check (line_no >= 1),
  prev_no     int,
  before_fen  bigint not null,
  after_fen   bigint not null, -- debits less credits so far
  subject     text   not null check (length(subject) between 1 and 30),
  aux         jsonb  not null,
  summary     text   not null check (length(summary) <= 200),
  debit_fen   bigint not null check (debit_fen >= 0),
  credit_fen  bigint not null check (credit_fen >= 0),
  constraint line_pkey primary key (hospital_id, voucher_id, book, line_no),
  constraint line_left unique (hospital_id, voucher_id, book, line_no, after_fen),
  constraint line_one_side check ((debit_fen = 0) <> (credit_fen = 0)),
  constraint line_adds_up check (after_fen = before_fen + debit_fen - credit_fen),
  constraint line_first check ((prev_no is null) = (line_no = 1) and (line_no > 1 or before_fen = 0)
    and (prev_no is null or prev_no = line_no - 1)),
  constraint line_goes_on foreign key (hospital_id, voucher_id, book, prev_no, before_fen)
    references accounting.line (hospital_id, voucher_id, book, line_no, after_fen)
);
select platform.hospital_table('accounting.line', 'select, insert');

create table accounting.voucher (
  hospital_id    int         not null,
  id             uuid        not null,
  business_date  date        not null,
  type           text        not null,
  version        int         not null check (version >= 1), -- from 2 on: what came to the date afterwards
  month          text        not null,
  no             int         not null check (no >= 1),
  template       text        not null, -- its id, or 'standard'
  financial_book text        not null check (financial_book = 'financial'),
  budget_book    text        not null check (budget_book = 'budget'),
  nothing_fen    bigint      not null check (nothing_fen = 0),
  financial_last int,        -- its last line, which leaves nothing; null for none
  budget_last    int,
  financial_fen  bigint      not null check (financial_fen >= 0), -- of the debits
  budget_fen     bigint      not null check (budget_fen >= 0),
  made_at        timestamptz not null,
  constraint voucher_pkey primary key (hospital_id, id),
  constraint voucher_once unique (hospital_id, business_date, type, version),
  constraint voucher_number unique (hospital_id, month, type, no),
  constraint voucher_has_lines check (financial_last is not null or budget_last is not null),
  constraint voucher_financial_balanced
    foreign key (hospital_id, id, financial_book, financial_last, nothing_fen)
    references accounting.line (hospital_id, voucher_id, book, line_no, after_fen),
  constraint voucher_budget_balanced
    foreign key (hospital_id, id, budget_book, budget_last, nothing_fen)
    references accounting.line (hospital_id, voucher_id, book, line_no, after_fen)
);
create index voucher_by_month on accounting.voucher (hospital_id, month, type, no);
select platform.hospital_table('accounting.voucher', 'select, insert');

-- Which transfer is in which lines, each once. Income of several categories is in as many parts.
create table accounting.source (
  hospital_id      int    not null,
  entry_id         uuid   not null,
  transfer_no      int    not null,
  part_no          int    not null check (part_no >= 1),
  business_date    date   not null,
  voucher_id       uuid,  -- null where a rule leaves it out
  amount_fen       bigint not null check (amount_fen > 0),
  cause            text   not null,
  subject          text   not null, -- what the entry is about: 'payment:<id>'
  financial_debit  int,
  financial_credit int,
  budget_debit     int,
  budget_credit    int,
  constraint source_pkey primary key (hospital_id, entry_id, transfer_no, part_no),
  constraint source_lines check ((financial_debit is null) = (financial_credit is null)
    and (budget_debit is null) = (budget_credit is null)
    and (voucher_id is null) = (financial_debit is null and budget_debit is null)),
  constraint source_voucher foreign key (hospital_id, voucher_id) references accounting.voucher (hospital_id, id)
);
create index source_by_date on accounting.source (hospital_id, business_date, entry_id);
create index source_by_voucher on accounting.source (hospital_id, voucher_id, entry_id, transfer_no, part_no);
select platform.hospital_table('accounting.source', 'select, insert');

create table accounting.export (
  hospital_id int         not null,
  id          uuid        not null,
  layout      text        not null check (length(layout) between 1 and 30),
  layout_id   text        not null, -- the id of its terms, or 'standard'
  from_date   date        not null,
  to_date     date        not null,
  voucher_ids jsonb       not null,
  digest      text        not null, -- SHA-256 of the file
  byte_count  int         not null check (byte_count >= 0),
  made_by     text        not null,
  made_at     timestamptz not null,
  constraint export_pkey primary key (hospital_id, id),
  constraint export_once unique (hospital_id, layout, from_date, to_date, digest)
);
select platform.hospital_table('accounting.export', 'select, insert');

-- The hospital's accounting system has taken a voucher in, under a number of its own.
create table accounting.acknowledgement (
  hospital_id int         not null,
  voucher_id  uuid        not null,
  erp_no      text        not null check (length(erp_no) between 1 and 60),
  told_by     text        not null,
  told_at     timestamptz not null,
  constraint acknowledgement_pkey primary key (hospital_id, voucher_id),
  constraint acknowledgement_voucher foreign key (hospital_id, voucher_id) references accounting.voucher (hospital_id, id)
);
select platform.hospital_table('accounting.acknowledgement', 'select, insert');
