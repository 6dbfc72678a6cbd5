-- I4 No lost money 资金不丢
-- Violation: money that a provider moved and the books do not show, or show otherwise, or twice; an entry for
-- which nothing moved; a tender whose totals are not its moves; a success or a refund begun without its entry.
-- Figure: {moves} moves: {charged_fen} charged, {returned_fen} returned, each posted once
with moved as (
  select 'move:' || provider || ':' || kind || ':' || our_no as cause, 'payment:' || payment_id as subject,
    'receivable/' || provider || '/' || part as account,
    case kind when 'charge' then amount_fen else 0 - amount_fen end as fen
  from payments.move where hospital_id = $hospital
), posted as (
  select e.cause, e.subject,
    case 'in-transit' when t.credit_account then t.debit_account else t.credit_account end as account,
    sum(case 'in-transit' when t.credit_account then t.amount_fen else 0 - t.amount_fen end) as fen
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  where e.hospital_id = $hospital and e.cause like 'move:%'
  group by 1, 2, 3
), fact as (
  select 'payment:' || id || ':succeeded' as cause, total_fen as fen
  from payments.payment where hospital_id = $hospital and status = 'succeeded'
  union all
  select 'refund:' || r.id || ':begun', r.amount_fen
  from payments.refund r
  join payments.payment p on p.hospital_id = r.hospital_id and p.id = r.payment_id
  where r.hospital_id = $hospital and p.status = 'succeeded'
    and r.status in ('returning', 'completing', 'succeeded')
), booked as (
  select e.cause, sum(t.amount_fen) as fen
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  where e.hospital_id = $hospital and e.cause ~ '^(payment|refund):' group by e.cause
), totals as (
  select payment_id, tender_no, coalesce(sum(amount_fen) filter (where kind = 'charge'), 0) as taken,
    coalesce(sum(amount_fen) filter (where kind = 'return'), 0) as returned
  from payments.move where hospital_id = $hospital group by payment_id, tender_no
)
select format('%s of %s: %s moved on %s, %s posted', cause, subject, coalesce(m.fen::text, 'nothing'), account,
    coalesce(p.fen::text, 'nothing')) as violation
from moved m full join posted p using (cause, subject, account)
where m.fen is distinct from p.fen
union all
select format('%s: %s happened, %s posted', cause, coalesce(f.fen::text, 'nothing'),
    coalesce(b.fen::text, 'nothing'))
from fact f full join booked b using (cause)
where f.fen is distinct from b.fen
union all
select format('payment %s: tender %s took %s and returned %s, its moves say %s and %s', payment_id, tender_no,
    coalesce(t.taken_fen, 0), coalesce(t.returned_fen, 0), coalesce(m.taken, 0), coalesce(m.returned, 0))
from (select * from payments.tender where hospital_id = $hospital) t
full join totals m using (payment_id, tender_no)
where coalesce(t.taken_fen, 0) <> coalesce(m.taken, 0)
  or coalesce(t.returned_fen, 0) <> coalesce(m.returned, 0);

select count(distinct (provider, kind, our_no)) as moves,
  coalesce(sum(amount_fen) filter (where kind = 'charge'), 0) as charged_fen,
  coalesce(sum(amount_fen) filter (where kind = 'return'), 0) as returned_fen
from payments.move where hospital_id = $hospital;
