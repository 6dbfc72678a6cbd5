-- I7b The keys that make it so 唯一键
-- Scope: database
-- Violation: a unique key that is not there, or not valid, or covers only some of the rows.
-- Figure: {keys} unique keys stand, these among them
with wanted (name, columns) as (values
  ('platform.idempotency', 'hospital_id,principal,key'),
  ('platform.inbox', 'hospital_id,source,dedupe_key'),
  ('ledger.entry', 'hospital_id,cause'),
  ('ledger.hold', 'hospital_id,cause'),
  ('ledger.hold_end', 'hospital_id,hold_id'),
  ('payments.tender', 'hospital_id,id'),
  ('payments.bill_claim', 'hospital_id,bill_no'),
  ('payments.move', 'hospital_id,provider,kind,our_no,part'),
  ('payments.refund', 'hospital_id,request_no'),
  ('payments.refund_part', 'hospital_id,id'),
  ('insurance.claim', 'hospital_id,payment_id'),
  ('insurance.settlement', 'hospital_id,msgid'),
  ('insurance.refund', 'hospital_id,id'),
  ('hospitals.his_nonce', 'hospital_id,nonce'),
  ('reconciliation.statement', 'hospital_id,business_date,source,version'),
  ('reconciliation.difference', 'hospital_id,business_date,source,class,kind,our_no')
), present as (
  select i.indrelid as table_id, string_agg(a.attname, ',' order by k.place) as columns
  from pg_index i, unnest(i.indkey::int2[]) with ordinality k (attnum, place)
  join pg_attribute a on a.attnum = k.attnum
  where a.attrelid = i.indrelid and i.indisunique and i.indisvalid and i.indpred is null
  group by i.indexrelid, i.indrelid
)
select format('%s has no key (%s)', w.name, w.columns) as violation
from wanted w
where not exists (
  select from present p where p.table_id = to_regclass(w.name) and p.columns = w.columns);

select count(*) as keys
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
where i.indisunique and i.indisvalid and n.nspname !~ '^(pg_|information_schema$|public$)';
