-- I10 Composite identity 组合支付恒等
-- Violation: a payment whose tenders or bills do not add up to it, a tender whose parts or a bill whose lines do
-- not; after success, money kept that is not the total less what was given back, or that other parts paid than
-- planned; an insurer's figures that do not hold together or are not what the books say it paid.
-- Figure: {total_fen} = tenders = bills over {payments} payments, {settlements} settlements of insurers
with tender as (
  select payment_id, sum(amount_fen) as planned, sum(taken_fen - returned_fen) as kept
  from payments.tender where hospital_id = $hospital group by payment_id
), bill as (
  select payment_id, sum(total_fen) as fen
  from payments.payment_bill where hospital_id = $hospital group by payment_id
), given as (
  select payment_id, sum(amount_fen) filter (where status <> 'returning') as fen,
    bool_or(status = 'returning') as running
  from payments.refund
  where hospital_id = $hospital and status not in ('approving', 'refused') group by payment_id
), planned_part as (
  select t.payment_id, t.tender_no, p.kind as part, p."amountFen" as fen
  from payments.tender t, jsonb_to_recordset(t.parts) p (kind text, "amountFen" bigint)
  where t.hospital_id = $hospital
), first_part as (
  select m.payment_id, m.tender_no, m.part, sum(m.amount_fen) as fen
  from payments.move m
  where m.hospital_id = $hospital and m.kind = 'charge' and m.refund_id is null
  group by m.payment_id, m.tender_no, m.part
), settled as (
  select msgid, kind, (figures ->> 'totalFen')::bigint as total, (figures ->> 'fundFen')::bigint as fund,
    (figures ->> 'personalFen')::bigint as personal, (figures ->> 'hospitalFen')::bigint as hospital,
    (figures ->> 'accountFen')::bigint as account, (figures ->> 'cashFen')::bigint as cash
  from insurance.settlement where hospital_id = $hospital and status = 'done'
)
select format('payment %s of %s has tenders of %s and bills of %s', p.id, p.total_fen,
    coalesce(t.planned, 0), coalesce(b.fen, 0)) as violation
from payments.payment p
left join tender t on t.payment_id = p.id
left join bill b on b.payment_id = p.id
where p.hospital_id = $hospital
  and (p.total_fen <> coalesce(t.planned, 0) or p.total_fen <> coalesce(b.fen, 0))
union all
select format('payment %s: tender %s of %s has parts of %s', t.payment_id, t.tender_no, t.amount_fen,
    coalesce(sum(p.fen), 0))
from payments.tender t left join planned_part p using (payment_id, tender_no)
where t.hospital_id = $hospital
group by t.payment_id, t.tender_no, t.amount_fen having coalesce(sum(p.fen), 0) <> t.amount_fen
union all
select format('payment %s: bill %s of %s has lines of %s', b.payment_id, b.bill_no, b.total_fen, lines.fen)
from payments.payment_bill b, lateral (
  select coalesce(sum((line ->> 'amountFen')::bigint), 0) as fen
  from jsonb_array_elements(b.payable -> 'lines') line) lines
where b.hospital_id = $hospital and lines.fen <> b.total_fen
union all
select format('payment %s of %s has succeeded, gave back %s and has %s', p.id, p.total_fen,
    coalesce(g.fen, 0), t.kept)
from payments.payment p
join tender t on t.payment_id = p.id
left join given g on g.payment_id = p.id
where p.hospital_id = $hospital and p.status = 'succeeded' and not coalesce(g.running, false)
  and t.kept <> p.total_fen - coalesce(g.fen, 0)
union all
select format('payment %s: tender %s was planned with %s of %s, and took %s', payment_id, tender_no,
    coalesce(p.fen, 0), part, coalesce(f.fen, 0))
from (
  select * from planned_part
  where payment_id in (select id from payments.payment where hospital_id = $hospital and status = 'succeeded')
) p
full join (
  select * from first_part
  where payment_id in (select id from payments.payment where hospital_id = $hospital and status = 'succeeded')
) f using (payment_id, tender_no, part)
where p.fen is distinct from f.fen
union all
select format('settlement %s: %s in all, %s of funds, %s of the person (%s + %s), %s of the hospital', msgid,
    total, fund, personal, account, cash, hospital)
from settled where total <> fund + personal + hospital or personal <> account + cash
union all
select format('settlement %s is of %s, and the books say %s', s.msgid, s.fund + s.account, sum(m.amount_fen))
from settled s
join payments.move m on m.hospital_id = $hospital and m.our_no = s.msgid and m.kind = s.kind
group by s.msgid, s.fund, s.account having sum(m.amount_fen) <> s.fund + s.account;

select (select count(*) from payments.payment where hospital_id = $hospital) as payments,
  (select coalesce(sum(total_fen), 0) from payments.payment where hospital_id = $hospital) as total_fen,
  (select count(*) from insurance.settlement where hospital_id = $hospital and status = 'done') as settlements;
