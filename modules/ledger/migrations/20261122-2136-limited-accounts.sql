-- Which accounts of a batch have a limit is asked before it is posted: most have none, and are not looked at for that.
create index account_limited on ledger.account (hospital_id, code)
  where floor_fen is not null or ceiling_fen is not null;
