-- The payments that an application began for a person: it sees, confirms and cancels these and no others.
create table partners.acting (
  hospital_id    int         not null,
  payment_id     uuid        not null,
  application_id uuid        not null,
  person_id      uuid        not null,
  created_at     timestamptz not null,
  constraint acting_pkey primary key (hospital_id, payment_id)
);
select platform.hospital_table('partners.acting', 'select, insert');
