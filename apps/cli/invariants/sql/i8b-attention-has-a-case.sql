-- I8b Every call for a person has a case 差错有工单
-- Violation: a payment or refund on its way that calls for a person, with neither an open case about it nor an
-- undelivered event that will open one.
-- Figure: {calls} call for a person, {cases} cases open
with calling as (
  select 'payment:' || id as subject, id::text, 'payments.attention' as event, 'paymentId' as field, attention
  from payments.payment
  where hospital_id = $hospital and attention is not null and status not in ('succeeded', 'failed', 'closed')
  union all
  select 'refund:' || id, id::text, 'refunds.attention', 'refundId', attention
  from payments.refund
  where hospital_id = $hospital and attention is not null and status not in ('succeeded', 'refused')
)
select format('%s calls for a person (%s)', c.subject, c.attention) as violation
from calling c
where not exists (
  select from reconciliation.work_case w
  where w.hospital_id = $hospital and w.subject = c.subject and w.status = 'open')
and not exists (
  select from platform.outbox o
  where o.hospital_id = $hospital and o.name = c.event and o.payload ->> c.field = c.id
    and o.done_at is null and o.due_at is not null);

select (select count(*) from payments.payment where hospital_id = $hospital and attention is not null
    and status not in ('succeeded', 'failed', 'closed'))
  + (select count(*) from payments.refund where hospital_id = $hospital and attention is not null
    and status not in ('succeeded', 'refused')) as calls,
  (select count(*) from reconciliation.work_case where hospital_id = $hospital and status = 'open') as cases;
