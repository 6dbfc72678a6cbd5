-- I12 Tenant separation 机构隔离
-- Violation: a number at a channel that does not carry this hospital and this very tender or part of a refund;
-- a row that speaks of a thing this hospital does not have, so that it is another's or nobody's.
-- Figure: {numbers} numbers at channels and {references} references stay within their hospital
with thing as (
  select 'charge' as kind, t.payment_id, t.tender_no, t.id, null::uuid as refund_id
  from payments.tender t where t.hospital_id = $hospital and t.phase = 'payer'
  union all
  select 'return', r.payment_id, p.tender_no, p.id, p.refund_id
  from payments.refund_part p
  join payments.refund r on r.hospital_id = p.hospital_id and r.id = p.refund_id
  join payments.tender t on t.hospital_id = p.hospital_id and t.payment_id = r.payment_id
    and t.tender_no = p.tender_no
  where p.hospital_id = $hospital and t.phase = 'payer'
), numbered as (
  -- kernel/trade-no.ts: four digits of base 36 for the hospital, 26 of Crockford's base 32 for the id.
  select kind, payment_id, tender_no, refund_id, (
      select string_agg(substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        $hospital / (36 ^ (3 - i))::int % 36 + 1, 1), '' order by i) from generate_series(0, 3) i
    ) || (
      select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ',
        substring(b'00' || ('x' || replace(id::text, '-', ''))::bit(128) from i * 5 + 1 for 5)::bit(5)::int + 1,
        1), '' order by i) from generate_series(0, 25) i
    ) as our_no
  from thing
), reference (what, id, wanted) as (
  select 'move ' || our_no, payment_id, 'payment' from payments.move where hospital_id = $hospital
  union all select 'move ' || our_no, refund_id, 'refund' from payments.move
    where hospital_id = $hospital and refund_id is not null
  union all select 'the claim on bill ' || bill_no, payment_id, 'payment' from payments.bill_claim
    where hospital_id = $hospital
  union all select 'bill ' || bill_no, payment_id, 'payment' from billing.bill
    where hospital_id = $hospital and payment_id is not null
  union all select 'the end of hold ' || hold_id, entry_id, 'entry' from ledger.hold_end
    where hospital_id = $hospital and entry_id is not null
  union all select 'entry ' || cause, substr(subject, 9)::uuid, 'payment' from ledger.entry
    where hospital_id = $hospital and subject ~ '^payment:[0-9a-f-]{36}$'
  union all select 'hold ' || cause, substr(subject, 9)::uuid, 'payment' from ledger.hold
    where hospital_id = $hospital and subject ~ '^payment:[0-9a-f-]{36}$'
  union all select 'the trail of ' || action, substr(subject, 9)::uuid, 'payment' from platform.audit
    where hospital_id = $hospital and subject ~ '^payment:[0-9a-f-]{36}$'
  union all select 'the insurance claim ' || id, payment_id, 'payment' from insurance.claim
    where hospital_id = $hospital and settled_msgid is not null
  union all select 'the insurance refund ' || id, id, 'refund' from insurance.refund
    where hospital_id = $hospital
  union all select 'the difference of ' || our_no, payment_id, 'payment' from reconciliation.difference
    where hospital_id = $hospital and payment_id is not null
  union all select 'case ' || id, substr(subject, 9)::uuid, 'payment' from reconciliation.work_case
    where hospital_id = $hospital and subject ~ '^payment:[0-9a-f-]{36}$'
  union all select 'case ' || id, substr(subject, 8)::uuid, 'refund' from reconciliation.work_case
    where hospital_id = $hospital and subject ~ '^refund:[0-9a-f-]{36}$'
), own (wanted, id) as (
  select 'payment', id from payments.payment where hospital_id = $hospital
  union all select 'refund', id from payments.refund where hospital_id = $hospital
  union all select 'entry', id from ledger.entry where hospital_id = $hospital
)
select format('the %s %s of payment %s is not under its own number, %s', m.kind, m.our_no, m.payment_id,
    coalesce(n.our_no, 'as no such tender is there')) as violation
from payments.move m
join payments.tender t on t.hospital_id = m.hospital_id and t.payment_id = m.payment_id
  and t.tender_no = m.tender_no and t.phase = 'payer'
left join numbered n on n.kind = m.kind and n.payment_id = m.payment_id and n.tender_no = m.tender_no
  and n.refund_id is not distinct from m.refund_id
where m.hospital_id = $hospital and m.our_no is distinct from n.our_no
union all
select format('%s speaks of the %s %s, which this hospital does not have', r.what, r.wanted, r.id)
from reference r left join own o on o.wanted = r.wanted and o.id = r.id
where o.id is null
union all
select format('event %s is told to hospital %s', id, payload ->> 'hospitalId')
from platform.outbox where hospital_id = $hospital and payload ->> 'hospitalId' <> $hospital::text;

select (select count(*) from payments.move m join payments.tender t on t.hospital_id = m.hospital_id
    and t.payment_id = m.payment_id and t.tender_no = m.tender_no
    where m.hospital_id = $hospital and t.phase = 'payer') as numbers,
  (select count(*) from payments.move where hospital_id = $hospital)
    + (select count(*) from payments.bill_claim where hospital_id = $hospital)
    + (select count(*) from ledger.entry where hospital_id = $hospital)
    + (select count(*) from platform.audit where hospital_id = $hospital and subject like 'payment:%')
    as references;
