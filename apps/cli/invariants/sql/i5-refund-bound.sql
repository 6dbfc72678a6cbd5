-- I5 Refund bound 退款不超额
-- Violation: a tender that returned more than it took; refunds of a payment beyond what it was for; a bill whose
-- amount under refund is not the sum of its refunds; a refund that has ended with another amount than was
-- agreed.
-- Figure: {refunds} refunds, {returned_fen} given back on balance
with back as (
  select refund_id, tender_no,
    sum(case kind when 'return' then amount_fen else 0 - amount_fen end) as fen
  from payments.move where hospital_id = $hospital and refund_id is not null
  group by refund_id, tender_no
), wanted as (
  select payment_id, bill_no, sum(amount_fen) as fen
  from payments.refund
  where hospital_id = $hospital and cause = 'requested' and status <> 'refused'
  group by payment_id, bill_no
)
select format('payment %s: tender %s took %s and returned %s', payment_id, tender_no, taken_fen, returned_fen)
    as violation
from payments.tender where hospital_id = $hospital and returned_fen > taken_fen
union all
select format('payment %s of %s has refunds of %s', p.id, p.total_fen, sum(r.amount_fen))
from payments.payment p
join payments.refund r on r.hospital_id = p.hospital_id and r.payment_id = p.id
where p.hospital_id = $hospital and p.status = 'succeeded' and r.status <> 'refused'
group by p.id, p.total_fen having sum(r.amount_fen) > p.total_fen
union all
select format('payment %s: %s of bill %s is under refund, its refunds are of %s', b.payment_id,
    b.refunding_fen, b.bill_no, coalesce(w.fen, 0))
from payments.payment_bill b
left join wanted w on w.payment_id = b.payment_id and w.bill_no = b.bill_no
where b.hospital_id = $hospital and b.refunding_fen <> coalesce(w.fen, 0)
union all
select format('refund %s of %s has ended, and %s came back', r.id, r.amount_fen, coalesce(sum(m.fen), 0))
from payments.refund r left join back m on m.refund_id = r.id
where r.hospital_id = $hospital and r.status = 'succeeded'
group by r.id, r.amount_fen having coalesce(sum(m.fen), 0) <> r.amount_fen
union all
select format('refund %s: part %s says %s came back, its moves say %s', p.refund_id, p.tender_no, p.net_fen,
    coalesce(m.fen, 0))
from payments.refund_part p
left join back m on m.refund_id = p.refund_id and m.tender_no = p.tender_no
where p.hospital_id = $hospital and p.status = 'returned' and p.net_fen <> coalesce(m.fen, 0);

select (select count(*) from payments.refund where hospital_id = $hospital) as refunds,
  coalesce(sum(case kind when 'return' then amount_fen else 0 - amount_fen end), 0) as returned_fen
from payments.move where hospital_id = $hospital and refund_id is not null;
