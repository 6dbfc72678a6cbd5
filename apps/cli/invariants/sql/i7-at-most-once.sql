-- I7 At most once 至多一次
-- Violation: one movement at a provider written down under two numbers of ours; one number of ours for two
-- tenders; a payment confirmed twice.
-- Figure: {charges} charges and {returns} returns under numbers of their own, {notices} notices kept once
select format('%s knows one %s as %s, we as %s', provider, kind, provider_no,
    string_agg(distinct our_no, ', ')) as violation
from payments.move where hospital_id = $hospital
group by provider, kind, provider_no having count(distinct our_no) > 1
union all
select format('%s %s %s belongs to %s tenders', provider, kind, our_no,
    count(distinct (payment_id, tender_no)))
from payments.move where hospital_id = $hospital
group by provider, kind, our_no having count(distinct (payment_id, tender_no)) > 1
union all
select format('%s was confirmed %s times', subject, count(*))
from platform.audit where hospital_id = $hospital and action = 'payments.confirm'
group by subject having count(*) > 1;

select (select count(distinct (provider, our_no)) from payments.move
    where hospital_id = $hospital and kind = 'charge') as charges,
  (select count(distinct (provider, our_no)) from payments.move
    where hospital_id = $hospital and kind = 'return') as returns,
  (select count(*) from platform.inbox where hospital_id = $hospital) as notices;
