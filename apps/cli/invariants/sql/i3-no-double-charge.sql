-- I3 No double charge 不重复扣款
-- Violation: a tender that was charged anew before all of the charge before had gone back; a payment that has
-- more than its bills, with nothing on its way back; a bill that two payments have settled, or that a payment
-- settles without having it to itself; an insurer's claim settled twice at once.
-- Figure: {tenders} tenders charged, {bills} bills settled, {claims} claims settled
with charge as (
  select payment_id, tender_no, our_no, max(at) as at, sum(amount_fen) as fen
  from payments.move where hospital_id = $hospital and kind = 'charge'
  group by payment_id, tender_no, our_no
), charged as (
  select payment_id, tender_no, count(*) as charges, sum(fen) as fen,
    (array_agg(fen order by at desc, fen desc))[1] as last_fen
  from charge group by payment_id, tender_no
), returned as (
  select payment_id, tender_no, sum(amount_fen) as fen
  from payments.move where hospital_id = $hospital and kind = 'return' group by payment_id, tender_no
), undone as (
  select payment_id from payments.refund
  where hospital_id = $hospital and cause = 'reconciliation' and status = 'succeeded'
), settling as (
  select p.id, p.status, b.bill_no
  from payments.payment p
  join payments.payment_bill b on b.hospital_id = p.hospital_id and b.payment_id = p.id
  where p.hospital_id = $hospital and p.confirmed_at is not null
    and p.status in ('charging', 'settling', 'compensating', 'succeeded')
    and p.id not in (select payment_id from undone)
)
select format('payment %s: tender %s was charged %s times, %s in all, and %s of it went back', payment_id,
    tender_no, c.charges, c.fen, coalesce(r.fen, 0)) as violation
from charged c left join returned r using (payment_id, tender_no)
where c.fen - coalesce(r.fen, 0) > c.last_fen
union all
select format('payment %s is %s and has %s for bills of %s', p.id, p.status,
    sum(t.taken_fen - t.returned_fen), p.total_fen)
from payments.payment p
join payments.tender t on t.hospital_id = p.hospital_id and t.payment_id = p.id
where p.hospital_id = $hospital and p.status <> 'compensating' and not exists (
  select from payments.refund r where r.hospital_id = p.hospital_id and r.payment_id = p.id
    and r.status not in ('succeeded', 'refused'))
group by p.id, p.status, p.total_fen
having sum(t.taken_fen - t.returned_fen) > p.total_fen
union all
select format('bill %s was settled by %s payments', bill_no, count(*))
from settling where status = 'succeeded' group by bill_no having count(*) > 1
union all
select format('payment %s is %s and has not its bill %s to itself', s.id, s.status, s.bill_no)
from settling s left join payments.bill_claim c
  on c.hospital_id = $hospital and c.bill_no = s.bill_no and c.payment_id = s.id
where c.payment_id is null
union all
select format('claim %s has %s settlements and %s cancellations', claim_id,
    count(*) filter (where kind = 'charge'), count(*) filter (where kind = 'return'))
from insurance.settlement where hospital_id = $hospital and status = 'done'
group by claim_id
having count(*) filter (where kind = 'charge') - count(*) filter (where kind = 'return') not in (0, 1);

select (select count(distinct (payment_id, tender_no)) from payments.move
    where hospital_id = $hospital and kind = 'charge') as tenders,
  (select count(*) from payments.payment p
    join payments.payment_bill b on b.hospital_id = p.hospital_id and b.payment_id = p.id
    where p.hospital_id = $hospital and p.status = 'succeeded') as bills,
  (select count(distinct claim_id) from insurance.settlement
    where hospital_id = $hospital and status = 'done') as claims;
