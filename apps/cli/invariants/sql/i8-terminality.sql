-- I8 Terminality 必有终态
-- Violation: half an hour after its turn, with a minute for the machine to look: a payment or refund that has not
-- come to its end and about which nobody was called; money of an ended payment that is not on its way back; an
-- event or a notice not worked off and in no case. Three days after a business date: a day neither closed nor
-- in a case.
-- Figure: {payments} payments and {refunds} refunds on their way, {rows} events and notices waiting, {days} days open
with running as (
  select payment_id from payments.refund
  where hospital_id = $hospital and status not in ('succeeded', 'refused')
), in_case as (
  select subject, business_date from reconciliation.work_case
  where hospital_id = $hospital and status = 'open'
), waiting as (
  select 'event' as kind, id, created_at as since, last_error
  from platform.outbox where hospital_id = $hospital and done_at is null
  union all
  select 'notice', id, received_at, last_error
  from platform.inbox where hospital_id = $hospital and done_at is null
)
select format('payment %s is %s since %s', p.id, p.status,
    coalesce(p.settling_since, p.cancel_requested_at, p.expires_at)) as violation
from payments.payment p
where p.hospital_id = $hospital and p.attention is null
  and p.status in ('quoted', 'charging', 'settling', 'compensating')
  and coalesce(p.settling_since, p.cancel_requested_at, p.expires_at) < $now - interval '31 minutes'
  and p.id not in (select payment_id from running)
union all
select format('refund %s is %s since %s', id, status, coalesce(retried_at, created_at))
from payments.refund
where hospital_id = $hospital and status not in ('succeeded', 'refused') and attention is null
  and coalesce(retried_at, created_at) < $now - interval '31 minutes'
union all
select format('payment %s is %s and still has %s', p.id, p.status, t.fen)
from payments.payment p
join (select payment_id, sum(taken_fen - returned_fen) as fen
  from payments.tender where hospital_id = $hospital group by payment_id) t on t.payment_id = p.id
join (select payment_id, max(recorded_at) as at
  from payments.move where hospital_id = $hospital group by payment_id) m on m.payment_id = p.id
where p.hospital_id = $hospital and p.status in ('failed', 'closed') and t.fen > 0
  and m.at < $now - interval '31 minutes' and p.id not in (select payment_id from running)
  and 'payment:' || p.id not in (select subject from in_case)
union all
select format('%s %s waits since %s: %s', kind, id, since, coalesce(last_error, 'not tried'))
from waiting
where since < $now - interval '31 minutes' and kind || ':' || id not in (select subject from in_case)
union all
select format('the day %s is %s: %s', business_date, status, coalesce(last_error, 'not all is explained'))
from reconciliation.day d
where d.hospital_id = $hospital and d.status <> 'closed'
  and (d.business_date + 3)::timestamp at time zone 'Asia/Shanghai' < $now
  and d.business_date not in (select business_date from in_case);

select (select count(*) from payments.payment where hospital_id = $hospital
    and status not in ('succeeded', 'failed', 'closed')) as payments,
  (select count(*) from payments.refund where hospital_id = $hospital
    and status not in ('succeeded', 'refused')) as refunds,
  (select count(*) from platform.outbox where hospital_id = $hospital and done_at is null)
    + (select count(*) from platform.inbox where hospital_id = $hospital and done_at is null) as rows,
  (select count(*) from reconciliation.day where hospital_id = $hospital and status <> 'closed') as days;
