-- Credit: how payers' money reaches a lender, what the lender says it received, what it owes to payers because they
-- paid more than they owed, and what of its money leaves by two people. All rows are in the lender's own book.

-- A repayment at the lender. Its number is ours, in the form that banks take; a repayment keeps the one it was first
-- asked for with. Of a bank with an interface it is asked for; to a bank without one it is announced until expires_at.
create table credit.collection (
  hospital_id  int         not null,
  number       text        not null check (length(number) = 30),
  repayment_no text        not null check (length(repayment_no) between 1 and 64),
  loan_id      uuid,
  visit_id     uuid,       -- of an early payment
  payer_id     uuid        not null,
  source       text        not null check (source in ('debit', 'payer', 'family', 'recovery')),
  scope        text        not null check (scope in ('partial', 'full')),
  amount_fen   bigint      not null check (amount_fen > 0),
  status       text        not null check (status in ('asking', 'taken', 'refused', 'withdrawn')),
  refusal      text        check (length(refusal) between 1 and 200),
  lender_no    text        check (length(lender_no) between 1 and 64),
  requested_at timestamptz not null,
  expires_at   timestamptz,
  ended_at     timestamptz,
  constraint collection_pkey primary key (hospital_id, number),
  constraint collection_once unique (hospital_id, repayment_no),
  constraint collection_of_one check ((loan_id is null) <> (visit_id is null)),
  constraint collection_ended check ((status = 'asking') = (ended_at is null)),
  constraint collection_taken_is_named check ((status = 'taken') = (lender_no is not null)),
  constraint collection_refused_says_why check ((status = 'refused') = (refusal is not null))
);
create index collection_asking on credit.collection (hospital_id, number) where status = 'asking';
select platform.hospital_table('credit.collection', 'select, insert, update');

-- Money that a lender says it has received, once for its own reference. A fact: it is never refused and never changed.
create table credit.received (
  hospital_id   int         not null,
  reference     text        not null check (length(reference) between 1 and 50),
  collection_no text,       -- what had been announced
  loan_id       uuid,
  visit_id      uuid,
  payer         text        not null check (payer in ('self', 'family')),
  amount_fen    bigint      not null check (amount_fen > 0),
  booked_as     text        not null check (booked_as in ('announced', 'repayment', 'owed_to_payer')),
  received_at   timestamptz not null, -- by the lender's word
  reported_by   text        not null,
  reported_at   timestamptz not null,
  constraint received_pkey primary key (hospital_id, reference),
  constraint received_about check (loan_id is not null or visit_id is not null)
);
select platform.hospital_table('credit.received', 'select, insert');

-- What the lender owes to one payer: the account owed/payers, by person.
create table credit.owed_payer (
  hospital_id int         not null,
  person_id   uuid        not null,
  owed_fen    bigint      not null check (owed_fen >= 0),
  held_fen    bigint      not null check (held_fen >= 0), -- of it, proposed to be paid out
  updated_at  timestamptz not null,
  constraint owed_payer_pkey primary key (hospital_id, person_id),
  constraint owed_payer_holds_what_is_owed check (held_fen <= owed_fen)
);
select platform.hospital_table('credit.owed_payer', 'select, insert, update');

create table credit.owed_payer_entry (
  hospital_id int         not null,
  person_id   uuid        not null,
  cause       text        not null check (length(cause) between 1 and 80),
  amount_fen  bigint      not null check (amount_fen <> 0), -- below zero: paid out
  at          timestamptz not null,
  constraint owed_payer_entry_pkey primary key (hospital_id, person_id, cause)
);
select platform.hospital_table('credit.owed_payer_entry', 'select, insert');

-- Money that leaves the lender: to a payer who is owed some, or to a hospital for what people drew there. Two people.
create table credit.payout (
  hospital_id      int         not null,
  id               uuid        not null,
  person_id        uuid,
  care_hospital_id int,
  amount_fen       bigint      not null check (amount_fen > 0),
  grounds          text        not null check (length(grounds) between 1 and 200),
  status           text        not null check (status in ('proposed', 'paid', 'refused')),
  transfer_no      text        check (length(transfer_no) between 1 and 64), -- of the bank's own transfer
  proposed_by      text        not null,
  proposed_at      timestamptz not null,
  decided_by       text,
  decided_at       timestamptz,
  constraint payout_pkey primary key (hospital_id, id),
  constraint payout_to_one check ((person_id is null) <> (care_hospital_id is null)),
  constraint payout_by_two check (decided_by <> proposed_by),
  constraint payout_decided check ((status = 'proposed') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  constraint payout_paid_is_named check ((status = 'paid') = (transfer_no is not null))
);
create unique index payout_transfer_once on credit.payout (hospital_id, transfer_no) where transfer_no is not null;
create index payout_proposed on credit.payout (hospital_id, id) where status = 'proposed';
select platform.hospital_table('credit.payout', 'select, insert, update');

-- Which visit or draw a loan came of.
create index visit_by_loan on credit.visit (hospital_id, loan_id) where loan_id is not null;
create index draw_by_loan on credit.draw (hospital_id, loan_id) where loan_id is not null;

-- The visits of a hospital that have not ended, whoever's they are.
create index visit_live_by_no on credit.visit (hospital_id, care_hospital_id, visit_no) where status in ('open', 'paying');
