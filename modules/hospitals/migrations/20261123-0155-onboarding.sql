-- A hospital in preparation: which product its system is, with which parameters, and what its departments and words
-- are. Rows are added and never changed; the last version counts.
create table hospitals.onboarding (
  hospital_id   int         not null,
  version       int         not null check (version >= 1),
  product_name  text        not null check (length(product_name) between 1 and 60),
  product       text        not null, -- the descriptor as it was checked
  params_sealed text        not null,
  departments   jsonb       not null, -- by the hospital's code: the code of a 诊疗科目
  codes         jsonb       not null, -- by code table: the hospital's words
  actor         text        not null,
  at            timestamptz not null,
  constraint onboarding_pkey primary key (hospital_id, version)
);
select platform.hospital_table('hospitals.onboarding', 'select, insert');

-- What was tried and decided of one version. What was tried of an earlier one says nothing of a later one.
create table hospitals.onboarding_step (
  hospital_id int         not null,
  version     int         not null,
  no          int         not null check (no >= 1),
  kind        text        not null check (kind in ('probe', 'dry_run', 'conformance', 'put_forward', 'live')),
  is_good     boolean     not null,
  detail      jsonb       not null, -- masked: no secret, nothing of a person
  actor       text        not null,
  at          timestamptz not null,
  constraint onboarding_step_pkey primary key (hospital_id, version, no)
);
select platform.hospital_table('hospitals.onboarding_step', 'select, insert');
