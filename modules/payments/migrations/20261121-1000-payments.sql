-- Payments: one row for each attempt of one payer to settle bills in full, its tenders by who serves them,
-- the bills it settles, every movement of money at a provider, and every giving back.
create schema payments;
grant usage on schema payments to yiqiao_app;

create table payments.payment (
  hospital_id         int         not null,
  id                  uuid        not null,
  person_id           uuid        not null,
  visit_no            text        not null,
  status              text        not null check (status in
    ('quoted', 'charging', 'settling', 'succeeded', 'compensating', 'failed', 'closed')),
  total_fen           bigint      not null check (total_fen > 0),
  reasons             jsonb       not null, -- why the plan is as it is, by source
  failure_code        text,
  attention           text,        -- why a person must look at it; the machine goes on trying
  paid_at             timestamptz, -- when the last of its money was taken
  succeeded_at        timestamptz,
  expires_at          timestamptz not null,
  cancel_requested_at timestamptz,
  confirmed_at        timestamptz,
  settling_since      timestamptz, -- since when it is not the payer's turn any more
  version             int         not null check (version >= 0),
  call_no             int         not null check (call_no >= 0), -- which call is running: an older one's answer is late
  in_call_until       timestamptz, -- somebody is asking a provider until then at the latest
  retry_at            timestamptz,
  attempts            int         not null check (attempts >= 0),
  due_at              timestamptz, -- when the machine must look at it again; null when it need not
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  constraint payment_pkey primary key (hospital_id, id),
  constraint payment_success_is_paid check (status <> 'succeeded' or (paid_at is not null and succeeded_at is not null))
);
create index payment_due on payments.payment (hospital_id, due_at, id) where due_at is not null;
create index payment_by_person on payments.payment (hospital_id, person_id, id);
create index payment_by_status on payments.payment (hospital_id, status, id);
create index payment_by_success on payments.payment (hospital_id, succeeded_at) where succeeded_at is not null;
select platform.hospital_table('payments.payment', 'select, insert, update');

create table payments.tender (
  hospital_id        int         not null,
  payment_id         uuid        not null,
  tender_no          int         not null check (tender_no >= 1),
  id                 uuid        not null, -- its trade number is made of this
  provider           text        not null,
  phase              text        not null check (phase in ('payer', 'settle')),
  status             text        not null check (status in
    ('planned', 'asked', 'ordered', 'taken', 'declined', 'released')),
  amount_fen         bigint      not null check (amount_fen > 0),
  parts              jsonb       not null,
  quote_reference    text,
  payer_account      text,
  payer_action       jsonb,
  decline_code       text,
  absent_answers     int         not null check (absent_answers >= 0), -- in a row, to our question what became of it
  charge_our_no      text,
  charge_provider_no text,
  taken_fen          bigint      not null check (taken_fen >= 0),
  returned_fen       bigint      not null check (returned_fen >= 0),
  taken_at           timestamptz,
  constraint tender_pkey primary key (hospital_id, payment_id, tender_no),
  constraint tender_id unique (hospital_id, id),
  constraint tender_returns_what_it_took check (returned_fen <= taken_fen),
  constraint tender_taken_is_named check (status <> 'taken' or charge_provider_no is not null),
  constraint tender_payment foreign key (hospital_id, payment_id) references payments.payment (hospital_id, id)
);
select platform.hospital_table('payments.tender', 'select, insert, update');

create table payments.payment_bill (
  hospital_id     int         not null,
  payment_id      uuid        not null,
  bill_no         text        not null,
  version         int         not null,
  title           text        not null,
  total_fen       bigint      not null check (total_fen > 0),
  payable         jsonb       not null, -- the bill as it was paid, with its lines
  write_back      text        not null check (write_back in ('none', 'asked', 'done', 'refused')),
  receipt_no      text,
  guidance        jsonb       not null,
  refunding_fen   bigint      not null check (refunding_fen >= 0), -- asked for, given back or not
  constraint payment_bill_pkey primary key (hospital_id, payment_id, bill_no),
  constraint payment_bill_refund_bound check (refunding_fen <= total_fen),
  constraint payment_bill_receipt check (write_back <> 'done' or receipt_no is not null),
  constraint payment_bill_payment foreign key (hospital_id, payment_id) references payments.payment (hospital_id, id)
);
create index payment_bill_by_bill on payments.payment_bill (hospital_id, bill_no, payment_id);
select platform.hospital_table('payments.payment_bill', 'select, insert, update');

-- The one payment that may settle a bill. Taken when the payer confirms, given up when nothing came of it.
-- It keeps nobody from recording money: a second payment is only not begun.
create table payments.bill_claim (
  hospital_id int  not null,
  bill_no     text not null,
  payment_id  uuid not null,
  constraint bill_claim_pkey primary key (hospital_id, bill_no)
);
select platform.hospital_table('payments.bill_claim', 'select, insert, delete');

-- Every movement of money at a provider, a row for each part. Added, never changed: what the books, the reports
-- and the reconciliation are made of.
create table payments.move (
  hospital_id   int         not null,
  business_date date        not null,
  provider      text        not null,
  kind          text        not null check (kind in ('charge', 'return')),
  our_no        text        not null,
  part          text        not null check (part in ('pooled', 'account', 'self_pay')),
  provider_no   text        not null,
  amount_fen    bigint      not null check (amount_fen > 0),
  payment_id    uuid        not null,
  tender_no     int         not null,
  refund_id     uuid,
  at            timestamptz not null,
  recorded_at   timestamptz not null,
  constraint move_pkey primary key (hospital_id, provider, kind, our_no, part)
);
create index move_by_date on payments.move (hospital_id, business_date, provider);
create index move_by_payment on payments.move (hospital_id, payment_id);
select platform.hospital_table('payments.move', 'select, insert');

create table payments.refund (
  hospital_id    int         not null,
  id             uuid        not null,
  payment_id     uuid        not null,
  cause          text        not null check (cause in ('requested', 'compensation', 'late', 'reconciliation')),
  status         text        not null check (status in ('approving', 'returning', 'completing', 'succeeded', 'refused')),
  bill_no        text,        -- null where the whole payment goes back
  line_nos       jsonb       not null, -- empty for all lines
  amount_fen     bigint      not null check (amount_fen > 0),
  reason         text        not null,
  requested_by   text        not null,
  request_no     text,        -- the hospital system's own number for its wish
  refusal_code   text,
  receipt_no     text,
  attention      text,
  returned_at    timestamptz, -- when the last of its money had gone back
  completed_at   timestamptz,
  version        int         not null check (version >= 0),
  call_no        int         not null check (call_no >= 0),
  in_call_until  timestamptz,
  retry_at       timestamptz,
  attempts       int         not null check (attempts >= 0),
  due_at         timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint refund_pkey primary key (hospital_id, id),
  constraint refund_request_once unique (hospital_id, request_no),
  constraint refund_payment foreign key (hospital_id, payment_id) references payments.payment (hospital_id, id)
);
create index refund_due on payments.refund (hospital_id, due_at, id) where due_at is not null;
create index refund_by_payment on payments.refund (hospital_id, payment_id, id);
create index refund_by_status on payments.refund (hospital_id, status, id);
select platform.hospital_table('payments.refund', 'select, insert, update');

create table payments.refund_part (
  hospital_id int    not null,
  refund_id   uuid   not null,
  tender_no   int    not null,
  id          uuid   not null, -- its number at the provider is made of this
  status      text   not null check (status in ('planned', 'asked', 'pending', 'returned', 'declined')),
  amount_fen  bigint check (amount_fen >= 0), -- null until what the sources before it gave back is known
  net_fen     bigint, -- what really came back, a smaller settlement anew taken off
  hold_id     uuid,   -- the promise of this amount in the books
  decline_code text,
  constraint refund_part_pkey primary key (hospital_id, refund_id, tender_no),
  constraint refund_part_id unique (hospital_id, id),
  constraint refund_part_refund foreign key (hospital_id, refund_id) references payments.refund (hospital_id, id)
);
select platform.hospital_table('payments.refund_part', 'select, insert, update');
