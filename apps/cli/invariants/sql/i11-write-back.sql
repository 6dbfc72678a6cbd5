-- I11 Write-back 回写完整
-- Violation: a payment that has succeeded with a bill the hospital has not receipted, unless that payment is
-- taken back there; a payment that came to nothing with a bill the hospital still has as paid; two payments
-- under one receipt.
-- Figure: {bills} bills of payments that succeeded, {receipts} receipts
with taken_back as (
  select payment_id from payments.refund where hospital_id = $hospital and cause = 'reconciliation'
)
select format('payment %s has succeeded, and of bill %s is known: %s, receipt %s', p.id, b.bill_no,
    b.write_back, coalesce(b.receipt_no, 'none')) as violation
from payments.payment p
join payments.payment_bill b on b.hospital_id = p.hospital_id and b.payment_id = p.id
where p.hospital_id = $hospital and p.status = 'succeeded'
  and (b.write_back <> 'done' or coalesce(b.receipt_no, '') = '')
  and p.id not in (select payment_id from taken_back)
union all
select format('payment %s is %s, and bill %s is %s at the hospital', p.id, p.status, b.bill_no, b.write_back)
from payments.payment p
join payments.payment_bill b on b.hospital_id = p.hospital_id and b.payment_id = p.id
where p.hospital_id = $hospital and p.status in ('failed', 'closed') and b.write_back in ('asked', 'done')
union all
select format('receipt %s was given to %s payments', receipt_no, count(distinct payment_id))
from payments.payment_bill
where hospital_id = $hospital and write_back = 'done'
group by receipt_no having count(distinct payment_id) > 1;

select count(*) as bills, count(distinct b.receipt_no) as receipts
from payments.payment p
join payments.payment_bill b on b.hospital_id = p.hospital_id and b.payment_id = p.id
where p.hospital_id = $hospital and p.status = 'succeeded';
