-- What a person may allow an application besides: to take numbers of clinics for them, and to give them back.
alter table partners.person_grant drop constraint person_grant_scopes_check;
alter table partners.person_grant add constraint person_grant_scopes_known
  check (cardinality(scopes) > 0 and scopes <@ array['verify', 'pay', 'book']);

insert into partners.grant_text (version, zh, en, sha256, from_at)
select '2026-11-23', zh, en,
  encode(sha256(convert_to(zh || E'\n' || en, 'UTF8')), 'hex'), '2026-11-02T00:00:00+08:00'
from (values
  ('授权后，该机构的应用可以在本院按您勾选的范围查询并办理：“核实能否支付”只回答某个金额能否支付；“查账单并发起缴费”会看到您的应缴金额（不含药品、检查和诊断），发起后仍由您本人付款，不会动用您的个人账户、预交金、保单和信用额度；“预约和取消挂号”可以替您约号、退号，只看得到由它约的号，会看到科室和医生。您可以随时撤回，撤回后立即不能再查询和办理。',
   'With this the institution''s application may do at this hospital what you tick. "Check whether I can pay" only answers whether an amount can be paid. "See what I owe and begin payments" shows it the amounts you owe (no drugs, examinations or diagnoses); you still pay each one yourself, and it cannot touch your insurance account, deposits, policies or credit. "Book and cancel visits" lets it take numbers for you and give them back; it sees those it took, with their department and doctor, and no others. You can withdraw this at any time; from then on it can ask and do nothing.')
) as texts (zh, en);
