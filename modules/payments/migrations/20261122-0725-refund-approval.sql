-- Payments: refunds that a second person approves before anything is done.
-- What a hospital wants a second person for. Without a row, the usual rule of the program holds.
create table payments.refund_rule (
  hospital_id     int         not null,
  above_fen       bigint      check (above_fen >= 0),   -- null: no amount is too large for one person
  late_after_days int         check (late_after_days between 0 and 365), -- null: a payment may be of any age
  most_a_day      int         check (most_a_day >= 0),  -- of one asker; null: any number
  updated_by      text        not null,
  updated_at      timestamptz not null,
  constraint refund_rule_pkey primary key (hospital_id)
);
select platform.hospital_table('payments.refund_rule', 'select, insert, update');

create table payments.refund_request (
  hospital_id   int         not null,
  id            uuid        not null, -- the refund that it becomes has the same
  payment_id    uuid        not null,
  bill_no       text        not null,
  line_nos      jsonb       not null, -- empty for all lines
  amount_fen    bigint      not null check (amount_fen > 0),
  reason        text        not null,
  why           jsonb       not null, -- what makes it more than one person may do alone
  status        text        not null check (status in ('waiting', 'approved', 'declined', 'withdrawn')),
  requested_by  text        not null,
  decided_by    text,
  decision_note text,
  created_at    timestamptz not null,
  decided_at    timestamptz,
  constraint refund_request_pkey primary key (hospital_id, id),
  constraint refund_request_payment foreign key (hospital_id, payment_id)
    references payments.payment (hospital_id, id),
  constraint refund_request_is_decided_by_somebody check (
    (status = 'waiting') = (decided_by is null) and (status = 'waiting') = (decided_at is null)),
  constraint refund_request_has_two_people check (
    status not in ('approved', 'declined') or decided_by <> requested_by)
);
create unique index refund_request_one_waits on payments.refund_request (hospital_id, payment_id)
  where status = 'waiting';
create index refund_request_by_status on payments.refund_request (hospital_id, status, id);
select platform.hospital_table('payments.refund_request', 'select, insert, update');

-- How many refunds somebody began on a day.
create index refund_by_asker on payments.refund (hospital_id, requested_by, created_at);
