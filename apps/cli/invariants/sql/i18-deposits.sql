-- I18 Deposits 预交金
-- Violation: a deposit whose balance is not what came in less what was drawn and given back, or below zero, or below what
-- is promised of it; whose figures are not the ledger's account; a payment of which another amount is on its way back
-- than its parts say, or more than came in.
-- Figure: {accounts} deposits: {balance_fen} left, {held_fen} of it promised
with figure as (
  select a.id, a.balance_fen, a.held_fen,
    coalesce((select sum(t.amount_fen) from deposits.top_up t
      where t.hospital_id = $hospital and t.account_id = a.id), 0)
    - coalesce((select sum(d.amount_fen - d.returned_fen) from deposits.draw d
      where d.hospital_id = $hospital and d.account_id = a.id and d.status = 'taken'), 0)
    - coalesce((select sum(g.amount_fen) from deposits.give_back g
      where g.hospital_id = $hospital and g.account_id = a.id and g.status = 'done'), 0) as moved_fen,
    coalesce((select sum(d.amount_fen) from deposits.draw d
      where d.hospital_id = $hospital and d.account_id = a.id and d.status = 'held'), 0)
    + coalesce((select sum(g.amount_fen) from deposits.give_back g
      where g.hospital_id = $hospital and g.account_id = a.id and g.status = 'asked'), 0) as promised_fen,
    coalesce(l.debit_fen - l.credit_fen, 0) as booked_fen, coalesce(l.held_fen, 0) as booked_held_fen
  from deposits.account a
  left join ledger.account_balance l on l.hospital_id = a.hospital_id and l.code = 'custody/' || a.id
  where a.hospital_id = $hospital
)
select format('deposit %s has %s by its figure, %s by its movements, %s in the ledger', id, balance_fen, moved_fen,
    booked_fen) as violation
from figure where balance_fen <> moved_fen or balance_fen <> booked_fen
union all
select format('deposit %s of %s promises %s by its figure, %s by its draws and returns, %s in the ledger', id,
    balance_fen, held_fen, promised_fen, booked_held_fen)
from figure where held_fen <> promised_fen or held_fen <> booked_held_fen or held_fen > balance_fen or balance_fen < 0
union all
select format('payment %s of %s: %s is on its way back by its figure, %s by its parts', t.cause, t.amount_fen,
    t.returned_fen, coalesce(sum(g.amount_fen), 0))
from deposits.top_up t
left join deposits.give_back g on g.hospital_id = t.hospital_id and g.top_up_id = t.id
where t.hospital_id = $hospital
group by t.id, t.cause, t.amount_fen, t.returned_fen
having t.returned_fen <> coalesce(sum(g.amount_fen), 0) or t.returned_fen > t.amount_fen
union all
select format('draw %s gave back %s by its figure, %s by its returns', d.trade_no, d.returned_fen,
    coalesce(sum(r.amount_fen), 0))
from deposits.draw d
left join deposits.draw_return r on r.hospital_id = d.hospital_id and r.trade_no = d.trade_no
where d.hospital_id = $hospital
group by d.trade_no, d.returned_fen
having d.returned_fen <> coalesce(sum(r.amount_fen), 0);

select count(*) as accounts, coalesce(sum(balance_fen), 0) as balance_fen, coalesce(sum(held_fen), 0) as held_fen
from deposits.account where hospital_id = $hospital;
