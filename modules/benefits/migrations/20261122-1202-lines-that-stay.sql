-- Where lines stay charged, what they use of benefits stays used: less may go back than was asked for, or nothing at all.
alter table benefits.giving_back drop constraint giving_back_amount_fen_check;
alter table benefits.giving_back add column asked_fen bigint; -- null: of the time when as much went back as was asked for
alter table benefits.giving_back add constraint giving_back_amount check (amount_fen >= 0
  and amount_fen <= coalesce(asked_fen, amount_fen));

-- The units of a package that are free again. Null: of the time when they were the whole units of what had gone back.
alter table benefits.use add column items_returned jsonb;
