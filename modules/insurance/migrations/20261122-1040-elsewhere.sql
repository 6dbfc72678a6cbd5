-- People from elsewhere: the filing by which their own area pays, and which area that is.
alter table insurance.claim
  add column filing_no    text,
  add column filing_kind  text,
  add column filed_from   date,
  add column filed_to     date,
  add column decline_code text;

alter table insurance.settlement
  add column insured_region text check (insured_region ~ '^\d{6}$');
