-- I12b Row-level security 行级安全
-- Scope: database
-- Violation: a table led by the hospital that is not guarded, or not against its owner; rows of a hospital that
-- is in no directory; to the application, rows of any hospital before it has said which.
-- Figure: {tables} tables guarded, {hospitals} hospitals
with led as (
  select c.oid, n.nspname || '.' || c.relname as name, c.relrowsecurity and c.relforcerowsecurity as guarded
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_index i on i.indrelid = c.oid and i.indisprimary
  join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
  where c.relkind in ('r', 'p') and a.attname = 'hospital_id'
), held (name, hospital_id, guarded) as (
  select 'payments.payment', hospital_id, row_security_active('payments.payment')
  from payments.payment
  union all select 'payments.move', hospital_id, row_security_active('payments.move')
  from payments.move
  union all select 'ledger.account', hospital_id, row_security_active('ledger.account')
  from ledger.account
  union all select 'ledger.entry', hospital_id, row_security_active('ledger.entry')
  from ledger.entry
  union all select 'reconciliation.work_case', hospital_id, row_security_active('reconciliation.work_case')
  from reconciliation.work_case
)
select format('%s is not guarded by row-level security', name) as violation
from led where not guarded or not exists (select from pg_policy p where p.polrelid = led.oid
  and pg_get_expr(p.polqual, p.polrelid) like '%hospital_id%app.hospital_id%')
union all
select format('%s has %s rows of hospital %s, which is in no directory', name, count(*), hospital_id)
from held where hospital_id not in (select id from hospitals.hospital
  union all select lender_id from credit.lender)
group by name, hospital_id
union all
select format('%s shows %s rows of hospital %s to whoever asks', name, count(*), hospital_id)
from held where guarded group by name, hospital_id;

select (select count(*) from pg_class where relrowsecurity and relforcerowsecurity) as tables,
  (select count(*) from hospitals.hospital) as hospitals;
