-- 跨省异地清分: what people from elsewhere were settled for in a month, as the national platform lists it (3260), held against our
-- own settlements, and what of it was confirmed (3261). What does not agree is left out of the confirmation, for a person to look at.
create table insurance.clearing_month (
  hospital_id     int         not null,
  month           text        not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  status          text        not null check (status in ('open', 'confirming', 'confirmed')),
  confirmation_no text,
  listed          int         not null, -- rows of theirs
  confirmed       int         not null,
  total_fen       bigint      not null, -- of what was confirmed
  insurers_fen    bigint      not null, -- funds and account of it, which the person's own area pays
  note            text,       -- why it is not confirmed yet, in the centre's words
  checked_at      timestamptz not null,
  confirmed_at    timestamptz,
  lease_no        int         not null check (lease_no >= 0),
  leased_until    timestamptz,
  constraint clearing_month_pkey primary key (hospital_id, month),
  constraint clearing_confirmed_when check ((status = 'confirmed') = (confirmed_at is not null))
);
select platform.hospital_table('insurance.clearing_month', 'select, insert, update');

create table insurance.clearing_row (
  hospital_id  int         not null,
  month        text        not null,
  number       text        not null check (length(number) between 1 and 64), -- setl_sn of theirs; the msgid of what only we have
  result       text        not null check (result in ('agrees', 'theirs_only', 'ours_only')),
  msgid        text,       -- of our settlement
  settled_at   timestamptz not null,
  total_fen    bigint      not null,
  insurers_fen bigint      not null,
  is_confirmed boolean     not null,
  constraint clearing_row_pkey primary key (hospital_id, month, number)
);
select platform.hospital_table('insurance.clearing_row', 'select, insert, update, delete');
