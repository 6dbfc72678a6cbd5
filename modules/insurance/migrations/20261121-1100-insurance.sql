-- Insurance: one claim for each payment that asks the insurance, its fee lines as the centre classified
-- them, every message that moves money at the centre, and every giving back.
create schema insurance;
grant usage on schema insurance to yiqiao_app;

create table insurance.claim (
  hospital_id    int         not null,
  id             uuid        not null,
  payment_id     uuid        not null,
  person_id      uuid        not null,
  status         text        not null check (status in
    ('quoting', 'quoted', 'settling', 'settled', 'declined', 'released', 'refunding', 'returned')),
  visit_no       text        not null check (length(visit_no) between 1 and 30),
  progress       text        not null check (progress in ('opened', 'registered', 'informed', 'uploaded')),
  batch_no       text        not null check (length(batch_no) between 1 and 30),
  batch_seq      int         not null check (batch_seq >= 1),
  content_hash   text        not null,
  bills          jsonb       not null, -- who ordered the lines of each bill, for settling them anew
  total_fen      bigint      not null check (total_fen > 0),
  med_type       text        not null,
  use_account    boolean     not null,
  psn_no         text,
  insutype       text,
  insured_region text,
  mdtrt_id       text,
  intent_infno   text,        -- a message was written down and its answer is not known
  intent_msgid   text,
  figures        jsonb,       -- amounts in fen: what the centre would pay, or pays
  charged_msgid  text,        -- the settlement that the payment was told of
  settled_msgid  text,        -- the settlement that stands, or is being made
  refund_id      uuid,        -- the giving back that is under way
  decline_reason text,
  lease_no       int         not null check (lease_no >= 0), -- who works on the claim; a write by an earlier one is refused
  leased_until   timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint claim_pkey primary key (hospital_id, id),
  constraint claim_of_payment unique (hospital_id, payment_id),
  constraint claim_intent_is_whole check ((intent_infno is null) = (intent_msgid is null)),
  constraint claim_registered_is_named check (progress = 'opened' or (mdtrt_id is not null and psn_no is not null)),
  constraint claim_quoted_has_figures check (status in ('quoting', 'released') or figures is not null),
  constraint claim_settled_is_named check (
    status not in ('settling', 'settled', 'refunding', 'returned') or settled_msgid is not null),
  constraint claim_refunding_is_named check ((status = 'refunding') = (refund_id is not null))
);
select platform.hospital_table('insurance.claim', 'select, insert, update');

create table insurance.claim_line (
  hospital_id     int    not null,
  claim_id        uuid   not null,
  batch_seq       int    not null,
  line_id         text   not null check (length(line_id) between 1 and 30),
  bill_no         text   not null,
  line_no         int    not null,
  amount_fen      bigint not null,
  own_fen         bigint not null,
  over_limit_fen  bigint not null,
  first_share_fen bigint not null,
  in_scope_fen    bigint not null,
  level           text   check (level in ('A', 'B', 'C')),
  constraint claim_line_pkey primary key (hospital_id, claim_id, batch_seq, line_id),
  constraint claim_line_claim foreign key (hospital_id, claim_id) references insurance.claim (hospital_id, id),
  constraint claim_line_adds_up check (amount_fen = own_fen + over_limit_fen + first_share_fen + in_scope_fen)
);
select platform.hospital_table('insurance.claim_line', 'select, insert');

-- A row is there before its message is sent. Nothing that moved is ever taken out.
create table insurance.settlement (
  hospital_id int         not null,
  msgid       text        not null check (length(msgid) = 30),
  claim_id    uuid        not null,
  refund_id   uuid,
  kind        text        not null check (kind in ('charge', 'return')),
  status      text        not null check (status in ('sent', 'done', 'refused', 'reversed', 'absent')),
  psn_no      text        not null,
  mdtrt_id    text        not null,
  setl_id     text,
  insutype    text        not null,
  clr_type    text,
  clr_optins  text,
  figures     jsonb,       -- amounts in fen
  sent_at     timestamptz not null,
  settled_at  timestamptz, -- by the centre's word; its day in Shanghai is the business date
  constraint settlement_pkey primary key (hospital_id, msgid),
  constraint settlement_claim foreign key (hospital_id, claim_id) references insurance.claim (hospital_id, id),
  constraint settlement_done_is_whole check (
    status <> 'done' or (setl_id is not null and figures is not null and settled_at is not null))
);
create index settlement_by_claim on insurance.settlement (hospital_id, claim_id);
select platform.hospital_table('insurance.settlement', 'select, insert, update');

create table insurance.refund (
  hospital_id   int         not null,
  id            uuid        not null, -- the refund's own id in payments
  claim_id      uuid        not null,
  status        text        not null check (status in
    ('voiding', 'voided', 'uploaded', 'resettling', 'done', 'declined')),
  old_msgid     text        not null,
  void_msgid    text,
  void_in_doubt boolean     not null,
  batch_no      text,
  batch_seq     int,
  upload_msgid  text,
  new_msgid     text,
  reason        text,
  requested_at  timestamptz not null,
  updated_at    timestamptz not null,
  constraint refund_pkey primary key (hospital_id, id),
  constraint refund_claim foreign key (hospital_id, claim_id) references insurance.claim (hospital_id, id),
  constraint refund_done_is_voided check (status in ('voiding', 'declined') or void_msgid is not null)
);
select platform.hospital_table('insurance.refund', 'select, insert, update');

-- The last message number given out, as seconds since 1970 times 10000 and a count: never the same twice.
create table insurance.msgid_counter (
  hospital_id int    not null,
  last        bigint not null,
  constraint msgid_counter_pkey primary key (hospital_id)
);
select platform.hospital_table('insurance.msgid_counter', 'select, insert, update');
