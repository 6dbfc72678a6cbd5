-- Ledger: totals that do not make posters wait for one another, limits, holds that expire and are posted in parts,
-- days that are closed, balances of any day and instant.

alter table ledger.account drop constraint account_kind_check;
alter table ledger.account add constraint account_kind_check
  check (kind in ('asset', 'liability', 'equity', 'income', 'expense'));
-- Of the balance on the account's own side. An account with neither is posted to without waiting for anybody.
alter table ledger.account add column floor_fen bigint;
alter table ledger.account add column ceiling_fen bigint;
-- Counts the changes of the row: who waited for it sees by this that what else they read is out of date.
alter table ledger.account add column version bigint not null default 0;
alter table ledger.account add constraint account_limits check (floor_fen <= ceiling_fen);

-- The day the entry was meant for, where that was closed and the entry stands on the next one that was open.
alter table ledger.entry add column intended_date date;

-- The statement that writes a transfer writes its entry and opens its accounts, so that nothing is to be looked up
-- for each transfer, and no poster touches the row of an account that everybody posts to. What an account moved is
-- found by its hours and the entries of the day; nobody reads transfers by account.
alter table ledger.transfer drop constraint transfer_entry;
alter table ledger.transfer drop constraint transfer_debit;
alter table ledger.transfer drop constraint transfer_credit;
drop index ledger.transfer_by_debit;
drop index ledger.transfer_by_credit;

alter table ledger.hold add column expires_at timestamptz;
create index hold_by_expiry on ledger.hold (hospital_id, expires_at) where expires_at is not null;

alter table ledger.hold_end drop constraint hold_end_outcome_check;
alter table ledger.hold_end add constraint hold_end_outcome_check
  check (outcome in ('posted', 'voided', 'expired'));
-- What the last entry took; null is the whole of the hold.
alter table ledger.hold_end add column amount_fen bigint check (amount_fen > 0);

-- A part of a hold that was posted while the rest of it was kept.
create table ledger.hold_part (
  hospital_id int         not null,
  hold_id     uuid        not null,
  entry_id    uuid        not null,
  amount_fen  bigint      not null check (amount_fen > 0),
  at          timestamptz not null,
  constraint hold_part_pkey primary key (hospital_id, hold_id, entry_id),
  constraint hold_part_hold foreign key (hospital_id, hold_id) references ledger.hold (hospital_id, id)
);
select platform.hospital_table('ledger.hold_part', 'select, insert');

-- What one batch moved on one account of one day. Added beside each other and folded into the totals later.
create table ledger.rollup (
  hospital_id   int         not null,
  account       text        not null,
  batch_id      uuid        not null, -- its first entry
  business_date date        not null,
  posted_hour   timestamptz not null, -- the hour it was posted in
  debit_fen     bigint      not null check (debit_fen >= 0),
  credit_fen    bigint      not null check (credit_fen >= 0),
  in_account    boolean     not null, -- whether the account's own totals have it already
  constraint rollup_pkey primary key (hospital_id, account, batch_id, business_date)
);
select platform.hospital_table('ledger.rollup', 'select, insert, delete');

-- Folded: what was posted to an account in one hour for one day.
create table ledger.hour_total (
  hospital_id   int         not null,
  account       text        not null,
  business_date date        not null,
  posted_hour   timestamptz not null,
  debit_fen     bigint      not null check (debit_fen >= 0),
  credit_fen    bigint      not null check (credit_fen >= 0),
  constraint hour_total_pkey primary key (hospital_id, account, business_date, posted_hour)
);
-- The rows that are there already, read by their owner.
alter table ledger.entry no force row level security;
alter table ledger.transfer no force row level security;
insert into ledger.hour_total
select hospital_id, account, business_date, posted_hour, sum(debit_fen), sum(credit_fen)
from (
  select t.hospital_id, s.account, e.business_date,
    date_trunc('hour', e.created_at at time zone 'UTC') at time zone 'UTC' as posted_hour, s.debit_fen, s.credit_fen
  from ledger.transfer t
  join ledger.entry e on e.hospital_id = t.hospital_id and e.id = t.entry_id
  cross join lateral (values (t.debit_account, t.amount_fen, 0::bigint),
    (t.credit_account, 0::bigint, t.amount_fen)) s (account, debit_fen, credit_fen)
) sides
group by hospital_id, account, business_date, posted_hour;
alter table ledger.entry force row level security;
alter table ledger.transfer force row level security;
select platform.hospital_table('ledger.hour_total', 'select, insert, update');

-- What an account stands at: its own totals, and what was added beside them since.
create view ledger.account_balance with (security_invoker = true) as
select a.hospital_id, a.code, a.kind, (a.debit_fen + coalesce(r.debit_fen, 0))::bigint as debit_fen,
  (a.credit_fen + coalesce(r.credit_fen, 0))::bigint as credit_fen, a.held_fen
from ledger.account a
left join lateral (
  select sum(u.debit_fen) as debit_fen, sum(u.credit_fen) as credit_fen from ledger.rollup u
  where u.hospital_id = a.hospital_id and u.account = a.code and not u.in_account
) r on true;
grant select on ledger.account_balance to yiqiao_app;

-- One row a hospital: who posts shares it, who closes a day has it alone. Its version says that days were closed.
create table ledger.books (
  hospital_id int    not null,
  version     bigint not null check (version >= 0),
  constraint books_pkey primary key (hospital_id)
);
select platform.hospital_table('ledger.books', 'select, insert, update');

-- Each closing and reopening of a day; the last one counts.
create table ledger.closing (
  hospital_id   int         not null,
  business_date date        not null,
  version       int         not null check (version >= 1),
  is_closed     boolean     not null,
  actor         text        not null,
  at            timestamptz not null,
  constraint closing_pkey primary key (hospital_id, business_date, version)
);
select platform.hospital_table('ledger.closing', 'select, insert');

-- Which requests of a batch find too little or too much on an account, when each is judged after those before it
-- and those that are refused leave no trace. Slots are accounts: `available` is what may go of it, `room` what may
-- come (null without a ceiling). Changes come in the order of the requests, one for each request and slot; one that
-- does not make things worse is never refused. Reads no table.
create function ledger.refused_in_order(available bigint[], room bigint[], has_floor boolean[], change_no int[],
  change_slot int[], change_available bigint[], change_room bigint[], is_promise boolean[])
returns table (no int, why text, available_fen bigint)
language plpgsql immutable rows 100 set search_path = pg_catalog as $$
declare
  changes constant int := coalesce(array_length(change_no, 1), 0);
  i int := 1;
  after int;
  slot int;
begin
  while i <= changes loop
    no := change_no[i];
    why := null;
    after := i;
    while after <= changes and change_no[after] = no loop
      slot := change_slot[after];
      available[slot] := available[slot] + change_available[after];
      room[slot] := room[slot] + change_room[after];
      if change_available[after] < 0 and (has_floor[slot] or is_promise[after]) and available[slot] < 0
        and why is distinct from 'insufficient' then
        why := 'insufficient';
        available_fen := available[slot] - change_available[after];
      elsif change_room[after] < 0 and room[slot] < 0 and why is null then
        why := 'exceeds_limit';
        available_fen := room[slot] - change_room[after];
      end if;
      after := after + 1;
    end loop;
    if why is not null then
      for back in i .. after - 1 loop
        slot := change_slot[back];
        available[slot] := available[slot] - change_available[back];
        room[slot] := room[slot] - change_room[back];
      end loop;
      return next;
    end if;
    i := after;
  end loop;
end $$;
grant execute on function ledger.refused_in_order to yiqiao_app;
