-- Payments: whoever widens what one person may give back does not do so alone, and nobody widens it beyond reason.
alter table payments.refund_rule add column his_above_fen bigint;

-- What stands already goes on standing; from now on nothing beyond these is written.
alter table payments.refund_rule
  add constraint refund_rule_above_within_reason check (above_fen between 0 and 20000000) not valid,
  add constraint refund_rule_often_within_reason check (most_a_day between 0 and 500) not valid,
  add constraint refund_rule_his_within_reason check (his_above_fen between 0 and 100000000) not valid;

create table payments.refund_rule_proposal (
  hospital_id     int         not null,
  id              uuid        not null,
  above_fen       bigint      check (above_fen between 0 and 20000000), -- null: no amount is too large for one person
  late_after_days int         check (late_after_days between 0 and 365),
  most_a_day      int         check (most_a_day between 0 and 500),
  his_above_fen   bigint      check (his_above_fen between 0 and 100000000),
  status          text        not null check (status in ('waiting', 'approved', 'declined')),
  proposed_by     text        not null,
  decided_by      text,
  created_at      timestamptz not null,
  decided_at      timestamptz,
  constraint refund_rule_proposal_pkey primary key (hospital_id, id),
  constraint refund_rule_proposal_is_decided_by_somebody check (
    (status = 'waiting') = (decided_by is null) and (status = 'waiting') = (decided_at is null)),
  constraint refund_rule_proposal_has_two_people check (status <> 'approved' or decided_by <> proposed_by)
);
create unique index refund_rule_proposal_one_waits on payments.refund_rule_proposal (hospital_id)
  where status = 'waiting';
select platform.hospital_table('payments.refund_rule_proposal', 'select, insert, update');
