-- I1c Holds 资金占用
-- Violation: an account that holds another amount than its open holds add up to; an asset promised beyond what
-- is there; a hold of which more is posted than was held, or that was posted by an entry which is not there or moves
-- something else.
-- Figure: {held_fen} held by {open} open holds, {ended} ended
with open_holds as (
  select h.credit_account as code, sum(h.amount_fen - coalesce((select sum(p.amount_fen) from ledger.hold_part p
    where p.hospital_id = h.hospital_id and p.hold_id = h.id), 0)) as fen
  from ledger.hold h
  where h.hospital_id = $hospital and not exists (
    select from ledger.hold_end x where x.hospital_id = h.hospital_id and x.hold_id = h.id)
  group by h.credit_account
)
select format('account %s holds %s, its open holds %s', a.code, a.held_fen, coalesce(o.fen, 0)) as violation
from ledger.account_balance a left join open_holds o on o.code = a.code
where a.hospital_id = $hospital and a.held_fen <> coalesce(o.fen, 0)
union all
select format('account %s has %s, of which %s is promised', a.code, a.debit_fen - a.credit_fen,
    greatest(a.held_fen, coalesce(o.fen, 0)))
from ledger.account_balance a left join open_holds o on o.code = a.code
where a.hospital_id = $hospital and a.kind = 'asset' and greatest(a.held_fen, coalesce(o.fen, 0)) > 0
  and a.debit_fen - a.credit_fen < greatest(a.held_fen, coalesce(o.fen, 0))
union all
select format('of hold %s of %s more is posted than was held', h.id, h.amount_fen)
from ledger.hold h
left join ledger.hold_end x on x.hospital_id = h.hospital_id and x.hold_id = h.id and x.outcome = 'posted'
where h.hospital_id = $hospital and h.amount_fen < coalesce(x.amount_fen, 0) + (
  select coalesce(sum(p.amount_fen), 0) from ledger.hold_part p
  where p.hospital_id = h.hospital_id and p.hold_id = h.id)
union all
select format('hold %s of %s from %s was posted by entry %s, which does not move that', h.id,
    h.amount_fen, h.credit_account, x.entry_id)
from ledger.hold_end x
join ledger.hold h on h.hospital_id = x.hospital_id and h.id = x.hold_id
where x.hospital_id = $hospital and x.outcome = 'posted' and (
  select coalesce(array_agg((t.debit_account, t.credit_account, t.amount_fen)::text), '{}')
  from ledger.transfer t where t.hospital_id = x.hospital_id and t.entry_id = x.entry_id
) <> array[(h.debit_account, h.credit_account, coalesce(x.amount_fen, h.amount_fen))::text];

select (select coalesce(sum(held_fen), 0) from ledger.account where hospital_id = $hospital) as held_fen,
  (select count(*) from ledger.hold h where h.hospital_id = $hospital and not exists (
    select from ledger.hold_end x where x.hospital_id = h.hospital_id and x.hold_id = h.id)) as open,
  (select count(*) from ledger.hold_end where hospital_id = $hospital) as ended;
