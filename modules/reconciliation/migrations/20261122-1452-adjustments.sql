-- 调账: one person proposes how a case is closed in the books, another one decides. The entry is posted with the decision.
create table reconciliation.adjustment (
  hospital_id int         not null,
  id          uuid        not null,
  case_id     uuid        not null,
  kind        text        not null check (kind in ('hang_surplus', 'return_surplus', 'surplus_to_income', 'write_off_shortage')),
  provider    text        not null check (length(provider) between 1 and 30),
  part        text        not null check (length(part) between 1 and 30),
  amount_fen  bigint      not null check (amount_fen > 0),
  reason      text        not null check (length(reason) between 2 and 500),
  proposed_by text        not null,
  proposed_at timestamptz not null,
  constraint adjustment_pkey primary key (hospital_id, id),
  constraint adjustment_proposer unique (hospital_id, id, proposed_by),
  constraint adjustment_case foreign key (hospital_id, case_id) references reconciliation.work_case (hospital_id, id)
);
create index adjustment_by_case on reconciliation.adjustment (hospital_id, case_id, id);
select platform.hospital_table('reconciliation.adjustment', 'select, insert');

create table reconciliation.adjustment_decision (
  hospital_id   int         not null,
  adjustment_id uuid        not null,
  outcome       text        not null check (outcome in ('approved', 'declined', 'withdrawn')),
  note          text        check (length(note) between 1 and 500),
  entry_id      uuid,
  proposed_by   text        not null,
  decided_by    text        not null,
  decided_at    timestamptz not null,
  constraint adjustment_decision_pkey primary key (hospital_id, adjustment_id),
  constraint adjustment_decision_of foreign key (hospital_id, adjustment_id, proposed_by)
    references reconciliation.adjustment (hospital_id, id, proposed_by),
  constraint adjustment_decision_second_person check (outcome = 'withdrawn' or decided_by <> proposed_by),
  constraint adjustment_decision_is_booked check ((outcome = 'approved') = (entry_id is not null))
);
select platform.hospital_table('reconciliation.adjustment_decision', 'select, insert');

-- An open case that is past its deadline is told of, and again, until somebody ends it.
alter table reconciliation.work_case add column remind_at timestamptz;
alter table reconciliation.work_case add column reminders int not null default 0 check (reminders >= 0);
update reconciliation.work_case set remind_at = due_at where status = 'open';
create index work_case_reminder on reconciliation.work_case (hospital_id, remind_at) where remind_at is not null;
