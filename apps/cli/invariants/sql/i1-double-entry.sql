-- I1 Double entry 借贷平衡
-- Violation: an account whose running totals are not the sums of its transfers; an entry that lacks some of
-- its transfers; a hospital whose debits are not its credits.
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
)
select format('account %s stands at %s debit and %s credit, its transfers at %s and %s', a.code,
    a.debit_fen, a.credit_fen, coalesce(m.debit_fen, 0), coalesce(m.credit_fen, 0)) as violation
from ledger.account a left join moved m on m.code = a.code
where a.hospital_id = $hospital
  and (a.debit_fen <> coalesce(m.debit_fen, 0) or a.credit_fen <> coalesce(m.credit_fen, 0))
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
from ledger.account where hospital_id = $hospital
having sum(debit_fen) <> sum(credit_fen);

select (select coalesce(sum(debit_fen), 0) from ledger.account where hospital_id = $hospital) as debit_fen,
  (select coalesce(sum(credit_fen), 0) from ledger.account where hospital_id = $hospital) as credit_fen,
  (select count(*) from ledger.transfer where hospital_id = $hospital) as transfers,
  (select count(*) from ledger.entry where hospital_id = $hospital) as entries;
