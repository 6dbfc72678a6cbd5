-- Coverage: commercial insurance. Which policies a person has bound and what they consented to; for each payment what
-- insurers were asked, have paid and got back; and the claim whose papers follow every settlement.
create schema coverage;
grant usage on schema coverage to yiqiao_app;

-- What an insurer's product is for.
create table coverage.product (
  insurer_code       text        not null check (length(insurer_code) between 1 and 32),
  product_code       text        not null check (length(product_code) between 1 and 64),
  kind               text        not null check (kind in ('ordinary', 'online_visit', 'chronic_package')),
  visit_kinds        text[]      not null check (cardinality(visit_kinds) > 0),
  diagnosis_prefixes text[],     -- beginnings of ICD-10 codes; null for all
  updated_at         timestamptz not null,
  constraint product_pkey primary key (insurer_code, product_code)
);
select platform.replicate('coverage.product');
grant select, insert, update on coverage.product to yiqiao_app;

-- What a person is shown and agrees to, kept word for word; the latest from_at is in force.
create table coverage.consent_text (
  purpose text        not null check (purpose in ('policy_check', 'claim_papers')),
  version text        not null check (version ~ '^[a-z0-9.-]{1,40}$'),
  zh      text        not null check (length(zh) between 1 and 20000),
  en      text        not null check (length(en) between 1 and 20000),
  sha256  text        not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of zh, a line feed, en
  from_at timestamptz not null,
  constraint consent_text_pkey primary key (purpose, version)
);
select platform.replicate('coverage.consent_text');
grant select, insert on coverage.consent_text to yiqiao_app;

insert into coverage.consent_text (purpose, version, zh, en, sha256, from_at)
select purpose, '2026-11', zh, en,
  encode(sha256(convert_to(zh || E'\n' || en, 'UTF8')), 'hex'), '2026-11-01T00:00:00+08:00'
from (values
  ('policy_check',
   '为查询您名下的保单并在缴费时计算可赔付金额，我们会将您的姓名、身份证号及本次费用明细提供给您选择的保险公司。您可以随时撤回，撤回后缴费时不再使用该保险公司的保单。',
   'To look up your policies and to work out what they pay, we give your name, your identity number and the items of the bill to the insurer you choose. You can withdraw this at any time; from then on its policies are not used when you pay.'),
  ('claim_papers',
   '为办理理赔，我们会将您勾选的材料（账单、费用清单、票据、就诊小结）提供给赔付的保险公司。您可以随时撤回，撤回后不再发送任何材料。',
   'To settle your claim, we send the papers you tick (bill, items, receipt, visit summary) to the insurer that pays. You can withdraw this at any time; from then on no paper is sent.')
) as texts (purpose, zh, en);

-- A person's consent. A person's rows, across hospitals: no row security.
create table coverage.consent (
  person_id    uuid        not null,
  id           uuid        not null,
  insurer_code text        not null,
  purpose      text        not null check (purpose in ('policy_check', 'claim_papers')),
  version      text        not null,
  scope        text[]      not null, -- kinds of papers; whether the diagnosis may be told
  given_at     timestamptz not null,
  expires_at   timestamptz not null,
  withdrawn_at timestamptz,
  replaced_at  timestamptz, -- by a later one for the same purpose
  constraint consent_pkey primary key (person_id, id),
  constraint consent_expires check (expires_at > given_at)
);
select platform.distribute('coverage.consent', 'person_id');
create unique index consent_one_in_force on coverage.consent (person_id, insurer_code, purpose)
  where withdrawn_at is null and replaced_at is null;
grant select, insert, update (withdrawn_at, replaced_at) on coverage.consent to yiqiao_app;

-- A policy that its person has bound, as its insurer last described it.
create table coverage.policy (
  person_id    uuid        not null,
  insurer_code text        not null,
  policy_no    text        not null check (length(policy_no) between 1 and 64),
  product_code text        not null,
  product_name text        not null,
  state        text        not null check (state in ('in_force', 'suspended', 'lapsed')),
  valid_from   date        not null,
  valid_until  date        not null,
  terms        jsonb       not null,
  bound_at     timestamptz not null,
  verified_at  timestamptz not null,
  unbound_at   timestamptz,
  constraint policy_pkey primary key (person_id, insurer_code, policy_no)
);
select platform.distribute('coverage.policy', 'person_id');
grant select, insert, update on coverage.policy to yiqiao_app;

-- One payment's way through the policies of its person.
create table coverage.plan (
  hospital_id    int         not null,
  id             uuid        not null,
  payment_id     uuid        not null,
  person_id      uuid        not null,
  status         text        not null check (status in ('quoting', 'quoted', 'settling', 'undoing', 'settled',
    'declined', 'released', 'refunding', 'returned')),
  content_hash   text        not null,
  bill           jsonb       not null, -- what is needed to settle what remains anew, and for the papers
  left_fen       bigint      not null check (left_fen >= 0), -- what the medical insurance leaves
  paid           jsonb       not null, -- what it pays, by part
  charge_no      text,       -- the payment's number for the charge
  refund_id      uuid,       -- the giving back that is under way
  decline_code   text,
  decline_reason text,
  lease_no       int         not null check (lease_no >= 0), -- who works on it; a write by an earlier one is refused
  leased_until   timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint plan_pkey primary key (hospital_id, id),
  constraint plan_of_payment unique (hospital_id, payment_id),
  constraint plan_charged_is_named check (status not in ('settling', 'settled', 'refunding', 'returned')
    or charge_no is not null),
  constraint plan_refunding_is_named check ((status = 'refunding') = (refund_id is not null))
);
select platform.hospital_table('coverage.plan', 'select, insert, update');

-- One advance under one policy and the settlement that came of it. A row is there before its insurer is asked.
create table coverage.policy_order (
  hospital_id   int         not null,
  order_no      text        not null check (length(order_no) = 30),
  plan_id       uuid        not null,
  refund_id     uuid,       -- settles what remained after this giving back
  position      int         not null,
  insurer_code  text        not null,
  policy_no     text        not null,
  product_name  text        not null,
  status        text        not null check (status in ('asking', 'advanced', 'confirming', 'settled', 'refused',
    'cancelled', 'returned')),
  content_hash  text        not null,
  left_fen      bigint      not null check (left_fen >= 0),
  other_fen     bigint      not null check (other_fen >= 0), -- what policies before this one pay
  pay_fen       bigint      check (pay_fen >= 0 and pay_fen <= left_fen),
  insurer_no    text,
  settlement_no text,
  move_no       text,       -- our number of the movement of money that it is a part of
  sent_at       timestamptz,
  settled_at    timestamptz,
  returned_fen  bigint      not null check (returned_fen >= 0),
  expires_at    timestamptz,
  reason        text,
  created_at    timestamptz not null,
  constraint policy_order_pkey primary key (hospital_id, order_no),
  constraint policy_order_plan foreign key (hospital_id, plan_id) references coverage.plan (hospital_id, id),
  constraint policy_order_advanced_is_whole check (status not in ('advanced', 'confirming', 'settled', 'returned')
    or (pay_fen is not null and insurer_no is not null)),
  constraint policy_order_settled_is_whole check (status not in ('settled', 'returned')
    or (settlement_no is not null and settled_at is not null)),
  constraint policy_order_returns_what_it_paid check (returned_fen <= coalesce(pay_fen, 0))
);
create index policy_order_by_plan on coverage.policy_order (hospital_id, plan_id);
select platform.hospital_table('coverage.policy_order', 'select, insert, update');

create table coverage.refund (
  hospital_id  int         not null,
  id           uuid        not null, -- the refund's own id in payments
  plan_id      uuid        not null,
  status       text        not null check (status in ('returning', 'resettling', 'done', 'declined')),
  refund_no    text        not null,
  recharge_no  text,
  left_fen     bigint      not null check (left_fen >= 0), -- of what remains, after the medical insurance
  in_parts     boolean     not null,
  reason       text,
  requested_at timestamptz not null,
  updated_at   timestamptz not null,
  constraint refund_pkey primary key (hospital_id, id),
  constraint refund_plan foreign key (hospital_id, plan_id) references coverage.plan (hospital_id, id)
);
select platform.hospital_table('coverage.refund', 'select, insert, update');

-- Money asked back from an insurer: for a refund, or because the rest of a charge came to nothing.
create table coverage.return_order (
  hospital_id int         not null,
  refund_no   text        not null check (length(refund_no) = 30),
  order_no    text        not null,
  refund_id   uuid,       -- null when a charge is undone
  amount_fen  bigint      not null check (amount_fen > 0),
  status      text        not null check (status in ('sent', 'done', 'refused')),
  return_no   text,
  returned_at timestamptz,
  move_no     text,
  reason      text,
  sent_at     timestamptz not null,
  constraint return_order_pkey primary key (hospital_id, refund_no),
  constraint return_order_of foreign key (hospital_id, order_no)
    references coverage.policy_order (hospital_id, order_no),
  constraint return_order_done_is_whole check (status <> 'done' or (return_no is not null and returned_at is not null))
);
create index return_order_by_order on coverage.return_order (hospital_id, order_no);
create unique index return_order_once on coverage.return_order (hospital_id, order_no, refund_id) where status <> 'refused';
select platform.hospital_table('coverage.return_order', 'select, insert, update');

-- The papers of a settlement on their way to its insurer, and what the insurer makes of them.
create table coverage.claim (
  hospital_id   int         not null,
  id            uuid        not null,
  order_no      text        not null,
  payment_id    uuid        not null,
  person_id     uuid        not null,
  insurer_code  text        not null,
  policy_no     text        not null,
  pay_fen       bigint      not null check (pay_fen > 0),
  status        text        not null check (status in ('waiting', 'withheld', 'submitted', 'more_wanted', 'accepted',
    'refused', 'closed')),
  due_by        timestamptz not null, -- one business day after the settlement
  due_at        timestamptz,          -- when to look at it again; null when nothing is to be done
  attempts      int         not null check (attempts >= 0),
  submission_no text,                 -- written before the papers go; kept until they are answered
  claim_no      text,
  sent_kinds    text[]      not null,
  wanted        text[]      not null,
  reason        text,
  submitted_at  timestamptz,
  decided_at    timestamptz,
  attention     text,                 -- why a person is to look at it
  attention_at  timestamptz,
  resolution    text,
  resolved_by   text,
  resolved_at   timestamptz,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  constraint claim_pkey primary key (hospital_id, id),
  constraint claim_of_order unique (hospital_id, order_no),
  constraint claim_order foreign key (hospital_id, order_no) references coverage.policy_order (hospital_id, order_no),
  constraint claim_attention_is_whole check ((attention is null) = (attention_at is null)),
  constraint claim_refused_is_seen check (status <> 'refused' or attention is not null)
);
create index claim_due on coverage.claim (hospital_id, due_at) where due_at is not null;
create index claim_open on coverage.claim (hospital_id, attention_at) where attention is not null and resolved_at is null;
create index claim_by_person on coverage.claim (hospital_id, person_id, id);
select platform.hospital_table('coverage.claim', 'select, insert, update');
