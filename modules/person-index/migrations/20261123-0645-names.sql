-- How common names are among the people of the region, counted by a worker and read by every process. Sealed as one text: a
-- table of names by how often they occur could be read without its key.
create table person_index.name_counts (
  region        text        not null check (region = 'region'),
  counts_sealed text        not null,
  counted       int         not null check (counted >= 0), -- people
  counted_at    timestamptz not null,
  constraint name_counts_pkey primary key (region)
);
select platform.replicate('person_index.name_counts');
grant select, insert, update on person_index.name_counts to yiqiao_app;
