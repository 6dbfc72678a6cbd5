-- Who may act for whom: a carer (person_id) for a member of the family, by the member's word or by documents a desk has seen.
create schema family;
grant usage on schema family to yiqiao_app;

create table family.consent_text (
  version text        not null check (version ~ '^[a-z0-9.-]{1,40}$'),
  zh      text        not null check (length(zh) between 1 and 20000),
  en      text        not null check (length(en) between 1 and 20000),
  sha256  text        not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of zh, a line feed, en
  from_at timestamptz not null,
  constraint family_consent_text_pkey primary key (version)
);
select platform.replicate('family.consent_text');
grant select, insert on family.consent_text to yiqiao_app;

insert into family.consent_text (version, zh, en, sha256, from_at)
select '2026-11', zh, en,
  encode(sha256(convert_to(zh || E'\n' || en, 'UTF8')), 'hex'), '2026-11-01T00:00:00+08:00'
from (values
  ('同意后，代办人可以在您选的范围内替您挂号候诊、看账单、缴费，到期自动失效。缴费用代办人自己的钱，不会动您的余额、积分、保单和贷款；医保按规定报销您的部分。每次办理都会记下是谁替您办的。您可以随时撤回，撤回后立即失效。代办人看不到您的病历和报告。',
   'With this, your carer may book and wait, see bills and pay for you, as far as you choose, until it runs out. They pay with their own money: your balance, points, policies and credit are not touched; medical insurance pays your part by law. Each act is written down with who did it. You can take this back at any time; it ends at once. Your carer does not see your records or reports.')
) as texts (zh, en);

-- A person's rows, across hospitals: no row security.
create table family.link (
  person_id    uuid        not null, -- the carer
  id           uuid        not null,
  member_id    uuid        not null,
  relation     text        not null check (relation in ('child', 'parent', 'spouse', 'sibling', 'ward', 'other')),
  ground       text        not null check (ground in ('consent', 'proof')),
  scopes       text[]      not null check (cardinality(scopes) > 0 and scopes <@ array['book', 'bills', 'pay']),
  most_fen     bigint      check (most_fen > 0), -- of one payment; null: no such limit
  text_version text        not null,
  asked_at     timestamptz not null,
  expires_at   timestamptz not null,
  verdict      text        check (verdict in ('agreed', 'refused')),
  decided_at   timestamptz,
  desk_id      int, -- the hospital whose desk decided it; null: the member
  evidence     text        check (evidence in
    ('member_present', 'birth_certificate', 'household_register', 'adoption_certificate', 'court_order')),
  ended_at     timestamptz,
  ended_by     text        check (ended_by in ('carer', 'member', 'desk', 'time')),
  constraint link_pkey primary key (person_id, id),
  constraint link_of_another check (person_id <> member_id),
  constraint link_expires check (expires_at > asked_at),
  constraint link_to_pay_is_to_see check (not scopes @> array['pay'] or scopes @> array['bills']),
  constraint link_decided check ((verdict is null) = (decided_at is null)),
  constraint link_by_a_desk check ((desk_id is null) = (evidence is null)),
  -- Documents are seen at a desk, and nobody's presence takes the place of them.
  constraint link_proved check (verdict is distinct from 'agreed' or ground = 'consent'
    or evidence in ('birth_certificate', 'household_register', 'adoption_certificate', 'court_order')),
  constraint link_ended check ((ended_at is null) = (ended_by is null))
);
select platform.distribute('family.link', 'person_id');
create unique index link_open on family.link (person_id, member_id)
  where ended_at is null and verdict is distinct from 'refused';
-- Asked by the member, seldom, and of every node.
create index link_of_member on family.link (member_id, id desc);
create index link_by_id on family.link (id);
grant select, insert, update (verdict, decided_at, desk_id, evidence, ended_at, ended_by) on family.link to yiqiao_app;

-- Each time somebody asks for a member, so that nobody finds out by trying who there is.
create table family.ask (
  person_id uuid        not null,
  id        uuid        not null,
  at        timestamptz not null,
  constraint ask_pkey primary key (person_id, id)
);
select platform.distribute('family.ask', 'person_id');
grant select, insert, delete on family.ask to yiqiao_app;
