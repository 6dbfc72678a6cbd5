-- I9 Legality 状态合法
-- Violation: a step of a payment or refund that the machine does not have, or a state entered twice, or left
-- without having been entered; a status the trail does not lead to; an end that lacks what it needs: times,
-- a receipt, a reason.
-- Figure: {steps} steps of {payments} payments and {refunds} refunds follow the machine
with edge (was, became) as (values (null, 'quoted'), ('quoted', 'charging'), ('quoted', 'compensating'),
  ('quoted', 'closed'), ('charging', 'settling'), ('charging', 'compensating'), ('settling', 'succeeded'),
  ('settling', 'compensating'), ('compensating', 'failed'), ('compensating', 'closed')
), step as (
  select subject, case action when 'payments.quote' then null when 'payments.confirm' then 'quoted'
      else detail ->> 'from' end as was,
    case action when 'payments.quote' then 'quoted' when 'payments.confirm' then 'charging'
      else substr(action, 10) end as became
  from platform.audit
  where hospital_id = $hospital and action in ('payments.quote', 'payments.confirm', 'payments.settling',
    'payments.succeeded', 'payments.compensating', 'payments.failed', 'payments.closed')
), refund_edge (was, became) as (values ('approving', 'returning'), ('approving', 'refused'),
  ('returning', 'completing'), ('returning', 'succeeded'), ('completing', 'succeeded')
), refund_step as (
  select detail ->> 'refundId' as id, substr(action, 9) as became
  from platform.audit
  where hospital_id = $hospital and action in ('refunds.returning', 'refunds.completing',
    'refunds.succeeded', 'refunds.refused')
), refund_state as (
  select id::text, 'approving' as status from payments.refund where hospital_id = $hospital
  union all select id, became from refund_step
)
select format('%s went from %s to %s', s.subject, coalesce(s.was, 'nothing'), s.became) as violation
from step s
where not exists (
  select from edge e where e.was is not distinct from s.was and e.became = s.became)
union all
select format('%s became %s %s times', subject, became, count(*))
from step group by subject, became having count(*) > 1
union all
select format('%s left %s without having been it', s.subject, s.was)
from step s
where s.was is not null and not exists (
  select from step b where b.subject = s.subject and b.became = s.was)
union all
select format('payment %s is %s, which its trail does not end with', p.id, p.status)
from payments.payment p
where p.hospital_id = $hospital and (not exists (
    select from step s where s.subject = 'payment:' || p.id and s.became = p.status)
  or exists (select from step s where s.subject = 'payment:' || p.id and s.was = p.status))
union all
select format('refund %s is %s, which its trail does not end with', r.id, r.status)
from payments.refund r
where r.hospital_id = $hospital and (not exists (
    select from refund_state s where s.id = r.id::text and s.status = r.status)
  or exists (select from refund_step s join refund_edge e on e.became = s.became
    where s.id = r.id::text and e.was = r.status))
union all
select format('refund %s became %s %s times', id, became, count(*))
from refund_step group by id, became having count(*) > 1
union all
select format('refund %s became %s and was never what comes before', s.id, s.became)
from refund_step s
where not exists (
  select from refund_edge e join refund_state b on b.id = s.id and b.status = e.was
  where e.became = s.became)
union all
select format('payment %s is %s without what that needs', id, status)
from payments.payment
where hospital_id = $hospital and case status
  when 'quoted' then confirmed_at is not null
  when 'charging' then confirmed_at is null
  when 'settling' then confirmed_at is null or settling_since is null
  when 'succeeded' then paid_at is null or succeeded_at is null or confirmed_at is null
    or failure_code is not null
  else failure_code is null or succeeded_at is not null end
union all
select format('refund %s is %s without what that needs', id, status)
from payments.refund
where hospital_id = $hospital and case status
  when 'completing' then returned_at is null
  when 'succeeded' then returned_at is null or completed_at is null
    or (cause = 'requested' and receipt_no is null)
  when 'refused' then refusal_code is null
  else completed_at is not null end;

select (select count(*) from platform.audit where hospital_id = $hospital and action ~
    '^(payments\.(quote|confirm|settling|succeeded|compensating|failed|closed)|refunds\..*)$') as steps,
  (select count(*) from payments.payment where hospital_id = $hospital) as payments,
  (select count(*) from payments.refund where hospital_id = $hospital) as refunds;
