-- What a stay cost on one day, as the hospital tells it each night, and how much of it the deposit has paid so far. What
-- the deposit had not is drawn when it is topped up. A day is told once; what was wrong is made good by another day's.
create table deposits.day_charge (
  hospital_id int         not null,
  account_id  uuid        not null,
  day         date        not null,
  total_fen   bigint      not null check (total_fen > 0),
  drawn_fen   bigint      not null check (drawn_fen >= 0),
  told_by     text        not null,
  told_at     timestamptz not null,
  updated_at  timestamptz not null,
  constraint day_charge_pkey primary key (hospital_id, account_id, day),
  constraint day_charge_account foreign key (hospital_id, account_id) references deposits.account (hospital_id, id),
  constraint day_charge_draws_what_it_cost check (drawn_fen <= total_fen)
);
create index day_charge_open on deposits.day_charge (hospital_id, account_id, day) where drawn_fen < total_fen;
select platform.hospital_table('deposits.day_charge', 'select, insert, update');
