-- I1 Double entry 借贷平衡
-- Violation: an account whose running totals are not the sums of its transfers, in all or on a day; a transfer on an
-- account that is not there; an entry that lacks some of its transfers; a hospital whose debits are not its credits.
-- Figure: debits {debit_fen} = credits {credit_fen} over {transfers} transfers of {entries} entries
with moved as (
  select code, sum(debit) as debit_fen, sum(credit) as credit_fen
  from (
    select debit_account as code, amount_fen as debit, 0 as credit
    from ledger.transfer where hospital_id = $hospital
    union all
    select credit_account, 0, amount_fen
    from ledger.transfer where hospital_id = $hospital
  ) sides group by code
), moved_on as (
  select s.code, e.business_date, sum(s.debit) as debit_fen, sum(s.credit) as credit_fen
  from ledger.entry e
  join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
  cross join lateral (values (t.debit_account, t.amount_fen, 0), (t.credit_account, 0, t.amount_fen))
    s (code, debit, credit)
  where e.hospital_id = $hospital group by s.code, e.business_date
), totals_on as (
  select code, business_date, sum(debit) as debit_fen, sum(credit) as credit_fen
  from (
    select account as code, business_date, debit_fen as debit, credit_fen as credit
    from ledger.hour_total where hospital_id = $hospital
    union all
    select account, business_date, debit_fen, credit_fen from ledger.rollup where hospital_id = $hospital
  ) parts group by code, business_date
)
select format('account %s stands at %s debit and %s credit, its transfers at %s and %s', a.code,
    a.debit_fen, a.credit_fen, coalesce(m.debit_fen, 0), coalesce(m.credit_fen, 0)) as violation
from ledger.account_balance a left join moved m on m.code = a.code
where a.hospital_id = $hospital
  and (a.debit_fen <> coalesce(m.debit_fen, 0) or a.credit_fen <> coalesce(m.credit_fen, 0))
union all
select format('account %s on %s stands at %s debit and %s credit, its transfers at %s and %s', code, business_date,
    coalesce(o.debit_fen, 0), coalesce(o.credit_fen, 0), coalesce(m.debit_fen, 0), coalesce(m.credit_fen, 0))
from totals_on o full join moved_on m using (code, business_date)
where coalesce(o.debit_fen, 0) <> coalesce(m.debit_fen, 0) or coalesce(o.credit_fen, 0) <> coalesce(m.credit_fen, 0)
union all
select format('account %s has transfers and is not there', m.code)
from moved m where not exists (
  select from ledger.account a where a.hospital_id = $hospital and a.code = m.code)
union all
select format('entry %s (%s) has %s transfers, the last numbered %s', e.id, e.cause, count(t.line_no),
    coalesce(max(t.line_no)::text, 'none'))
from ledger.entry e
left join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
where e.hospital_id = $hospital
group by e.id, e.cause
having count(t.line_no) = 0 or max(t.line_no) <> count(t.line_no)
union all
select format('all debits are %s, all credits %s', sum(debit_fen), sum(credit_fen))
from ledger.account_balance where hospital_id = $hospital
having sum(debit_fen) <> sum(credit_fen);

select (select coalesce(sum(debit_fen), 0) from ledger.account_balance where hospital_id = $hospital) as debit_fen,
  (select coalesce(sum(credit_fen), 0) from ledger.account_balance where hospital_id = $hospital) as credit_fen,
  (select count(*) from ledger.transfer where hospital_id = $hospital) as transfers,
  (select count(*) from ledger.entry where hospital_id = $hospital) as entries;
