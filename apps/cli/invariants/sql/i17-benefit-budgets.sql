-- I17 Benefit budgets 补助额度
-- Violation: a budget that is not what was allotted to it, or of which more is promised and used than that; whose held or
-- used is not what the tenders say, or whose figures are not the ledger's accounts; an entitlement of which another
-- amount is used than its tenders use; a tender that is not the sum of its uses, or gave back another amount.
-- Figure: {budgets} budgets: {allotted_fen} allotted, {held_fen} held, {used_fen} used
with used as (
  select u.programme_id,
    coalesce(sum(u.amount_fen) filter (where t.status = 'held'), 0) as held,
    coalesce(sum(u.amount_fen - u.returned_fen) filter (where t.status = 'taken'), 0) as used
  from benefits.use u
  join benefits.tender t on t.hospital_id = u.hospital_id and t.trade_no = u.trade_no
  where u.hospital_id = $hospital group by u.programme_id
), allotted as (
  select programme_id, sum(amount_fen) as fen from benefits.allotment
  where hospital_id = $hospital group by programme_id
), account as (
  select split_part(code, '/', 2) as programme_id,
    coalesce(sum(debit_fen - credit_fen), 0) as left_fen,
    coalesce(sum(held_fen), 0) as held_fen,
    coalesce(sum(debit_fen - credit_fen - held_fen) filter (where code like 'vouchers/%'), 0) as issued_fen
  from ledger.account_balance
  where hospital_id = $hospital and (code like 'budget/%' or code like 'vouchers/%')
  group by 1
), by_entitlement as (
  select u.entitlement_id, sum(u.amount_fen - u.returned_fen) as fen
  from benefits.use u
  join benefits.tender t on t.hospital_id = u.hospital_id and t.trade_no = u.trade_no
  where u.hospital_id = $hospital and t.status in ('held', 'taken') group by u.entitlement_id
)
select format('budget %s: %s allotted by its figure, %s by its documents', b.programme_id, b.allotted_fen,
    coalesce(a.fen, 0)) as violation
from benefits.budget b left join allotted a on a.programme_id = b.programme_id
where b.hospital_id = $hospital and b.allotted_fen <> coalesce(a.fen, 0)
union all
select format('budget %s: %s is promised and used of %s', programme_id, issued_fen + held_fen + used_fen, allotted_fen)
from benefits.budget
where hospital_id = $hospital and issued_fen + held_fen + used_fen > allotted_fen
union all
select format('budget %s: %s held and %s used by its figures, %s and %s by the tenders', b.programme_id, b.held_fen,
    b.used_fen, coalesce(u.held, 0), coalesce(u.used, 0))
from benefits.budget b left join used u on u.programme_id = b.programme_id
where b.hospital_id = $hospital and (b.held_fen <> coalesce(u.held, 0) or b.used_fen <> coalesce(u.used, 0))
union all
select format('budget %s: %s left, %s held and %s in vouchers by its figures, %s, %s and %s in the ledger',
    b.programme_id, b.allotted_fen - b.used_fen, b.held_fen, b.issued_fen, coalesce(a.left_fen, 0),
    coalesce(a.held_fen, 0), coalesce(a.issued_fen, 0))
from benefits.budget b left join account a on a.programme_id = b.programme_id::text
where b.hospital_id = $hospital and (b.allotted_fen - b.used_fen <> coalesce(a.left_fen, 0)
  or b.held_fen <> coalesce(a.held_fen, 0) or b.issued_fen <> coalesce(a.issued_fen, 0))
union all
select format('entitlement %s has %s used by its figure, %s by the tenders', e.id, e.used_fen, coalesce(u.fen, 0))
from benefits.entitlement e left join by_entitlement u on u.entitlement_id = e.id
where e.hospital_id = $hospital and e.used_fen <> coalesce(u.fen, 0)
union all
select format('tender %s of %s uses %s and gave back %s, by its returns %s', t.trade_no, t.amount_fen,
    coalesce(u.fen, 0), t.returned_fen, coalesce(g.fen, 0))
from benefits.tender t
left join (select trade_no, sum(amount_fen) as fen, sum(returned_fen) as back from benefits.use
  where hospital_id = $hospital group by trade_no) u on u.trade_no = t.trade_no
left join (select trade_no, sum(amount_fen) as fen from benefits.giving_back
  where hospital_id = $hospital group by trade_no) g on g.trade_no = t.trade_no
where t.hospital_id = $hospital and (t.returned_fen <> coalesce(g.fen, 0)
  or t.returned_fen <> coalesce(u.back, 0)
  or t.status in ('held', 'taken') and t.amount_fen <> coalesce(u.fen, 0));

select count(*) as budgets, coalesce(sum(allotted_fen), 0) as allotted_fen,
  coalesce(sum(held_fen), 0) as held_fen, coalesce(sum(used_fen), 0) as used_fen
from benefits.budget where hospital_id = $hospital;
