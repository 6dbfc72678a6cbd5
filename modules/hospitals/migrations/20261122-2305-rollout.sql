-- What of a hospital is switched on, version by version: rows are added and never changed; the last one counts. A
-- hospital without a row is on with everything, as those were that came before there were rows.
create table hospitals.rollout (
  hospital_id int         not null,
  version     int         not null check (version >= 1),
  stage       text        not null check (stage in ('pilot', 'expansion', 'optimisation')), -- 试点 推广 优化
  scenes      jsonb       not null,
  departments jsonb, -- codes; null is all of them
  note        text        not null check (length(note) between 1 and 500),
  actor       text        not null,
  at          timestamptz not null,
  constraint rollout_pkey primary key (hospital_id, version)
);
select platform.hospital_table('hospitals.rollout', 'select, insert');
