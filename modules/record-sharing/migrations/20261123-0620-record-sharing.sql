-- Records of a person at one hospital that another may read: by the person's consent, or in an emergency by breaking a glass.
create schema record_sharing;
grant usage on schema record_sharing to yiqiao_app;

create table record_sharing.consent_text (
  version text        not null check (version ~ '^[a-z0-9.-]{1,40}$'),
  zh      text        not null check (length(zh) between 1 and 20000),
  en      text        not null check (length(en) between 1 and 20000),
  sha256  text        not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of zh, a line feed, en
  from_at timestamptz not null,
  constraint consent_text_pkey primary key (version)
);
select platform.replicate('record_sharing.consent_text');
grant select, insert on record_sharing.consent_text to yiqiao_app;

insert into record_sharing.consent_text (version, zh, en, sha256, from_at)
select '2026-11', zh, en,
  encode(sha256(convert_to(zh || E'\n' || en, 'UTF8')), 'hex'), '2026-11-01T00:00:00+08:00'
from (values
  ('授权后，您选的医院的医生可以按您选的用途，查看您在另一家医院的这些记录，到期自动失效。每次查看都会记下时间、医院和用途，您随时能看到。您可以随时撤回，撤回后立即不能再看。没有您的授权，只有抢救等紧急情况才能查看，会马上告诉您，并由另一个人审查是否合理。',
   'With this, doctors of the hospital you choose may see these records of yours at another hospital, for the purpose you choose, until it runs out. Each time is written down with when, who and for what, and you can see it at any time. You can take this back at any time; from then on they see nothing. Without it they can look only in an emergency: you are told at once, and another person judges whether it was right.')
) as texts (zh, en);

-- A person's rows, across hospitals: no row security.
create table record_sharing.consent (
  person_id    uuid        not null,
  id           uuid        not null,
  holder_id    int         not null, -- the hospital whose records they are
  reader_id    int         not null,
  purpose      text        not null check (purpose in ('treatment', 'referral', 'second_opinion')),
  kinds        text[]      not null check (cardinality(kinds) > 0 and kinds <@ array['report', 'visit']),
  text_version text        not null,
  given_at     timestamptz not null,
  expires_at   timestamptz not null,
  withdrawn_at timestamptz,
  constraint consent_pkey primary key (person_id, id),
  constraint consent_expires check (expires_at > given_at),
  constraint consent_of_another check (holder_id <> reader_id)
);
select platform.distribute('record_sharing.consent', 'person_id');
create index consent_between on record_sharing.consent (person_id, holder_id, reader_id, id desc);
grant select, insert, update (withdrawn_at) on record_sharing.consent to yiqiao_app;

-- Each look, the refused ones too. A person's rows, across hospitals.
create table record_sharing.access (
  person_id   uuid        not null,
  id          uuid        not null,
  holder_id   int         not null,
  reader_id   int         not null,
  reader      text        not null, -- staff:<id>
  purpose     text        not null,
  kind        text        not null check (kind in ('report', 'visit')),
  record_no   text        check (length(record_no) between 1 and 40), -- null: the list of them
  outcome     text        not null check (outcome in ('allowed', 'refused')),
  ground      text        not null check (ground in
    ('own_hospital', 'consent', 'break_glass', 'none', 'withdrawn', 'expired', 'other_purpose', 'other_kind')),
  ground_id   uuid,
  at          timestamptz not null,
  asked_at    timestamptz, -- by the person: what was this for
  answer      text        check (length(answer) between 1 and 500),
  answered_at timestamptz,
  constraint access_pkey primary key (person_id, id),
  constraint access_answer_was_asked check (answered_at is null or asked_at is not null),
  constraint access_ground_has_id check ((ground in ('consent', 'break_glass')) = (ground_id is not null))
);
select platform.distribute('record_sharing.access', 'person_id');
grant select, insert, update (asked_at, answer, answered_at) on record_sharing.access to yiqiao_app;

-- A glass broken at the hospital whose records they are, which judges afterwards.
create table record_sharing.break_glass (
  hospital_id int         not null, -- the holder
  id          uuid        not null,
  person_id   uuid        not null,
  reader_id   int         not null,
  opened_by   text        not null,
  reason      text        not null check (reason in ('emergency', 'unconscious', 'infectious_disease', 'other')),
  words       text        not null check (length(words) between 1 and 300),
  opened_at   timestamptz not null,
  until_at    timestamptz not null,
  due_at      timestamptz not null, -- to be judged by then
  verdict     text        check (verdict in ('justified', 'abuse')),
  note        text        check (length(note) between 1 and 500),
  reviewed_by text,
  reviewed_at timestamptz,
  constraint break_glass_pkey primary key (hospital_id, id),
  constraint break_glass_ends check (until_at > opened_at),
  constraint break_glass_review check ((verdict is null) = (reviewed_at is null) and (verdict is null) = (reviewed_by is null)),
  constraint break_glass_by_another check (reviewed_by <> opened_by)
);
create index break_glass_open on record_sharing.break_glass (hospital_id, person_id, reader_id, until_at);
create index break_glass_to_review on record_sharing.break_glass (hospital_id, id) where reviewed_at is null;
select platform.hospital_table('record_sharing.break_glass', 'select, insert, update (verdict, note, reviewed_by, reviewed_at)');

-- What a person is told of at once: a glass was broken. A person's rows, across hospitals.
create table record_sharing.alert (
  person_id uuid        not null,
  id        uuid        not null,
  glass_id  uuid        not null,
  holder_id int         not null,
  reader_id int         not null,
  reason    text        not null,
  at        timestamptz not null,
  seen_at   timestamptz,
  constraint alert_pkey primary key (person_id, id)
);
create index alert_unseen on record_sharing.alert (person_id, id) where seen_at is null;
select platform.distribute('record_sharing.alert', 'person_id');
grant select, insert, update (seen_at) on record_sharing.alert to yiqiao_app;

-- What a person asks of a look at their records, for the hospital whose records they are.
create table record_sharing.question (
  hospital_id int         not null, -- the holder
  id          uuid        not null, -- that of the access
  person_id   uuid        not null,
  words       text        not null check (length(words) between 1 and 300),
  asked_at    timestamptz not null,
  due_at      timestamptz not null,
  answer      text        check (length(answer) between 1 and 500),
  answered_by text,
  answered_at timestamptz,
  constraint question_pkey primary key (hospital_id, id),
  constraint question_answer check ((answer is null) = (answered_at is null))
);
create index question_open on record_sharing.question (hospital_id, id) where answered_at is null;
select platform.hospital_table('record_sharing.question', 'select, insert, update (answer, answered_by, answered_at)');
