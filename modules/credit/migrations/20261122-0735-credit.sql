-- Credit: what lenders offer, who may draw how much, the visits it is agreed for, every draw and its reversal.
-- A lender's book is its hospital_id: all of a lender's rows are in its own book, apart from every other's. The
-- hospital at which somebody is treated is a column like others, care_hospital_id.
create schema credit;
grant usage on schema credit to yiqiao_app;

create table credit.lender (
  lender_id  int         not null check (lender_id > 900000),
  name_zh    text        not null check (length(name_zh) between 1 and 60),
  name_en    text        not null check (length(name_en) between 1 and 60),
  form       text        not null check (form in ('built_in', 'bank_api')),
  status     text        not null check (status in ('active', 'suspended')),
  created_at timestamptz not null,
  constraint lender_pkey primary key (lender_id)
);
select platform.replicate('credit.lender');
grant select, insert, update on credit.lender to yiqiao_app;

-- The terms of a product never change: new terms are a new product.
create table credit.product (
  lender_id  int         not null,
  product_id text        not null check (product_id ~ '^[a-z0-9-]{1,40}$'),
  status     text        not null check (status in ('offered', 'withdrawn')),
  terms      jsonb       not null,
  created_at timestamptz not null,
  constraint product_pkey primary key (lender_id, product_id)
);
select platform.replicate('credit.product');
grant select, insert, update (status) on credit.product to yiqiao_app;

-- What a person is shown and agrees to, kept word for word.
create table credit.consent_text (
  lender_id int  not null,
  version   text not null check (version ~ '^[a-z0-9.-]{1,40}$'),
  zh        text not null check (length(zh) between 1 and 20000),
  en        text not null check (length(en) between 1 and 20000),
  sha256    text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint consent_text_pkey primary key (lender_id, version)
);
select platform.replicate('credit.consent_text');
grant select, insert on credit.consent_text to yiqiao_app;

create table credit.consent (
  hospital_id  int         not null,
  id           uuid        not null,
  person_id    uuid        not null,
  subject      text        not null, -- 'application:<id>', 'visit:<id>'
  text_version text        not null,
  text_sha256  text        not null,
  given_at     timestamptz not null,
  constraint consent_pkey primary key (hospital_id, id),
  constraint consent_once unique (hospital_id, subject)
);
select platform.hospital_table('credit.consent', 'select, insert');

-- How much of a lender's money people may draw at one hospital. What is above the limit because the limit was
-- lowered is kept and may not grow: ceiling_fen is what is in use as long as that is more than the limit.
create table credit.hospital_limit (
  hospital_id      int         not null,
  care_hospital_id int         not null,
  limit_fen        bigint      not null check (limit_fen >= 0),
  ceiling_fen      bigint      not null,
  used_fen         bigint      not null check (used_fen >= 0),
  updated_at       timestamptz not null,
  constraint hospital_limit_pkey primary key (hospital_id, care_hospital_id),
  constraint hospital_limit_ceiling check (ceiling_fen >= limit_fen),
  constraint hospital_limit_holds check (used_fen <= ceiling_fen)
);
select platform.hospital_table('credit.hospital_limit', 'select, insert, update');

create table credit.application (
  hospital_id  int         not null,
  id           uuid        not null,
  person_id    uuid        not null,
  product_id   text        not null,
  way          text        not null,
  status       text        not null check (status in ('asking', 'granted', 'refused')),
  facts        jsonb       not null, -- what the decision went by; no names, no numbers of people
  decision     jsonb       not null, -- what the scorecard said, and why
  limit_fen    bigint      not null check (limit_fen >= 0), -- what was granted in the end
  refusal      text,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint application_pkey primary key (hospital_id, id),
  constraint application_refused_says_why check ((status = 'refused') = (refusal is not null))
);
create index application_by_person on credit.application (hospital_id, person_id, id);
create index application_unanswered on credit.application (hospital_id, id) where status = 'asking';
select platform.hospital_table('credit.application', 'select, insert, update');

-- Somebody asked that a person look at a decision, and what that person decided.
create table credit.review (
  hospital_id    int         not null,
  id             uuid        not null,
  application_id uuid        not null,
  asked_by       text        not null, -- 'person:<id>', or the staff who wrote it down for them
  asked_at       timestamptz not null,
  statement      text        not null check (length(statement) between 1 and 500),
  status         text        not null check (status in ('open', 'upheld', 'changed')),
  decided_by     text,
  decided_at     timestamptz,
  reason         text        check (length(reason) between 1 and 500),
  limit_fen      bigint      check (limit_fen > 0),
  constraint review_pkey primary key (hospital_id, id),
  constraint review_application foreign key (hospital_id, application_id) references credit.application (hospital_id, id),
  constraint review_decided_is_whole check ((status = 'open') = (decided_by is null) and
    (decided_by is null) = (decided_at is null) and (decided_by is null) = (reason is null)),
  constraint review_by_another check (decided_by <> asked_by),
  constraint review_changed_has_limit check ((status = 'changed') = (limit_fen is not null))
);
create unique index review_open_once on credit.review (hospital_id, application_id) where status = 'open';
select platform.hospital_table('credit.review', 'select, insert, update');

-- What one person may draw of one lender. reserved: promised to visits and to payments under way. drawn: lent and not
-- repaid, whether in a visit still or in a loan.
create table credit.line (
  hospital_id  int         not null,
  id           uuid        not null,
  person_id    uuid        not null,
  product_id   text        not null,
  way          text        not null,
  account_no   text        not null check (length(account_no) between 1 and 64), -- the lender's own number of it
  status       text        not null check (status in ('active', 'suspended', 'ended')),
  limit_fen    bigint      not null check (limit_fen >= 0),
  ceiling_fen  bigint      not null,
  reserved_fen bigint      not null check (reserved_fen >= 0),
  drawn_fen    bigint      not null check (drawn_fen >= 0),
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  constraint line_pkey primary key (hospital_id, id),
  constraint line_once unique (hospital_id, person_id),
  constraint line_ceiling check (ceiling_fen >= limit_fen),
  constraint line_holds check (reserved_fen + drawn_fen <= ceiling_fen),
  constraint line_ended_is_free check (status <> 'ended' or (reserved_fen = 0 and drawn_fen = 0))
);
select platform.hospital_table('credit.line', 'select, insert, update');

create table credit.line_change (
  hospital_id      int         not null,
  id               uuid        not null,
  line_id          uuid        not null,
  kind             text        not null check (kind in ('opened', 'limit', 'suspended', 'resumed', 'ended')),
  limit_before_fen bigint      not null,
  limit_after_fen  bigint      not null,
  reason           text        not null check (length(reason) between 1 and 200),
  actor            text        not null,
  at               timestamptz not null,
  constraint line_change_pkey primary key (hospital_id, id),
  constraint line_change_line foreign key (hospital_id, line_id) references credit.line (hospital_id, id)
);
create index line_change_by_line on credit.line_change (hospital_id, line_id, id);
select platform.hospital_table('credit.line_change', 'select, insert');

-- A visit that is paid by credit: agreed once, settled once.
create table credit.visit (
  hospital_id      int         not null,
  id               uuid        not null,
  line_id          uuid        not null,
  person_id        uuid        not null,
  care_hospital_id int         not null,
  visit_no         text        check (length(visit_no) between 1 and 30), -- null: all visits there of that day
  visit_key        text        not null, -- the visit's number, or the day
  day              date        not null,
  way              text        not null,
  status           text        not null check (status in ('open', 'closing', 'paying', 'settled', 'repaid', 'empty')),
  reserved_fen     bigint      not null check (reserved_fen > 0),
  unused_fen       bigint      not null check (unused_fen >= 0), -- what is promised to it and not held by a draw
  ends_at          timestamptz, -- null for a stay: it ends by discharge
  end_cause        text        check (end_cause in ('left', 'end_of_day', 'discharged', 'paid_early')),
  repayment_no     text,
  repaying_fen     bigint,
  repayment_at     timestamptz,
  loan_id          uuid,
  settled_fen      bigint,
  settled_at       timestamptz,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  constraint visit_pkey primary key (hospital_id, id),
  constraint visit_line foreign key (hospital_id, line_id) references credit.line (hospital_id, id),
  constraint visit_unused_is_reserved check (unused_fen <= reserved_fen),
  constraint visit_over_keeps_nothing check (status in ('open', 'paying') or unused_fen = 0),
  constraint visit_paying_is_named check ((status in ('paying', 'repaid')) =
    (repayment_no is not null and repaying_fen is not null and repayment_at is not null)),
  constraint visit_settled_has_loan check ((status = 'settled') = (loan_id is not null)),
  constraint visit_over_says_what check ((status in ('settled', 'repaid', 'empty')) =
    (settled_fen is not null and settled_at is not null))
);
create unique index visit_once on credit.visit (hospital_id, person_id, care_hospital_id, visit_key)
  where status in ('open', 'paying');
create index visit_by_person on credit.visit (hospital_id, person_id, id);
create index visit_to_end on credit.visit (hospital_id, ends_at) where status = 'open';
create index visit_in_work on credit.visit (hospital_id, id) where status in ('closing', 'paying');
select platform.hospital_table('credit.visit', 'select, insert, update');

-- One charge by credit. The row is there before anything is asked of the lender, and its number is the payment's.
create table credit.draw (
  hospital_id      int         not null,
  draw_no          text        not null check (length(draw_no) = 30),
  line_id          uuid        not null,
  visit_id         uuid,
  person_id        uuid        not null,
  care_hospital_id int         not null,
  payment_id       uuid        not null,
  scene            text        not null,
  description      text        not null,
  amount_fen       bigint      not null check (amount_fen > 0),
  of_visit_fen     bigint      not null check (of_visit_fen >= 0), -- how much of it the visit had promised to it
  status           text        not null check (status in ('held', 'drawing', 'drawn', 'released', 'refused')),
  refusal          text,
  returned_fen     bigint      not null check (returned_fen >= 0),
  lender_no        text,
  loan_id          uuid,
  requested_at     timestamptz not null,
  drawn_at         timestamptz, -- by the lender's word; its day in Shanghai is the business date
  updated_at       timestamptz not null,
  constraint draw_pkey primary key (hospital_id, draw_no),
  constraint draw_line foreign key (hospital_id, line_id) references credit.line (hospital_id, id),
  constraint draw_visit foreign key (hospital_id, visit_id) references credit.visit (hospital_id, id),
  constraint draw_of_visit check (of_visit_fen <= amount_fen and (of_visit_fen = 0 or visit_id is not null)),
  constraint draw_returns_what_it_took check (returned_fen <= amount_fen and (returned_fen = 0 or status = 'drawn')),
  constraint draw_drawn_is_named check ((status = 'drawn') = (lender_no is not null and drawn_at is not null)),
  constraint draw_refused_says_why check ((status = 'refused') = (refusal is not null)),
  constraint draw_in_a_loan_is_drawn check (loan_id is null or status = 'drawn')
);
create index draw_by_visit on credit.draw (hospital_id, visit_id) where visit_id is not null;
create index draw_by_day on credit.draw (hospital_id, care_hospital_id, drawn_at) where drawn_at is not null;
create index draw_by_line on credit.draw (hospital_id, line_id, draw_no);
select platform.hospital_table('credit.draw', 'select, insert, update');

create table credit.reversal (
  hospital_id      int         not null,
  reversal_no      text        not null check (length(reversal_no) = 30),
  draw_no          text        not null,
  care_hospital_id int         not null,
  amount_fen       bigint      not null check (amount_fen > 0),
  status           text        not null check (status in ('asking', 'done', 'refused')),
  refusal          text,
  lender_no        text,
  requested_at     timestamptz not null,
  done_at          timestamptz,
  updated_at       timestamptz not null,
  constraint reversal_pkey primary key (hospital_id, reversal_no),
  constraint reversal_draw foreign key (hospital_id, draw_no) references credit.draw (hospital_id, draw_no),
  constraint reversal_done_is_named check ((status = 'done') = (lender_no is not null and done_at is not null)),
  constraint reversal_refused_says_why check ((status = 'refused') = (refusal is not null))
);
create index reversal_by_draw on credit.reversal (hospital_id, draw_no);
create index reversal_by_day on credit.reversal (hospital_id, care_hospital_id, done_at) where done_at is not null;
select platform.hospital_table('credit.reversal', 'select, insert, update');
