-- What a person allowed an application at one hospital: whether it may ask what they can pay, and whether it may see
-- what they owe and begin payments for them. Without one in force, an application may name nobody.
create table partners.grant_text (
  version text        not null check (version ~ '^[a-z0-9.-]{1,40}$'),
  zh      text        not null check (length(zh) between 1 and 20000),
  en      text        not null check (length(en) between 1 and 20000),
  sha256  text        not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of zh, a line feed, en
  from_at timestamptz not null,
  constraint grant_text_pkey primary key (version)
);
select platform.replicate('partners.grant_text');
grant select, insert on partners.grant_text to yiqiao_app;

insert into partners.grant_text (version, zh, en, sha256, from_at)
select '2026-11', zh, en,
  encode(sha256(convert_to(zh || E'\n' || en, 'UTF8')), 'hex'), '2026-11-01T00:00:00+08:00'
from (values
  ('授权后，该机构的应用可以在本院按您勾选的范围查询并办理：“核实能否支付”只回答某个金额能否支付；“查账单并发起缴费”会看到您的应缴金额（不含药品、检查和诊断），发起后仍由您本人付款，不会动用您的个人账户、预交金、保单和信用额度。您可以随时撤回，撤回后立即不能再查询和办理。',
   'With this the institution''s application may do at this hospital what you tick. "Check whether I can pay" only answers whether an amount can be paid. "See what I owe and begin payments" shows it the amounts you owe (no drugs, examinations or diagnoses); you still pay each one yourself, and it cannot touch your insurance account, deposits, policies or credit. You can withdraw this at any time; from then on it can ask and do nothing.')
) as texts (zh, en);

-- A person's rows, across hospitals: no row security.
create table partners.person_grant (
  person_id      uuid        not null,
  id             uuid        not null,
  hospital_id    int         not null,
  application_id uuid        not null,
  scopes         text[]      not null check (cardinality(scopes) > 0 and scopes <@ array['verify', 'pay']),
  -- What the person was shown here; or what an institution says it holds, over its own signature.
  text_version   text,
  evidence       jsonb,
  given_at       timestamptz not null,
  expires_at     timestamptz not null,
  withdrawn_at   timestamptz,
  replaced_at    timestamptz, -- by a later one to the same application
  constraint person_grant_pkey primary key (person_id, id),
  constraint person_grant_expires check (expires_at > given_at),
  constraint person_grant_ground check ((text_version is null) <> (evidence is null))
);
select platform.distribute('partners.person_grant', 'person_id');
create unique index person_grant_one_standing
  on partners.person_grant (person_id, hospital_id, application_id)
  where withdrawn_at is null and replaced_at is null;
grant select, insert, update (withdrawn_at, replaced_at) on partners.person_grant to yiqiao_app;
