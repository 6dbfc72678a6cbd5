-- Identity: who people are and by which cards and codes they are known, who works for a hospital, and how
-- each of them proves it. No column holds personal data in the clear: what ends in _sealed is encrypted,
-- what ends in _index is a keyed digest that finds equal values.
create schema identity;
grant usage on schema identity to yiqiao_app;

-- One real-name person of the region.
create table identity.person (
  person_id         uuid        not null,
  name_sealed       text        not null,
  id_card_sealed    text        not null,
  id_card_index     text        not null,
  phone_sealed      text,
  phone_index       text,
  gender_sealed     text        not null,
  birth_date_sealed text        not null,
  created_at        timestamptz not null,
  constraint person_pkey primary key (person_id),
  constraint person_phone_found check ((phone_sealed is null) = (phone_index is null))
);
select platform.distribute('identity.person', 'person_id');
grant select, insert, update on identity.person to yiqiao_app;

-- A card, code or account by which a person is known.
create table identity.medium (
  person_id    uuid        not null,
  id           uuid        not null,
  kind         text        not null check (kind in ('id_card', 'social_card', 'insurance_voucher',
    'health_code', 'hospital_card', 'bank_card', 'wechat_openid')),
  value_sealed text        not null,
  value_index  text        not null,
  hospital_id  int,        -- whose card it is; a column like others here, as rows are a person's
  status       text        not null check (status in ('active', 'ended')),
  created_at   timestamptz not null,
  constraint medium_pkey primary key (person_id, id),
  constraint medium_once unique (person_id, kind, value_index),
  constraint medium_of_hospital check ((kind = 'hospital_card') = (hospital_id is not null))
);
select platform.distribute('identity.medium', 'person_id');
alter table identity.medium add constraint medium_of_person
  foreign key (person_id) references identity.person (person_id);
grant select, insert, update on identity.medium to yiqiao_app;

-- Whose medium it is: makes a value one person's, and finds that person without asking every node.
create table identity.medium_directory (
  kind        text not null,
  value_index text not null,
  person_id   uuid not null,
  constraint medium_directory_pkey primary key (kind, value_index)
);
select platform.replicate('identity.medium_directory');
grant select, insert, delete on identity.medium_directory to yiqiao_app;

-- Under which number a hospital knows a person. A person's row, read by person across hospitals: it has a
-- hospital_id and no row security, and is no hospital table.
create table identity.person_hospital (
  person_id      uuid        not null,
  hospital_id    int         not null,
  patient_no     text        not null, -- the hospital's own number, as its bills carry it
  card_no_sealed text        not null,
  resolved_at    timestamptz not null,
  constraint person_hospital_pkey primary key (person_id, hospital_id)
);
select platform.distribute('identity.person_hospital', 'person_id');
alter table identity.person_hospital add constraint person_hospital_of_person
  foreign key (person_id) references identity.person (person_id);
grant select, insert, update on identity.person_hospital to yiqiao_app;

-- Staff of all hospitals: a small directory, read at sign-in before a hospital is known.
create table identity.staff (
  staff_id    uuid        not null,
  hospital_id int         not null,
  name_sealed text        not null,
  roles       text[]      not null check (roles <@ array['finance', 'cashier', 'it', 'auditor']),
  status      text        not null check (status in ('active', 'disabled')),
  created_at  timestamptz not null,
  constraint staff_pkey primary key (staff_id)
);
select platform.replicate('identity.staff');
grant select, insert, update on identity.staff to yiqiao_app;

-- A password by login name: argon2id, and of the name only its digest.
create table identity.credential (
  app           text        not null check (app in ('patient', 'console')),
  login_index   text        not null,
  password_hash text        not null check (password_hash like '$argon2id$%'),
  person_id     uuid,
  staff_id      uuid,
  updated_at    timestamptz not null,
  constraint credential_pkey primary key (app, login_index),
  constraint credential_subject check (
    (app = 'patient' and person_id is not null and staff_id is null) or
    (app = 'console' and staff_id is not null and person_id is null))
);
select platform.replicate('identity.credential');
grant select, insert, update on identity.credential to yiqiao_app;

-- Tries to sign in that have not succeeded, of login names that exist and of others alike.
create table identity.login_attempt (
  app           text        not null check (app in ('patient', 'console')),
  login_index   text        not null,
  failures      int         not null check (failures >= 0),
  last_at       timestamptz not null,
  blocked_until timestamptz,
  constraint login_attempt_pkey primary key (app, login_index)
);
create index login_attempt_by_time on identity.login_attempt (last_at);
select platform.replicate('identity.login_attempt');
grant select, insert, update, delete on identity.login_attempt to yiqiao_app;

-- Somebody signed in: the token is theirs, its SHA-256 is ours.
create table identity.session (
  token_hash      text        not null,
  app             text        not null check (app in ('patient', 'console')),
  person_id       uuid,
  staff_id        uuid,
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  idle_expires_at timestamptz not null,
  ended_at        timestamptz,
  constraint session_pkey primary key (token_hash),
  constraint session_subject check (
    (app = 'patient' and person_id is not null and staff_id is null) or
    (app = 'console' and staff_id is not null and person_id is null)),
  constraint session_idle_ends_first check (idle_expires_at <= expires_at)
);
create index session_by_staff on identity.session (staff_id) where staff_id is not null;
create index session_by_expiry on identity.session (expires_at);
select platform.replicate('identity.session');
grant select, insert, update, delete on identity.session to yiqiao_app;

-- Keys of institutions that use the interface: banks, insurers.
create table identity.api_key (
  key_id       uuid        not null,
  key_hash     text        not null,
  name         text        not null check (length(name) between 1 and 100),
  hospital_ids int[]       not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  constraint api_key_pkey primary key (key_id),
  constraint api_key_hash unique (key_hash)
);
select platform.replicate('identity.api_key');
grant select, insert, update on identity.api_key to yiqiao_app;

-- Logins of invented people, for whoever tries the system out. Empty outside of a demo.
create table identity.demo_persona (
  app      text not null check (app in ('patient', 'console')),
  login    text not null,
  password text not null,
  label_zh text not null,
  label_en text not null,
  place    int  not null, -- where it stands in the list
  constraint demo_persona_pkey primary key (app, login)
);
select platform.replicate('identity.demo_persona');
grant select, insert, delete on identity.demo_persona to yiqiao_app;
