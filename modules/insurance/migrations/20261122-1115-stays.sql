-- Stays in hospital at the insurance: admitted (2401), charged day by day (2301), discharged (2402), settled (2304) and, where it
-- was wrong, taken back (2305, 2405, 2404). As with visits, a message that moves money is written down before it goes.
create table insurance.stay (
  hospital_id    int         not null,
  id             uuid        not null,
  person_id      uuid        not null,
  stay_no        text        not null check (length(stay_no) between 1 and 30), -- the hospital's own number
  status         text        not null check (status in
    ('admitting', 'admitted', 'discharged', 'settling', 'settled', 'cancelling', 'ended')),
  psn_no         text,
  insutype       text,
  insured_region text,
  filing_no      text,
  filing_kind    text,
  filed_from     date,
  filed_to       date,
  mdtrt_id       text,
  med_type       text        not null,
  use_account    boolean     not null,
  admission      jsonb       not null, -- as it was told: department, bed, doctor, when; no diagnosis stays here
  intent_infno   text,       -- a message was written down and its answer is not known
  intent_msgid   text,
  figures        jsonb,      -- amounts in fen: what the centre would pay, or pays
  settled_msgid  text,       -- the settlement that stands, or is being made
  void_msgid     text,       -- its cancellation that is being made
  void_in_doubt  boolean     not null, -- an earlier cancellation was never heard of: a refusal of a later one proves nothing
  reason         text,       -- the centre's words of its last no
  lease_no       int         not null check (lease_no >= 0),
  leased_until   timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint stay_pkey primary key (hospital_id, id),
  constraint stay_named_once unique (hospital_id, stay_no),
  constraint stay_intent_is_whole check ((intent_infno is null) = (intent_msgid is null)),
  constraint stay_admitted_is_named check (status in ('admitting', 'ended') or (mdtrt_id is not null and psn_no is not null)),
  constraint stay_settled_is_named check (status not in ('settling', 'settled', 'cancelling') or settled_msgid is not null)
);
select platform.hospital_table('insurance.stay', 'select, insert, update');

create table insurance.stay_line (
  hospital_id     int    not null,
  stay_id         uuid   not null,
  line_id         text   not null check (length(line_id) between 1 and 30),
  returns_line_id text,
  amount_fen      bigint not null, -- below zero for a return
  is_told         boolean not null, -- the centre has answered it
  own_fen         bigint,
  over_limit_fen  bigint,
  first_share_fen bigint,
  in_scope_fen    bigint,
  level           text   check (level in ('A', 'B', 'C')),
  constraint stay_line_pkey primary key (hospital_id, stay_id, line_id),
  constraint stay_line_stay foreign key (hospital_id, stay_id) references insurance.stay (hospital_id, id),
  constraint stay_line_adds_up check (not is_told or amount_fen = own_fen + over_limit_fen + first_share_fen + in_scope_fen)
);
select platform.hospital_table('insurance.stay_line', 'select, insert, update, delete');

-- A row is there before its message is sent. Nothing that moved is ever taken out.
create table insurance.stay_settlement (
  hospital_id    int         not null,
  msgid          text        not null check (length(msgid) = 30),
  stay_id        uuid        not null,
  kind           text        not null check (kind in ('charge', 'return')),
  status         text        not null check (status in ('sent', 'done', 'refused', 'reversed', 'absent')),
  psn_no         text        not null,
  mdtrt_id       text        not null,
  setl_id        text,
  insutype       text        not null,
  insured_region text        check (insured_region ~ '^\d{6}$'),
  clr_type       text,
  clr_optins     text,
  figures        jsonb,      -- amounts in fen
  sent_at        timestamptz not null,
  settled_at     timestamptz,
  constraint stay_settlement_pkey primary key (hospital_id, msgid),
  constraint stay_settlement_stay foreign key (hospital_id, stay_id) references insurance.stay (hospital_id, id),
  constraint stay_settlement_done_is_whole check (
    status <> 'done' or (setl_id is not null and figures is not null and settled_at is not null))
);
create index stay_settlement_by_stay on insurance.stay_settlement (hospital_id, stay_id);
select platform.hospital_table('insurance.stay_settlement', 'select, insert, update');
