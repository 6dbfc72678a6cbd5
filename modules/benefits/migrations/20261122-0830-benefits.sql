-- Benefits: programmes with their budgets, what persons are granted of them, what payments used of it, and points.
-- A region's programme is allotted to each hospital that takes part, so that its budget is in the book of that hospital.
create schema benefits;
grant usage on schema benefits to yiqiao_app;

-- The terms never change: new terms are a new programme.
create table benefits.programme (
  hospital_id int         not null,
  id          uuid        not null,
  kind        text        not null check (kind in ('subsidy', 'voucher', 'package', 'points')),
  name_zh     text        not null check (length(name_zh) between 1 and 60),
  name_en     text        not null check (length(name_en) between 1 and 60),
  funder_kind text        not null check (funder_kind in ('hospital', 'region')),
  funder_code text        not null check (length(funder_code) between 1 and 30),
  funder_name text        not null check (length(funder_name) between 1 and 60),
  terms       jsonb       not null,
  starts_on   date        not null,
  ends_on     date        not null,
  status      text        not null check (status in ('active', 'ended')),
  created_by  text        not null,
  created_at  timestamptz not null,
  ended_by    text,
  ended_at    timestamptz,
  end_reason  text        check (length(end_reason) between 1 and 200),
  constraint programme_pkey primary key (hospital_id, id),
  constraint programme_period check (starts_on <= ends_on),
  constraint programme_ended_says_why check ((status = 'ended') = (ended_by is not null and ended_at is not null
    and end_reason is not null))
);
select platform.hospital_table('benefits.programme', 'select, insert, update');

-- A budget, in figures the database checks: the ledger's accounts budget/<id> and vouchers/<id> say the same.
create table benefits.budget (
  hospital_id  int    not null,
  programme_id uuid   not null,
  allotted_fen bigint not null check (allotted_fen >= 0),
  issued_fen   bigint not null check (issued_fen >= 0), -- in vouchers that nobody has used yet
  held_fen     bigint not null check (held_fen >= 0),
  used_fen     bigint not null check (used_fen >= 0),
  constraint budget_pkey primary key (hospital_id, programme_id),
  constraint budget_programme foreign key (hospital_id, programme_id) references benefits.programme (hospital_id, id),
  constraint budget_not_below_zero check (issued_fen + held_fen + used_fen <= allotted_fen)
);
select platform.hospital_table('benefits.budget', 'select, insert, update');

create table benefits.allotment (
  hospital_id  int         not null,
  id           uuid        not null,
  programme_id uuid        not null,
  amount_fen   bigint      not null check (amount_fen <> 0), -- below zero: taken back
  document     text        not null check (length(document) between 1 and 100),
  decided_by   text        not null,
  at           timestamptz not null,
  constraint allotment_pkey primary key (hospital_id, id),
  constraint allotment_programme foreign key (hospital_id, programme_id)
    references benefits.programme (hospital_id, id),
  constraint allotment_once unique (hospital_id, programme_id, document)
);
select platform.hospital_table('benefits.allotment', 'select, insert');

-- What one person is entitled to, on which evidence, and who decided it.
create table benefits.entitlement (
  hospital_id  int         not null,
  id           uuid        not null,
  programme_id uuid        not null,
  person_id    uuid        not null,
  kind         text        not null check (kind in ('subsidy', 'voucher', 'package')),
  origin       text        not null check (length(origin) between 1 and 100), -- 'decision:<document>', 'exchange:<id>'
  amount_fen   bigint      check (amount_fen > 0), -- null: as much as the programme's rule gives
  used_fen     bigint      not null check (used_fen >= 0), -- promised or taken
  valid_from   date        not null,
  valid_until  date        not null,
  document     text        not null check (length(document) between 1 and 100),
  grounds      text        not null check (length(grounds) between 1 and 500),
  status       text        not null check (status in ('proposed', 'active', 'refused', 'revoked', 'expired')),
  proposed_by  text        not null,
  proposed_at  timestamptz not null,
  needs_second boolean     not null,
  decided_by   text,
  decided_at   timestamptz,
  ended_by     text,
  ended_at     timestamptz,
  end_reason   text        check (length(end_reason) between 1 and 200),
  constraint entitlement_pkey primary key (hospital_id, id),
  constraint entitlement_programme foreign key (hospital_id, programme_id)
    references benefits.programme (hospital_id, id),
  constraint entitlement_once unique (hospital_id, programme_id, person_id, origin),
  constraint entitlement_within check (amount_fen is null or used_fen <= amount_fen),
  constraint entitlement_period check (valid_from <= valid_until),
  constraint entitlement_by_two check (decided_by <> proposed_by),
  constraint entitlement_second_decided check (not needs_second or status in ('proposed', 'refused')
    or decided_by is not null),
  constraint entitlement_ended_says_why check ((status in ('revoked', 'expired', 'refused')) = (ended_at is not null))
);
create index entitlement_by_person on benefits.entitlement (hospital_id, person_id, id);
create index entitlement_to_expire on benefits.entitlement (hospital_id, valid_until) where status = 'active';
select platform.hospital_table('benefits.entitlement', 'select, insert, update');

create table benefits.entitlement_item (
  hospital_id    int  not null,
  entitlement_id uuid not null,
  code           text not null check (length(code) between 1 and 40),
  most           int  not null check (most between 1 and 1000),
  used           int  not null check (used >= 0),
  constraint entitlement_item_pkey primary key (hospital_id, entitlement_id, code),
  constraint entitlement_item_of foreign key (hospital_id, entitlement_id)
    references benefits.entitlement (hospital_id, id),
  constraint entitlement_item_within check (used <= most)
);
select platform.hospital_table('benefits.entitlement_item', 'select, insert, update');

-- What a person used of a programme in one visit or one year, where it has a cap for that.
create table benefits.cap (
  hospital_id  int    not null,
  programme_id uuid   not null,
  person_id    uuid   not null,
  scope        text   not null check (length(scope) between 1 and 60), -- 'year:2026', 'visit:V1'
  used_fen     bigint not null check (used_fen >= 0),
  most_fen     bigint not null,
  constraint cap_pkey primary key (hospital_id, programme_id, person_id, scope),
  constraint cap_within check (used_fen <= most_fen)
);
select platform.hospital_table('benefits.cap', 'select, insert, update');

-- What was offered to a payment; the payment's order refers to it. One that no tender came of is forgotten.
create table benefits.quote (
  hospital_id int         not null,
  id          uuid        not null,
  payment_id  uuid        not null,
  person_id   uuid        not null,
  uses        jsonb       not null,
  created_at  timestamptz not null,
  constraint quote_pkey primary key (hospital_id, id)
);
create index quote_by_age on benefits.quote (hospital_id, created_at);
select platform.hospital_table('benefits.quote', 'select, insert, delete');

create table benefits.tender (
  hospital_id  int         not null,
  trade_no     text        not null check (length(trade_no) = 30),
  payment_id   uuid        not null,
  person_id    uuid        not null,
  amount_fen   bigint      not null check (amount_fen > 0),
  status       text        not null check (status in ('held', 'taken', 'released', 'refused')),
  refusal      text,
  returned_fen bigint      not null check (returned_fen >= 0),
  requested_at timestamptz not null,
  taken_at     timestamptz,
  updated_at   timestamptz not null,
  constraint tender_pkey primary key (hospital_id, trade_no),
  constraint tender_refused_says_why check ((status = 'refused') = (refusal is not null)),
  constraint tender_taken_at check ((status = 'taken') = (taken_at is not null)),
  constraint tender_returns_what_it_took check (returned_fen <= amount_fen and (returned_fen = 0 or status = 'taken'))
);
create index tender_by_day on benefits.tender (hospital_id, taken_at) where taken_at is not null;
select platform.hospital_table('benefits.tender', 'select, insert, update');

-- What a tender takes of one programme, in the order of use, with what it rests on.
create table benefits.use (
  hospital_id    int    not null,
  trade_no       text   not null,
  no             int    not null check (no >= 1),
  kind           text   not null check (kind in ('package', 'voucher', 'subsidy')),
  programme_id   uuid   not null,
  entitlement_id uuid,
  amount_fen     bigint not null check (amount_fen > 0),
  returned_fen   bigint not null check (returned_fen >= 0),
  hold_id        uuid   not null, -- the ledger's
  items          jsonb  not null,
  caps           jsonb  not null,
  grounds        jsonb  not null,
  constraint use_pkey primary key (hospital_id, trade_no, no),
  constraint use_tender foreign key (hospital_id, trade_no) references benefits.tender (hospital_id, trade_no),
  constraint use_programme foreign key (hospital_id, programme_id) references benefits.programme (hospital_id, id),
  constraint use_entitlement foreign key (hospital_id, entitlement_id)
    references benefits.entitlement (hospital_id, id),
  constraint use_returns_what_it_took check (returned_fen <= amount_fen),
  constraint use_is_granted check (kind = 'subsidy' or entitlement_id is not null)
);
create index use_by_programme on benefits.use (hospital_id, programme_id, trade_no);
select platform.hospital_table('benefits.use', 'select, insert, update');

create table benefits.giving_back (
  hospital_id int         not null,
  refund_no   text        not null check (length(refund_no) = 30),
  trade_no    text        not null,
  amount_fen  bigint      not null check (amount_fen > 0),
  parts       jsonb       not null,
  at          timestamptz not null,
  constraint giving_back_pkey primary key (hospital_id, refund_no),
  constraint giving_back_tender foreign key (hospital_id, trade_no) references benefits.tender (hospital_id, trade_no)
);
create index giving_back_by_day on benefits.giving_back (hospital_id, at);
create index giving_back_by_tender on benefits.giving_back (hospital_id, trade_no);
select platform.hospital_table('benefits.giving_back', 'select, insert');

-- Points are a person's across hospitals. One lot for the points of one year; they expire together.
create table benefits.points_lot (
  person_id  uuid not null,
  year       int  not null check (year between 2000 and 2999),
  expires_on date not null, -- the last day on which they can be spent
  earned     int  not null check (earned >= 0),
  spent      int  not null check (spent >= 0),
  expired    int  not null check (expired >= 0),
  constraint points_lot_pkey primary key (person_id, year),
  constraint points_lot_within check (spent + expired <= earned)
);
select platform.distribute('benefits.points_lot', 'person_id');
grant select, insert, update on benefits.points_lot to yiqiao_app;

create table benefits.points_entry (
  person_id        uuid        not null,
  id               uuid        not null,
  cause            text        not null check (length(cause) between 1 and 120),
  year             int         not null,
  kind             text        not null check (kind in ('earned', 'spent', 'expired')),
  event            text        check (event in ('health_station', 'primary_care_first')),
  points           int         not null check (points > 0),
  care_hospital_id int,
  programme_id     uuid,
  at               timestamptz not null,
  constraint points_entry_pkey primary key (person_id, id),
  constraint points_entry_once unique (person_id, cause),
  constraint points_entry_lot foreign key (person_id, year) references benefits.points_lot (person_id, year),
  constraint points_entry_earned_by check ((kind = 'earned') = (event is not null))
);
select platform.distribute('benefits.points_entry', 'person_id');
grant select, insert on benefits.points_entry to yiqiao_app;
