-- What a hospital's system wants to be told again: its own numbers, and whose they are. Kept for an adapter that has
-- nothing but a description, under names of its making; what is kept may be personal, and is encrypted.
create table hospitals.system_memory (
  hospital_id  int         not null,
  name         text        not null check (length(name) between 1 and 200),
  value_sealed text        not null,
  at           timestamptz not null,
  constraint system_memory_pkey primary key (hospital_id, name)
);
select platform.hospital_table('hospitals.system_memory', 'select, insert, update, delete');
