-- Deposits: what people pay in beforehand for a stay, kept by a bank in custody; and what is left of prepayments for
-- outpatient care, which the rule of 2025 ended: they are paid down or given back, and take nothing in any more.
create schema deposits;
grant usage on schema deposits to yiqiao_app;

create table deposits.account (
  hospital_id   int         not null,
  id            uuid        not null,
  person_id     uuid        not null,
  kind          text        not null check (kind in ('inpatient', 'outpatient')),
  stay_no       text        not null check (length(stay_no) between 1 and 40), -- 'outpatient' where it is of no stay
  custody_bank  text        not null check (length(custody_bank) between 1 and 40),
  custody_no    text        not null check (length(custody_no) between 1 and 40), -- the custody account at the bank
  status        text        not null check (status in ('open', 'closed')), -- closed: nothing is taken in or drawn
  balance_fen   bigint      not null check (balance_fen >= 0), -- paid in, less drawn and given back
  held_fen      bigint      not null check (held_fen >= 0),    -- of the balance: promised, or on its way back
  low_fen       bigint      not null check (low_fen >= 0),     -- below this it is told to be low
  told_low      boolean     not null,
  opened_at     timestamptz not null,
  closed_at     timestamptz,
  constraint account_pkey primary key (hospital_id, id),
  constraint account_once unique (hospital_id, person_id, kind, stay_no),
  constraint account_holds_what_is_there check (held_fen <= balance_fen),
  constraint account_closed check ((status = 'closed') = (closed_at is not null))
);
create index account_by_person on deposits.account (hospital_id, person_id, id);
create index account_outpatient_left on deposits.account (hospital_id, id) where kind = 'outpatient' and balance_fen > 0;
select platform.hospital_table('deposits.account', 'select, insert, update');

-- A payment into an account. What goes back at the end goes back the way it came, up to what came that way.
create table deposits.top_up (
  hospital_id  int         not null,
  id           uuid        not null,
  account_id   uuid        not null,
  cause        text        not null check (length(cause) between 1 and 80), -- the payment: 'wechat:<trade no>'
  channel      text        not null check (length(channel) between 1 and 40),
  channel_no   text        not null check (length(channel_no) between 1 and 64),
  amount_fen   bigint      not null check (amount_fen > 0),
  returned_fen bigint      not null check (returned_fen >= 0), -- given back, or on its way
  at           timestamptz not null,
  constraint top_up_pkey primary key (hospital_id, id),
  constraint top_up_once unique (hospital_id, cause),
  constraint top_up_account foreign key (hospital_id, account_id) references deposits.account (hospital_id, id),
  constraint top_up_returns_what_came check (returned_fen <= amount_fen)
);
create index top_up_by_account on deposits.top_up (hospital_id, account_id, id);
select platform.hospital_table('deposits.top_up', 'select, insert, update');

create table deposits.draw (
  hospital_id  int         not null,
  trade_no     text        not null check (length(trade_no) = 30),
  account_id   uuid        not null,
  amount_fen   bigint      not null check (amount_fen > 0),
  status       text        not null check (status in ('held', 'taken', 'released', 'refused')),
  refusal      text,
  hold_id      uuid,       -- the ledger's
  returned_fen bigint      not null check (returned_fen >= 0),
  requested_at timestamptz not null,
  taken_at     timestamptz,
  updated_at   timestamptz not null,
  constraint draw_pkey primary key (hospital_id, trade_no),
  constraint draw_account foreign key (hospital_id, account_id) references deposits.account (hospital_id, id),
  constraint draw_refused_says_why check ((status = 'refused') = (refusal is not null)),
  constraint draw_taken_at check ((status = 'taken') = (taken_at is not null)),
  constraint draw_returns_what_it_took check (returned_fen <= amount_fen and (returned_fen = 0 or status = 'taken'))
);
create index draw_by_account on deposits.draw (hospital_id, account_id, trade_no);
create index draw_by_day on deposits.draw (hospital_id, taken_at) where taken_at is not null;
select platform.hospital_table('deposits.draw', 'select, insert, update');

create table deposits.draw_return (
  hospital_id int         not null,
  refund_no   text        not null check (length(refund_no) = 30),
  trade_no    text        not null,
  amount_fen  bigint      not null check (amount_fen > 0),
  at          timestamptz not null,
  constraint draw_return_pkey primary key (hospital_id, refund_no),
  constraint draw_return_draw foreign key (hospital_id, trade_no) references deposits.draw (hospital_id, trade_no)
);
create index draw_return_by_day on deposits.draw_return (hospital_id, at);
create index draw_return_by_draw on deposits.draw_return (hospital_id, trade_no);
select platform.hospital_table('deposits.draw_return', 'select, insert');

-- What goes back of one payment. 'asked' until its channel is known to have given it back.
create table deposits.give_back (
  hospital_id int         not null,
  id          uuid        not null,
  account_id  uuid        not null,
  top_up_id   uuid        not null,
  amount_fen  bigint      not null check (amount_fen > 0),
  hold_id     uuid        not null,
  status      text        not null check (status in ('asked', 'done')),
  asked_by    text        not null,
  asked_at    timestamptz not null,
  channel_no  text        check (length(channel_no) between 1 and 64), -- of the return at the channel
  done_at     timestamptz,
  constraint give_back_pkey primary key (hospital_id, id),
  constraint give_back_account foreign key (hospital_id, account_id) references deposits.account (hospital_id, id),
  constraint give_back_top_up foreign key (hospital_id, top_up_id) references deposits.top_up (hospital_id, id),
  constraint give_back_done_is_named check ((status = 'done') = (channel_no is not null and done_at is not null))
);
create index give_back_by_account on deposits.give_back (hospital_id, account_id, id);
create index give_back_asked on deposits.give_back (hospital_id, id) where status = 'asked';
select platform.hospital_table('deposits.give_back', 'select, insert, update');
