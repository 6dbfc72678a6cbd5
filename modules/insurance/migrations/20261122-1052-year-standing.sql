-- What the insurer last said of where a person stands this year (1101, 5206), for estimates: they are marked as such, and a
-- settlement never goes by them.
create table insurance.year_standing (
  hospital_id  int         not null,
  person_id    uuid        not null,
  psn_no       text        not null,
  insutype     text        not null,
  region       text        not null check (region ~ '^\d{6}$'),
  person_type  text,
  balance_fen  bigint      not null,
  accumulated  jsonb       not null, -- by cum_type_code, as the centre wrote it
  year         text        not null check (year ~ '^\d{4}$'),
  said_at      timestamptz not null,
  constraint year_standing_pkey primary key (hospital_id, person_id)
);
select platform.hospital_table('insurance.year_standing', 'select, insert, update');
