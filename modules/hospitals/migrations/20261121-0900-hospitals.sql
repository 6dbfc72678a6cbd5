-- Hospitals: which hospitals there are, their departments and doctors as their own systems list them, and
-- how each of them is reached.
create schema hospitals;
grant usage on schema hospitals to yiqiao_app;

-- A directory: every node has it, and tables of any hospital may refer to it.
create table hospitals.hospital (
  id             int         not null check (id between 1 and 1679615), -- four digits of base 36 in a trade number
  insurance_code text        not null check (length(insurance_code) between 1 and 30), -- 定点医药机构编号
  name           text        not null check (length(name) between 1 and 100),
  short_name     text        not null check (length(short_name) between 1 and 30),
  level          text        not null check (length(level) between 1 and 20), -- 三级甲等
  status         text        not null check (status in ('active', 'suspended')),
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  constraint hospital_pkey primary key (id),
  constraint hospital_insurance_code unique (insurance_code)
);
select platform.replicate('hospitals.hospital');
grant select, insert, update on hospitals.hospital to yiqiao_app;

create table hospitals.department (
  hospital_id  int         not null,
  code         text        not null check (length(code) between 1 and 30),
  name         text        not null,
  subject_code text        not null, -- 诊疗科目
  location     text        not null,
  listed       boolean     not null, -- false once the hospital's system does not list it any more
  synced_at    timestamptz not null,
  constraint department_pkey primary key (hospital_id, code)
);
select platform.hospital_table('hospitals.department', 'select, insert, update');
alter table hospitals.department add constraint department_of_hospital
  foreign key (hospital_id) references hospitals.hospital (id);

-- A doctor as one department lists them; whoever works in two has two rows.
create table hospitals.doctor (
  hospital_id          int         not null,
  department_code      text        not null,
  code                 text        not null check (length(code) between 1 and 30),
  name                 text        not null,
  title                text        not null,
  registration_fee_fen bigint      not null check (registration_fee_fen >= 0),
  listed               boolean     not null,
  synced_at            timestamptz not null,
  constraint doctor_pkey primary key (hospital_id, department_code, code)
);
select platform.hospital_table('hospitals.doctor', 'select, insert, update');
alter table hospitals.doctor add constraint doctor_of_department
  foreign key (hospital_id, department_code) references hospitals.department (hospital_id, code);

-- How a hospital's system, its merchant account and its insurer are reached.
create table hospitals.connection (
  hospital_id   int         not null,
  kind          text        not null check (kind in ('his', 'wechat', 'insurance')),
  adapter       text        not null check (length(adapter) between 1 and 40),
  params_sealed text        not null, -- addresses, key names and keys: JSON, encrypted
  enabled       boolean     not null,
  updated_at    timestamptz not null,
  constraint connection_pkey primary key (hospital_id, kind)
);
select platform.hospital_table('hospitals.connection', 'select, insert, update');

-- Nonces of requests a hospital's system has sent to us, for as long as its signature could be believed again.
create table hospitals.his_nonce (
  hospital_id int         not null,
  nonce       text        not null check (length(nonce) between 16 and 64),
  used_at     timestamptz not null,
  constraint his_nonce_pkey primary key (hospital_id, nonce)
);
create index his_nonce_by_time on hospitals.his_nonce (hospital_id, used_at);
select platform.hospital_table('hospitals.his_nonce', 'select, insert, delete');
