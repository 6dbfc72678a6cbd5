-- I1b Money in transit 在途资金
-- Violation: a payment for which the account "in-transit" holds another amount than was taken and is neither
-- the hospital's nor given back; or an amount there that belongs to no payment.
-- Figure: {in_transit_fen} in transit, all of it of {payments} open payments and refunds
with held as (
  select e.subject, sum(case 'in-transit' when t.credit_account then t.amount_fen
    when t.debit_account then 0 - t.amount_fen else 0 end) as fen
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  where e.hospital_id = $hospital group by e.subject
), kept as (
  select payment_id, sum(taken_fen - returned_fen) as fen
  from payments.tender where hospital_id = $hospital group by payment_id
), begun as (
  select payment_id, sum(amount_fen) as fen
  from payments.refund
  where hospital_id = $hospital and status not in ('approving', 'refused') group by payment_id
), owed as (
  select 'payment:' || p.id as subject, coalesce(k.fen, 0) - case p.status
    when 'succeeded' then p.total_fen - coalesce(b.fen, 0) else 0 end as fen
  from payments.payment p
  left join kept k on k.payment_id = p.id
  left join begun b on b.payment_id = p.id
  where p.hospital_id = $hospital
)
select format('%s has %s in transit in the books, and %s by its own rows', subject,
    coalesce(h.fen, 0), coalesce(o.fen, 0)) as violation
from held h full join owed o using (subject)
where coalesce(h.fen, 0) <> coalesce(o.fen, 0);

with held as (
  select e.subject, sum(case 'in-transit' when t.credit_account then t.amount_fen
    when t.debit_account then 0 - t.amount_fen else 0 end) as fen
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  where e.hospital_id = $hospital group by e.subject
)
select (select coalesce(sum(credit_fen - debit_fen), 0) from ledger.account_balance
    where hospital_id = $hospital and code = 'in-transit') as in_transit_fen,
  (select count(*) from held where fen <> 0) as payments;
