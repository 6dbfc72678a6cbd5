-- I2 Append only 只增不改
-- Scope: database
-- Violation: a table of facts that the application may change or empty, or that is not there; a trigger or a
-- rule, which could change rows behind a statement; an application role that passes by the rules.
-- Figure: {tables} tables may be added to and never changed; {triggers} triggers, {rules} rules
with facts (name) as (values ('ledger.entry'), ('ledger.transfer'), ('ledger.hold'), ('ledger.hold_end'),
  ('ledger.hold_part'), ('ledger.closing'),
  ('payments.move'), ('platform.audit'), ('platform.exchange'), ('insurance.claim_line'),
  ('reconciliation.statement'), ('reconciliation.line'), ('reconciliation.comparison'),
  ('reconciliation.case_note'), ('channels.report'), ('channels.tier_change'),
  ('credit.loan_entry'), ('credit.loan_event'), ('partners.delivery_attempt'), ('partners.alert')
), ours as (
  select c.oid, n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and n.nspname !~ '^(pg_|information_schema$|public$)'
)
select format('%s may be changed: %s', o.name, privilege) as violation
from ours o join facts f using (name), unnest(array['update', 'delete', 'truncate']) privilege
where has_table_privilege('yiqiao_app', o.oid, privilege)
  or (privilege = 'update' and has_any_column_privilege('yiqiao_app', o.oid, privilege))
union all
select format('%s is not there', name) from facts where name not in (select name from ours)
union all
select format('%s has the trigger %s', o.name, g.tgname)
from pg_trigger g join ours o on o.oid = g.tgrelid where not g.tgisinternal
union all
select format('%s has the rule %s', o.name, r.rulename)
from pg_rewrite r join ours o on o.oid = r.ev_class
union all
select 'the role yiqiao_app may pass by what it was not granted'
from pg_roles where rolname = 'yiqiao_app' and (rolsuper or rolbypassrls or rolcreaterole)
union all
select format('%s belongs to the role of the application', o.name)
from ours o join pg_class c on c.oid = o.oid where pg_get_userbyid(c.relowner) = 'yiqiao_app';

with ours as (
  select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and n.nspname !~ '^(pg_|information_schema$|public$)'
)
select count(*) filter (where has_table_privilege('yiqiao_app', oid, 'insert')
    and not has_any_column_privilege('yiqiao_app', oid, 'update')
    and not has_table_privilege('yiqiao_app', oid, 'delete, truncate')) as tables,
  (select count(*) from pg_trigger g join ours o on o.oid = g.tgrelid where not g.tgisinternal) as triggers,
  (select count(*) from pg_rewrite r join ours o on o.oid = r.ev_class) as rules
from ours;
